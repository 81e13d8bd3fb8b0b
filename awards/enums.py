"""The closed lists of the awards. Values are English, labels are the words of the law and the offices."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ShortlistStage(models.TextChoices):
    """When a shortlist was made: only the last of them is final."""

    BY_HAND = "by_hand", _("lập thử trước hạn")
    DEADLINE = "deadline", _("tạm thời, tại hạn gửi hồ sơ")
    END = "end", _("kiểm tra lại khi đợt kết thúc")


class CandidateDecision(models.TextChoices):
    """What Sở Nội vụ decides of a candidate at the re-check."""

    KEPT = "kept", _("giữ trong danh sách")
    WITHDRAWN = "withdrawn", _("rút khỏi danh sách")


class DossierStatus(models.TextChoices):
    """How far a dossier has come; the steps between are ``awards.workflow``."""

    DRAFT = "draft", _("đang soạn")
    SUBMITTED = "submitted", _("đã nộp, chờ thẩm định")
    IN_REVIEW = "in_review", _("đang thẩm định")
    RETURNED = "returned", _("trả lại để bổ sung")
    REVIEWED = "reviewed", _("đã thẩm định")
    WITHDRAWN = "withdrawn", _("đã rút")
    DECIDED = "decided", _("đã có quyết định")


class DossierAct(models.TextChoices):
    """The steps a dossier takes."""

    OPEN = "open", _("mở hồ sơ")
    SUBMIT = "submit", _("nộp")
    TAKE_UP = "take_up", _("nhận thẩm định")
    RETURN = "return", _("trả lại để bổ sung")
    FINISH = "finish", _("thẩm định xong")
    REOPEN = "reopen", _("thẩm định lại")
    WITHDRAW = "withdraw", _("rút hồ sơ")
    RESTORE = "restore", _("soạn lại hồ sơ đã rút")
    DECIDE = "decide", _("có quyết định")


class ItemKind(models.TextChoices):
    """The papers of a dossier under the simplified procedure."""

    SUBMISSION = "submission", _("tờ trình")
    LIST = "list", _("danh sách kèm theo")
    SUMMARY = "summary", _("báo cáo tóm tắt thành tích")
    ATTACHMENT = "attachment", _("tài liệu kèm theo")


class ItemState(models.TextChoices):
    """How far a paper has come; derived, never stored."""

    UNOPENED = "unopened", _("chưa mở")
    BEGUN = "begun", _("đang làm")
    LACKING = "lacking", _("thiếu")
    COMPLETE = "complete", _("đủ")


class SummaryForm(models.TextChoices):
    """Which form of the annex to Decree 91/2017 a summary follows."""

    FORM_06 = "06", _("mẫu số 06: thành tích xuất sắc đột xuất")
    FORM_07 = "07", _("mẫu số 07: theo đợt thi đua hoặc chuyên đề")


class NomineeStatus(models.TextChoices):
    """Where a nominee stands."""

    PROPOSED = "proposed", _("được đề nghị")
    WITHDRAWN = "withdrawn", _("rút đề nghị")
    PASSED = "passed", _("đủ điều kiện")
    FAILED = "failed", _("không đủ điều kiện")
    AWARDED = "awarded", _("được khen")
    NOT_AWARDED = "not_awarded", _("không được khen")


class Verdict(models.TextChoices):
    """What Sở Y tế says of a nominee."""

    AGREE = "agree", _("đồng ý")
    DISAGREE = "disagree", _("không đồng ý")
    NOTE = "note", _("có ý kiến")


class Vote(models.TextChoices):
    """What a ballot says of a nominee."""

    FOR = "for", _("tán thành")
    AGAINST = "against", _("không tán thành")
    BLANK = "blank", _("không có ý kiến")


class CountedOf(models.TextChoices):
    """Of whom the share of votes for a nominee is taken."""

    MEMBERS = "members", _("tổng số thành viên hội đồng")
    PRESENT = "present", _("số thành viên có mặt")


class NominationStatus(models.TextChoices):
    """What became of a person whom a unit nominated."""

    WAITING = "waiting", _("chờ cấp huyện xem")
    TAKEN = "taken", _("đã đưa vào hồ sơ")
    DECLINED = "declined", _("không đưa vào hồ sơ")
    WITHDRAWN = "withdrawn", _("đơn vị rút đề cử")


class PaperKind(models.TextChoices):
    """The papers of a phase that an office may set by a template of its own."""

    SUBMISSION = "submission", _("tờ trình của địa bàn")
    SUMMARY = "summary", _("báo cáo tóm tắt thành tích")
    OPINION_SLIP = "slip", _("phiếu lấy ý kiến")
    MINUTES = "minutes", _("biên bản họp hội đồng")
    PROPOSAL = "proposal", _("tờ trình Chủ tịch")
    DECISION = "decision", _("quyết định khen thưởng")
    NOTICE = "notice", _("thông báo kết quả")
    REPORT = "report", _("báo cáo sơ kết")


class ProposalStatus(models.TextChoices):
    """How far the list for the chairman has come."""

    DRAFT = "draft", _("đang lập")
    APPROVED = "approved", _("đã duyệt ở Sở Nội vụ")
    SENT = "sent", _("đã trình Chủ tịch UBND tỉnh")
    RETURNED = "returned", _("Văn phòng trả lại")
    DECIDED = "decided", _("đã có quyết định")
