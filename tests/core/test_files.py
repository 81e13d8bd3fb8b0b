"""Files that people hand in: kept, handed out to whom they concern, held by forms, dropped when unused."""

from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.core import signing
from django.test import Client
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from core.audit import acting
from core.enums import Role
from core.files import (
    FileRefused,
    clean_name,
    is_attached,
    keep_document,
    keep_photo,
    prune_files,
    publish_file,
    withhold_file,
)
from core.forms_files import SALT, DocumentField, PhotoField
from core.models import AuditEvent, StoredFile
from core.people import system_user
from core.tasks import prune_files as prune_task
from tests.campaign.plans import make_campaign
from tests.campaign.units import make_registration, make_unit
from tests.core.handed_in import docx, pdf, photo_with_place, picture, upload
from tests.factories import CommuneFactory, GrantFactory, UserFactory

AT = datetime(2021, 8, 25, 1, tzinfo=UTC)
PDF = "application/pdf"


@pytest.fixture
def commune(db):
    return CommuneFactory()


@pytest.fixture
def clerk(commune):
    return GrantFactory(role=Role.COMMUNE_STAFF, area=commune).user


def kept(area, by, **said) -> StoredFile:
    usual = {"upload": upload(pdf(), "Đăng ký.pdf"), "area": area, "by": by, "at": AT}
    return keep_document(**usual | said)


def attach(file: StoredFile):
    """The signed paper of a registration of the file's area."""
    unit = make_unit(file.area)
    return make_registration(make_campaign(province=unit.province), unit, document=file)


# --- Kept ------------------------------------------------------------------------------------------------


def test_paper_is_kept_with_what_it_is(commune, clerk):
    file = kept(commune, clerk)

    stored = StoredFile.objects.get()
    assert bytes(stored.content) == pdf()
    assert (stored.content_type, stored.size, stored.name) == (PDF, len(pdf()), "Đăng ký.pdf")
    assert (stored.is_public, stored.uploaded_by, stored.uploaded_at) == (False, clerk, AT)
    assert len(file.token) == 32
    assert AuditEvent.objects.filter(
        table_name="core_storedfile", reason="Nhận tệp", actor_id=clerk.pk
    ).exists()


def test_photo_is_kept_as_it_was_drawn(commune, clerk):
    file = keep_photo(upload=upload(photo_with_place(), "IMG.HEIC"), area=commune, by=clerk, at=AT)

    assert (file.kind, file.content_type, file.name) == ("photo", "image/jpeg", "IMG.jpg")
    assert (file.width, file.height) == (480, 640)
    assert b"Lan" not in bytes(file.content)


def test_two_files_of_the_same_bytes_have_addresses_of_their_own(commune, clerk):
    first, second = kept(commune, clerk), kept(commune, clerk)

    assert first.sha256 == second.sha256
    assert first.token != second.token


def test_file_that_is_too_large_is_not_read(commune, clerk):
    huge = upload(pdf())
    huge.size, huge.file = 11_000_000, None

    with pytest.raises(FileRefused, match="10 MB"):
        kept(commune, clerk, upload=huge)


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("Đăng ký.PDF", "Đăng ký.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\Lan\\tờ trình.docx", "tờ trình.pdf"),
        ("trang.html", "trang.html.pdf"),
        ("hóa đơn\u202efdp.exe", "hóa đơn fdp.exe.pdf"),
        ("a\u200b\ud800\x00\r\nSet-Cookie: x", "a Set-Cookie- x.pdf"),
        ("...", "tep.pdf"),
        ("", "tep.pdf"),
        ("Báo cáo 25.8.2021", "Báo cáo 25.8.2021.pdf"),
        ("a" * 400 + ".pdf", "a" * 150 + ".pdf"),
        ("To\u031b\u0300 trình.pdf", "Tờ trình.pdf"),
    ],
)
def test_name_is_a_name_and_nothing_else(name, cleaned):
    assert clean_name(name, PDF) == cleaned


# --- Handed out ------------------------------------------------------------------------------------------


def client_of(user=None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def test_file_goes_to_those_who_work_on_its_area_and_to_nobody_else(commune, clerk):
    file = kept(commune, clerk)
    neighbour = GrantFactory(role=Role.COMMUNE_STAFF, area=CommuneFactory(parent=commune.parent)).user
    above = GrantFactory(role=Role.VIEWER, area=commune.parent).user
    ended = GrantFactory(role=Role.VIEWER, area=commune, valid_to=AT.date()).user

    statuses = {
        name: client_of(user).get(file.get_absolute_url()).status_code
        for name, user in {
            "own": clerk, "above": above, "neighbour": neighbour, "ended": ended, "none": UserFactory(),
            "anonymous": None,
        }.items()
    }  # fmt: skip

    assert statuses == {
        "own": 200, "above": 200, "neighbour": 404, "ended": 404, "none": 404, "anonymous": 404
    }  # fmt: skip


def test_file_is_handed_out_to_be_saved_and_not_kept(commune, clerk):
    answer = client_of(clerk).get(kept(commune, clerk).get_absolute_url())

    assert answer.content == pdf()
    assert answer["Content-Type"] == PDF
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%C4%90%C4%83ng%20k%C3%BD.pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "private, no-store"


def test_public_file_goes_to_everybody_and_stays_with_them(commune, clerk):
    file = kept(commune, clerk)
    with acting(by=clerk, reason="Công bố"):
        publish_file(file)

    answer = client_of().get(file.get_absolute_url())
    again = client_of().get(file.get_absolute_url(), headers={"If-None-Match": answer["ETag"]})

    assert answer.content == pdf()
    assert answer["Cache-Control"] == "public, max-age=86400, immutable"
    assert not answer.has_header("Vary")
    assert not answer.cookies
    assert (again.status_code, again.content) == (304, b"")


def test_public_file_that_is_taken_back_is_found_no_more(commune, clerk):
    file = kept(commune, clerk, public=True)
    with acting(by=clerk, reason="Gỡ"):
        withhold_file(file)

    assert client_of().get(file.get_absolute_url()).status_code == 404
    assert file.is_public is StoredFile.objects.get().is_public is False


def test_head_tells_the_size_and_reads_nothing(commune, clerk, django_assert_num_queries):
    file = kept(commune, clerk, public=True)

    with django_assert_num_queries(1):
        answer = client_of().head(file.get_absolute_url())

    assert answer["Content-Length"] == str(file.size)
    assert answer.content == b""


@pytest.mark.parametrize("token", ["x", "0" * 32, "..%2f..%2fetc", "%00"])
def test_unknown_address_is_nothing(db, token):
    assert client_of().get(f"/files/{token}/").status_code == 404


def test_body_that_is_far_too_large_is_refused_in_words(clerk, settings):
    settings.LARGEST_BODY = 1_000
    client = Client(enforce_csrf_checks=True)
    client.force_login(clerk)

    answer = client.post("/login/", {"file": upload(b"x" * 2_000)})

    assert answer.status_code == 413
    assert "Mỗi tệp lớn nhất 10 MB" in answer.content.decode()


@pytest.mark.parametrize("length", ["-1", "1e3", "99999999999999999999"])
def test_length_that_is_none_is_refused(db, length):
    assert client_of().post("/login/", CONTENT_LENGTH=length).status_code == 413


# --- Held by a form --------------------------------------------------------------------------------------


class PaperForm(forms.Form):
    number = forms.CharField()
    paper = DocumentField(label="Văn bản")
    photo = PhotoField(label="Ảnh", required=False)

    def __init__(self, *args, area, by, at=AT, **options) -> None:
        super().__init__(*args, **options)
        for name in ("paper", "photo"):
            self.fields[name].bind(area=area, by=by, at=at)


def filled(area, by, data=None, initial=None, **files) -> PaperForm:
    handed = MultiValueDict({name: [file] for name, file in files.items()})
    return PaperForm(data or {}, handed, area=area, by=by, initial=initial)


def token_in(form: PaperForm, name: str = "paper") -> str:
    _before, found, after = str(form[name]).partition(f'name="{name}-kept" value="')
    return after.split('"')[0] if found else ""


def test_good_file_stays_while_the_rest_of_the_form_is_corrected(commune, clerk):
    wrong = filled(commune, clerk, paper=upload(pdf(), "Tờ trình.pdf"))
    assert not wrong.is_valid()
    assert set(wrong.errors) == {"number"}
    assert "Tờ trình.pdf" in str(wrong["paper"])

    right = filled(commune, clerk, {"number": "1", "paper-kept": token_in(wrong)})

    assert right.is_valid(), right.errors
    assert right.cleaned_data["paper"] == StoredFile.objects.get()
    assert right.cleaned_data["photo"] is None


def test_another_file_takes_the_place_of_the_one_that_was_held(commune, clerk):
    first = filled(commune, clerk, paper=upload(pdf(), "một.pdf"))
    first.is_valid()

    second = filled(commune, clerk, {"paper-kept": token_in(first)}, paper=upload(docx(), "hai.docx"))

    assert not second.is_valid()
    assert "hai.docx" in str(second["paper"])
    assert "một.pdf" not in str(second["paper"])


def test_file_that_was_held_stays_when_another_is_refused(commune, clerk):
    first = filled(commune, clerk, paper=upload(pdf(), "một.pdf"))
    first.is_valid()

    second = filled(
        commune, clerk, {"number": "1", "paper-kept": token_in(first)}, paper=upload(b"<html>", "hai.pdf")
    )

    assert "không phải PDF" in str(second.errors["paper"])
    assert "một.pdf" in str(second["paper"])
    assert token_in(second)


def test_held_file_is_given_back(commune, clerk):
    first = filled(commune, clerk, {"number": "1"}, photo=upload(picture()))
    first.is_valid()

    second = filled(commune, clerk, {"photo-kept": token_in(first, "photo"), "photo-remove": "on"})

    assert set(second.errors) == {"number", "paper"}
    assert second.cleaned_data["photo"] is None
    assert token_in(second, "photo") == ""


def test_form_without_a_file_asks_for_it(commune, clerk):
    assert filled(commune, clerk, {"number": "1"}).errors["paper"] == ["Xin chọn tệp."]


def test_empty_file_is_told_as_such(commune, clerk):
    assert "Tệp rỗng" in str(filled(commune, clerk, paper=upload(b"")).errors["paper"])


def test_file_of_the_row_stays_unless_another_comes(commune, clerk):
    there = kept(commune, clerk)
    attach(there)

    form = filled(commune, clerk, {"number": "1"}, initial={"paper": there})

    assert form.is_valid()
    assert form.cleaned_data["paper"] == there
    assert "Đang có tệp" in str(form["paper"])
    assert not form.fields["paper"].has_changed(there, form.data and form["paper"].data)


def test_fresh_form_shows_the_file_of_the_row_and_asks_for_none(commune, clerk):
    there = kept(commune, clerk)
    attach(there)

    shown = str(PaperForm(area=commune, by=clerk, initial={"paper": there})["paper"])

    assert there.get_absolute_url() in shown
    assert "required" not in shown
    assert "-kept" not in shown


def test_unit_that_nobody_knows_yet_is_asked_for_first(commune, clerk):
    form = filled(None, clerk, {"number": "1"}, paper=upload(pdf()))

    assert "xin chọn đơn vị" in str(form.errors["paper"])
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("whose", ["another person", "another area", "attached", "forged", "old", "a photo"])
def test_token_of_something_else_is_refused(commune, clerk, whose, monkeypatch):
    by = UserFactory() if whose == "another person" else clerk
    area = CommuneFactory(parent=commune.parent) if whose == "another area" else commune
    if whose == "a photo":
        file = keep_photo(upload=upload(picture()), area=area, by=by, at=AT)
    else:
        file = kept(area, by)
    token = signing.dumps([file.token, by.pk, area.pk], salt="other" if whose == "forged" else SALT)
    if whose == "attached":
        attach(file)
    if whose == "old":
        monkeypatch.setattr("time.time", lambda: datetime.now(UTC).timestamp() + 21 * 3600)

    form = filled(commune, clerk, {"number": "1", "paper-kept": token})

    assert "xin chọn lại tệp" in str(form.errors["paper"])
    assert file.token not in str(form["paper"])


# --- Dropped ---------------------------------------------------------------------------------------------


def test_file_that_nothing_points_to_is_dropped_after_a_day(commune, clerk):
    old, fresh, used = (kept(commune, clerk) for _file in range(3))
    StoredFile.objects.filter(pk=fresh.pk).update(uploaded_at=AT + timedelta(hours=2))
    attach(used)

    pruned = prune_files(by=system_user(), before=AT + timedelta(hours=1))

    assert pruned == 1
    assert set(StoredFile.objects.all()) == {fresh, used}
    assert is_attached(used)
    assert not is_attached(fresh)
    assert (
        AuditEvent.objects.filter(table_name="core_storedfile", reason="Xóa tệp không dùng đến").count() == 1
    )
    assert old.pk not in StoredFile.objects.values_list("pk", flat=True)


def test_many_files_are_dropped_in_turns(commune, clerk, monkeypatch):
    monkeypatch.setattr("core.files.PRUNED_AT_ONCE", 2)
    for _file in range(5):
        kept(commune, clerk)

    assert prune_files(by=system_user(), before=AT + timedelta(hours=1)) == 5
    assert not StoredFile.objects.exists()


def test_task_keeps_what_a_form_may_still_hold(commune, clerk):
    now = timezone.now()
    young, old = (kept(commune, clerk, at=now - timedelta(hours=hours)) for hours in (23, 25))

    prune_task()

    assert list(StoredFile.objects.all()) == [young]
    assert old.pk != young.pk
