"""Nothing that another program would open, run or fetch is let in with a Word file, and no bomb."""

import io
import time
import zipfile

import pytest

from core.word_templates import check_template
from tests.core.word_templates.files import (
    NAMESPACES,
    PLACEHOLDERS,
    rewritten,
    with_body,
    with_part,
    with_relation,
    word,
)


def messages(body):
    return [fault.message for fault in check_template(body, PLACEHOLDERS)]


def dtd(declared):
    """The text of a document that declares something before it begins."""
    return rewritten(
        word("{{ tỉnh }}"),
        word_document_xml=(b"?>\n<w:document", b"?>\n<!DOCTYPE w:document [" + declared + b"]>\n<w:document"),
    )


BOMB = b'<!ENTITY a "' + b"ha" * 50 + b'">' + b"".join(
    f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 20}">'.encode() for n in range(9)
)  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        dtd(b'<!ENTITY x SYSTEM "file:///etc/passwd">'),
        dtd(b'<!ENTITY % x SYSTEM "http://203.0.113.1/x.dtd"> %x;'),
        dtd(BOMB),
        dtd(b""),
        rewritten(
            word("{{ tỉnh }}"), word_styles_xml=(b"?>\n<w:styles", b"?>\n<!DOCTYPE w:styles><w:styles")
        ),
    ],
    ids=["a file", "an address", "billion laughs", "empty", "of another part"],
)
def test_declared_entities_are_refused_and_never_read(body):
    started = time.monotonic()

    (message,) = messages(body)

    assert "DTD" in message
    assert time.monotonic() - started < 1


@pytest.mark.parametrize(
    ("kind", "target", "mode", "part"),
    [
        ("hyperlink", "http://203.0.113.1/", "External", "liên kết ra ngoài"),
        ("image", "http://203.0.113.1/x.png", "External", "hình ảnh"),
        ("image", "media/x.png", "", "hình ảnh"),
        ("attachedTemplate", "file:///C:/x.dotm", "External", "tệp mẫu khác"),
        ("oleObject", "embeddings/x.bin", "", "tệp nhúng"),
        ("package", "embeddings/x.xlsx", "", "tệp nhúng"),
        ("control", "activeX/x.xml", "", "ô điều khiển"),
        ("aFChunk", "x.html", "", "tệp khác"),
        ("subDocument", "file:///x.docx", "External", "tệp khác"),
        ("comments", "comments.xml", "", "chú thích"),
        ("chart", "charts/x.xml", "", "biểu đồ"),
        ("font", "fonts/x.odttf", "", "phông"),
        ("vbaProject", "vbaProject.bin", "", "macro"),
        ("frame", "http://203.0.113.1/", "External", "liên kết ra ngoài"),
        ("header", "http://203.0.113.1/", "External", "liên kết ra ngoài"),
        ("header", "http://203.0.113.1/", "", "liên kết ra ngoài"),
        ("header", "//203.0.113.1/share", "", "liên kết ra ngoài"),
        ("header", "\\\\203.0.113.1\\share", "", "liên kết ra ngoài"),
        ("header", "styles.xml", "", "không dùng trong văn bản"),
        ("officeDocument", "header1.xml", "", "không dùng trong văn bản"),
        ("thứ-lạ", "x.xml", "", "không dùng trong văn bản"),
    ],
)
def test_relationship_that_opens_or_fetches_is_refused(kind, target, mode, part):
    assert any(part in message for message in messages(with_relation(kind, target, mode)))


@pytest.mark.parametrize(
    ("markup", "part"),
    [
        ('<w:p><w:fldSimple w:instr=" INCLUDETEXT C:\\\\x.docx "/></w:p>', "INCLUDETEXT"),
        ('<w:p><w:fldSimple w:instr="INCLUDEPICTURE http://203.0.113.1/x"/></w:p>', "INCLUDEPICTURE"),
        (
            '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DD</w:instrText></w:r><w:r>'
            '<w:instrText>EAUTO c:\\\\x</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>',
            "DDEAUTO",
        ),
        (
            '<w:p><w:r><w:fldChar w:fldCharType="begin"/><w:instrText> PAGE </w:instrText>'
            '<w:fldChar w:fldCharType="begin"/><w:instrText>LINK x</w:instrText>'
            '<w:fldChar w:fldCharType="end"/><w:fldChar w:fldCharType="end"/></w:r></w:p>',
            "LINK",
        ),
        ("<w:p><w:r><w:instrText>MERGEFIELD x</w:instrText></w:r></w:p>", "MERGEFIELD"),
        ("<w:p><w:r><w:object/></w:r></w:p>", "tệp nhúng"),
        ('<w:altChunk r:id="rId9"/>', "tệp khác"),
        ('<w:p><w:r><w:pict><v:shape><v:imagedata src="http://203.0.113.1/x"/></v:shape></w:pict></w:r></w:p>',
         "hình ảnh"),
        ('<w:p><w:r><w:pict><v:shape href="http://203.0.113.1/x"/></w:pict></w:r></w:p>', "liên kết"),
        ("<w:p><w:ins><w:r><w:t>thêm</w:t></w:r></w:ins></w:p>", "Track Changes"),
        ("<w:p><w:del><w:r><w:delText>bớt</w:delText></w:r></w:del></w:p>", "Track Changes"),
        ('<w:p><w:r><w:commentReference w:id="1"/></w:r></w:p>', "chú thích"),
        ("<w:p><w:r><w:instrText>{{ tỉnh }}</w:instrText></w:r></w:p>", "ngoài phần chữ"),
        ('<w:bookmarkStart w:id="1" w:name="{{ tỉnh }}"/>', "ngoài phần chữ"),
        ("<w:p>{{ tỉnh }}</w:p>", "ngoài phần chữ"),
        ("<w:p>{</w:p><w:p><w:r><w:t>x</w:t></w:r></w:p>", "ngoài phần chữ"),
        ("<w:p><w:r><w:t>a</w:t>{% for x in y %}</w:r></w:p>", "ngoài phần chữ"),
    ],
)  # fmt: skip
def test_markup_that_opens_fetches_or_hides_is_refused(markup, part):
    assert any(part in message for message in messages(with_body(markup)))


def test_page_numbers_are_the_fields_that_are_let_in():
    page = (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        "<w:r><w:instrText> PAGE  \\* MERGEFORMAT </w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )

    assert messages(with_body(page)) == []


def test_mail_merge_of_the_settings_is_refused():
    body = rewritten(word("{{ tỉnh }}"), word_settings_xml=(b"</w:settings>", b"<w:mailMerge/></w:settings>"))

    assert any("trộn thư" in message for message in messages(body))


def test_tags_in_other_parts_of_the_file_are_refused():
    body = rewritten(
        word("{{ tỉnh }}"), word_styles_xml=(b'w:val="Normal"', "{{ tỉnh }}".join(('w:val="', '"')).encode())
    )

    assert any("styles.xml" in message for message in messages(body))


def zipped(*parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts:
            target.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("body", "part"),
    [
        (b"", "rỗng"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xd0\xcf\x11\xe0" + b"0" * 600, "đời cũ"),
        (b"PK\x03\x04" + b"0" * 50, "không mở được"),
        (b"Xin chao", "không phải"),
        (zipped(("xl/workbook.xml", "<x/>"), ("[Content_Types].xml", "<x/>")), "không phải văn bản Word"),
        (with_part(word("{{ tỉnh }}"), "word/vbaProject.bin", b"x"), "macro"),
        (with_part(word("{{ tỉnh }}"), "word/big.xml", b"<a>" + b" " * 4_000_000 + b"</a>"), "dài quá mức"),
        (with_part(word("{{ tỉnh }}"), "word/big.bin", b"0" * 70_000_000), "quá lớn"),
        (with_part(word("{{ tỉnh }}"), "word/broken.xml", b"<a>"), "không mở được"),
        (word("{{ tỉnh }}") + b"0" * 2_100_000, "2 MB"),
        (word("{{ tỉnh }}")[:3000], "không mở được"),
    ],
    ids=[
        "empty",
        "pdf",
        "doc",
        "cut",
        "text",
        "workbook",
        "macro",
        "long part",
        "bomb",
        "broken",
        "large",
        "half",
    ],
)
def test_what_is_no_plain_word_file_is_refused_at_once(body, part):
    started = time.monotonic()

    found = messages(body)

    assert len(found) == 1
    assert part in found[0]
    assert time.monotonic() - started < 1


def test_many_small_parts_are_refused():
    body = word("{{ tỉnh }}")
    for number in range(200):
        body = with_part(body, f"word/x{number}.xml", b"<a/>")

    assert ["quá lớn" in message for message in messages(body)] == [True]


def test_part_twice_under_one_name_is_refused():
    with pytest.warns(UserWarning, match="Duplicate name"):
        body = with_part(word("{{ tỉnh }}"), "word/document.xml", f"<w:document {NAMESPACES}/>".encode())

    assert ["không mở được" in message for message in messages(body)] == [True]


def test_markup_that_makes_patterns_search_long_is_judged_soon():
    hostile = word("{{ tỉnh }}", *["-%}" * 3000, "{%" * 3000, "}" * 3000, "{{ a" * 3000])
    started = time.monotonic()

    assert messages(hostile)
    assert time.monotonic() - started < 5
