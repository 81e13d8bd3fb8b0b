"""Areas and people for tests: nothing is drawn by chance, everything can be overruled."""

from datetime import UTC, date, datetime

import factory

from core.enums import AreaKind, Role
from core.models import Area, Grant, User
from core.people import system_user
from core.vietnamese import fold, sort_key

PASSWORD = "lua-vang-dong-xanh"
LONG_AGO = date(2021, 1, 1)


class AreaFactory(factory.django.DjangoModelFactory):
    """A province; ``parent=…`` makes the next tier down."""

    class Meta:
        model = Area

    code = factory.Sequence(lambda number: f"{number + 100}")
    name = factory.Sequence(lambda number: f"Đơn vị {number + 1}")
    parent = None
    type_word = "Đơn vị"
    valid_from = LONG_AGO
    legal_basis = "Nghị quyết thử"
    sort_key = factory.LazyAttribute(lambda area: sort_key(area.name))
    search_text = factory.LazyAttribute(lambda area: fold(area.name))

    @factory.lazy_attribute
    def kind(self):
        tiers = list(AreaKind)
        return tiers[tiers.index(AreaKind(self.parent.kind)) + 1] if self.parent else AreaKind.PROVINCE

    @factory.lazy_attribute
    def path(self):
        return f"{self.parent.path}/{self.code}" if self.parent else self.code


class UserFactory(factory.django.DjangoModelFactory):
    """A person with ``PASSWORD`` and no grants."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda number: f"can-bo-{number + 1}")
    full_name = factory.Sequence(lambda number: f"Nguyễn Văn {number + 1}")
    password = factory.django.Password(PASSWORD)


class GrantFactory(factory.django.DjangoModelFactory):
    """An administrator's grant over a province of its own, in force from ``LONG_AGO`` on."""

    class Meta:
        model = Grant

    user = factory.SubFactory(UserFactory)
    role = Role.ADMINISTRATOR
    area = factory.SubFactory(AreaFactory)
    valid_from = LONG_AGO
    granted_by = factory.LazyFunction(system_user)
    granted_at = datetime(2021, 1, 1, tzinfo=UTC)
