"""The closed lists of the ground floor. Values are English, labels are the official words."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AreaKind(models.TextChoices):
    """The tiers of administrative units, from the top down."""

    PROVINCE = "province", _("tỉnh, thành phố trực thuộc trung ương")
    DISTRICT = "district", _("huyện, quận, thị xã, thành phố")
    COMMUNE = "commune", _("xã, phường, thị trấn")
    HAMLET = "hamlet", _("thôn, khu phố, ấp")


class Role(models.TextChoices):
    """What a person is trusted with, over an area and everything below it."""

    VIEWER = "viewer", _("Lãnh đạo, cán bộ theo dõi")
    COMMUNE_STAFF = "commune_staff", _("Cán bộ cấp xã")
    DISTRICT_STAFF = "district_staff", _("Cán bộ cấp huyện")
    HEALTH = "health", _("Sở Y tế")
    HOME_AFFAIRS = "home_affairs", _("Sở Nội vụ")
    OPERATOR = "operator", _("Sở Thông tin và Truyền thông")
    CHAIRMAN_OFFICE = "chairman_office", _("Văn phòng Chủ tịch UBND tỉnh")
    ADMINISTRATOR = "administrator", _("Quản trị hệ thống")


class FileKind(models.TextChoices):
    """What a file that somebody handed in is."""

    DOCUMENT = "document", _("văn bản")
    PHOTO = "photo", _("ảnh")
