"""The closed lists of the risk map. Values are English, labels are the words of Decision 2686."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RiskLevel(models.IntegerChoices):
    """Risk levels of Decision 2686/QĐ-BCĐQG, ordered: a higher number is a higher risk.

    ``NO_DATA`` is not a level of the decision: the area never reported, or did not exist that day.
    """

    NO_DATA = 0, _("Chưa có số liệu")
    NEW_NORMAL = 1, _("Bình thường mới")
    ELEVATED = 2, _("Nguy cơ")
    HIGH = 3, _("Nguy cơ cao")
    VERY_HIGH = 4, _("Nguy cơ rất cao")

    @property
    def key(self) -> str:
        """The name used in the API, the exports and the style sheets."""
        return self.name.lower()


class SourcePolicy(models.TextChoices):
    """Which source wins where several report the same commune and day."""

    LARGEST = "largest", _("lấy số lớn nhất")
    PRIORITY = "priority", _("theo thứ tự ưu tiên của nguồn")


class FactKind(models.TextChoices):
    """Facts that are declared, not counted (Decision 2686), by the tier they speak about."""

    CROWDED_PLACE_SOURCE = "crowded_place_source", _("nguồn lây ở nơi tập trung đông người")
    ENTRY_OR_QUARANTINE_PRESSURE = (
        "entry_or_quarantine_pressure",
        _("áp lực nhập cảnh hoặc cách ly tập trung"),
    )
    UNCONTROLLED_SPREAD_OVER_HALF = (
        "uncontrolled_spread_over_half",
        _("nguồn lây khó kiểm soát, lan trên 50% số xã"),
    )
    UNCONTROLLED_SPREAD_OVER_FIFTH = (
        "uncontrolled_spread_over_fifth",
        _("nguồn lây khó kiểm soát, lan trên 20% số xã"),
    )
    CRITICAL_INDUSTRY_NEAR_UNCONTROLLED = (
        "critical_industry_near_uncontrolled",
        _("cơ sở sản xuất quan trọng giáp vùng khó kiểm soát"),
    )
    LARGE_OUTBREAK_BEYOND = "large_outbreak_beyond", _("ổ dịch lớn, lan ra ngoài tỉnh")


class FactState(models.TextChoices):
    """Where a declared fact stands on a day. It acts from its declaration on, also while it waits."""

    WAITING = "waiting", _("chờ xác nhận")
    IN_FORCE = "in_force", _("đang có hiệu lực")
    TO_COME = "to_come", _("chưa đến ngày")
    OVER = "over", _("đã hết")
    REFUSED = "refused", _("bị từ chối")


class DecisionState(models.TextChoices):
    """Where a decided level stands on a day. It acts from its confirmation by a second person on."""

    WAITING = "waiting", _("chờ người thứ hai")
    IN_FORCE = "in_force", _("đang có hiệu lực")
    TO_COME = "to_come", _("chưa đến ngày")
    EXPIRED = "expired", _("hết hạn")
    STOPPED = "stopped", _("đã dừng")
    REFUSED = "refused", _("không được đồng ý")


class BatchStatus(models.TextChoices):
    """How far a file of counts has come."""

    PREVIEWED = "previewed", _("đã xem trước")
    COMMITTED = "committed", _("đã ghi")
    UNDONE = "undone", _("đã hoàn tác")


class ReportStatus(models.TextChoices):
    """Where the report of a day stands between a district and Sở Y tế."""

    SENT = "sent", _("chờ duyệt")
    RETURNED = "returned", _("trả lại")
    ACCEPTED = "accepted", _("đã duyệt")


class ReportAct(models.TextChoices):
    """The steps a day's report takes."""

    SENT = "sent", _("gửi")
    RETURNED = "returned", _("trả lại")
    ACCEPTED = "accepted", _("duyệt")


class CorrectionStatus(models.TextChoices):
    """How far a correction that needs a second person has come."""

    WAITING = "waiting", _("chờ người thứ hai xác nhận")
    CONFIRMED = "confirmed", _("đã xác nhận, đã ghi sổ")
    REFUSED = "refused", _("không được đồng ý")
    WITHDRAWN = "withdrawn", _("người đề nghị đã rút")


class MapView(models.TextChoices):
    """Which of two truths of a day is shown."""

    PUBLISHED = "published", _("như đã công bố")
    KNOWN = "known", _("như biết hiện nay")


class FileFormat(models.TextChoices):
    """The files a map or its table leaves the portal as."""

    PDF = "pdf", "PDF"
    SVG = "svg", "SVG"
    PNG = "png", "PNG"
    XLSX = "xlsx", "XLSX"
    CSV = "csv", "CSV"
