"""Which of the encodings at hand a client wants (RFC 9110, 12.5.3)."""

from functools import lru_cache

IDENTITY = "identity"
SMALLEST_FIRST = ("br", "gzip")


@lru_cache(maxsize=512)
def preferred_encoding(accept_encoding: str) -> str:
    """``br``, ``gzip`` or ``identity``: the smallest among those the header weighs highest.

    What cannot be read is not wanted. Identity is sent when nothing else is: refusing it helps nobody.
    """
    weights: dict[str, float] = {}
    for part in accept_encoding.lower().split(","):
        name, _, parameter = part.strip().partition(";")
        weights[name.strip()] = _weight(parameter)
    default = weights.get("*", 0.0)
    best, best_weight = IDENTITY, 0.0
    for name in SMALLEST_FIRST:
        weight = weights.get(name, default)
        if weight > best_weight:
            best, best_weight = name, weight
    return IDENTITY if weights.get(IDENTITY, 0.0) > best_weight else best


def _weight(parameter: str) -> float:
    if not parameter.strip():
        return 1.0
    name, _, value = parameter.strip().partition("=")
    try:
        weight = float(value) if name.strip() == "q" else 0.0
    except ValueError:
        return 0.0
    return weight if 0.0 <= weight <= 1.0 else 0.0
