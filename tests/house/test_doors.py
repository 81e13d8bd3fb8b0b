"""Who gets through which door: every address × every role × own and other area × reading and writing.

An address without a line in ``DOORS`` fails: whoever adds a page says here whom it is for.
"""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from core.access import Permission
from core.enums import Role
from core.models import Area, AuditEvent
from core.permissions import ROLE_PERMISSIONS
from tests.factories import GrantFactory, UserFactory
from tests.house.door import LOGGED_IN, Door
from tests.house.doors_of_batches import DOORS_OF_BATCHES
from tests.house.doors_of_campaigns import DOORS_OF_CAMPAIGNS
from tests.house.doors_of_councils import DOORS_OF_COUNCILS
from tests.house.doors_of_decisions import DOORS_OF_DECISIONS
from tests.house.doors_of_dossiers import DOORS_OF_DOSSIERS
from tests.house.doors_of_nominations import DOORS_OF_NOMINATIONS
from tests.house.doors_of_paper_templates import DOORS_OF_PAPER_TEMPLATES
from tests.house.doors_of_reports import DOORS_OF_REPORTS
from tests.house.doors_of_reviews import DOORS_OF_REVIEWS
from tests.house.doors_of_shortlists import DOORS_OF_SHORTLISTS
from tests.house.places import Place, make_place, token_of
from tests.riskmap.province import day

MAY_BE_FRAMED = {"embed/<str:code>/"}  # by other sites' pages
MANAGERS = Permission.MANAGE_GRANTS

DOORS = {
    # The public's: maps, levels, counts and the way in.
    "": Door(lambda place: "/"),
    "areas/<str:code>/": Door(lambda place: f"/areas/{place.commune.code}/"),
    "areas/<str:code>/hamlets/": Door(lambda place: f"/areas/{place.commune.code}/hamlets/"),
    "search/": Door(lambda place: f"/search/?q={place.commune.code}"),
    "changes/": Door(lambda place: f"/changes/{place.question}"),
    "editions/": Door(lambda place: f"/editions/{place.question}"),
    "editions/<str:code>/<int:number>/": Door(lambda place: f"/editions/{place.province.code}/1/"),
    "embed/<str:code>/": Door(lambda place: f"/embed/{place.province.code}/"),
    "assets/<str:sha256>.<str:extension>": Door(lambda place: f"/assets/{place.map.sha256}.json"),
    "api/v1/areas/": Door(lambda place: "/api/v1/areas/"),
    "api/v1/areas/<str:code>/": Door(lambda place: f"{place.api}/"),
    "api/v1/areas/<str:code>/levels/": Door(lambda place: f"{place.api}/levels/"),
    "api/v1/areas/<str:code>/counts/": Door(lambda place: f"{place.api}/counts/"),
    "api/v1/areas/<str:code>/why/": Door(lambda place: f"{place.api}/why/"),
    "api/v1/areas/<str:code>/way-to-green/": Door(lambda place: f"{place.api}/way-to-green/"),
    "api/v1/facts/": Door(lambda place: f"/api/v1/facts/{place.question}"),
    "api/v1/decisions/": Door(lambda place: f"/api/v1/decisions/{place.question}"),
    "api/v1/boundaries/": Door(lambda place: f"/api/v1/boundaries/{place.question}"),
    "api/v1/changes/": Door(lambda place: f"/api/v1/changes/{place.question}"),
    # A token opens it, not a person: tests/riskmap/test_api_push.py.
    "api/v1/counts/": Door(lambda place: "/api/v1/counts/", reads=405, writes=401),
    # The only edition is of a day long after the last report: nothing is known of it to differ.
    "api/v1/differences/": Door(lambda place: f"/api/v1/differences/{place.question}", reads=404),
    "api/v1/editions/": Door(lambda place: f"/api/v1/editions/{place.question}"),
    "api/v1/editions/<str:code>/<str:number>/": Door(lambda place: f"{place.edition}/"),
    "api/v1/editions/<str:code>/<str:number>/levels.csv": Door(lambda place: f"{place.edition}/levels.csv"),
    "api/v1/editions/<str:code>/<str:number>/levels.geojson": Door(
        lambda place: f"{place.edition}/levels.geojson"
    ),
    # The files beside the pages, put out by the worker: none in a test.
    "current/<str:code>.json": Door(lambda place: f"/current/{place.province.code}.json", reads=404),
    "api/v1/frames/": Door(lambda place: f"/api/v1/frames/{place.question}"),
    "api/v1/levels/": Door(lambda place: f"/api/v1/levels/{place.question}"),
    "api/v1/totals/": Door(lambda place: f"/api/v1/totals/{place.question}"),
    "api/v1/schema/": Door(lambda place: "/api/v1/schema/"),
    "api/v1/docs/": Door(lambda place: "/api/v1/docs/"),
    "^api/(?:.*/)?$": Door(lambda place: "/api/nothing/", reads=404, writes=404),
    "language/": Door(lambda place: "/language/", reads=302, writes=302),
    "login/": Door(lambda place: "/login/", writes=200),
    "logout/": Door(lambda place: "/logout/", reads=405, writes=302),
    "maps/<str:province>/<str:day>/map.<str:extension>": Door(
        lambda place: f"/maps/{place.province.code}/{day(3)}/map.pdf?view=published", reads=404
    ),
    "maps/<str:province>/<str:day>/levels.<str:extension>": Door(
        lambda place: f"/maps/{place.province.code}/{day(3)}/levels.csv?view=known"
    ),
    "xac-minh": Door(lambda place: "/xac-minh", writes=400),
    # One's own account.
    "password/": Door(lambda place: "/password/", LOGGED_IN, writes=200),
    "accounts/me/": Door(lambda place: "/accounts/me/", LOGGED_IN, writes=302),
    "inbox/": Door(lambda place: "/inbox/", LOGGED_IN),
    # Each door to its own file: tests/core/test_files.py. Of an unknown one nobody learns that there is none.
    "files/<slug:token>/": Door(lambda place: f"/files/{'0' * 32}/", reads=404, writes=405),
    "inbox/read/": Door(lambda place: "/inbox/read/", LOGGED_IN, reads=405, writes=302),
    # Somebody else's: nobody finds it.
    "inbox/<int:notice_id>/": Door(
        lambda place: f"/inbox/{place.clerk.notices.get().pk}/", LOGGED_IN, reads=404, writes=404
    ),
    # Who enters counts: one place opens at once, and a question without cells is none.
    "counts/": Door(lambda place: "/counts/", Permission.ENTER_COUNTS, reads=302),
    "counts/<str:code>/<str:day>/": Door(
        lambda place: f"/counts/{place.commune.code}/{day(3)}/",
        Permission.ENTER_COUNTS,
        of_area=True,
        writes=302,
    ),
    "counts/<str:code>/<str:day>/cells/": Door(
        lambda place: f"/counts/{place.commune.code}/{day(3)}/cells/",
        Permission.ENTER_COUNTS,
        of_area=True,
        reads=405,
        writes=400,
    ),
    "counts/<str:code>/<str:day>/colours/": Door(
        lambda place: f"/counts/{place.commune.code}/{day(3)}/colours/",
        Permission.ENTER_COUNTS,
        of_area=True,
        reads=405,
        writes=200,
    ),
    "counts/<str:code>/<str:day>/send/": Door(
        lambda place: f"/counts/{place.commune.code}/{day(3)}/send/",
        Permission.ENTER_COUNTS,
        of_area=True,
        writes=302,
    ),
    # Sở Y tế's.
    "editions/<str:code>/publish/": Door(
        lambda place: f"/editions/{place.province.code}/publish/",
        Permission.PUBLISH,
        of_area=True,
        of_province=True,
        writes=200,
    ),
    **{
        f"feedback/<int:feedback_id>/{act}/": Door(
            lambda place, act=act: f"{place.feedback}/{act}/",
            Permission.MODERATE_FEEDBACK,
            of_area=True,
            reads=405,
            writes=200,
        )
        for act in ("answer", "set-aside", "publish", "withhold")
    },
    # What is declared and decided: to be seen by all who work there, said by Sở Y tế.
    "facts/": Door(lambda place: "/facts/", Permission.VIEW_WORKING),
    "facts/new/": Door(
        lambda place: "/facts/new/?kind=crowded_place_source", Permission.DECLARE_FACT, writes=200
    ),
    "facts/<int:fact_id>/": Door(
        lambda place: f"/facts/{place.fact.pk}/", Permission.VIEW_WORKING, of_area=True
    ),
    "facts/<int:fact_id>/confirm/": Door(
        lambda place: f"/facts/{place.fact.pk}/confirm/",
        Permission.DECLARE_FACT,
        of_area=True,
        reads=405,
        writes=200,
    ),
    "facts/<int:fact_id>/refuse/": Door(
        lambda place: f"/facts/{place.fact.pk}/refuse/",
        Permission.DECLARE_FACT,
        of_area=True,
        reads=405,
        writes=200,
    ),
    "facts/<int:fact_id>/end/": Door(
        lambda place: f"/facts/{place.fact.pk}/end/",
        Permission.DECLARE_FACT,
        of_area=True,
        reads=405,
        writes=200,
    ),
    # Files that come in, and those to be filled.
    "imports/": Door(lambda place: "/imports/", Permission.VIEW_WORKING),
    "imports/new/": Door(lambda place: "/imports/new/", Permission.ENTER_COUNTS, writes=200),
    "imports/template/<str:code>.xlsx": Door(
        lambda place: f"/imports/template/{place.commune.code}.xlsx", Permission.ENTER_COUNTS, of_area=True
    ),
    "imports/<int:batch_id>/": Door(lambda place: f"{place.file}/", Permission.VIEW_WORKING, of_area=True),
    "imports/<int:batch_id>/rows.<str:extension>": Door(
        lambda place: f"{place.file}/rows.xlsx", Permission.VIEW_WORKING, of_area=True
    ),
    "imports/<int:batch_id>/commit/": Door(
        lambda place: f"{place.file}/commit/", Permission.ENTER_COUNTS, of_area=True, reads=405, writes=200
    ),
    "imports/<int:batch_id>/undo/": Door(
        lambda place: f"{place.file}/undo/", Permission.ENTER_COUNTS, of_area=True, reads=405, writes=200
    ),
    "counts/<str:code>/export.xlsx": Door(
        lambda place: f"/counts/{place.commune.code}/export.xlsx", Permission.VIEW_WORKING, of_area=True
    ),
    # Who has not reported.
    "reports/due/": Door(
        lambda place: f"/reports/due/?area={place.commune.code}&day={day(3)}",
        Permission.VIEW_WORKING,
        of_area=True,
    ),
    "reports/overview/": Door(
        lambda place: f"/reports/overview/?area={place.district.code}", Permission.VIEW_WORKING, of_area=True
    ),
    "decisions/": Door(lambda place: "/decisions/", Permission.VIEW_WORKING),
    "decisions/new/": Door(lambda place: "/decisions/new/", Permission.DECIDE_LEVEL, writes=200),
    "decisions/<int:decision_id>/": Door(
        lambda place: f"/decisions/{place.decision.pk}/", Permission.VIEW_WORKING, of_area=True
    ),
    "decisions/<int:decision_id>/confirm/": Door(
        lambda place: f"/decisions/{place.decision.pk}/confirm/",
        Permission.DECIDE_LEVEL,
        of_area=True,
        reads=405,
        writes=200,
    ),
    "decisions/<int:decision_id>/refuse/": Door(
        lambda place: f"/decisions/{place.decision.pk}/refuse/",
        Permission.DECIDE_LEVEL,
        of_area=True,
        reads=405,
        writes=200,
    ),
    "decisions/<int:decision_id>/end/": Door(
        lambda place: f"/decisions/{place.decision.pk}/end/",
        Permission.DECIDE_LEVEL,
        of_area=True,
        reads=405,
        writes=200,
    ),
    # Approval, exceptions from the lock, corrections and histories.
    "approvals/": Door(lambda place: "/approvals/", Permission.VIEW_WORKING),
    "approvals/accept/": Door(
        lambda place: "/approvals/accept/", Permission.ACCEPT_COUNTS, reads=405, writes=302
    ),
    "approvals/return/": Door(
        lambda place: "/approvals/return/", Permission.ACCEPT_COUNTS, reads=302, writes=302
    ),
    "approvals/<str:code>/<str:day>/": Door(
        lambda place: f"/approvals/{place.district.code}/{day(3)}/", Permission.VIEW_WORKING, of_area=True
    ),
    "exceptions/": Door(lambda place: "/exceptions/", Permission.VIEW_WORKING),
    "exceptions/new/": Door(lambda place: "/exceptions/new/", Permission.ACCEPT_COUNTS, writes=200),
    "exceptions/<int:exception_id>/end/": Door(  # over already: said on the page it leads to
        lambda place: f"/exceptions/{place.commune.lock_exceptions.get().pk}/end/",
        Permission.ACCEPT_COUNTS,
        of_area=True,
        reads=405,
        writes=302,
    ),
    "counts/<str:code>/<str:day>/correct/": Door(
        lambda place: f"/counts/{place.commune.code}/{day(3)}/correct/",
        Permission.ENTER_COUNTS,
        of_area=True,
        writes=200,
    ),
    "counts/<str:code>/<str:day>/history/": Door(
        lambda place: f"/counts/{place.commune.code}/{day(3)}/history/",
        Permission.VIEW_WORKING,
        of_area=True,
    ),
    "corrections/": Door(lambda place: "/corrections/", Permission.VIEW_WORKING),
    "corrections/<int:correction_id>/": Door(
        lambda place: f"/corrections/{place.correction}/", Permission.VIEW_WORKING, of_area=True
    ),
    # Overtaken, so that it cannot be confirmed; asked for by another, so that nobody here withdraws it.
    "corrections/<int:correction_id>/confirm/": Door(
        lambda place: f"/corrections/{place.correction}/confirm/",
        Permission.ACCEPT_COUNTS,
        of_area=True,
        reads=405,
        writes=302,
    ),
    "corrections/<int:correction_id>/refuse/": Door(
        lambda place: f"/corrections/{place.correction}/refuse/",
        Permission.ACCEPT_COUNTS,
        of_area=True,
        reads=302,
        writes=200,
    ),
    "corrections/<int:correction_id>/withdraw/": Door(
        lambda place: f"/corrections/{place.correction}/withdraw/",
        Permission.ENTER_COUNTS,
        of_area=True,
        reads=405,
        writes=302,
    ),
    # Sources: everybody who works there sees them; Sở Y tế weighs them and opens keys for other systems.
    "sources/": Door(lambda place: f"/sources/{place.question}", Permission.VIEW_WORKING, of_area=True),
    "sources/<str:code>/policy/": Door(
        lambda place: f"/sources/{place.province.code}/policy/",
        Permission.MANAGE_SOURCES,
        of_area=True,
        of_province=True,
        writes=200,
    ),
    "sources/<str:code>/tokens/new/": Door(
        lambda place: f"/sources/{place.province.code}/tokens/new/",
        Permission.MANAGE_SOURCES,
        of_area=True,
        writes=200,
    ),
    # Revoked already, so that a visit changes nothing.
    "sources/tokens/<int:token_id>/revoke/": Door(
        lambda place: f"/sources/tokens/{token_of(place).pk}/revoke/",
        Permission.MANAGE_SOURCES,
        of_area=True,
        writes=302,
    ),
    "disagreements/": Door(lambda place: "/disagreements/", Permission.VIEW_WORKING),
    "disagreements/<str:code>/<str:day>/": Door(
        lambda place: f"/disagreements/{place.commune.code}/{day(3)}/",
        Permission.CHOOSE_SOURCE,
        of_area=True,
        writes=200,
    ),
    # The administrators'.
    "grants/": Door(lambda place: "/grants/", MANAGERS),
    "grants/new/": Door(lambda place: "/grants/new/", MANAGERS, writes=200),
    "grants/<int:grant_id>/end/": Door(
        lambda place: f"/grants/{place.clerk.grants.get().pk}/end/", MANAGERS, of_area=True, writes=200
    ),
    "people/new/": Door(lambda place: "/people/new/", MANAGERS, writes=200),
    "people/<int:user_id>/": Door(lambda place: f"/people/{place.clerk.pk}/", MANAGERS, of_area=True),
    "people/<int:user_id>/password/": Door(
        lambda place: f"/people/{place.clerk.pk}/password/", MANAGERS, of_area=True, reads=405, writes=200
    ),
    **DOORS_OF_BATCHES,
    **DOORS_OF_CAMPAIGNS,
    **DOORS_OF_COUNCILS,
    **DOORS_OF_DECISIONS,
    **DOORS_OF_DOSSIERS,
    **DOORS_OF_NOMINATIONS,
    **DOORS_OF_REPORTS,
    **DOORS_OF_PAPER_TEMPLATES,
    **DOORS_OF_REVIEWS,
    **DOORS_OF_SHORTLISTS,
}
PERSONS = ["anonymous", "no role", *Role]


def _addresses(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for pattern in patterns:
        address = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _addresses(pattern.url_patterns, address)
        else:
            yield address


@pytest.fixture
def places(db) -> dict[str, Place]:
    """``own`` and ``other``, in different provinces."""
    return {"own": make_place("90"), "other": make_place("91")}


def _client(person: str, area: Area) -> Client:
    client = Client(raise_request_exception=False)
    if person == "no role":
        client.force_login(UserFactory())
    elif person != "anonymous":
        client.force_login(GrantFactory(role=person, area=area).user)
    return client


def _expected(door: Door, person: str, where: str, method: str) -> int:
    """The status that ``person`` with a role in ``own`` gets for an address of ``where``."""
    answer = door.reads if method == "get" else door.writes
    if door.to is None:
        return answer
    if answer == 405:
        return 405  # said before anything is asked about the person
    if person == "anonymous":
        return 403 if door.of_api else 302
    if door.to == LOGGED_IN:
        return answer
    if person == "no role" or door.to not in ROLE_PERMISSIONS[Role(person)]:
        return 403
    return 404 if door.of_area and where == "other" else answer


def test_every_address_has_a_line_here():
    assert set(_addresses(get_resolver().url_patterns)) == set(DOORS)


@pytest.mark.parametrize("address", DOORS)
def test_door_opens_to_those_it_is_for_and_to_nobody_else(address, places):
    door, own, surprises = DOORS[address], places["own"], []
    for person in PERSONS:
        client = _client(person, own.province if door.of_province else own.district)
        for where, place in places.items():
            for method in ("get", "post"):
                url, journal = door.address(place), AuditEvent.objects.count()

                answer = getattr(client, method)(url)

                said = f"{method} {url} ({where}) by {person}: {answer.status_code}"
                expected = _expected(door, person, where, method)
                if answer.status_code != expected:
                    surprises.append(f"{said}, not {expected}")
                if (
                    door.to
                    and person == "anonymous"
                    and expected == 302
                    and not answer.url.startswith("/login/?next=")
                ):
                    surprises.append(f"{said} to {answer.url}")
                if door.to and answer.status_code == 200 and answer.get("Cache-Control") != "no-store":
                    surprises.append(f"{said}, and may be kept by a browser or a proxy")
                if expected >= 300 and AuditEvent.objects.count() != journal:
                    surprises.append(f"{said}, and something was written")

    assert surprises == []


@pytest.mark.parametrize("address", DOORS)
def test_answer_carries_the_headers_of_safety(address, places):
    answer = _client("administrator", places["own"].district).get(DOORS[address].address(places["own"]))

    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert (answer["X-Content-Type-Options"], answer["Referrer-Policy"]) == ("nosniff", "same-origin")
    framed_by_all = "frame-ancestors *" in policy and "X-Frame-Options" not in answer
    framed_by_none = "frame-ancestors 'none'" in policy and answer.get("X-Frame-Options") == "DENY"
    assert framed_by_all if address in MAY_BE_FRAMED else framed_by_none
