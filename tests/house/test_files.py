"""How the house is kept: small rooms, true names, nothing that nobody uses, nothing from elsewhere."""

import re
import warnings
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = "awards benchmarks campaign config core demo docs riskmap static templates tests".split()
TEXT = (".py", ".html", ".css", ".js", ".toml", ".md")
TO_BE_SPLIT, TOO_LONG = 400, 600
NAMES_THAT_SAY_NOTHING = {
    "common",
    "helpers",
    "helper",
    "misc",
    "services",
    "service",
    "utilities",
    "utils",
    "util",
}
# Django finds these by their names.
TEMPLATES_OF_DJANGO = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}
# Addresses that are names, not places anything is fetched from.
NAMESPACES = ("http://www.w3.org/",)


class LongFile(UserWarning):
    """A file that had better be split by meaning."""


def files(*suffixes: str) -> list[Path]:
    found = [
        path
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.suffix in suffixes and "__pycache__" not in path.parts
    ]
    assert found
    return found


@pytest.mark.filterwarnings("default::tests.house.test_files.LongFile")
def test_file_is_short_enough_to_be_read():
    too_long = []
    for path in files(*TEXT):
        if path.match("migrations/0001_initial.py"):
            continue
        lines = path.read_text().count("\n")
        if lines >= TOO_LONG:
            too_long.append(f"{path.relative_to(ROOT)}: {lines} lines")
        elif lines >= TO_BE_SPLIT:
            warnings.warn(f"{path.relative_to(ROOT)}: {lines} lines", LongFile, stacklevel=1)

    assert too_long == []


def test_module_has_a_name_that_says_what_happens_in_it():
    assert [path for path in files(*TEXT) if path.stem.lower() in NAMES_THAT_SAY_NOTHING] == []
    assert [path for path in files(".py") if path.parent.name.lower() in NAMES_THAT_SAY_NOTHING] == []


def test_rooms_make_no_use_of_signals():
    receiver = re.compile(r"django\.dispatch|@receiver|(post|pre)_(save|delete)\.connect")

    assert [
        path
        for path in files(".py")
        if ROOT / "tests" not in path.parents and receiver.search(path.read_text())
    ] == []


def test_template_is_used():
    folder = ROOT / "templates"
    said = "\n".join(path.read_text() for path in files(".py", ".html") if ROOT / "tests" not in path.parents)

    unused = [
        name
        for path in folder.rglob("*.html")
        if (name := path.relative_to(folder).as_posix()) not in TEMPLATES_OF_DJANGO
        and f'"{name}"' not in said
    ]

    assert unused == []


def test_static_file_is_used():
    folder = ROOT / "static"
    said = "\n".join(
        path.read_text()
        for path in files(".py", ".html", ".js", ".css")
        if ROOT / "tests" not in path.parents
    )

    unused = [
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not re.search(rf"[/'\"]{re.escape(path.name)}['\"#)]", said)
    ]

    assert unused == []


def test_nothing_in_pages_scripts_and_styles_comes_from_another_origin():
    address = re.compile(r"""(?:https?:)?//[\w.-]+\.[a-z]{2,}[^\s"')]*""")
    comments = re.compile(r"/\*.*?\*/|^\s*//.*?$|\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", re.S | re.M)

    outside = [
        f"{path.relative_to(ROOT)}: {found}"
        for path in files(".html", ".css", ".js")
        if ROOT / "tests" not in path.parents
        for found in address.findall(comments.sub("", path.read_text()))
        if not found.startswith(NAMESPACES)
    ]

    assert outside == []


def test_page_has_no_inline_script_style_or_handler():
    inline = re.compile(
        r"<script(?![^>]*\b(?:src|type=\"(?:application/json|importmap)\"))|<style|\sstyle=|\son[a-z]+=|javascript:"
    )

    assert [
        f"{path.relative_to(ROOT)}: {found}"
        for path in files(".html")
        for found in inline.findall(path.read_text())
    ] == []


def test_migration_says_what_it_is_for():
    unnamed = re.compile(r"\d{4}_auto_|_alter_|_remove_|_and_more")

    assert [
        path for path in files(".py") if path.parent.name == "migrations" and unnamed.search(path.name)
    ] == []
