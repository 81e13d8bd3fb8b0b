"""The links of daily work: each for those who may, and the one that is read is marked."""

import re

import pytest

from core.enums import Role
from tests.factories import GrantFactory

pytestmark = pytest.mark.django_db


def links(client, address: str) -> dict[str, str]:
    """By address, what the tag of the link says besides."""
    page = client.get(address).content.decode()
    navigation = page[page.find('class="work-nav"') : page.find('class="work-nav"') + 20_000].split("</nav>")[
        0
    ]
    return dict(re.findall(r'<li><a href="([^"]+)"([^>]*)>', navigation))


def test_links_are_for_those_who_may(client):
    assert links(client, "/campaigns/") == {}

    client.force_login(GrantFactory(role=Role.VIEWER).user)
    viewer = links(client, "/campaigns/")
    assert {"/units/", "/registrations/", "/shortlists/"} <= set(viewer)
    assert not {"/counts/", "/pledges/", "/review/", "/permits/"} & set(viewer)

    client.force_login(GrantFactory(role=Role.COMMUNE_STAFF).user)
    assert {"/counts/", "/pledges/", "/dossiers/"} <= set(links(client, "/campaigns/"))

    client.force_login(GrantFactory(role=Role.HOME_AFFAIRS).user)
    assert {"/review/", "/permits/", "/opinions/asked/"} <= set(links(client, "/campaigns/"))


@pytest.mark.parametrize(
    ("address", "current"),
    [
        ("/units/", "/units/"),
        ("/units/new/", "/units/"),
        ("/campaigns/", None),
        ("/inspections/", "/inspections/"),
    ],
)
def test_the_room_that_is_read_is_marked(client, address, current):
    client.force_login(GrantFactory(role=Role.DISTRICT_STAFF).user)

    marked = [room for room, said in links(client, address).items() if 'aria-current="page"' in said]

    assert marked == ([current] if current else [])
