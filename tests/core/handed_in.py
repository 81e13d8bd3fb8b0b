"""Files as people hand them in, made for tests."""

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw
from pypdf import PdfWriter

CONTENT_TYPES = (
    b'<Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    b'officedocument.wordprocessingml.document.main+xml"/></Types>'
)


def upload(content: bytes, name: str = "tệp.pdf", content_type: str = "text/html") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type)


def pdf(password: str = "") -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(595, 842)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()


def docx(**parts: bytes) -> bytes:
    """With ``parts`` by their names, where the underscore stands for a slash."""
    held = {"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": b"<document/>"}
    for name, content in parts.items():
        held[name if name.startswith("[") else name.replace("_", "/", 1)] = content
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in held.items():
            pack.writestr(name, content)
    return out.getvalue()


def picture(kind: str = "JPEG", size: tuple[int, int] = (640, 480), mode: str = "RGB", **saved) -> bytes:
    """A picture whose upper left corner is dark and the rest light."""
    image, out = Image.new(mode, size, "white"), io.BytesIO()
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2, size[1] // 4), fill="black")
    image.save(out, kind, **saved)
    return out.getvalue()


def photo_with_place(orientation: int = 6) -> bytes:
    """As a telephone makes it: lying on its side, with where it was taken and by which telephone."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = orientation, "Điện thoại của Lan"
    exif.get_ifd(0x8825)[1], exif.get_ifd(0x8825)[2] = "N", (11.0, 34.0, 5.0)
    return picture(exif=exif.tobytes(), comment=b"Lan")
