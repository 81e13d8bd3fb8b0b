"""What changed between two versions, word by word: for the district and Sở Nội vụ alone."""

import copy

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from awards.enums import ItemKind
from awards.evidence import evidence_of
from awards.models import DossierVersion
from awards.version_changes import version_changes
from core.enums import Role
from tests.awards.contests import make_contest
from tests.awards.dossiers import make_dossier, make_nominee, make_version
from tests.awards.reviewers import handed_in, reviewer_of
from tests.campaign.contest import noon
from tests.factories import DistrictFactory, GrantFactory

pytestmark = pytest.mark.django_db

EVIDENCE = {
    "strip": [{"first": "2021-07-01", "last": "2021-07-09", "level": "new_normal", "provisional": False}],
    "standing": None, "edition": None, "shortlist": None,
}  # fmt: skip
FILE = {"name": "to-trinh.pdf", "size": 4, "sha256": "a" * 64, "token": "t" * 32}
NOMINEE = {
    "id": 1, "kind": {"code": "k", "name": "Bằng khen"}, "unit": {"code": "1", "name": "Xã Một"},
    "person": "", "person_post": "", "deeds": "", "evidence": EVIDENCE,
    "summary": {"form": "06", "words": {"deeds": "Giữ vùng xanh."}, "file": None},
}  # fmt: skip
CONTENT = {
    "submission": {"form": "", "words": {"number": "25/TTr", "body": "Đề nghị khen."}, "file": FILE},
    "nominees": [NOMINEE], "attachments": [],
}  # fmt: skip


def _changes(change):
    late = copy.deepcopy(CONTENT)
    change(late)
    found = version_changes(DossierVersion(content=CONTENT), DossierVersion(content=late))
    parts = {part.title: (part.state, {row.label: row.pieces for row in part.rows}) for part in found.parts}
    return parts, found.unchanged


def _said(pieces) -> list[tuple[str, str]]:
    return [tuple(piece) for piece in pieces]


def test_nothing_changed_is_said_so():
    parts, unchanged = _changes(lambda late: None)

    assert parts == {}
    assert unchanged == ("Tờ trình", "Xã Một", "Tài liệu kèm theo")


def test_narrative_is_told_word_by_word():
    def change(late):
        late["nominees"][0]["summary"]["words"]["deeds"] = "Giữ vững vùng xanh."

    parts, unchanged = _changes(change)

    state, rows = parts["Xã Một"]
    assert state == "changed"
    assert _said(rows["Thành tích đạt được"]) == [
        ("same", "Giữ"), ("added", " vững"), ("same", " vùng xanh."),
    ]  # fmt: skip
    assert "Tờ trình" in unchanged


def test_nominee_that_came_and_one_that_left_are_told_whole():
    def change(late):
        late["nominees"] = [copy.deepcopy(NOMINEE) | {"id": 2, "person": "Lê Ba", "deeds": "Trực chốt."}]

    parts, _unchanged = _changes(change)

    assert parts["Lê Ba"][0] == "added"
    assert _said(parts["Lê Ba"][1]["Đã làm gì, ở đâu"]) == [("added", "Trực chốt.")]
    assert parts["Xã Một"][0] == "dropped"


def test_another_file_of_the_same_name_is_a_change():
    def change(late):
        late["submission"]["file"]["sha256"] = "b" * 64
        late["attachments"].append({"form": "", "words": {"title": "Ảnh"}, "file": FILE})

    parts, _unchanged = _changes(change)

    assert list(parts["Tờ trình"][1]) == ["Tệp"]
    assert _said(parts["Tài liệu kèm theo"][1]["Danh sách tài liệu"])[0][0] == "added"


def test_evidence_is_told_in_words():
    def change(late):
        late["nominees"][0]["evidence"]["strip"][0]["level"] = "high"

    parts, _unchanged = _changes(change)

    pieces = parts["Xã Một"][1]["Mức độ nguy cơ từng ngày"]
    assert ("dropped", "xanh") in _said(pieces)
    assert ("added", "cam") in _said(pieces)


def test_whole_evidence_as_it_is_frozen_is_understood():
    contest = make_contest()
    contest.live(0, 16, {"90101": 5})
    contest.compute(16)
    nominee = make_nominee(
        make_dossier(contest.units["90101"].seat.parent, contest.phase), contest.units["90101"]
    )
    frozen = evidence_of(nominee=nominee, at=noon(17))
    content = copy.deepcopy(CONTENT)
    content["nominees"][0]["evidence"] = frozen

    found = version_changes(DossierVersion(content=CONTENT), DossierVersion(content=content))

    labels = {row.label for part in found.parts for row in part.rows}
    assert {"Thành tích", "Xếp hạng", "Bản đồ công bố", "Số f0"} & labels >= {"Thành tích", "Xếp hạng"}
    assert "Bản đồ công bố" in labels


def _client(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _twice(dossier):
    """Handed in twice, the second time with another submission and another summary."""
    content = dossier.versions.get().content
    content["submission"]["words"]["body"] = "Đề nghị khen thưởng đột xuất."
    content["nominees"][0]["summary"]["words"]["deeds"] = "Giữ vững vùng xanh 14 ngày."
    return make_version(dossier, number=2, content=content)


def test_district_and_reviewer_read_what_changed_and_the_next_district_does_not():
    dossier = handed_in()
    _twice(dossier)
    address = f"/dossiers/{dossier.pk}/versions/2/changes/"
    clerk = _client(GrantFactory(area=dossier.area, role=Role.DISTRICT_STAFF).user)
    reviewer = _client(reviewer_of(dossier))
    neighbour = DistrictFactory(parent=dossier.area.parent)

    for client in (clerk, reviewer):
        told = client.get(address).content.decode()
        assert '<ins><span class="change-word">thêm:</span> đột xuất</ins>' in told
        assert "Tài liệu kèm theo" in told  # among what stayed
    assert address in reviewer.get(f"/review/{dossier.pk}/").content.decode()
    assert address in clerk.get(f"/dossiers/{dossier.pk}/").content.decode()
    stranger = _client(GrantFactory(area=neighbour, role=Role.DISTRICT_STAFF).user)
    assert stranger.get(address).status_code == 404


def test_addresses_of_changes_are_read_strictly():
    dossier = handed_in()
    _twice(dossier)
    client = _client(reviewer_of(dossier))
    base = f"/dossiers/{dossier.pk}/versions"

    assert "chưa có gì để so" in client.get(f"{base}/1/changes/").content.decode()
    assert client.get(f"{base}/2/changes/?since=1").status_code == 200
    assert client.get(f"{base}/2/changes/?since=2").status_code == 400
    assert client.get(f"{base}/2/changes/?since=9").status_code == 404
    assert client.get(f"{base}/2/changes/?since=x").status_code == 404
    assert client.get(f"{base}/2/changes/?since=1&since=1").status_code == 400
    assert client.get(f"{base}/3/changes/").status_code == 404


def test_what_people_wrote_is_text_on_the_page():
    dossier = handed_in()
    content = dossier.versions.get().content
    content["submission"]["words"]["body"] = "<script>x</script>"
    make_version(dossier, number=2, content=content)

    told = _client(reviewer_of(dossier)).get(f"/dossiers/{dossier.pk}/versions/2/changes/").content.decode()

    assert "<script>x" not in told
    assert str(ItemKind.SUBMISSION.label).capitalize() in told


def test_changes_of_many_versions_take_as_many_questions():
    dossier = handed_in()
    _twice(dossier)
    client = _client(reviewer_of(dossier))
    address = f"/dossiers/{dossier.pk}/versions/2/changes/"
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for number in range(3, 9):
        make_version(dossier, number=number, content=dossier.versions.first().content)

    with CaptureQueriesContext(connection) as many:
        assert client.get(address).status_code == 200

    assert len(many) == len(few) <= 25
