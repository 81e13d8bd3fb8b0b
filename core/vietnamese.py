"""Vietnamese names: how they are stored, searched and put in order without ICU."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher

ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}  # huyền hỏi ngã sắc nặng
NO_TONE = "0"

_SHAPES = {"\u0306": {"a": "ă"}, "\u0302": {"a": "â", "e": "ê", "o": "ô"}, "\u031b": {"o": "ơ", "u": "ư"}}
_RANK = {letter: chr(ord("A") + place) for place, letter in enumerate(ALPHABET)}
_APOSTROPHES = str.maketrans("", "", "'’ʼ`")
_WORD = re.compile(r"\d+|[^\W\d]+")


def normalise_name(text: str) -> str:
    """The name as it is stored and shown: composed letters (NFC), single spaces, no outer space.

    ``òa`` and ``oà`` are both correct spellings and are left as they came.
    """
    return " ".join(unicodedata.normalize("NFC", text).split())


def fold(text: str) -> str:
    """The text as people type it in a hurry: small letters without diacritics, ``đ`` as ``d``.

    Punctuation counts as a space, an apostrophe as nothing, zeros before a number are dropped
    (``Phường 01`` is ``phuong 1``); ``òa`` and ``oà`` come out alike. Idempotent.
    """
    words = _WORD.findall(_bare(text))
    return " ".join(word.lstrip("0") or "0" if word.isdecimal() else word for word in words)


def sort_key(text: str) -> str:
    """Plain ASCII whose byte order (COLLATE "C") is the Vietnamese order of ``text``.

    Letters first, over the whole name: a ă â b c d đ e ê … ; numbers by value, before letters; then, for
    names of the same letters, the tones word by word: none, huyền, hỏi, ngã, sắc, nặng.
    """
    letters, tones = [], []
    for word in _WORD.findall(unicodedata.normalize("NFC", text).casefold().translate(_APOSTROPHES)):
        if word.isdecimal():
            # Not int(): it refuses what has thousands of figures, as people's files may.
            number = "".join(str(unicodedata.decimal(figure)) for figure in word).lstrip("0") or "0"
            letters.append(f"{len(number):02d}{number}")
            continue
        ranks, tone = _ranks_and_tone(word)
        letters.append(ranks)
        tones.append(tone)
    # A space is below the dot between words, which is below every digit and letter.
    return ".".join(letters) + " " + "".join(tones)


def closest(text: str, names: dict[str, str]) -> str | None:
    """The key of the name nearest to ``text`` in letters, or None when nothing is near.

    ``names`` maps a key (a code) to its name. A suggestion for a person to judge, never an answer.
    """
    wanted = fold(text)
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)
    best, best_ratio = None, 0.6
    for key, name in names.items():
        matcher.set_seq1(fold(name))
        if matcher.real_quick_ratio() > best_ratio and matcher.quick_ratio() > best_ratio:
            ratio = matcher.ratio()
            if ratio > best_ratio:
                best, best_ratio = key, ratio
    return best


def _bare(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.casefold().translate(_APOSTROPHES))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).replace("đ", "d")


def _ranks_and_tone(word: str) -> tuple[str, str]:
    ranks, tone = [], NO_TONE
    letter = ""
    for char in unicodedata.normalize("NFD", word):
        if char in TONES:
            tone = TONES[char]
        elif unicodedata.combining(char):
            letter = _SHAPES.get(char, {}).get(letter, letter)
            ranks[-1:] = [_rank(letter)]
        else:
            letter = char
            ranks.append(_rank(letter))
    return "".join(ranks), tone


def _rank(letter: str) -> str:
    return _RANK.get(letter, "z")  # letters of other scripts come last
