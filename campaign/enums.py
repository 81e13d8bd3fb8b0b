"""The closed lists of a campaign. Values are English, labels are the words of the plans."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.enums import AreaKind


class SetBy(models.TextChoices):
    """Whose word a date or an order is: the plan's own, or the office's where the plan is silent."""

    PLAN = "plan", _("kế hoạch ghi")
    OFFICE = "office", _("kế hoạch không ghi, Sở Nội vụ đặt")


class GroupKind(models.TextChoices):
    """Who competes: the three tiers of areas, and the seven kinds of organisations a plan may name."""

    HAMLET = "hamlet", _("thôn, khu phố, ấp")
    COMMUNE = "commune", _("xã, phường, thị trấn")
    DISTRICT = "district", _("huyện, quận, thị xã, thành phố")
    PARTY_AND_STATE = "party_and_state", _("cơ quan Đảng, Nhà nước")
    FATHERLAND_FRONT = "fatherland_front", _("Ủy ban Mặt trận Tổ quốc Việt Nam")
    POLITICAL_SOCIAL = "political_social", _("đoàn thể, tổ chức chính trị - xã hội")
    SOCIAL_PROFESSIONAL = "social_professional", _("tổ chức xã hội - nghề nghiệp")
    AGENCY = "agency", _("cơ quan, đơn vị")
    ENTERPRISE = "enterprise", _("doanh nghiệp thuộc các thành phần kinh tế")
    ARMED_FORCES = "armed_forces", _("lực lượng vũ trang nhân dân")

    @property
    def area_kind(self) -> AreaKind | None:
        """The tier of areas that competes; ``None`` for organisations, which are seated in an area."""
        return AreaKind(self.value) if self.value in AreaKind.values else None


class Recipient(models.TextChoices):
    """To whom an award is given."""

    COLLECTIVE = "collective", _("tập thể")
    PERSON = "person", _("cá nhân")


class ScoringFact(models.TextChoices):
    """What units are put in order by, as ``campaign.scoring`` knows it; the label says which goes first."""

    STEPS_LOWERED = "steps_lowered", _("giảm được nhiều bậc màu hơn")
    DAYS_TO_GREEN = "days_to_green", _("về xanh sau ít ngày hơn")
    DAYS_FROM_VERY_HIGH = "days_from_very_high", _("từ đỏ về xanh trong ít ngày hơn")
    DAYS_GREEN = "days_green", _("giữ xanh nhiều ngày hơn")
    LONGEST_GREEN = "longest_green", _("có thời gian xanh liền nhau dài hơn")
    GREEN_RUN = "green_run", _("đang xanh liền nhiều ngày hơn vào cuối đợt")
    RELAPSES = "relapses", _("ít lần tái phát hơn")
    CLIMBS = "climbs", _("ít lần lên mức nguy cơ cao hơn")
    LEVEL_AT_END = "level_at_end", _("mức cuối đợt thấp hơn")
    LOWEST_LEVEL = "lowest_level", _("từng xuống được mức thấp hơn")
    CASES_PER_100K = "cases_per_100k", _("ít F0 trên 100.000 dân hơn")
    CASES = "cases", _("ít F0 hơn")
    PROVISIONAL_DAYS = "provisional_days", _("ít ngày tạm tính do thiếu báo cáo hơn")
    TARGET_MET = "target_met", _("đạt mục tiêu đã đăng ký")


class ScoringRole(models.TextChoices):
    """Whether a fact makes the order, or only parts those who are equal by it."""

    ORDER = "order", _("xếp thứ tự")
    TIE = "tie", _("khi bằng nhau")


class AwardLaw(models.TextChoices):
    """The law under which a campaign commends; what it says is in ``awards.law``."""

    DECREE_91_2017 = "nd_91_2017", _("Luật Thi đua, khen thưởng 2003 và Nghị định 91/2017/NĐ-CP")


class RegistrationStatus(models.TextChoices):
    """How far a registration has come. Only a confirmed one competes."""

    DRAFT = "draft", _("đang soạn")
    SUBMITTED = "submitted", _("chờ xác nhận")
    RETURNED = "returned", _("trả lại để bổ sung")
    CONFIRMED = "confirmed", _("đã xác nhận")
    SUSPENDED = "suspended", _("tạm dừng")
    WITHDRAWN = "withdrawn", _("đã rút")


class RegistrationAct(models.TextChoices):
    """The steps a registration takes; see ``campaign.registrations``."""

    OPENED = "opened", _("soạn")
    CHANGED = "changed", _("sửa")
    SUBMITTED = "submitted", _("gửi")
    RETURNED = "returned", _("trả lại")
    CONFIRMED = "confirmed", _("xác nhận")
    SUSPENDED = "suspended", _("tạm dừng")
    RESUMED = "resumed", _("cho tiếp tục")
    WITHDRAWN = "withdrawn", _("rút")
    REOPENED = "reopened", _("soạn lại")


class PledgeKind(models.TextChoices):
    """Who signs a pledge; counted, never named."""

    HOUSEHOLD = "household", _("hộ gia đình")
    AGENCY = "agency", _("cơ quan, đơn vị")
    ENTERPRISE = "enterprise", _("doanh nghiệp")
    PRODUCTION_SITE = "production_site", _("cơ sở sản xuất, kinh doanh")


class AnswerStage(models.TextChoices):
    """Whose word on a condition it is."""

    SELF = "self", _("đơn vị tự đánh giá")
    CHECK = "check", _("cấp trên kiểm tra")


class RecognitionEnd(models.TextChoices):
    """Why a green zone is recognised no more."""

    COLOUR = "colour", _("không còn xanh")
    CONDITION = "condition", _("không còn đủ điều kiện")
    UNIT = "unit", _("đơn vị không còn thi đua")


class FeedbackKind(models.TextChoices):
    """What people write about."""

    BREACH = "breach", _("phản ánh vi phạm")
    PRAISE = "praise", _("khen cách làm hay")


class FeedbackStatus(models.TextChoices):
    """How far the answer to what people wrote has come."""

    RECEIVED = "received", _("mới nhận")
    ANSWERED = "answered", _("đã trả lời")
    SET_ASIDE = "set_aside", _("không xử lý")


class InspectionStatus(models.TextChoices):
    """How far an inspection has come."""

    PLANNED = "planned", _("theo kế hoạch")
    VISITED = "visited", _("đã kiểm tra")
    CANCELLED = "cancelled", _("đã hủy")


class FollowUpAct(models.TextChoices):
    """The steps of putting something right; see ``campaign.follow_ups``."""

    ASKED = "asked", _("kiến nghị")
    ANSWERED = "answered", _("báo cáo khắc phục")
    CLOSED = "closed", _("xác nhận xong")
    REOPENED = "reopened", _("mở lại")


class DiaryStatus(models.TextChoices):
    """How far an entry of a unit's diary has come. Only an approved one is public."""

    DRAFT = "draft", _("đang soạn")
    SUBMITTED = "submitted", _("chờ duyệt")
    RETURNED = "returned", _("trả lại để sửa")
    APPROVED = "approved", _("đã duyệt")
    TAKEN_DOWN = "taken_down", _("đã gỡ")
