"""Limits are kept before anything is read."""

import io
import time

import pytest

from riskmap.imports import sheets
from riskmap.imports.faults import UnusableFile
from riskmap.imports.sheets import read_content, read_csv


class Endless(io.RawIOBase):
    """A file of 100 MB that counts what is read of it."""

    def __init__(self):
        self.given = 0

    def readable(self):
        return True

    def read(self, size=-1):
        assert 0 < size < 100_000_000, "the whole file was asked for"
        self.given += size
        return b"x" * size


def test_file_of_100_mb_is_refused_at_once():
    file = Endless()
    begun = time.monotonic()

    with pytest.raises(UnusableFile, match="20 MB"):
        read_content(file)

    assert time.monotonic() - begun < 1
    assert file.given <= sheets.MAX_BYTES + 1


def test_file_of_too_many_rows_is_refused(monkeypatch):
    monkeypatch.setattr(sheets, "MAX_ROWS", 3)

    assert len(read_csv(b"code\n1\n2\n3\n").rows) == 3
    with pytest.raises(UnusableFile, match="hơn 3 dòng"):
        read_csv(b"code\n1\n2\n3\n4\n")


def test_rows_are_numbered_as_a_sheet_shows_them_even_with_line_breaks_in_a_cell():
    sheet = read_csv(b'code,date\n"a\nb",1\nc,2\n')

    assert sheet.rows == [["a\nb", "1"], ["c", "2"]]
