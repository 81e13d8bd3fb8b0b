"""Handing in: exact to the microsecond, late only by permit, frozen whole, once."""

import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from awards import handing_in
from awards.deadlines import DeadlineKind, deadline_of, received_now
from awards.dossiers import DossierRefused
from awards.handing_in import DossierIncomplete, DossierLate, is_whole, submit, submit_in_story
from awards.models import Dossier, DossierVersion, LatePermit
from awards.permits import PermitRefused, issue_permit
from campaign.models import Phase
from core.enums import Role
from core.models import Notice
from core.people import system_user
from riskmap.policies import set_policy
from tests.awards.dossiers import AT, DEADLINE, make_dossier, make_permit, make_ready, make_step
from tests.factories import DistrictFactory, GrantFactory

MICROSECOND = timedelta(microseconds=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def received(monkeypatch):
    """``received(instant)``: from then on submissions come in at that instant."""

    def come_in_at(instant):
        monkeypatch.setattr(handing_in, "received_now", lambda: instant)

    return come_in_at


def test_clock_is_the_databases_and_goes_on_within_a_transaction():
    first, second = received_now(), received_now()

    assert first < second
    assert abs(second - timezone.now()) < timedelta(minutes=1)


def test_submission_of_the_last_microsecond_is_in_time(received):
    received(DEADLINE - MICROSECOND)
    dossier = make_ready()

    version = submit(dossier=dossier, by=system_user())

    assert (version.received_at, version.deadline, version.is_late) == (
        DEADLINE - MICROSECOND,
        DEADLINE,
        False,
    )
    dossier.refresh_from_db()
    assert dossier.status == "submitted"


def test_submission_at_the_deadline_is_late(received):
    received(DEADLINE)
    dossier = make_ready()

    with pytest.raises(DossierLate, match="Bản đang soạn còn nguyên"):
        submit(dossier=dossier, by=system_user())

    dossier.refresh_from_db()
    assert (dossier.status, dossier.versions.count(), dossier.steps.count()) == ("draft", 0, 0)


def test_submission_with_a_permit_is_late_and_uses_it_once(received):
    received(DEADLINE)
    dossier = make_ready()
    permit = make_permit(dossier, expires_at=DEADLINE + MICROSECOND)

    version = submit(dossier=dossier, by=system_user())

    permit.refresh_from_db()
    assert (version.permit, version.is_late, permit.used_at) == (permit, True, DEADLINE)
    assert version.content["permit"]["reason"] == permit.reason


def test_submission_when_the_permit_expires_is_refused(received):
    received(DEADLINE + MICROSECOND)
    dossier = make_ready()
    permit = make_permit(dossier, expires_at=DEADLINE + MICROSECOND)

    with pytest.raises(DossierLate, match="Phép nộp muộn đã hết hạn"):
        submit(dossier=dossier, by=system_user())

    permit.refresh_from_db()
    assert permit.used_at is None


def test_submission_in_time_leaves_the_permit_alone(received):
    received(AT)
    dossier = make_ready()
    permit = make_permit(dossier)

    submit(dossier=dossier, by=system_user())

    permit.refresh_from_db()
    assert permit.used_at is None


def test_incomplete_dossier_is_refused_with_its_faults_and_keeps_the_permit(received):
    received(DEADLINE)
    dossier = make_dossier()
    make_permit(dossier)

    with pytest.raises(DossierIncomplete) as refusal:
        submit(dossier=dossier, by=system_user())

    assert len(refusal.value.faults) == 2
    assert LatePermit.objects.filter(used_at__isnull=True).count() == 1


def test_phase_without_a_deadline_takes_nothing():
    dossier = make_ready()
    Phase.objects.update(dossier_deadline=None, deadline_wording="", deadline_set_by="office")

    with pytest.raises(DossierIncomplete) as refusal:
        submit(dossier=Dossier.objects.get(), by=system_user())

    assert "chưa có hạn" in refusal.value.faults[0].sentence
    assert dossier.versions.count() == 0


def test_deadline_of_a_return_is_never_before_the_phases_own():
    dossier = make_dossier(status="returned")
    asked = [{"item": "list", "words": "Bổ sung."}]
    later = DEADLINE + timedelta(days=3)
    said = {"act": "return", "after": "returned", "asked": asked}

    make_step(dossier, **said, due=AT)
    assert (deadline_of(dossier).instant, deadline_of(dossier).kind) == (DEADLINE, DeadlineKind.PHASE)

    make_step(dossier, **said, due=later)
    assert (deadline_of(dossier).instant, deadline_of(dossier).kind) == (later, DeadlineKind.RETURN)


def test_what_was_handed_in_is_whole_and_tells_those_concerned(received):
    received(AT)
    dossier = make_ready()
    reviewer = GrantFactory(role=Role.HOME_AFFAIRS, area=dossier.area.parent).user
    clerk = GrantFactory(role=Role.DISTRICT_STAFF, area=dossier.area).user

    version = submit(dossier=dossier, by=clerk)

    version.refresh_from_db()
    content = version.content
    assert is_whole(version)
    assert len(version.receipt) == 10
    assert content["submission"]["words"]["number"] == "25/TTr-UBND"
    assert content["submission"]["file"]["sha256"] == "1" * 64
    assert content["nominees"][0]["summary"]["words"]["deeds"] == "Giữ vững vùng xanh."
    assert content["nominees"][0]["evidence"]["through"] == "2021-07-31"
    assert [held.file.name for held in version.files.all()] == ["to-trinh.pdf"]
    assert set(Notice.objects.values_list("recipient", flat=True)) == {reviewer.pk, clerk.pk}
    version.content = content | {"number": 2}
    assert not is_whole(version)


def test_dossier_is_handed_in_once():
    dossier = make_ready()
    Phase.objects.update(dossier_deadline=timezone.now() + timedelta(days=1))
    submit(dossier=Dossier.objects.get(), by=system_user())

    with pytest.raises(DossierRefused, match="không nộp được"):
        submit(dossier=dossier, by=system_user())


def test_permit_waits_once_for_an_area_and_phase_and_takes_the_place_of_an_expired_one():
    dossier = make_dossier()
    known = {"phase": dossier.phase, "area": dossier.area, "reason": "Sạt lở", "by": system_user()}
    first = issue_permit(**known, expires_at=DEADLINE + timedelta(days=1), at=AT)

    with pytest.raises(PermitRefused, match="chưa dùng"):
        issue_permit(**known, expires_at=DEADLINE + timedelta(days=2), at=AT)
    second = issue_permit(**known, expires_at=DEADLINE + timedelta(days=5), at=first.expires_at)

    assert list(LatePermit.objects.all()) == [second]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"reason": " "}, "lý do"),
        ({"expires_at": DEADLINE}, "sau hạn gửi hồ sơ"),
        ({"at": DEADLINE + timedelta(days=9)}, "đã qua"),
    ],
)
def test_permit_without_a_reason_or_a_time_to_use_it_is_refused(said, sentence):
    dossier = make_dossier()
    usual = {"reason": "Sạt lở", "expires_at": DEADLINE + timedelta(days=1), "at": AT, "by": system_user()}

    with pytest.raises(PermitRefused, match=sentence):
        issue_permit(phase=dossier.phase, area=dossier.area, **usual | said)


def _at_once(dossiers: list[Dossier], *, within: float = 0.0, first=None) -> list[object]:
    """Submit each in a thread of its own, named for its place, within so many seconds; what came of each.

    ``first`` is done when all are ready.
    """
    by, came = system_user(), {}
    start = threading.Barrier(len(dossiers), action=first)

    def hand_in(place: int, dossier: Dossier) -> None:
        try:
            connection.ensure_connection()
            start.wait()
            time.sleep(within * place / len(dossiers))
            came[place] = submit(dossier=dossier, by=by)
        except DossierRefused as refusal:
            came[place] = refusal
        finally:
            connection.close()

    threads = [
        threading.Thread(target=hand_in, args=(place, dossier), name=f"submission {place}")
        for place, dossier in enumerate(dossiers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [came[place] for place in range(len(dossiers))]


@pytest.mark.django_db(transaction=True)
def test_permit_is_used_once_by_twenty_at_once():
    dossier = make_ready()
    make_permit(dossier, expires_at=timezone.now() + timedelta(days=1))

    came = _at_once([dossier] * 20)

    assert sum(isinstance(each, DossierVersion) for each in came) == 1
    assert DossierVersion.objects.get().permit == LatePermit.objects.get(used_at__isnull=False)


@pytest.mark.django_db(transaction=True)
def test_submissions_around_the_deadline_are_taken_if_and_only_if_received_before(monkeypatch):
    """Five hundred, fifty at a time, the deadline in the midst of each wave; ten dossiers twice."""
    heard: dict[str, datetime] = {}

    def listen() -> datetime:
        heard[threading.current_thread().name] = instant = received_now()
        return instant

    monkeypatch.setattr(handing_in, "received_now", listen)
    first = make_dossier()
    areas = [DistrictFactory(parent=first.area.parent) for _place in range(39)]
    dossiers = [make_ready(each) for each in (first, *(make_dossier(area, first.phase) for area in areas))]
    in_time = late = 0

    def set_deadline() -> None:
        Phase.objects.update(dossier_deadline=received_now() + timedelta(seconds=0.4))

    for wave in range(10):
        Dossier.objects.update(status="draft")
        before = DossierVersion.objects.count()
        handed_in = [Dossier.objects.get(pk=each.pk) for each in (*dossiers, *dossiers[:10])]

        came = _at_once(handed_in, within=0.8, first=set_deadline)

        deadline = Phase.objects.get().dossier_deadline
        for place, dossier in enumerate(dossiers):
            tries = [each for each in range(50) if handed_in[each].pk == dossier.pk]
            taken = [came[each] for each in tries if isinstance(came[each], DossierVersion)]
            was_in_time = any(heard[f"submission {each}"] < deadline for each in tries)
            assert len(taken) == was_in_time, (wave, place, came)
            assert all(version.received_at < deadline and is_whole(version) for version in taken)
            in_time, late = in_time + was_in_time, late + (not was_in_time)
        new = sum(isinstance(each, DossierVersion) for each in came)
        assert DossierVersion.objects.count() == before + new

    assert in_time >= 20
    assert late >= 20


# --- A story told again ----------------------------------------------------------------------------------


def test_story_of_simulated_numbers_hands_in_at_its_own_instant_by_the_same_rules():
    dossier = make_ready()
    set_policy(province=dossier.area.parent, simulated=True, by=system_user())

    with pytest.raises(DossierLate):
        submit_in_story(dossier=dossier, by=system_user(), at=DEADLINE)
    version = submit_in_story(dossier=dossier, by=system_user(), at=DEADLINE - MICROSECOND)

    assert (version.received_at, version.is_late, is_whole(version)) == (DEADLINE - MICROSECOND, False, True)


@pytest.mark.parametrize("where", ["in production", "of real numbers", "in the future"])
def test_nobody_goes_round_the_clock(settings, where):
    dossier = make_ready()
    set_policy(province=dossier.area.parent, simulated=where != "of real numbers", by=system_user())
    settings.PRODUCTION = where == "in production"
    at = received_now() + timedelta(hours=1) if where == "in the future" else DEADLINE - MICROSECOND

    with pytest.raises(DossierRefused, match="theo đồng hồ của máy chủ"):
        submit_in_story(dossier=dossier, by=system_user(), at=at)

    assert not DossierVersion.objects.exists()


def test_only_the_demo_tells_a_story():
    rooms = ("awards", "campaign", "config", "core", "demo", "riskmap")
    root = Path(handing_in.__file__).resolve().parents[1]
    callers = {
        path.relative_to(root).as_posix()
        for room in rooms
        for path in (root / room).rglob("*.py")
        if "submit_in_story" in path.read_text(encoding="utf-8")
    }

    assert callers == {"awards/handing_in.py", "demo/awarding.py"}
