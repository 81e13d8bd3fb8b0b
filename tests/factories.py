"""Areas and people for tests. Nothing is made that the test did not ask for, except what must be there."""

from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from core.enums import AreaKind, Role
from core.models import Area, Grant, User
from core.people import system_user
from core.vietnamese import fold, sort_key

PASSWORD = "lua-vang-dong-xanh"


class AreaFactory(DjangoModelFactory):
    class Meta:
        model = Area
        abstract = True

    path = factory.LazyAttribute(lambda area: f"{area.parent.path}/{area.code}" if area.parent else area.code)
    valid_from = date(2021, 1, 1)
    sort_key = factory.LazyAttribute(lambda area: sort_key(area.name))
    search_text = factory.LazyAttribute(lambda area: fold(area.name))


class ProvinceFactory(AreaFactory):
    code = factory.Sequence(lambda n: f"P{n:02d}")
    name = factory.Sequence(lambda n: f"Tỉnh Số {n}")
    kind = AreaKind.PROVINCE
    type_word = "Tỉnh"
    parent = None


class DistrictFactory(AreaFactory):
    code = factory.Sequence(lambda n: f"D{n:03d}")
    name = factory.Sequence(lambda n: f"Huyện Số {n}")
    kind = AreaKind.DISTRICT
    type_word = "Huyện"
    parent = factory.SubFactory(ProvinceFactory)


class CommuneFactory(AreaFactory):
    code = factory.Sequence(lambda n: f"C{n:05d}")
    name = factory.Sequence(lambda n: f"Xã Số {n}")
    kind = AreaKind.COMMUNE
    type_word = "Xã"
    parent = factory.SubFactory(DistrictFactory)


class HamletFactory(AreaFactory):
    code = factory.Sequence(lambda n: f"H{n:07d}")
    name = factory.Sequence(lambda n: f"Thôn {n}")
    kind = AreaKind.HAMLET
    type_word = "Thôn"
    parent = factory.SubFactory(CommuneFactory)


class UserFactory(DjangoModelFactory):
    """A person with ``PASSWORD`` and no grants."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"nguoi-{n}")
    full_name = factory.Sequence(lambda n: f"Nguyễn Văn {n}")
    password = factory.django.Password(PASSWORD)


class GrantFactory(DjangoModelFactory):
    """An administrator's grant over a province of its own, in force since long ago."""

    class Meta:
        model = Grant

    user = factory.SubFactory(UserFactory)
    role = Role.ADMINISTRATOR
    area = factory.SubFactory(ProvinceFactory)
    valid_from = date(2021, 1, 1)
    granted_by = factory.LazyFunction(system_user)
    granted_at = datetime(2021, 1, 1, tzinfo=UTC)
