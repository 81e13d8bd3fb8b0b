"""How the constraints of entry, approval, correction and pushing are broken; see ``test_constraints``."""

from datetime import timedelta

from core.people import system_user
from riskmap.models import (
    CellNote,
    CorrectionRequest,
    DayReport,
    DayReportStep,
    DraftCell,
    GuardedPeriod,
    LockException,
    PushReceipt,
    SourceToken,
)
from tests.factories import CommuneFactory, DistrictFactory, ProvinceFactory, UserFactory
from tests.house.breaking import AT, FIRST, LAST, breaks, count_source

# --- The day's grid ---------------------------------------------------------------------------------------


@breaks("draft_area_and_day_once_per_source")
def _():
    area = CommuneFactory()
    source = count_source(province=area.parent.parent)
    for _time in range(2):
        DraftCell.objects.create(area=area, source=source, day=FIRST, saved_at=AT, saved_by=system_user())


@breaks("note_says_something")
def _():
    CellNote.objects.create(
        area=CommuneFactory(), day=FIRST, text="", written_at=AT, written_by=system_user()
    )


# --- The approval of counts, and corrections ------------------------------------------------------------


def _report(**said) -> DayReport:
    return DayReport.objects.create(
        **{"day": FIRST, "status": "sent", "sent_at": AT, "sent_by": system_user()} | said
    )


@breaks("day_report_once_per_scope")
def _():
    scope = DistrictFactory()
    _report(scope=scope)
    _report(scope=scope)


@breaks("day_report_status_is_known")
def _():
    _report(scope=DistrictFactory(), status="lost")


@breaks("day_report_decided_with_when_and_who")
def _():
    _report(scope=DistrictFactory(), decided_at=AT)


@breaks("day_report_returned_with_a_reason")
def _():
    _report(scope=DistrictFactory(), status="returned")


@breaks("day_report_accepted_names_its_last_post")
def _():
    _report(scope=DistrictFactory(), status="accepted")


def _step(**said) -> DayReportStep:
    return DayReportStep.objects.create(
        **{"scope": DistrictFactory(), "day": FIRST, "act": "sent", "taken_at": AT, "taken_by": system_user()}
        | said
    )


@breaks("step_act_is_known")
def _():
    _step(act="lost")


@breaks("step_returned_with_a_reason")
def _():
    _step(act="returned")


@breaks("step_accepted_names_its_last_post")
def _():
    _step(act="accepted")


def _exception(**said) -> LockException:
    return LockException.objects.create(
        **{"area": CommuneFactory(), "day": FIRST, "reason": "sót", "granted_at": AT,
           "granted_by": system_user(), "expires_at": AT + timedelta(days=1)} | said
    )  # fmt: skip


@breaks("exception_has_a_reason")
def _():
    _exception(reason="")


@breaks("exception_granted_before_it_expires")
def _():
    _exception(expires_at=AT)


@breaks("exception_ended_at_with_ended_by")
def _():
    _exception(ended_at=AT)


def _guarded(**said) -> GuardedPeriod:
    return GuardedPeriod.objects.create(**{"name": "Đợt 1", "first_day": FIRST, "last_day": LAST} | said)


@breaks("guarded_period_name_once_per_province")
def _():
    province = ProvinceFactory()
    _guarded(province=province)
    _guarded(province=province)


@breaks("guarded_period_days_in_order")
def _():
    _guarded(province=ProvinceFactory(), first_day=LAST, last_day=FIRST)


def _correction(**said) -> CorrectionRequest:
    source = count_source(province=ProvinceFactory())
    return CorrectionRequest.objects.create(
        **{"province": source.province, "area": source.province, "source": source, "rows": [], "impact": {},
           "reason": "sót", "status": "waiting", "requested_at": AT, "requested_by": system_user()} | said
    )  # fmt: skip


@breaks("correction_has_a_reason")
def _():
    _correction(reason="")


@breaks("correction_status_is_known")
def _():
    _correction(status="lost", decided_at=AT, decided_by=UserFactory())


@breaks("correction_decided_with_when_and_who")
def _():
    _correction(status="refused", refusal="không", decided_by=UserFactory())


@breaks("correction_decided_by_a_second_person")
def _():
    _correction(status="refused", refusal="không", decided_at=AT, decided_by=system_user())


@breaks("correction_posted_when_confirmed")
def _():
    _correction(status="confirmed", decided_at=AT, decided_by=UserFactory())


@breaks("correction_refused_with_why")
def _():
    _correction(status="refused", decided_at=AT, decided_by=UserFactory())


# --- Machines that push counts --------------------------------------------------------------------------


def _token(**said) -> SourceToken:
    source = count_source(province=ProvinceFactory())
    return SourceToken.objects.create(
        **{"source": source, "area": source.province, "name": "CDC", "digest": "0" * 64, "hint": "0000",
           "opened_at": AT, "opened_by": system_user(), "expires_at": AT + timedelta(days=1)} | said
    )  # fmt: skip


def _receipt(token: SourceToken, **said) -> PushReceipt:
    return PushReceipt.objects.create(
        **{"token": token, "key": "1", "request_sha256": "0" * 64, "status": 200, "answer": {},
           "received_at": AT} | said
    )  # fmt: skip


@breaks("token_opened_before_it_expires")
def _():
    _token(expires_at=AT)


@breaks("token_revoked_at_with_revoked_by")
def _():
    _token(revoked_at=AT)


@breaks("token_digest_is_sha256")
def _():
    _token(digest="vx_secret")


@breaks("push_answered_once")
def _():
    token = _token()
    _receipt(token)
    _receipt(token)


@breaks("push_key_not_empty")
def _():
    _receipt(_token(), key="")
