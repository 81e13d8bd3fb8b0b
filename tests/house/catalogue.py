"""The English catalogue: every Vietnamese text of the house has its English one, and is compiled.

    python -m tests.house.catalogue            # what is missing, left over, fuzzy or broken; exit 1 if any
    python -m tests.house.catalogue --write    # take the texts of the source over, compile both catalogues

``locale/vi`` holds the few texts of Django that its own Vietnamese catalogue lacks.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent.parent
ENGLISH = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
VIETNAMESE = ROOT / "locale" / "vi" / "LC_MESSAGES" / "django.po"
ROOMS = ("awards", "campaign", "config", "core", "demo", "riskmap", "templates")
METHODS = [("**.py", "python"), ("**.html", "enmerkar.extract:extract_django"), ("**.txt", "ignore")]
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# What Babel takes for one also in “lan trên 50% số xã”.
PLACEHOLDER = re.compile(r"%\(\w+\)|%[a-z%]")
# A date in the header would differ with every writing and say nothing.
UNDATED = datetime(2021, 7, 1, tzinfo=UTC)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Keep the catalogues complete and compiled.")
    parser.add_argument("--write", action="store_true", help="write the .po of English and both .mo")
    if parser.parse_args(arguments).write:
        _write()
    faults = list(find_faults())
    for fault in faults:
        print(fault, file=sys.stderr)
    if not faults:
        print(f"English catalogue complete: {len(_read(ENGLISH))} texts.")
    return 1 if faults else 0


def find_faults() -> Iterator[str]:
    """A sentence for everything that is not as it should be."""
    source, english, vietnamese = extract(), _read(ENGLISH), _read(VIETNAMESE)
    for message in source:
        if message.id and english.get(message.id, message.context) is None:
            place = message.locations[0][0] if message.locations else "?"
            yield f"{ENGLISH.name}: no entry for {_first(message.id)!r} ({place}); run with --write"
    for message in english:
        if message.id and source.get(message.id, message.context) is None:
            yield f"{ENGLISH.name}: nothing says {_first(message.id)!r} any more; run with --write"
    if english.obsolete:
        yield f"{ENGLISH.name}: {len(english.obsolete)} obsolete entries; run with --write"
    for path, catalogue in ((ENGLISH, english), (VIETNAMESE, vietnamese)):
        for message in catalogue:
            if message.id and not all(_strings(message.string)):
                yield f"{path.relative_to(ROOT)}: not translated: {_first(message.id)!r}"
            if message.fuzzy and message.id:
                yield f"{path.relative_to(ROOT)}: fuzzy: {_first(message.id)!r}"
        for message, errors in catalogue.check():
            for error in errors if PLACEHOLDER.search(_first(message.id)) else ():
                yield f"{path.relative_to(ROOT)}: {error} in {_first(message.id)!r}"
        compiled = path.with_suffix(".mo")
        if not compiled.exists() or compiled.read_bytes() != _compile(catalogue):
            yield f"{compiled.relative_to(ROOT)}: not in step with its .po; run with --write"


def extract() -> Catalog:
    """All texts of the source, in the order of files and lines."""
    catalogue = _empty("en")
    for room in ROOMS:
        found = extract_from_dir(
            ROOT / room,
            method_map=METHODS,
            options_map={},
            keywords=KEYWORDS,
            comment_tags=("Translators:",),
            directory_filter=lambda path: Path(path).name not in ("migrations", "__pycache__"),
        )
        for file, _line, message, comments, context in sorted(found, key=lambda entry: entry[:2]):
            catalogue.add(message, None, [(f"{room}/{file}", None)], auto_comments=comments, context=context)
    return catalogue


def _write() -> None:
    english = _read(ENGLISH) if ENGLISH.exists() else _empty("en")
    catalogue = extract()
    for message in catalogue:
        known = english.get(message.id, message.context) if message.id else None
        if known is not None:
            message.string = known.string
    with ENGLISH.open("wb") as file:
        write_po(file, catalogue, width=110, include_lineno=False, sort_output=False)
    for path in (ENGLISH, VIETNAMESE):
        path.with_suffix(".mo").write_bytes(_compile(_read(path)))


def _empty(locale: str) -> Catalog:
    return Catalog(
        locale=locale,
        project="riskmap",
        header_comment="# English texts of the portal; the msgids are the Vietnamese ones.",
        creation_date=UNDATED,
        revision_date=UNDATED,
        last_translator="",
        language_team="",
        fuzzy=False,
    )


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def _compile(catalogue: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def _first(identity: str | tuple[str, ...]) -> str:
    return identity if isinstance(identity, str) else identity[0]


def _strings(value: str | tuple[str, ...] | None) -> tuple[str | None, ...]:
    return value if isinstance(value, tuple) else (value,)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
