"""Wording: the rules of Decree 30/2020/NĐ-CP, annex I, for dates, numbers, places, posts and full stops."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

LETTERS = "abcdđeghiklmnopqrstuvxy"  # as points are counted: without f, j, w, z and the letters with hats
BLANK = "\u00a0" * 6  # room for a pen, which no line breaker takes away
MONTHS_WITH_ZERO = (1, 2)
#: Called by a person's name, so that the word for the unit stands on papers as well.
NAMED_AFTER_PEOPLE = ("Hồ Chí Minh",)


def written_day(day: date) -> str:
    """“ngày 05 tháng 02 năm 2021”: a nought before days below 10, and before January and February only."""
    return f"ngày {day.day:02d} tháng {_month(day)} năm {day.year}"


def blank_day(year: int) -> str:
    """The same, with day and month left to the pen."""
    return f"ngày{BLANK}tháng{BLANK}năm {year}"


def short_day(day: date) -> str:
    """“05/9/2021”: a date within the text, by the same rule."""
    return f"{day.day:02d}/{_month(day)}/{day.year}"


def _month(day: date) -> str:
    return f"{day.month:02d}" if day.month in MONTHS_WITH_ZERO else str(day.month)


def written_number(number: int | None, symbol: str) -> str:
    """“05/QĐ-UBND”: a nought before numbers below 10; without a number, room to write it."""
    return f"{BLANK if number is None else f'{number:02d}'}/{symbol}"


def place_name(name: str, type_word: str) -> str:
    """The place before a date: “Ninh Phước” of “Huyện Ninh Phước”.

    Units called by a number or after a person keep the word: “Quận 1”, “Thành phố Hồ Chí Minh”.
    """
    bare = name.removeprefix(type_word).strip() if type_word else name
    if not bare or bare[0].isdecimal() or bare in NAMED_AFTER_PEOPLE:
        return name
    return bare


def capacity_of(post: str) -> tuple[str, ...]:
    """In what capacity somebody signs: a deputy signs for the head, “KT. CHỦ TỊCH” over “PHÓ CHỦ TỊCH”."""
    head = post.strip()
    if not head.casefold().startswith("phó "):
        return (head.upper(),) if head else ()
    return f"KT. {head[4:].strip()}".upper(), head.upper()


def closed(text: str) -> str:
    """The last words of a paper end in “./.”."""
    return text.rstrip(" ./;,") + "./."


def grounds(items: Iterable[str]) -> tuple[str, ...]:
    """What a paper rests on: each ends in a semicolon, the last in a full stop."""
    return _listed(items, last=".")


def recipients(items: Iterable[str]) -> tuple[str, ...]:
    """Who gets the paper, with the archive last: “- Như trên;”, “- Lưu: VT.”."""
    return tuple(f"- {item}" for item in _listed(items, last="."))


def _listed(items: Iterable[str], *, last: str) -> tuple[str, ...]:
    bare = [item.strip().rstrip(".;,").rstrip() for item in items]
    return tuple(f"{item};" for item in bare[:-1]) + tuple(f"{item}{last}" for item in bare[-1:])


def sign_of(sign: str, number: int) -> str:
    """What stands before point ``number``: “1.”, “a)”, “-”."""
    if sign == "dash":
        return "-"
    if sign == "number":
        return f"{number}."
    return f"{LETTERS[number - 1]})" if number <= len(LETTERS) else f"{number})"


def roman(number: int) -> str:
    """“IV”: appendices are counted so, where there are two or more."""
    steps = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
    signs = ""
    for value, letters in steps:
        times, number = divmod(number, value)
        signs += letters * times
    return signs
