"""The OpenAPI document and the API agree: Schemathesis asks what the document allows, and what it forbids."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, timedelta
from itertools import count

import pytest
import schemathesis
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from awards.enums import ShortlistStage
from awards.models import Decision, Dossier, Shortlist
from awards.shortlists import make_shortlist
from campaign.models import Campaign
from campaign.plans import load_plan, parse_plan
from campaign.standing import compute_standings
from config.api import openapi_document
from config.public_bytes import PublicBytes
from config.wsgi import django_application
from core.assets import put_asset
from core.enums import Role
from core.models import BoundarySet
from core.people import system_user
from riskmap.decisions import confirm_decision, decide_level
from riskmap.declarations import declare_fact
from riskmap.editions import publish
from riskmap.enums import FactKind, RiskLevel
from riskmap.in_force import COUNT_COLUMNS
from riskmap.levels import reassess
from riskmap.maps import draw_frames
from riskmap.tokens import open_token
from tests.awards.decisions import make_decision, make_decision_line, make_proposal
from tests.awards.dossiers import make_dossier, make_nominee
from tests.campaign.plans import NINH_THUAN
from tests.factories import GrantFactory, UserFactory
from tests.riskmap.province import AT, day, make_province

# The whole way in; nothing is kept, since each test has a database of its own.
schema = schemathesis.openapi.from_dict(json.loads(openapi_document()))
schema.app = PublicBytes(django_application, memory=0)
OPERATIONS = [result.ok() for result in schema.get_all_operations() if result.ok().method == "get"]
PUSH = schema["/api/v1/counts/"]["POST"]
PLAIN = {"Accept-Encoding": "identity"}  # Schemathesis does not unpack what comes by WSGI
CONFORMITY = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
BOUNDED = settings(
    max_examples=30,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
by_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)

TOPOLOGY = json.dumps(
    {"transform": {"scale": [1, 1], "translate": [0, 0]}, "objects": {}, "arcs": []}
).encode()

#: What the document cannot know: codes and days there are. ``None`` leaves what was made up.
CODES = st.sampled_from([None, "90", "901", "90101", "90102"])
PROVINCES = st.sampled_from(["90", "90", "90", "901", None])
NUMBERS = st.sampled_from([1, 1, 2, None])
DAYS = st.sampled_from([str(day(0)), str(day(3)), str(day(9)), None])
CELLS = st.one_of(
    st.none(),
    st.lists(
        st.builds(
            lambda code, number: {"code": code, "day": str(day(number))},
            st.sampled_from(["90101", "90102"]),
            st.integers(0, 40),
        ),
        min_size=1,
        max_size=5,
        unique_by=lambda cell: (cell["code"], cell["day"]),
    ),
)


@pytest.fixture
def bearer(province):
    """The header that opens the door of machines."""
    owner, now = GrantFactory(area=province.area, role=Role.HEALTH).user, timezone.now()
    _token, secret = open_token(
        source=province.source("CDC"), area=province.area, name="thử", expires_at=now + timedelta(days=1),
        by=owner, at=now,
    )  # fmt: skip
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture(autouse=True)
def province(db, monkeypatch):
    # Between two requests a server may close its connection; here it holds the transaction of the test.
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)
    made = make_province(borders=[("90101", "90102")])
    made.post({("90101", 3): 2, ("90102", 5): {"known_source": 1}}, complete=(0, 9))
    made.post({("90101", 3): 1}, source="bản đồ quốc gia")
    declare_fact(
        area=made.communes["90101"], kind=FactKind.CROWDED_PLACE_SOURCE, since=day(3), document="1/BC",
        by=system_user(), at=AT,
    )  # fmt: skip
    decision = decide_level(
        area=made.districts["901"], level=RiskLevel.HIGH, since=AT.date(), until=AT.date(), reason="a",
        document="2/QĐ", by=system_user(), at=AT,
    )  # fmt: skip
    confirm_decision(decision=decision, by=UserFactory(), at=AT)
    reassess(on=AT.date(), at=AT)
    draw_frames(province=made.area, on=day(40), at=AT)
    publish(province=made.area, cut_off=AT, at=AT, by=system_user())
    BoundarySet.objects.create(
        province=made.area, source="a", licence="b", file_name="a", file_sha256="0" * 64,
        topology=put_asset(body=TOPOLOGY, media_type="application/json", at=AT), imported_at=timezone.now(),
        imported_by=system_user(),
    )  # fmt: skip
    source = NINH_THUAN.read_text().replace('province = "58"', 'province = "90"')
    load_plan(plan=parse_plan(NINH_THUAN.name, source), by=system_user(), at=AT)
    campaign = Campaign.objects.get()
    compute_standings(campaign=campaign, at=AT, days=[date(2021, 9, 10)])
    phase = campaign.phases.get(code="dot-1")
    make_shortlist(phase=phase, stage=ShortlistStage.END, by=system_user(), at=AT)
    district = made.districts["901"]
    nominee = make_nominee(make_dossier(district, phase), district.units.get())
    make_decision_line(make_decision(make_proposal(phase)), nominee)
    return made


@pytest.fixture
def cookies(operation, province):
    """Of somebody who works there, where an answer is one person's own."""
    if "403" not in operation.definition.raw["responses"]:
        return {}
    client = Client()
    client.force_login(GrantFactory(area=province.area, role=Role.DISTRICT_STAFF).user)
    return {"sessionid": client.cookies["sessionid"].value}


@by_operation
def test_what_the_document_allows_is_answered_as_it_says(operation, cookies):
    answered = Counter()

    @BOUNDED
    @given(
        operation.as_strategy(generation_mode=GenerationMode.POSITIVE), CODES, PROVINCES, NUMBERS, DAYS, DAYS
    )
    def ask(case, code, province, number, since, until):
        if code and "code" in case.path_parameters:
            case.path_parameters["code"] = code
        if number and "slug" in case.path_parameters:
            case.path_parameters["slug"] = "ninh-thuan-2021"
        if number and "number" in case.path_parameters:
            rows = {"/shortlists/": Shortlist, "/dossiers/": Dossier, "/awards/decisions/": Decision}
            numbered = next((rows[room] for room in rows if room in case.path), None)
            known = {"number": numbered.objects.get().pk} if numbered else {"code": "90", "number": number}
            case.path_parameters |= known
        for name, known in (("phase", "dot-1"), ("group", "cap-xa"), ("view", "known")):
            if number and name in case.query and "/standings/" in case.path:
                case.query[name] = known
        if province and "province" in case.query:
            case.query["province"] = province
        if number and "page" in case.query:
            case.query["page"] = number
        for name, known in (("day", since), ("since", since), ("until", until)):
            if known and name in case.query:
                case.query[name] = known
        response = case.call_and_validate(headers=PLAIN, cookies=cookies, checks=CONFORMITY)
        answered[response.status_code] += 1

    ask()
    assert answered[200], answered
    assert set(answered) <= {200, 400, 404}


@pytest.mark.parametrize(
    "operation", [each for each in OPERATIONS if list(each.query)], ids=lambda operation: operation.label
)
def test_what_the_document_forbids_is_refused(operation, cookies):
    answered = Counter()

    @BOUNDED
    @given(operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
    def ask(case):
        response = case.call_and_validate(
            headers=PLAIN, cookies=cookies, checks=[*CONFORMITY, negative_data_rejection]
        )
        answered[response.status_code] += 1

    ask()
    assert answered[400] + answered[404], answered


def test_pushes_the_document_allows_are_answered_as_it_says(bearer):
    answered, keys = Counter(), count()

    @BOUNDED
    @given(PUSH.as_strategy(generation_mode=GenerationMode.POSITIVE), st.data())
    def push(case, data):
        if cells := data.draw(CELLS):  # as made up, or of units and days there are
            numbers = [
                {name: row[name] for name in COUNT_COLUMNS if name in row} for row in case.body["rows"]
            ]
            case.body = {"reason": "thử", "rows": [{"tests": 0} | numbers[0] | cell for cell in cells]}
        response = case.call_and_validate(
            headers=PLAIN | bearer | {"Idempotency-Key": str(next(keys))}, checks=CONFORMITY
        )
        answered[response.status_code] += 1

    push()
    assert answered[200], answered
    assert answered[422], answered
    assert set(answered) <= {200, 400, 422}


def test_pushes_the_document_forbids_are_refused(bearer):
    answered = Counter()

    @BOUNDED
    @given(PUSH.as_strategy(generation_mode=GenerationMode.NEGATIVE))
    def push(case):
        response = case.call_and_validate(headers=PLAIN | bearer, checks=CONFORMITY)
        if response.status_code != 413:  # too many rows: a refusal that the check does not know
            case.validate_response(response, checks=[negative_data_rejection], headers=PLAIN | bearer)
        answered[response.status_code] += 1

    push()
    assert answered[400] + answered[422], answered


def test_document_says_how_counts_are_sent():
    said = PUSH.definition.raw
    assert {"200", "400", "401", "413", "415", "422", "429"} == set(said["responses"])
    assert said["security"] == [{"sourceToken": []}]


def test_document_names_every_address_and_every_error():
    for operation in OPERATIONS:
        said = operation.definition.raw
        assert said["summary"]
        own = "403" in said["responses"]  # one person's: never kept, and asked with the session
        assert {"200", "403" if own else "304", "400", "404", "429"} <= set(said["responses"])
        assert said["security"] == ([{"cookieAuth": []}] if own else [{}])
