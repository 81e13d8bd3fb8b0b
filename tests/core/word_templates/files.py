"""Word files for tests: small ones, and such as nobody should hand in."""

import io
import zipfile

from docx import Document

from core.word_templates import Placeholder

PLACEHOLDERS = (
    Placeholder("tỉnh", "tỉnh", "tỉnh Ninh Thuận"),
    Placeholder("số_ký_hiệu", "số", "05/QĐ-UBND"),
    Placeholder("ghi_chú", "ghi chú", ""),
    Placeholder(
        "tập_thể",
        "các tập thể",
        fields=(Placeholder("stt", "số", "1"), Placeholder("tên", "tên", "Xã Phước Hải")),
    ),
)
CONTEXT = {
    "tỉnh": "tỉnh Ninh Thuận",
    "số_ký_hiệu": "05/QĐ-UBND",
    "ghi_chú": "",
    "tập_thể": [{"stt": "1", "tên": "Xã Phước Hải"}, {"stt": "2", "tên": "Xã Cà Ná"}],
}
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)


def as_bytes(document):
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def word(*paragraphs, rows=()):
    """A document of these paragraphs, each a text or several runs of one, and of a table's rows."""
    document = Document()
    for said in paragraphs:
        paragraph = document.add_paragraph()
        for run in (said,) if isinstance(said, str) else said:
            paragraph.add_run(run)
    if rows:
        table = document.add_table(rows=0, cols=len(rows[0]))
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    return as_bytes(document)


def rewritten(body, **parts):
    """The file with bytes of its parts replaced: by name, with an underscore for each dot and stroke."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(body)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            before, after = parts.pop(name.replace(".", "_").replace("/", "_"), (b"", b""))
            assert before in content, name
            content = content.replace(before, after) if before else content
            target.writestr(name, content)
    assert not parts
    return out.getvalue()


def with_part(body, name, content):
    """The file with one more part."""
    out = io.BytesIO(body)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as target:
        target.writestr(name, content)
    return out.getvalue()


def with_body(markup):
    """A document with this markup in its text."""
    return rewritten(word("{{ tỉnh }}"), word_document_xml=(b"<w:sectPr", markup.encode() + b"<w:sectPr"))


def with_relation(kind, target, mode=""):
    """A document that refers to something by a relationship of the kind."""
    said = (
        f'<Relationship Id="rId900" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        f'{kind}" Target="{target}"{mode and f" TargetMode={chr(34)}{mode}{chr(34)}"}/></Relationships>'
    )
    return rewritten(word("{{ tỉnh }}"), word__rels_document_xml_rels=(b"</Relationships>", said.encode()))


def lines_of(body):
    """Every paragraph, those of tables after the others."""
    document = Document(io.BytesIO(body))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [*(paragraph.text for paragraph in document.paragraphs), *cells]
