"""Near names: how much two names of organisations are alike, from 0 to 1. Shown to people, never acted upon.

Letters without diacritics, abbreviations of administration spelled out, the order of words left aside. Two
names share the trigrams of their words: twice what they share, over what both have (Dice). So do the words
that are left without those of its kind; the smaller of both counts. The legal form of a company weighs
little, and names with other numbers ("số 1", "số 2") are hardly the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from core.vietnamese import fold

ALIKE = 0.75  # from here on a person is asked
_OTHER_NUMBERS = 0.7  # what the likeness is multiplied by
_LEGAL_FORM = 0.2  # the weight of what says only what kind of company it is
_MOST_PAIRS = 20_000

_SPELLED_OUT = {
    "bdbp": "bo doi bien phong", "bql": "ban quan ly", "bv": "benh vien", "bvdk": "benh vien da khoa",
    "ca": "cong an", "ccb": "cuu chien binh", "cn": "chi nhanh", "cp": "co phan", "ct": "cong ty",
    "ctcp": "cong ty co phan", "cty": "cong ty", "dl": "du lich", "dn": "doanh nghiep",
    "dntn": "doanh nghiep tu nhan", "dt": "dao tao", "dv": "dich vu", "gd": "giao duc",
    "gddt": "giao duc dao tao", "hcm": "ho chi minh", "hdnd": "hoi dong nhan dan", "hnd": "hoi nong dan",
    "htx": "hop tac xa", "hu": "huyen uy", "kcn": "khu cong nghiep", "ldld": "lien doan lao dong",
    "lhpn": "lien hiep phu nu", "mn": "mam non", "mttq": "mat tran to quoc",
    "mttqvn": "mat tran to quoc viet nam", "mtv": "mot thanh vien", "nm": "nha may", "pgd": "phong giao dich",
    "qs": "quan su", "sx": "san xuat", "syt": "so y te", "th": "tieu hoc",
    "thcs": "trung hoc co so", "thpt": "trung hoc pho thong", "tm": "thuong mai",
    "tncs": "thanh nien cong san", "tnhh": "trach nhiem huu han", "tnxp": "thanh nien xung phong",
    "tp": "thanh pho", "ttyt": "trung tam y te", "tw": "trung uong", "tx": "thi xa", "tyt": "tram y te",
    "ubmttq": "uy ban mat tran to quoc", "ubnd": "uy ban nhan dan", "vn": "viet nam", "vp": "van phong",
    "xd": "xay dung", "xn": "xi nghiep",
}  # fmt: skip
#: Letters that stand for a tier before its name, never at the beginning of a name of their own.
_TIERS = {"p": "phuong", "q": "quan", "h": "huyen", "x": "xa", "tt": "thi tran"}
_OF_SOLDIERS = {"quan", "qs", "bdbp", "bien", "phong", "doi"}
_FORMS = [
    form.split()
    for form in ("cong ty", "trach nhiem huu han", "co phan", "mot thanh vien", "doanh nghiep tu nhan")
]
#: What many units are called before a name of their own.
_KINDS = [
    kind.split()
    for kind in (
        "ban", "ban chap hanh", "ban chi huy", "ban quan ly", "benh vien", "benh vien da khoa", "bo chi huy",
        "chi cuc", "chi nhanh", "co so", "cong an", "cuc", "doan thanh nien", "cong san ho chi minh", "hoi",
        "hoi cuu chien binh", "hoi dong nhan dan", "hoi lien hiep phu nu", "hoi nong dan", "hop tac xa",
        "huyen", "huyen uy", "lien doan lao dong", "mam non", "mat tran to quoc", "ngan hang", "nha may",
        "phong", "phong giao dich", "phuong", "quan", "quan su", "so", "thanh pho", "thi tran", "thi xa",
        "tieu hoc", "tinh", "tram y te", "trung hoc co so", "trung hoc pho thong", "trung tam",
        "trung tam y te", "truong", "uy ban", "uy ban nhan dan", "van phong", "viet nam", "xa", "xi nghiep",
    )
]  # fmt: skip
_LEFT_OUT = {"va", "cua"}


def words_of(name: str) -> list[str]:
    """The words of a name, folded, with its abbreviations spelled out."""
    said = fold(name).split()
    words: list[str] = []
    for place, word in enumerate(said):
        if word == "bch":
            words += ["ban", *("chi huy" if _OF_SOLDIERS & set(said) else "chap hanh").split()]
        elif word == "tt" and place == 0:
            words += ["trung", "tam"]
        elif place and word in _TIERS and place + 1 < len(said):
            words += _TIERS[word].split()
        elif word not in _LEFT_OUT:
            words += _SPELLED_OUT.get(word, word).split()
    return words


class Names:
    """A list of names, ready to be compared with others or among themselves."""

    def __init__(self, names: Sequence[str]) -> None:
        weights = [_trigrams(name) for name in names]
        self.size = len(weights)
        self.total = np.array([sum(each.values()) for each in weights], dtype=np.float32)
        self.numbers = [_numbers(name) for name in names]
        self.exact = [" ".join(sorted(words_of(name))) for name in names]
        self.own = [_own_trigrams(name) for name in names]
        holders: dict[str, list[int]] = defaultdict(list)
        shares: dict[str, list[float]] = defaultdict(list)
        for place, each in enumerate(weights):
            for trigram, weight in each.items():
                holders[trigram].append(place)
                shares[trigram].append(weight)
        self._holders = {trigram: np.array(places, dtype=np.int32) for trigram, places in holders.items()}
        self._shares = {trigram: np.array(each, dtype=np.float32) for trigram, each in shares.items()}

    def like(self, name: str, *, least: float = ALIKE) -> list[tuple[int, float]]:
        """Places of the names that are alike ``name``, with how much, the nearest first."""
        own = _trigrams(name)
        found = [trigram for trigram in own if trigram in self._holders]
        if not found:
            return []
        places = np.concatenate([self._holders[trigram] for trigram in found])
        shared = np.concatenate([np.minimum(self._shares[trigram], own[trigram]) for trigram in found])
        scores = (
            2 * np.bincount(places, weights=shared, minlength=self.size) / (self.total + sum(own.values()))
        )
        numbers, exact, proper = _numbers(name), " ".join(sorted(words_of(name))), _own_trigrams(name)
        alike = []
        for place in np.flatnonzero(scores >= least - 1e-6):
            score = min(float(scores[place]), _dice(self.own[place], proper), 0.99)
            if self.exact[place] == exact:
                score = 1.0
            if self.numbers[place] != numbers:
                score *= _OTHER_NUMBERS
            if score >= least:
                alike.append((int(place), score))
        return sorted(alike, key=lambda each: (-each[1], each[0]))


def near_pairs(names: Sequence[str], *, least: float = ALIKE) -> list[tuple[int, int, float]]:
    """Pairs of places, the first the smaller, whose names are alike, the nearest first; at most 20,000."""
    among = Names(names)
    pairs = []
    for place, name in enumerate(names):
        pairs += [(place, other, score) for other, score in among.like(name, least=least) if other > place]
        if len(pairs) > _MOST_PAIRS:
            break
    return sorted(pairs[:_MOST_PAIRS], key=lambda pair: (-pair[2], pair[0], pair[1]))


def _trigrams(name: str) -> dict[str, float]:
    """The trigrams of the words of a name, each with the greatest weight it has."""
    words = words_of(name)
    light = _places_of(_FORMS, words)
    weights: dict[str, float] = {}
    for place, word in enumerate(words):
        weight = _LEGAL_FORM if place in light else 1.0
        for trigram in _of_word(word):
            weights[trigram] = max(weights.get(trigram, 0.0), weight)
    return weights


def _own_trigrams(name: str) -> frozenset[str]:
    """The trigrams of the words that say which unit it is, and not of what kind."""
    words = words_of(name)
    common = _places_of(_FORMS, words) | _places_of(_KINDS, words)
    return frozenset(
        trigram for place, word in enumerate(words) if place not in common for trigram in _of_word(word)
    )


def _of_word(word: str) -> list[str]:
    padded = f"  {word} "
    return [padded[begin : begin + 3] for begin in range(len(padded) - 2)]


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    """1 where there is nothing to compare on either side."""
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 1.0


def _places_of(phrases: list[list[str]], words: list[str]) -> set[int]:
    return {
        begin + step
        for phrase in phrases
        for begin in range(len(words) - len(phrase) + 1)
        if words[begin : begin + len(phrase)] == phrase
        for step in range(len(phrase))
    }


def _numbers(name: str) -> frozenset[str]:
    return frozenset(word for word in fold(name).split() if word.isdecimal())
