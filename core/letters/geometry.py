"""Geometry: the measures of Decree 30/2020/NĐ-CP, annex I, once for both printers. Millimetres and points."""

SHORT, LONG = 210, 297  # A4
TOP, BOTTOM, LEFT, RIGHT = 20, 20, 30, 15  # of 20–25, 20–25, 30–35, 15–20
PAGE_NUMBER_FROM_TOP = 10
FOOT_FROM_BOTTOM = 10

NATION, MOTTO = 12, 13  # points: 12–13, 13–14
ISSUER, SUPERIOR, NUMBER, PLACE = 13, 13, 13, 13
TEXT = 14  # 13–14: text, name of the kind, subject, parts, signatures
SUBJECT_OF_LETTER = 13  # of a công văn, below the number: 12–13
TABLE, NOTE = 12, 12
RECIPIENTS_HEAD, RECIPIENTS = 12, 11
PAGE_NUMBER = 13
FOOT = 9

LINES = 1.1  # of single to one and a half
BETWEEN = 6  # points between paragraphs, at least
INDENT = 12.7
#: A line below a name is a third to a half as long as the words.
SHARE_OF_LINE = 0.4
ISSUER_WIDTH = 0.42  # of the text's width; the rest is the nation's
ROOM_TO_SIGN = 24
#: The height of a line of Times New Roman, and its parts above and below the base line (of the size).
ASCENT, DESCENT, LINE_HEIGHT = 0.891, 0.216, 1.149
CELL = (1.5, 0.8)  # millimetres inside a cell, across and down


def text_width(*, landscape: bool) -> float:
    """The width of the text on a page."""
    return (LONG if landscape else SHORT) - LEFT - RIGHT


def widths_of(shares: list[float], *, landscape: bool) -> list[float]:
    """The widths of a table's columns: together the width of the text."""
    each = text_width(landscape=landscape) / sum(shares)
    return [share * each for share in shares]
