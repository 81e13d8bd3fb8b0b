"""What changed between two texts, word by word: for people to read, whatever the texts are.

Equal paragraphs are left aside first, then equal beginnings and ends, then words are compared. Words that
fill a long text are no anchors (``difflib``'s own rule), so that no text takes long.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

SAME, ADDED, DROPPED = "same", "added", "dropped"
#: A word or a sign with the blanks before it, or the end of a line.
_TOKEN = re.compile(r"\n|[^\S\n]*(?:\w+|[^\w\s])|[^\S\n]+")


class Piece(NamedTuple):
    """A stretch of text: in both, only in the later, or only in the earlier."""

    kind: str
    text: str


def word_changes(early: str, late: str) -> tuple[Piece, ...]:
    """The later text with what was dropped where it stood; the pieces in ``late`` read as it does."""
    pieces: list[Piece] = []
    before, after = early.splitlines(keepends=True), late.splitlines(keepends=True)
    for kind, one, other in _steps(before, after):
        if kind == "equal":
            pieces.append(Piece(SAME, "".join(other)))
        else:
            pieces += _words("".join(one), "".join(other))
    return _joined(pieces)


def _words(early: str, late: str) -> list[Piece]:
    found = []
    for kind, one, other in _steps(_tokens(early), _tokens(late)):
        if kind == "equal":
            found.append(Piece(SAME, "".join(other)))
            continue
        found.append(Piece(DROPPED, "".join(one)))
        found.append(Piece(ADDED, "".join(other)))
    return found


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text)


def _steps(one: Sequence[str], other: Sequence[str]) -> list[tuple[str, Sequence[str], Sequence[str]]]:
    """What to do with one to have the other: kinds as ``difflib`` names them, with both parts."""
    shortest = min(len(one), len(other))
    begin = next((at for at in range(shortest) if one[at] != other[at]), shortest)
    rest = shortest - begin
    end = next((at for at in range(rest) if one[-1 - at] != other[-1 - at]), rest)
    inner, later = one[begin : len(one) - end], other[begin : len(other) - end]
    steps = [("equal", one[:begin], other[:begin])]
    if inner and later:
        steps += [
            (kind, inner[a:b], later[c:d])
            for kind, a, b, c, d in SequenceMatcher(None, inner, later).get_opcodes()
        ]
    else:
        steps.append(("replace", inner, later))
    return [*steps, ("equal", one[len(one) - end :], other[len(other) - end :])]


def _joined(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Without empty pieces, neighbours of a kind in one, what was dropped before what came instead."""
    found: list[Piece] = []
    dropped = added = same = ""
    for kind, text in [piece for piece in pieces if piece.text]:
        if kind == SAME:
            if dropped or added:
                found += _group(same, dropped, added)
                dropped = added = same = ""
            same += text
        elif kind == DROPPED:
            dropped += text
        else:
            added += text
    found += _group(same, dropped, added)
    return tuple(piece for piece in found if piece.text)


def _group(same: str, dropped: str, added: str) -> list[Piece]:
    """With the blanks that begin both parts in neither."""
    one, other = (text[: len(text) - len(text.lstrip())] for text in (dropped, added))
    blanks = one if other.startswith(one) else other if one.startswith(other) else ""
    rest = len(blanks)
    return [Piece(SAME, same + blanks), Piece(DROPPED, dropped[rest:]), Piece(ADDED, added[rest:])]
