"""A template is refused for what it must not hold or say, each fault with its place and what to do."""

import time

import pytest
from docx import Document

from core.word_templates import check_template
from tests.core.word_templates.files import PLACEHOLDERS, as_bytes, word


def faults(body):
    return [(fault.place, fault.message) for fault in check_template(body, PLACEHOLDERS)]


def only(body):
    (fault,) = check_template(body, PLACEHOLDERS)
    return fault


GOOD = word(
    "Số: {{ số_ký_hiệu }}, {{TỈNH}}",
    "{%p if ghi_chú %}", "{{ ghi_chú }}", "{%p endif %}",
    "{% if not ghi_chú %}Không{% else %}Có{% endif %}",
    rows=[("{%tr for t in tập_thể %}",), ("{{ t.stt }}. {{ t.TÊN }}",), ("{%tr endfor %}",)],
)  # fmt: skip


def test_template_of_known_tags_has_no_fault():
    assert check_template(GOOD, PLACEHOLDERS) == ()


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("{{ tinh }}", "{{ tỉnh }}"),
        ("{{ so ky hieu }}", "{{ số_ký_hiệu }}"),
        ("{{ số_kí_hiệu }}", "{{ số_ký_hiệu }}"),
        ("{{ Tỉnh }}", "{{ tỉnh }}"),
        ("{{ ghichu }}", "{{ ghi_chú }}"),
        ("{{ tên tỉnh }}", "{{ tỉnh }}"),
    ],
)
def test_unknown_name_is_refused_with_its_place_and_what_was_meant(said, meant):
    fault = only(word("Mở đầu", "", f"Của {said} năm nay"))

    assert fault.place == "đoạn 2"
    assert fault.quote == f"Của {said} năm nay"
    assert f"Có phải {meant}?" in fault.message


def test_place_is_found_though_word_split_the_runs():
    fault = only(word("Một", ("Số: {", "{ so_", "ky", "_hieu }", "} hết"), "{{ tỉnh }}"))

    assert (fault.place, fault.quote) == ("đoạn 2", "Số: {{ so_ky_hieu }} hết")


def test_places_are_those_of_tables_headers_and_footers():
    document = Document()
    document.sections[0].header.paragraphs[0].text = "{{ a1 }}"
    document.sections[0].footer.paragraphs[0].text = "{{ b2 }}"
    document.add_table(rows=1, cols=1)
    document.add_paragraph("Đoạn một")
    document.add_table(rows=2, cols=3).cell(1, 2).text = "{{ c3 }}"

    places = [place for place, _message in faults(as_bytes(document))]

    assert places == ["bảng 2, hàng 2, cột 3", "chân trang, đoạn 1", "đầu trang, đoạn 1"]


@pytest.mark.parametrize(
    "said",
    [
        "{{ ''.__class__ }}",
        "{{ tỉnh.__class__ }}",
        "{{ tỉnh.__class__.__mro__[1].__subclasses__() }}",
        "{{ self._TemplateReference__context }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ tỉnh|attr('__class__') }}",
        "{{ tỉnh|upper }}",
        "{{ tỉnh() }}",
        "{{ tỉnh[0] }}",
        "{{ 7*7 }}",
        "{{ tỉnh ~ tỉnh }}",
        "{{ 'a' * 1000000000 }}",
        "{{ lipsum }}",
        "{{ config }}",
        "{{ loop.index }}",
        "{{r tỉnh }}",
        "{{ tỉnh }}}",
        "{{{ tỉnh }}",
        "{ tỉnh }",
        "{# ghi #}",
        "{% set x = 1 %}",
        "{% include '/etc/passwd' %}",
        "{% import 'os' as os %}",
        "{% extends 'x' %}",
        "{% macro x() %}{% endmacro %}",
        "{% raw %}{% endraw %}",
        "{% block x %}{% endblock %}",
        "{% autoescape false %}",
        "{% call x() %}",
        "{% filter upper %}",
        "{% for i in range(1000000000) %}a{% endfor %}",
        "{%p for i in range(9) %}",
        "{%p for i in tập_thể recursive %}",
        "{%p for i in tập_thể if i %}",
        "{%p for a, b in tập_thể %}",
        "{% if tỉnh == 'x' %}x{% endif %}",
        "{% if tỉnh and tỉnh %}x{% endif %}",
        "{%- if tỉnh -%}x{%- endif -%}",
        "{% elif tỉnh %}",
        "{% vm %}",
        "{% colspan tỉnh %}",
        "{%p for self in tập_thể %}",
        "{%p for tỉnh in tập_thể %}",
        "{{ " + "a" * 5000 + " }}",
    ],
)
def test_whatever_is_no_known_tag_is_refused_at_its_place(said):
    found = faults(word("{{ tỉnh }}", said))

    assert found
    assert {place for place, _message in found} == {"đoạn 2"}
    assert all(message for _place, message in found)


@pytest.mark.parametrize(
    ("paragraphs", "rows", "part"),
    [
        (["{%p if tỉnh %}", "a"], (), "Chưa có lệnh đóng {%p endif %}"),
        (["{%p endif %}"], (), "không khớp lệnh mở"),
        (["{%p if tỉnh %}", "{%p endfor %}", "{%p endif %}"], (), "không khớp lệnh mở"),
        (["{% if tỉnh %}a", "b{% endif %}"], (), "không khớp lệnh mở"),
        (["{% else %}"], (), "không thuộc lệnh if"),
        (["{% if tỉnh %}{% else %}{% else %}{% endif %}"], (), "không thuộc lệnh if"),
        (["{%tr if tỉnh %}"], (), "trong một hàng của bảng"),
        (["a {%p if tỉnh %}", "{%p endif %}"], (), "đứng một mình trong một đoạn"),
        (["{% for t in tập_thể %}{% endfor %}"], (), "không lặp chữ trong một đoạn"),
        (["{{ tập_thể }}"], (), "phải lặp"),
        (["{{ tỉnh.tên }}"], (), "không có phần nào bên trong"),
        (["{%p for t in tap_the %}", "{%p endfor %}"], (), "Có phải tập_thể?"),
        (["{%p for t in tỉnh %}", "{%p endfor %}"], (), "Không có danh sách này"),
        (["{%p for t in tập_thể %}", "{{ t }}", "{%p endfor %}"], (), "Ghi rõ phần nào"),
        (["{%p for t in tập_thể %}", "{{ t.ten }}", "{%p endfor %}"], (), "Có phải {{ t.tên }}?"),
        (["{%p for t in tập_thể %}", "{{ t.items }}", "{%p endfor %}"], (), "chỉ có: stt, tên"),
        (["{%p for t in tập_thể %}", "{%p endfor %}", "{{ t.tên }}"], (), "Không có chỗ điền này"),
        (
            ["{%p for t in tập_thể %}", "{%p for u in tập_thể %}", "{%p endfor %}", "{%p endfor %}"], (),
            "Không lặp trong một vòng lặp khác",
        ),
        (["{{ tỉnh }}"], [("{%tr for t in tập_thể %}", "x"), ("{%tr endfor %}", "")], "đứng một mình"),
        (["{{ tỉnh }}"], [("{%tr for t in tập_thể %}{{ t.tên }}{%tr endfor %}",)], "đứng một mình"),
        (["{{ tỉnh }}"], [("{%p if tỉnh %}",), ("{%p endif %}",)], "không khớp lệnh mở"),
        (["Không có gì để điền."], (), "không có chỗ điền nào"),
    ],
)  # fmt: skip
def test_wrong_order_or_place_of_tags_is_told(paragraphs, rows, part):
    messages = [message for _place, message in faults(word(*paragraphs, rows=rows))]

    assert any(part in message for message in messages), messages


def test_depth_of_conditions_is_limited():
    deep = "".join("{% if tỉnh %}" for _ in range(5)) + "a" + "".join("{% endif %}" for _ in range(5))

    assert any("lồng nhau" in message for _place, message in faults(word(deep)))


def test_no_more_faults_are_told_than_people_read():
    assert len(faults(word(*["{{ lạ }}"] * 500))) == 60


@pytest.mark.parametrize("tag", ["{%tr if tỉnh %}", "{{ tỉnh }}", "{{ la }}", "{%p if tỉnh %}"])
def test_more_tags_than_a_paper_has_are_refused_soon(tag):
    started = time.monotonic()

    found = faults(word("a", rows=[(tag * 20_000,)]))

    assert found
    assert time.monotonic() - started < 20


def test_long_template_is_judged_soon():
    long = word(*["Đoạn dài. " * 30 + "{{ tỉnh }} {% if ghi_chú %}{{ ghi_chú }}{% endif %}"] * 450)
    started = time.monotonic()

    assert faults(long) == []
    assert time.monotonic() - started < 20
