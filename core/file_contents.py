"""What the bytes of a file are, whatever its name says: papers are read, pictures drawn anew.

Pure of the database. What people sent is judged by what it holds; a picture is never handed on as it came,
so that nothing is left in it but what can be seen: no place where it was taken, no name of a telephone, no
second file behind the first.
"""

from __future__ import annotations

import io
import logging
import zipfile
from typing import NamedTuple

from django.utils.translation import gettext as _
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import PdfObject

from core.errors import DomainError

logger = logging.getLogger(__name__)

LARGEST = 10_000_000  # bytes of one file as it is handed in
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
JPEG = "image/jpeg"

PHOTO_SIDE, PHOTO_BYTES = 1_600, 400_000
SCAN_SIDE, SCAN_BYTES = 3_000, 3_000_000  # an A4 page at 250 dots per inch
#: Decoding needs up to four bytes a pixel; a JPEG is decoded smaller than it is.
MOST_PIXELS = {"JPEG": 64_000_000, "PNG": 40_000_000, "WEBP": 40_000_000}
QUALITIES = (85, 78, 70, 62, 54, 46)
UNPACKED_AT_MOST, PARTS_AT_MOST = 60_000_000, 4_000  # of a DOCX, which is a ZIP

_ORIENTATION = 0x0112  # the tag of EXIF
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_WORD_MAIN = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


class FileRefused(DomainError):
    """The file is not one that is taken; the message says what to do."""

    code = "file_refused"


class Drawn(NamedTuple):
    """A picture as JPEG, upright, of plain pixels."""

    content: bytes
    width: int
    height: int


def read_document(content: bytes) -> tuple[bytes, str]:
    """What is kept of a paper, and its media type: a PDF or DOCX as it came, a scanned picture drawn anew.

    Raises ``FileRefused`` for everything else, and for what does not open.
    """
    _refuse_size(content)
    if content.startswith(b"%PDF-"):
        _refuse_pdf(content)
        return content, PDF
    if content.startswith(b"PK\x03\x04"):
        _refuse_docx(content)
        return content, DOCX
    if _picture_format(content) in ("JPEG", "PNG"):
        return _draw(content, side=SCAN_SIDE, most_bytes=SCAN_BYTES).content, JPEG
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileRefused(
            _("Tệp Word đời cũ (.doc) hoặc có mật khẩu không nhận được. Hãy lưu lại thành PDF rồi gửi.")
        )
    raise FileRefused(
        _("Tệp không phải PDF, Word (.docx) hay ảnh JPEG, PNG. Hãy quét hoặc lưu văn bản thành PDF rồi gửi.")
    )


def draw_photo(content: bytes) -> Drawn:
    """The photo as it is shown: at most 1,600 pixels and about 400 kB, the same bytes for the same input."""
    _refuse_size(content)
    if _picture_format(content) is None:
        if content[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypmsf1", b"ftyphevc"):
            raise FileRefused(_("Ảnh HEIC của điện thoại chưa nhận được. Hãy lưu ảnh thành JPEG rồi gửi."))
        raise FileRefused(_("Tệp không phải ảnh JPEG, PNG hay WebP. Hãy chọn một tấm ảnh."))
    return _draw(content, side=PHOTO_SIDE, most_bytes=PHOTO_BYTES)


def too_large() -> FileRefused:
    limit = LARGEST // 1_000_000
    return FileRefused(
        _("Tệp lớn hơn %(limit)d MB. Hãy quét ở độ phân giải thấp hơn hoặc thu nhỏ rồi gửi lại.")
        % {"limit": limit}
    )


def _refuse_size(content: bytes) -> None:
    if not content:
        raise FileRefused(_("Tệp rỗng, không có nội dung. Hãy chọn lại tệp."))
    if len(content) > LARGEST:
        raise too_large()


def _refuse_pdf(content: bytes) -> None:
    broken = FileRefused(_("Tệp PDF không mở được, có thể bị cắt ngang. Hãy lưu hoặc quét lại rồi gửi."))
    if b"%%EOF" not in content[-2048:]:
        raise broken
    try:
        reader = PdfReader(io.BytesIO(content))
        encrypted, pages, active = reader.is_encrypted, 0, False
        if not encrypted:
            pages = len(reader.pages)
            active = _runs_something(reader)
    except Exception as trouble:  # a parser may fail on a hostile file in any way
        logger.info("A PDF was refused: %r", trouble)
        raise broken from trouble
    if encrypted:
        raise FileRefused(_("Tệp PDF đang có mật khẩu. Hãy lưu một bản không có mật khẩu rồi gửi."))
    if not pages:
        raise broken
    if active:
        raise FileRefused(
            _("Tệp PDF có mã chạy hoặc tệp đính kèm bên trong, không nhận được. Hãy in lại ra PDF rồi gửi.")
        )


def _runs_something(reader: PdfReader) -> bool:
    """Whether the paper holds a script, starts a program or carries a file: a paper to be read does not."""
    root = reader.root_object
    names = _plain_object(root.get("/Names"))
    if isinstance(names, dict) and names.keys() & {"/JavaScript", "/EmbeddedFiles"}:
        return True
    places = [root, *reader.pages]
    for page in reader.pages:
        places += [_plain_object(each) for each in _plain_object(page.get("/Annots")) or ()]
    return any(isinstance(place, dict) and _is_active(place) for place in places)


def _is_active(place: dict) -> bool:
    """Of the catalogue, a page or a field: whether what is done when it is opened or touched is more than
    going somewhere."""
    actions = [_plain_object(place.get(name)) for name in ("/OpenAction", "/A")]
    touched = _plain_object(place.get("/AA"))
    if isinstance(touched, dict):
        actions += [_plain_object(each) for each in touched.values()]
    return place.get("/Subtype") == "/FileAttachment" or any(
        isinstance(action, dict) and _plain_object(action.get("/S")) in ("/JavaScript", "/Launch")
        for action in actions
    )


def _plain_object(held):
    """What a reference of a PDF leads to."""
    return held.get_object() if isinstance(held, PdfObject) else held


def _refuse_docx(content: bytes) -> None:
    broken = FileRefused(_("Tệp Word không mở được. Hãy lưu lại thành .docx hoặc PDF rồi gửi."))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            listed = parts.infolist()
            if len(listed) > PARTS_AT_MOST or sum(part.file_size for part in listed) > UNPACKED_AT_MOST:
                raise FileRefused(_("Tệp Word bung ra quá lớn. Hãy lưu thành PDF rồi gửi."))
            names = {part.filename.lower() for part in listed}
            types = parts.read("[Content_Types].xml") if "[content_types].xml" in names else b""
            if b"macroenabled" in types.lower() or any(name.endswith("vbaproject.bin") for name in names):
                raise FileRefused(_("Tệp Word có macro không nhận được. Hãy lưu thành PDF rồi gửi."))
            if "word/document.xml" not in names or _WORD_MAIN not in types:
                raise FileRefused(
                    _("Tệp nén hoặc tệp này không phải văn bản Word (.docx). Hãy lưu thành PDF rồi gửi.")
                )
            if parts.testzip() is not None:
                raise broken
    except FileRefused:
        raise
    except Exception as trouble:  # as above
        logger.info("A DOCX was refused: %r", trouble)
        raise broken from trouble


def _picture_format(content: bytes) -> str | None:
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    return "WEBP" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else None


def _draw(content: bytes, *, side: int, most_bytes: int) -> Drawn:
    kind = _picture_format(content)
    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as picture:
            if picture.width * picture.height > MOST_PIXELS[kind]:
                raise _too_many_pixels()
            return _as_jpeg(_plain(picture, side), most_bytes)
    except FileRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise _too_many_pixels() from bomb
    except Exception as trouble:  # a decoder may fail on a hostile file in any way
        logger.info("A picture was refused: %r", trouble)
        raise FileRefused(
            _("Ảnh không mở được, có thể bị hỏng hoặc cắt ngang. Hãy lưu lại thành JPEG rồi gửi.")
        ) from trouble


def _too_many_pixels() -> FileRefused:
    return FileRefused(_("Ảnh có quá nhiều điểm ảnh. Hãy thu nhỏ ảnh rồi gửi lại."))


def _plain(picture: Image.Image, side: int) -> Image.Image:
    """The pixels alone, upright and within ``side``, on white where they were transparent."""
    picture.draft("RGB", (2 * side, 2 * side))  # a large JPEG is decoded at a half, a quarter or an eighth
    picture.load()
    turn = _TURNS.get(picture.getexif().get(_ORIENTATION))
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        plain = Image.new("RGB", picture.size, "white")
        plain.paste(picture, mask=picture.getchannel("A"))
    else:
        plain = Image.new("RGB", picture.size)
        plain.paste(picture.convert("RGB"))
    plain.thumbnail((side, side), Image.Resampling.LANCZOS)
    return plain if turn is None else plain.transpose(turn)


def _as_jpeg(plain: Image.Image, most_bytes: int) -> Drawn:
    """Fine where that fits, coarser where not, at last smaller."""
    while True:
        for quality in QUALITIES:
            out = io.BytesIO()
            plain.save(out, "JPEG", quality=quality, optimize=True)
            if out.tell() <= most_bytes:
                return Drawn(out.getvalue(), *plain.size)
        plain = plain.resize((max(1, plain.width * 4 // 5), max(1, plain.height * 4 // 5)))
