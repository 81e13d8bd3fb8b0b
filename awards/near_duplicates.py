"""Near-duplicates over lists of nominees: the same twice, one achievement at two levels, names nearly alike.

Shown to people in pairs with a score from 0 to 1, never merged. Areas are told apart by their codes; names
are compared of persons and of organisations. Persons share the trigrams of the words of their names without
diacritics: twice what they share, over what both have (Dice), reckoned on bits for all pairs at once.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awards.enums import DossierStatus, NomineeStatus
from awards.models import Nominee
from campaign.near_names import Names, near_pairs
from core.vietnamese import fold

#: Names of people are short: fewer are alike by chance than of organisations.
ALIKE_PEOPLE, ALIKE_UNITS = 0.85, 0.9
#: Names that differ by their diacritics alone may be two people's.
OTHER_DIACRITICS = 0.97
AREAS = frozenset({"hamlet", "commune", "district", "province"})
SAME, TWO_LEVELS, NAMESAKE, NEAR = "same", "two_levels", "namesake", "near"
KINDS = (
    (SAME, gettext_lazy("cùng một đối tượng ở hai danh sách")),
    (TWO_LEVELS, gettext_lazy("có thể cùng thành tích ở hai cấp")),
    (NAMESAKE, gettext_lazy("trùng họ tên, hai đơn vị nêu")),
    (NEAR, gettext_lazy("tên gần giống")),
)
_ROWS_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class Pair:
    """Two nominees; ``score`` says how much their names are alike."""

    one: Nominee
    other: Nominee
    kind: str
    score: float

    @property
    def kind_label(self) -> str:
        return str(dict(KINDS)[self.kind])

    @property
    def percent(self) -> int:
        return int(self.score * 100)

    @property
    def is_over(self) -> bool:
        """Whether both were decided already."""
        return all(each.dossier.status == DossierStatus.DECIDED for each in (self.one, self.other))

    @property
    def of_names(self) -> bool:
        """Whether it is the names that are alike."""
        return self.kind in (NAMESAKE, NEAR)

    @property
    def words(self) -> str:
        """What speaks for looking closer."""
        awarded = [each for each in (self.one, self.other) if each.status == NomineeStatus.AWARDED]
        if self.kind == SAME and awarded:
            return _("đã được khen ở %(phase)s") % {"phase": awarded[0].dossier.phase.name}
        if self.one.dossier.phase_id == self.other.dossier.phase_id:
            return _("trong cùng một đợt")
        return _("ở hai đợt")


class Lists:
    """Nominees ready to be compared with one and among themselves."""

    def __init__(self, nominees: Iterable[Nominee]) -> None:
        self.nominees = list(nominees)
        self._same: dict[tuple, list[Nominee]] = defaultdict(list)
        self._people: dict[str, list[Nominee]] = defaultdict(list)
        self._seats: dict[int, list[Nominee]] = defaultdict(list)
        self._organisations: dict[str, list[Nominee]] = defaultdict(list)
        for each in self.nominees:
            self._same[_who(each)].append(each)
            if each.person:
                self._people[fold(each.person)].append(each)
            else:
                self._seats[each.unit.seat_id].append(each)
                if each.unit.kind not in AREAS:
                    self._organisations[each.unit.name].append(each)

    def same(self, nominee: Nominee) -> list[Nominee]:
        """The same unit, or the same person of it."""
        return [each for each in self._same.get(_who(nominee), ()) if each.pk != nominee.pk]

    def two_levels(self, nominee: Nominee) -> list[Nominee]:
        """One name nominated by two units; an area, and the office that speaks for it."""
        if nominee.person:
            found = self._people.get(fold(nominee.person), ())
            return [each for each in found if each.unit_id != nominee.unit_id]
        return [each for each in self._seats.get(nominee.unit.seat_id, ()) if _one_body(each, nominee)]

    def near(self, nominee: Nominee) -> list[tuple[Nominee, float]]:
        """Those of a name that is alike or equal, of another than the nominee itself, the nearest first."""
        if not nominee.person and nominee.unit.kind in AREAS:
            return []
        if nominee.person:
            own = fold(nominee.person)
            found = [
                (each, score * _by_diacritics(each, nominee))
                for name, score in self._person_names.like(own)
                for each in self._people[name]
            ]
        else:
            names, listed = self._organisation_names
            found = [
                (each, score)
                for place, score in names.like(nominee.unit.name, least=ALIKE_UNITS)
                for each in self._organisations[listed[place]]
                if each.unit_id != nominee.unit_id
            ]
        found = [(each, score) for each, score in found if each.pk != nominee.pk]
        return sorted(found, key=lambda each: (-each[1], each[0].pk))

    def pairs(self) -> list[Pair]:
        """Every pair once, by its strongest ground: what still waits first, then the same, then by how alike
        the names are."""
        found: dict[tuple[int, int], Pair] = {}

        def add(one: Nominee, other: Nominee, kind: str, score: float) -> None:
            one, other = sorted((one, other), key=lambda each: each.pk)
            found.setdefault((one.pk, other.pk), Pair(one, other, kind, score))

        for group in self._same.values():
            _each_pair(group, lambda one, other: add(one, other, SAME, 1.0))
        for group in self._people.values():
            _each_pair(group, lambda one, other: add(one, other, NAMESAKE, _by_diacritics(one, other)))
        for group in self._seats.values():
            _each_pair(
                group,
                lambda one, other: _one_body(one, other) and add(one, other, TWO_LEVELS, 1.0),
            )
        for name, other_name, score in self._person_names.pairs():
            for one in self._people[name]:
                for other in self._people[other_name]:
                    add(one, other, NEAR, score)
        listed = self._organisation_names[1]
        for place, other_place, score in near_pairs(listed, least=ALIKE_UNITS):
            for one in self._organisations[listed[place]]:
                for other in self._organisations[listed[other_place]]:
                    if one.unit_id != other.unit_id:
                        add(one, other, NEAR, score)
        for group in self._organisations.values():
            _each_pair(group, lambda one, other: add(one, other, NEAR, 1.0))
        order = [kind for kind, _label in KINDS]
        return sorted(
            found.values(),
            key=lambda pair: (pair.is_over, order.index(pair.kind), -pair.score, pair.one.pk, pair.other.pk),
        )

    @cached_property
    def _person_names(self) -> PersonNames:
        return PersonNames(list(self._people))

    @cached_property
    def _organisation_names(self) -> tuple[Names, list[str]]:
        listed = list(self._organisations)
        return Names(listed), listed


class PersonNames:
    """Distinct names without diacritics, their trigrams as bits."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = list(names)
        told = [_trigrams(name) for name in self.names]
        self._places = {trigram: place for place, trigram in enumerate(sorted(set().union(*told)))}
        self._bits = np.stack([self._packed(each) for each in told]) if told else np.zeros((0, 1), np.uint64)
        self._sizes = np.array([len(each) for each in told], dtype=np.int32)

    def like(self, name: str) -> list[tuple[str, float]]:
        """The names that are alike, the name itself among them."""
        if not self.names:
            return []
        trigrams = _trigrams(name)
        own = self._packed(trigrams & self._places.keys())
        shared = np.bitwise_count(self._bits & own).sum(axis=1, dtype=np.int32)
        scores = 2 * shared / (self._sizes + len(trigrams))
        return [(self.names[place], float(scores[place])) for place in np.flatnonzero(scores >= ALIKE_PEOPLE)]

    def pairs(self) -> list[tuple[str, str, float]]:
        """Pairs of different names that are alike."""
        found = []
        for begin in range(0, len(self.names), _ROWS_AT_ONCE):
            block, rest = self._bits[begin : begin + _ROWS_AT_ONCE], self._bits[begin:]
            shared = np.zeros((len(block), len(rest)), dtype=np.int16)
            for word in range(self._bits.shape[1]):
                shared += np.bitwise_count(block[:, word, None] & rest[None, :, word])
            sizes = self._sizes[begin : begin + _ROWS_AT_ONCE, None] + self._sizes[None, begin:]
            scores = 2 * shared / sizes
            for row, column in np.argwhere(np.triu(scores >= ALIKE_PEOPLE, 1)):
                names = self.names[begin + row], self.names[begin + column]
                found.append((*names, float(scores[row, column])))
        return found

    def _packed(self, trigrams: Iterable[str]) -> np.ndarray:
        told = np.zeros(-(-max(len(self._places), 1) // 64) * 64, dtype=bool)
        told[[self._places[trigram] for trigram in trigrams]] = True
        return np.packbits(told).view(np.uint64)


def _trigrams(name: str) -> set[str]:
    return {f"  {word} "[at : at + 3] for word in name.split() for at in range(len(word) + 1)}


def _who(nominee: Nominee) -> tuple:
    return nominee.unit_id, bool(nominee.person), fold(nominee.person)


def _one_body(one: Nominee, other: Nominee) -> bool:
    """Of collectives on one seat, the area and the office that speaks for it."""
    kinds = {one.unit.kind, other.unit.kind}
    return one.unit_id != other.unit_id and bool(kinds & AREAS) and "party_and_state" in kinds


def _by_diacritics(one: Nominee, other: Nominee) -> float:
    """Less than 1 where both are written with diacritics, and differently."""
    names = [unicodedata.normalize("NFC", each.person).casefold().split() for each in (one, other)]
    bare = [fold(each.person).split() for each in (one, other)]
    same = sorted(names[0]) == sorted(names[1]) or names[0] == bare[0] or names[1] == bare[1]
    return 1.0 if same or sorted(bare[0]) != sorted(bare[1]) else OTHER_DIACRITICS


def _each_pair(group: Sequence[Nominee], act) -> None:
    for place, one in enumerate(group):
        for other in group[place + 1 :]:
            act(one, other)
