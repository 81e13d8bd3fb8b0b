"""A dossier with published evidence, whose papers are printed: a commune, an agency and a person."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from awards.models import Dossier
from campaign.models import Phase
from campaign.standing import compute_standings
from core.people import system_user
from riskmap.editions import publish
from riskmap.levels import reassess
from tests.awards.dossiers import (
    AT,
    PERSON,
    SUBMISSION,
    SUMMARY,
    make_document,
    make_dossier,
    make_item,
    make_nominee,
)
from tests.campaign.plans import make_campaign, make_phase
from tests.campaign.units import make_group, make_unit
from tests.riskmap.province import day, make_province

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2021, 8, 31, 9, tzinfo=HANOI)
DEADLINE = datetime(2021, 9, 8, tzinfo=HANOI)
LONG_NAME = "Công Tằng Tôn Nữ Nguyễn Đặng Hoàng Phương Quỳnh Như Ý Trâm Anh"
LONG_UNIT = "Trạm Y tế lưu động số 3 thuộc Trung tâm Y tế huyện, đặt tại Trường Trung học cơ sở"


def make_printed(status: str = "draft") -> Dossier:
    """Nothing of it is lacking; its commune was red for a while, and the map of the day is published."""
    made = make_province("90", districts={"901": ["90101", "90102"]})
    made.post({("90101", 3): 9}, complete=(0, 29), at=NOW - timedelta(days=1))
    reassess(on=day(29), at=NOW)
    dossier = make_dossier(made.districts["901"], _phase(made.area), status=status)
    publish(province=made.area, cut_off=NOW, at=NOW, by=system_user())
    commune = make_unit(made.communes["90101"], head="Phạm Văn Tám", head_post="Chủ tịch")
    agency = make_unit(made.communes["90102"], "agency", name=LONG_UNIT)
    compute_standings(campaign=dossier.phase.campaign, at=NOW)
    person = {"kind": PERSON, "person": LONG_NAME, "person_post": "Trưởng trạm", "search_text": "cong"}
    nominees = [
        make_nominee(dossier, commune),
        make_nominee(dossier, agency),
        make_nominee(dossier, agency, **person, deeds="Trực 27 đêm ở khu cách ly.\nLấy 1.204 mẫu."),
    ]
    saved = {"saved_at": AT, "saved_by": system_user()}
    make_item(dossier, words=SUBMISSION, file=make_document(dossier.area), **saved)
    for form, nominee in zip(("06", "07", "06"), nominees, strict=True):
        words = SUMMARY | {"honours": "Giấy khen năm 2020."}
        make_item(dossier, kind="summary", form=form, nominee=nominee, words=words, **saved)
    return dossier


def _phase(province) -> Phase:
    campaign = make_campaign(
        province=province,
        registration_required=False,
        title="Phong trào thi đua giữ vùng xanh",
        short_title="Giữ vùng xanh",
    )
    make_group(campaign, "commune")
    rule = {"code": "xanh", "place": 1, "fact": "days_green", "role": "order", "set_by": "office"}
    campaign.scoring_rules.create(**rule, wording="Nhiều ngày xanh")
    said = {"first_day": day(0), "last_day": day(39), "deadline_wording": "trước ngày 08/9/2021"}
    return make_phase(campaign, name="Đợt 1", **said, dossier_deadline=DEADLINE, deadline_set_by="plan")
