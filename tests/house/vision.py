"""How far two colours lie apart, and how they look to eyes that see fewer: for the test of the palette.

Difference: CIEDE2000 (Sharma, Wu, Dalal 2005: https://doi.org/10.1002/col.20070). Colour deficiencies:
Machado, Oliveira, Fernandes 2009 (https://doi.org/10.1109/TVCG.2009.113), severity 1.0, on linear RGB.
Tritan eyes also by Brettel, Viénot, Mollon 1997, whose two half-planes fit them better than one matrix.
"""

from math import atan2, cos, degrees, exp, hypot, radians, sin, sqrt

import numpy as np

_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_D65 = np.array([0.95047, 1.0, 1.08883])
_MACHADO = {
    "normal": np.eye(3),
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritan": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
    "grey": [_TO_XYZ[1]] * 3,
}
# On linear RGB, each for its side of the plane through grey (Smith-Pokorny cones, after DaltonLens).
_BRETTEL_TRITAN = (
    [[1.01277, 0.13548, -0.14826], [-0.01243, 0.86812, 0.14431], [0.07589, 0.80500, 0.11911]],
    [[0.93678, 0.18979, -0.12657], [0.06154, 0.81526, 0.12320], [-0.37562, 1.12767, 0.24796]],
)
_BRETTEL_PLANE = np.array([0.03901, -0.02788, -0.01113])
EYES = (*_MACHADO, "tritan, Brettel")


def seen(colour: str, eyes: str) -> tuple[float, float, float]:
    """CIELAB (D65) of ``#rrggbb`` as ``eyes`` (one of ``EYES``) see it."""
    coded = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    linear = np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)
    if eyes in _MACHADO:
        matrix = np.array(_MACHADO[eyes])
    else:
        matrix = np.array(_BRETTEL_TRITAN[0 if linear @ _BRETTEL_PLANE >= 0 else 1])
    x, y, z = (_TO_XYZ @ np.clip(matrix @ linear, 0, 1)) / _D65
    fx, fy, fz = (t ** (1 / 3) if t > (6 / 29) ** 3 else t * 841 / 108 + 4 / 29 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def ciede2000(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    """The difference of two colours in CIELAB, with all weights 1."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    chroma7 = ((hypot(a1, b1) + hypot(a2, b2)) / 2) ** 7
    stretch = 1.5 - 0.5 * sqrt(chroma7 / (chroma7 + 25**7))
    a1, a2 = a1 * stretch, a2 * stretch
    c1, c2 = hypot(a1, b1), hypot(a2, b2)
    h1, h2 = degrees(atan2(b1, a1)) % 360, degrees(atan2(b2, a2)) % 360

    turn, hue = h2 - h1, h1 + h2
    if c1 * c2 == 0:
        turn = 0.0
    elif abs(turn) <= 180:
        hue /= 2
    else:
        turn += 360 if h2 <= h1 else -360
        hue = (hue + (360 if hue < 360 else -360)) / 2
    lightness, chroma = (l1 + l2) / 2, (c1 + c2) / 2

    t = (
        1
        - 0.17 * cos(radians(hue - 30))
        + 0.24 * cos(radians(2 * hue))
        + 0.32 * cos(radians(3 * hue + 6))
        - 0.20 * cos(radians(4 * hue - 63))
    )
    from_50 = (lightness - 50) ** 2
    d_l = (l2 - l1) / (1 + 0.015 * from_50 / sqrt(20 + from_50))
    d_c = (c2 - c1) / (1 + 0.045 * chroma)
    d_h = 2 * sqrt(c1 * c2) * sin(radians(turn / 2)) / (1 + 0.015 * chroma * t)
    rotation = -2 * sqrt(chroma**7 / (chroma**7 + 25**7)) * sin(radians(60 * exp(-(((hue - 275) / 25) ** 2))))
    return sqrt(d_l**2 + d_c**2 + d_h**2 + rotation * d_c * d_h)
