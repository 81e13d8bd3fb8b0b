"""Tokens: who may open one, what it opens and until when, and that its secret is nowhere."""

from datetime import timedelta

import pytest
from django.db import connection

from core.enums import Role
from core.models import AuditEvent
from core.people import end_grant
from riskmap.models import SourceToken
from riskmap.tokens import LONGEST_LIFE, TokenRefused, open_token, revoke_token, token_of
from tests.factories import GrantFactory
from tests.riskmap.province import AT, make_province

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    return make_province()


@pytest.fixture
def officer(province):
    return GrantFactory(area=province.area, role=Role.HEALTH).user


def opened(province, by, **wanted):
    return open_token(
        **{
            "source": province.source("CDC"),
            "area": province.area,
            "name": "Máy chủ CDC",
            "expires_at": AT + timedelta(days=30),
            "by": by,
            "at": AT,
        }
        | wanted
    )


def test_secret_opens_its_token_and_is_kept_nowhere(province, officer):
    token, secret = opened(province, officer)

    assert token_of(secret, AT + timedelta(days=1)) == token
    assert (secret[:3], len(secret)) == ("vx_", 46)
    assert (token.hint, token.source.name, token.opened_by) == (secret[-4:], "CDC", officer)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT json_agg(t)::text FROM riskmap_sourcetoken t) LIKE %s", [f"%{secret}%"]
        )
        assert cursor.fetchone() == (False,)
        cursor.execute("SELECT json_agg(e)::text FROM core_auditevent e")
        journal = cursor.fetchone()[0]
    assert secret not in journal
    assert token.digest not in journal


def test_two_tokens_have_different_secrets(province, officer):
    assert opened(province, officer)[1] != opened(province, officer)[1]


def test_opening_and_revoking_are_journalled_with_who_did_it(province, officer):
    token, _ = opened(province, officer)
    revoke_token(token=token, by=officer, at=AT)

    events = AuditEvent.objects.filter(table_name="riskmap_sourcetoken").order_by("pk")

    assert [(event.actor, event.reason) for event in events] == [
        (officer.username, "Cấp khóa cho hệ thống Máy chủ CDC"),
        (officer.username, "Thu hồi khóa của hệ thống Máy chủ CDC"),
    ]


@pytest.mark.parametrize("spoil", [lambda s: s[:-1], lambda s: s + "A", str.swapcase, lambda s: s[3:]])
def test_other_secrets_open_nothing(province, officer, spoil):
    _, secret = opened(province, officer)

    assert token_of(spoil(secret), AT) is None


@pytest.mark.parametrize("text", ["", "vx_", "vx_" + "é" * 43, "vx_" + "a" * 42 + "\n"])
def test_what_can_be_no_secret_is_not_looked_up(text, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert token_of(text, AT) is None


def test_token_opens_until_the_instant_it_expires(province, officer):
    end = AT + timedelta(hours=5)
    token, secret = opened(province, officer, expires_at=end)

    assert token_of(secret, end - timedelta(microseconds=1)) == token
    assert token_of(secret, end) is None


def test_revoked_token_opens_nothing_and_is_not_revoked_twice(province, officer):
    token, secret = opened(province, officer)

    revoke_token(token=token, by=officer, at=AT)

    assert token_of(secret, AT) is None
    with pytest.raises(TokenRefused):
        revoke_token(token=token, by=officer, at=AT)
    assert SourceToken.objects.get().revoked_by == officer


def test_token_falls_with_the_right_of_its_owner(province, officer):
    _, secret = opened(province, officer)
    admin = GrantFactory(area=province.area, role=Role.ADMINISTRATOR).user

    end_grant(grant=officer.grants.get(), by=admin, at=AT, reason="chuyển công tác")

    assert token_of(secret, AT) is None


def test_token_falls_with_the_account_of_its_owner(province, officer):
    _, secret = opened(province, officer)
    officer.is_active = False
    officer.save()

    assert token_of(secret, AT) is None


@pytest.mark.parametrize("role", [role for role in Role if role != Role.HEALTH])
def test_only_those_who_manage_sources_open_tokens(province, role):
    person = GrantFactory(area=province.area, role=role).user

    with pytest.raises(TokenRefused):
        opened(province, person)
    assert not SourceToken.objects.exists()


def test_officer_of_a_district_opens_tokens_there_only(province):
    person = GrantFactory(area=province.districts["901"], role=Role.HEALTH).user

    token, _ = opened(province, person, area=province.communes["90101"])

    assert token.area.code == "90101"
    with pytest.raises(TokenRefused):
        opened(province, person)


def test_neighbour_does_not_revoke(province, officer):
    token, secret = opened(province, officer)
    other = make_province("91", districts={"911": ["91101"]})
    neighbour = GrantFactory(area=other.area, role=Role.HEALTH).user

    with pytest.raises(TokenRefused):
        revoke_token(token=token, by=neighbour, at=AT)
    assert token_of(secret, AT) == token


@pytest.mark.parametrize(
    "wanted",
    [
        {"name": "  "},
        {"name": "x" * 121},
        {"expires_at": AT},
        {"expires_at": AT - timedelta(days=1)},
        {"expires_at": AT + LONGEST_LIFE + timedelta(seconds=1)},
    ],
)
def test_token_without_a_name_or_for_ever_is_refused(province, officer, wanted):
    with pytest.raises(TokenRefused):
        opened(province, officer, **wanted)
    assert not SourceToken.objects.exists()


def test_area_of_another_province_is_refused(province, officer):
    other = make_province("900", districts={"9001": ["900101"]})  # a code that begins like the province's
    GrantFactory(user=officer, area=other.area, role=Role.HEALTH)

    with pytest.raises(TokenRefused, match="không thuộc tỉnh"):
        opened(province, officer, area=other.area)
