"""Words that several papers of awards share, from their frozen content."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from core.letters import Align, Band, Column, Issuer, Signature, Table
from core.letters.wording import capacity_of, place_name, short_day

COMMITTEE = "Ủy ban nhân dân"
LIST_COLUMNS = (
    Column("STT", 16, Align.CENTRE),
    Column("Tên tập thể; họ và tên, chức vụ, nơi công tác của cá nhân", 90),
    Column("Địa bàn", 38),
    Column("Hình thức khen", 45),
)
Content = dict[str, Any]


def day_of(text: str) -> date:
    return date.fromisoformat(text)


def province_in_sentence(content: Content) -> str:
    """“tỉnh Ninh Thuận”."""
    name, word = content["province"]["name"], content["province"]["type_word"]
    return name[:1].lower() + name[1:] if word and name.startswith(word) else name


def place_of(content: Content) -> str:
    return place_name(content["province"]["name"], content["province"]["type_word"])


def home_affairs(content: Content) -> Issuer:
    return Issuer(("Sở Nội vụ",), superior=(f"UBND {content['province']['name']}",))


def committee(content: Content) -> Issuer:
    return Issuer((COMMITTEE, content["province"]["name"]))


def director() -> Signature:
    return Signature(capacity_of("Giám đốc"))


def about(content: Content) -> str:
    """“có thành tích trong đợt 1 phong trào thi đua …”."""
    phase = content["phase"]["name"]
    return f"có thành tích trong {phase[:1].lower() + phase[1:]}, {content['campaign']['title']}"


def days_of(content: Content) -> str:
    first, last = (day_of(content["phase"][name]) for name in ("first_day", "last_day"))
    return f"từ ngày {short_day(first)} đến ngày {short_day(last)}"


def split(lines: Iterable[Content]) -> tuple[list[Content], list[Content]]:
    """Collectives and persons."""
    rows = list(lines)
    return (
        [row for row in rows if row["recipient"] == "collective"],
        [row for row in rows if row["recipient"] == "person"],
    )


def count_words(lines: Sequence[Content]) -> str:
    """“03 tập thể và 02 cá nhân”."""
    collectives, people = split(lines)
    parts = [
        f"{len(rows):02d} {word}" for rows, word in ((collectives, "tập thể"), (people, "cá nhân")) if rows
    ]
    return " và ".join(parts)


def list_table(lines: Iterable[Content]) -> Table:
    """“I. TẬP THỂ”, “II. CÁ NHÂN”, each counted from one."""
    rows: list[tuple[str, ...] | Band] = []
    collectives, people = split(lines)
    parts = [(title, each) for title, each in (("TẬP THỂ", collectives), ("CÁ NHÂN", people)) if each]
    for number, (title, each) in enumerate(parts, 1):
        rows.append(Band(f"{'I' * number}. {title}"))
        rows += [(str(place), named(row), row["district"], row["award"]) for place, row in enumerate(each, 1)]
    return Table(LIST_COLUMNS, tuple(rows))


def named(row: Content) -> str:
    """The unit, or a person with post and unit."""
    if row["recipient"] == "collective":
        return row["name"]
    return f"{row['name']}, {post_and_unit(row['post'], row['unit'])}"


def post_and_unit(post: str, unit: str) -> str:
    """The post, and the unit unless the post says it: "Trưởng thôn Lương Cách, xã Hộ Hải"."""
    return post if unit.casefold() in post.casefold() else f"{post}, {unit}"


def money_words(amount: int) -> str:
    """“1.490.000 đồng”."""
    return f"{amount:,}".replace(",", ".") + " đồng"


def grounds_of(citations: Iterable[str]) -> str:
    """What the awards rest on, each article once: one that another names more fully is left out."""
    parts = list(dict.fromkeys(part.strip() for each in sorted(citations) for part in each.split(";")))
    words = {part: set(part.replace(",", " ").split()) for part in parts}
    return "; ".join(
        part for part in parts if part and not any(words[part] < words[other] for other in parts)
    )
