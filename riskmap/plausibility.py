"""Plausibility: what a person may want to look at again before sending. Hints only: nothing is kept back.

Pure: numbers in, sentences out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

#: A jump: at least so many F0, and more than so many times the largest day of the week before.
JUMP_FROM, JUMP_TIMES = 5, 3
UNUSUALLY_MANY = 500


class Numbers(NamedTuple):
    """What a person enters for an area and day, in the order of the grid; ``None`` where nothing is said.

    The first three are F0: found in the community with unknown and with known source, and isolated.
    """

    unknown_source: int | None = None
    known_source: int | None = None
    isolated: int | None = None
    close_contacts: int | None = None
    tests: int | None = None
    suspected: int | None = None

    @property
    def says_nothing(self) -> bool:
        return all(number is None for number in self)

    @property
    def cases(self) -> int | None:
        """All F0; ``None`` where none of the three is given."""
        given = [number for number in self[:3] if number is not None]
        return sum(given) if given else None

    @property
    def half_filled(self) -> bool:
        """Some of the three F0 numbers are given and others are not."""
        return 0 < sum(number is not None for number in self[:3]) < 3


class Hint(NamedTuple):
    """Something unusual, in words; ``code`` is stable."""

    code: str
    text: str


def hints_of(numbers: Numbers, *, week: Sequence[int | None]) -> list[Hint]:
    """What is unusual in ``numbers``; ``week`` are the F0 of the seven days before, the last one yesterday.

    ``None`` in ``week`` is a day nobody reported.
    """
    return list(_hints(numbers, [cases for cases in week if cases is not None], week[-1] if week else None))


def _hints(numbers: Numbers, known: list[int], yesterday: int | None) -> Iterable[Hint]:
    cases = numbers.cases
    if cases is not None and known and cases >= JUMP_FROM and cases > JUMP_TIMES * max(known):
        yield Hint(
            "jump",
            _("%(cases)s F0 là tăng vọt: 7 ngày trước nhiều nhất %(most)s.")
            % {"cases": cases, "most": max(known)},
        )
    if cases == 0 and yesterday:
        yield Hint("zero_after_cases", _("Hôm qua còn %(cases)s F0, nay là 0.") % {"cases": yesterday})
    if numbers.known_source and numbers.close_contacts == 0:
        yield Hint("no_contacts", _("Có F0 rõ nguồn lây mà F1 cộng đồng là 0."))
    if numbers.tests is not None and cases is not None and cases > numbers.tests:
        yield Hint(
            "more_cases_than_tests",
            _("%(cases)s F0 mà chỉ %(tests)s người được xét nghiệm.")
            % {"cases": cases, "tests": numbers.tests},
        )
    if numbers.tests is not None and numbers.suspected is not None and numbers.suspected > numbers.tests:
        yield Hint(
            "more_suspected_than_tests",
            _("%(suspected)s ca nghi ngờ mà chỉ %(tests)s người được xét nghiệm.")
            % {"suspected": numbers.suspected, "tests": numbers.tests},
        )
    largest = max((number for number in (*numbers[:4], numbers.suspected) if number is not None), default=0)
    if largest >= UNUSUALLY_MANY:
        yield Hint(
            "unusually_many", _("%(number)s là số lớn khác thường; xin xem lại.") % {"number": largest}
        )
