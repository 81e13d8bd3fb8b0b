"""The pages of batches: for Sở Nội vụ of the province; asked for, watched, taken away, and written down."""

import io
import zipfile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from awards import batches
from awards.batches import ask_batch, finish_batch, print_next
from awards.models import DossierRead, PaperBatch
from core.enums import Role
from tests.awards.batches import make_batch
from tests.awards.dossiers import AT, PERSON, make_dossier, make_nominee, make_version
from tests.awards.reviewers import handed_in, reviewer_of
from tests.factories import DistrictFactory, GrantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_worker(monkeypatch):
    monkeypatch.setattr(batches, "ring", lambda _task: None)


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def printed(phase, by) -> PaperBatch:
    batch = ask_batch(phase=phase, by=by, at=AT)
    while print_next(batch=batch, at=AT)[0]:
        pass
    finish_batch(batch=batch, at=AT)
    return batch


def test_batch_is_asked_for_watched_and_taken_away():
    dossier = handed_in()
    client = client_of(reviewer_of(dossier))

    asked = client.post("/paper-batches/", {"phase": dossier.phase_id})
    batch = PaperBatch.objects.get()
    page = f"/paper-batches/{batch.pk}/"
    assert asked.url == page
    assert 'max="5" value="0"' in client.get(page).content.decode()
    assert "papers.zip" not in client.get(page).content.decode()
    assert client.get(f"{page}papers.zip").status_code == 404
    assert client.get(f"{page}progress/").json() == {"printed": 0, "total": 5, "finished": False}

    print_next(batch=batch, at=AT)
    finish_batch(batch=batch, at=AT)

    assert client.get(f"{page}progress/").json() == {"printed": 5, "total": 5, "finished": True}
    done = client.get(page).content.decode()
    assert f'href="{page}papers.zip"' in done
    assert "batch_progress" not in done
    answer = client.get(f"{page}papers.zip")
    assert answer.streaming
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="ho-so-')
    with zipfile.ZipFile(io.BytesIO(b"".join(answer))) as archive:
        assert len(archive.namelist()) == 5


def test_batch_of_pdf_alone_leaves_word_out():
    dossier = handed_in()

    client_of(reviewer_of(dossier)).post("/paper-batches/", {"phase": dossier.phase_id, "forms": "pdf"})

    names = PaperBatch.objects.get().papers.values_list("name", flat=True)
    assert sorted(name.rpartition(".")[2] for name in names) == ["pdf", "pdf", "xlsx"]


def test_second_press_leads_to_the_batch_under_way():
    dossier = handed_in()
    first, second = (client_of(reviewer_of(dossier)) for _person in range(2))

    pages = {client.post("/paper-batches/", {"phase": dossier.phase_id}).url for client in (first, second)}

    assert len(pages) == PaperBatch.objects.count() == 1
    assert "Đang in: xem" in first.get("/paper-batches/").content.decode()


@pytest.mark.parametrize("phase", ["", "x", "0", "99999999999999", "another"])
def test_phase_that_may_not_be_printed_is_refused_in_words(phase):
    dossier = handed_in()
    elsewhere = handed_in()
    asked = str(elsewhere.phase_id) if phase == "another" else phase

    answer = client_of(reviewer_of(dossier)).post("/paper-batches/", {"phase": asked}, follow=True)

    assert "Không in được đợt này" in answer.content.decode()
    assert not PaperBatch.objects.exists()


def test_list_offers_phases_with_dossiers_of_ones_own_province_alone():
    dossier = handed_in()
    make_version(make_dossier(DistrictFactory(parent=dossier.area.parent), dossier.phase, status="returned"))
    make_dossier(DistrictFactory(parent=dossier.area.parent), dossier.phase)
    elsewhere = handed_in()
    printed(elsewhere.phase, reviewer_of(elsewhere))

    answer = client_of(reviewer_of(dossier)).get("/paper-batches/")

    assert [(phase, phase.handed_in) for phase in answer.context["phases"]] == [(dossier.phase, 2)]
    assert list(answer.context["batches"]) == []
    assert 'href="/paper-batches/"' in client_of(reviewer_of(dossier)).get("/review/").content.decode()


def test_batch_of_another_province_is_nobodys_to_see():
    dossier, elsewhere = handed_in(), handed_in()
    batch = printed(elsewhere.phase, reviewer_of(elsewhere))
    outsider = client_of(reviewer_of(dossier))
    district = client_of(GrantFactory(area=elsewhere.area, role=Role.DISTRICT_STAFF).user)

    for rest in ("", "progress/", "papers.zip"):
        assert outsider.get(f"/paper-batches/{batch.pk}/{rest}").status_code == 404
        assert district.get(f"/paper-batches/{batch.pk}/{rest}").status_code == 403


def test_taking_the_archive_away_is_noted_of_each_dossier_that_names_a_person():
    first = handed_in()
    named = make_dossier(DistrictFactory(parent=first.area.parent), first.phase, status="submitted")
    make_nominee(named, kind=PERSON, person="Lê Văn Chín", person_post="Y tá", deeds="Trực đêm.")
    make_version(named, content=first.versions.get().content | {"nominees": []})
    reviewer = reviewer_of(first)
    batch = printed(first.phase, reviewer)

    client_of(reviewer).get(f"/paper-batches/{batch.pk}/papers.zip")

    read = DossierRead.objects.get()
    assert (read.dossier, read.read_by, read.what) == (
        named,
        reviewer,
        f"/paper-batches/{batch.pk}/papers.zip",
    )


def test_list_of_twenty_takes_as_many_questions_as_of_one():
    dossier = handed_in()
    client = client_of(reviewer_of(dossier))
    version = dossier.versions.get()
    make_batch(version, finished_at=AT)
    client.get("/paper-batches/")
    with CaptureQueriesContext(connection) as one:
        client.get("/paper-batches/")
    for _number in range(25):
        make_batch(version, finished_at=AT)

    with CaptureQueriesContext(connection) as many:
        assert len(client.get("/paper-batches/").context["batches"]) == 20

    assert len(many) == len(one)
