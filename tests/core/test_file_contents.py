"""What is taken of papers and pictures, and what is left of them."""

import io
import os
import random
import struct
import zlib

import pytest
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from core.file_contents import (
    DOCX,
    JPEG,
    LARGEST,
    PDF,
    PHOTO_BYTES,
    PHOTO_SIDE,
    SCAN_SIDE,
    FileRefused,
    draw_photo,
    read_document,
)
from tests.core.handed_in import docx, pdf, photo_with_place, picture

HTML = b"<html><script>alert(1)</script></html>"
NOISE = random.Random(1).randbytes(500)  # nothing that packs smaller
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def huge_png(width: int, height: int) -> bytes:
    """A few bytes that say they are a picture of many pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    )


def noise(side: int) -> bytes:
    out = io.BytesIO()
    Image.frombytes("RGB", (side, side), os.urandom(side * side * 3)).save(out, "JPEG", quality=95)
    return out.getvalue()


def test_paper_is_kept_as_it_came():
    assert read_document(pdf()) == (pdf(), PDF)
    assert read_document(docx())[1] == DOCX


def active_pdf(how: str) -> bytes:
    """A paper that does something: of its own accord, on a page, by a touch, or with what it carries."""
    writer, out = PdfWriter(), io.BytesIO()
    page = writer.add_blank_page(595, 842)
    action = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    )
    match how:
        case "script":
            scripts = {NameObject("/Names"): ArrayObject([TextStringObject("a"), action])}
            writer.root_object[NameObject("/Names")] = DictionaryObject(
                {NameObject("/JavaScript"): DictionaryObject(scripts)}
            )
        case "opening":
            writer.root_object[NameObject("/OpenAction")] = writer._add_object(action)
        case "page":
            page[NameObject("/AA")] = DictionaryObject({NameObject("/O"): writer._add_object(action)})
        case "program":
            action[NameObject("/S")] = NameObject("/Launch")
            touched = {NameObject("/Subtype"): NameObject("/Link"), NameObject("/A"): action}
            page[NameObject("/Annots")] = ArrayObject([writer._add_object(DictionaryObject(touched))])
        case "file":
            writer.add_attachment("a.exe", b"MZ")
        case "link":
            action[NameObject("/S")] = NameObject("/URI")
            touched = {NameObject("/Subtype"): NameObject("/Link"), NameObject("/A"): action}
            page[NameObject("/Annots")] = ArrayObject([DictionaryObject(touched)])
            writer.root_object[NameObject("/OpenAction")] = ArrayObject([page.indirect_reference])
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("how", ["script", "opening", "page", "program", "file"])
def test_paper_that_runs_something_is_refused(how):
    with pytest.raises(FileRefused, match="mã chạy hoặc tệp đính kèm"):
        read_document(active_pdf(how))


def test_paper_with_links_and_a_page_to_open_at_is_taken():
    assert read_document(active_pdf("link"))[1] == PDF


def test_scan_is_drawn_anew():
    content, media_type = read_document(picture("PNG", (4_000, 100)))

    assert media_type == JPEG
    assert Image.open(io.BytesIO(content)).width == SCAN_SIDE


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Tệp rỗng"),
        (HTML, "không phải PDF"),
        (SVG, "không phải PDF"),
        (HTML + pdf(), "không phải PDF"),  # a page for a browser that guesses, a PDF for a reader
        (b"MZ\x90\x00" + pdf(), "không phải PDF"),
        (picture("GIF"), "không phải PDF"),
        (pdf()[:-200], "cắt ngang"),
        (b"%PDF-1.7\n" + HTML + b"\n%%EOF", "không mở được"),
        (pdf("bí mật"), "mật khẩu"),
        (docx()[:-40], "không mở được"),
        (docx(word_image=NOISE).replace(NOISE[:40], NOISE[40:80]), "không mở được"),
        (docx(**{"word_vbaProject.bin": b"x"}), "macro"),
        (docx(word_bomb=b"\0" * 61_000_000), "quá lớn"),
        (docx(**{"[Content_Types].xml": b"<Types/>"}), "không phải văn bản Word"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, ".doc"),
        (picture("JPEG")[:-600], "bị hỏng"),
        (b"%PDF-" + b"x" * LARGEST, "lớn hơn 10 MB"),
    ],
)
def test_paper_that_is_none_is_refused_with_what_to_do(content, said):
    with pytest.raises(FileRefused, match=said) as refusal:
        read_document(content)

    assert "Hãy" in refusal.value.message


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Tệp rỗng"),
        (pdf(), "không phải ảnh"),
        (SVG, "không phải ảnh"),
        (picture("GIF"), "không phải ảnh"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 99, "HEIC"),
        (b"\xff\xd8\xff" + HTML, "bị hỏng"),
        (picture("PNG")[:-60], "bị hỏng"),
        (huge_png(60_000, 60_000), "quá nhiều điểm ảnh"),
        (huge_png(7_000, 7_000), "quá nhiều điểm ảnh"),
        (huge_png(12_000, 12_000), "quá nhiều điểm ảnh"),
    ],
)
def test_photo_that_is_none_is_refused_with_what_to_do(content, said):
    with pytest.raises(FileRefused, match=said) as refusal:
        draw_photo(content)

    assert "Hãy" in refusal.value.message


def test_photo_stands_upright_and_says_nothing_but_its_pixels():
    drawn = draw_photo(photo_with_place())

    shown = Image.open(io.BytesIO(drawn.content))
    assert (drawn.width, drawn.height) == shown.size == (480, 640)
    assert (
        shown.getpixel((470, 10))[0] < 60 < 200 < shown.getpixel((10, 630))[0]
    )  # the dark corner went right
    assert not shown.getexif()
    assert set(shown.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi"}
    assert b"Lan" not in drawn.content
    assert b"Exif" not in drawn.content


@pytest.mark.parametrize("orientation", range(1, 9))
def test_photo_is_turned_as_the_camera_says(orientation):
    drawn = draw_photo(photo_with_place(orientation))

    assert (drawn.width > drawn.height) is (orientation < 5)


def test_second_file_behind_a_photo_is_left_behind():
    drawn = draw_photo(picture() + docx(word_secret=b"x") + HTML)

    assert b"PK\x03\x04" not in drawn.content
    assert b"<script>" not in drawn.content


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("PNG", "RGBA"),
        ("PNG", "P"),
        ("PNG", "1"),
        ("PNG", "LA"),
        ("WEBP", "RGBA"),
        ("JPEG", "CMYK"),
        ("PNG", "I;16"),
    ],
)
def test_photo_of_any_colours_is_drawn(kind, mode):
    if mode == "I;16":
        out = io.BytesIO()
        Image.frombytes("I;16", (64, 64), b"\0\xff" * 4096).save(out, "PNG")
        drawn = draw_photo(out.getvalue())
    else:
        drawn = draw_photo(picture(kind, (64, 64), mode=mode))

    assert Image.open(io.BytesIO(drawn.content)).mode == "RGB"


def test_transparent_photo_stands_on_white():
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (255, 0, 0, 0)).save(out, "PNG")

    drawn = draw_photo(out.getvalue())

    assert Image.open(io.BytesIO(drawn.content)).getpixel((5, 5)) == (255, 255, 255)


def test_large_photo_is_made_small():
    content = noise(2_400)
    assert len(content) > 4_000_000

    drawn = draw_photo(content)

    assert len(drawn.content) <= PHOTO_BYTES
    assert max(drawn.width, drawn.height) <= PHOTO_SIDE
    assert draw_photo(content) == drawn


def test_photo_of_a_good_telephone_is_taken():
    drawn = draw_photo(picture(size=(8_160, 6_120), quality=30))

    assert (drawn.width, drawn.height) == (1_600, 1_200)
