"""What can be permitted, and which role carries which permission: data, read by ``core.access``."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.enums import Role


class Permission(models.TextChoices):
    """Everything that is not open to the public. The label says in one line what it opens."""

    VIEW_WORKING = (
        "view_working",
        _("Xem số liệu đang làm: tệp đã nhập, dòng bị từ chối, số ca của từng nguồn"),
    )
    ENTER_COUNTS = "enter_counts", _("Nhập, gửi và đính chính số ca mắc mới: từng ô, theo tệp")
    ACCEPT_COUNTS = (
        "accept_counts",
        _("Duyệt hoặc trả lại số liệu ngày, cho phép sửa ngày đã khóa, xác nhận đính chính của người khác"),
    )
    CHOOSE_SOURCE = "choose_source", _("Chọn nguồn số liệu khác với quy ước của tỉnh, kèm lý do")
    MANAGE_SOURCES = (
        "manage_sources",
        _("Xếp thứ tự nguồn số liệu, cấp và thu hồi khóa của hệ thống gửi số liệu tự động"),
    )
    DECLARE_FACT = "declare_fact", _("Khai báo yếu tố dịch tễ không phải là con số, kèm số văn bản")
    DECIDE_LEVEL = (
        "decide_level",
        _("Quyết định mức độ nguy cơ khác mức tính được, có thời hạn; xác nhận quyết định của người khác"),
    )
    REASSESS = "reassess", _("Yêu cầu tính lại mức độ nguy cơ")
    PUBLISH = "publish", _("Công bố bản đồ của tỉnh ngoài giờ chốt hằng ngày")
    MANAGE_CAMPAIGNS = (
        "manage_campaigns",
        _("Lập và sửa kế hoạch thi đua: các đợt, đối tượng, điều kiện, hạn gửi hồ sơ"),
    )
    REGISTER_UNITS = (
        "register_units",
        _(
            "Lập danh sách đơn vị, đăng ký thi đua, tự đánh giá điều kiện vùng xanh, ghi nhật ký, "
            "trả lời kiến nghị sau kiểm tra"
        ),
    )
    ENTER_PLEDGES = "enter_pledges", _("Nhập số hộ, cơ quan, doanh nghiệp, cơ sở sản xuất đã cam kết")
    CONFIRM_REGISTRATIONS = (
        "confirm_registrations",
        _("Xác nhận, trả lại, tạm dừng đăng ký của cấp dưới; kiểm tra điều kiện vùng xanh, duyệt nhật ký"),
    )
    MODERATE_FEEDBACK = "moderate_feedback", _("Xem, trả lời và công khai phản ánh của người dân")
    INSPECT = "inspect", _("Lập kế hoạch kiểm tra, ghi kết quả và theo dõi việc khắc phục")
    PREPARE_DOSSIERS = "prepare_dossiers", _("Đề cử và soạn hồ sơ đề nghị khen thưởng của địa bàn mình")
    SUBMIT_DOSSIERS = "submit_dossiers", _("Nộp, rút hồ sơ đề nghị khen thưởng của địa bàn mình")
    REVIEW_DOSSIERS = (
        "review_dossiers",
        _("Thẩm định hồ sơ, chấm điểm, quyết định danh sách xét khen, lập tờ trình Chủ tịch UBND tỉnh"),
    )
    ISSUE_PERMITS = "issue_permits", _("Cho một địa bàn nộp hồ sơ muộn một lần, kèm lý do")
    GIVE_OPINIONS = "give_opinions", _("Cho ý kiến của Sở Y tế về các đối tượng đề nghị khen")
    ENTER_DECISIONS = (
        "enter_decisions",
        _("Nhận tờ trình ở Văn phòng, ghi quyết định khen thưởng đã ký, đính chính bằng quyết định khác"),
    )
    MANAGE_GRANTS = "manage_grants", _("Mở tài khoản, giao và kết thúc phân quyền")


ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.VIEWER: frozenset({Permission.VIEW_WORKING}),
    Role.COMMUNE_STAFF: frozenset(
        {
            Permission.VIEW_WORKING,
            Permission.ENTER_COUNTS,
            Permission.REGISTER_UNITS,
            Permission.ENTER_PLEDGES,
            Permission.PREPARE_DOSSIERS,
        }
    ),
    Role.DISTRICT_STAFF: frozenset(
        {
            Permission.VIEW_WORKING,
            Permission.ENTER_COUNTS,
            Permission.REGISTER_UNITS,
            Permission.ENTER_PLEDGES,
            Permission.CONFIRM_REGISTRATIONS,
            Permission.MODERATE_FEEDBACK,
            Permission.PREPARE_DOSSIERS,
            Permission.SUBMIT_DOSSIERS,
        }
    ),
    Role.HEALTH: frozenset(
        {
            Permission.VIEW_WORKING,
            Permission.ENTER_COUNTS,
            Permission.ACCEPT_COUNTS,
            Permission.CHOOSE_SOURCE,
            Permission.MANAGE_SOURCES,
            Permission.DECLARE_FACT,
            Permission.DECIDE_LEVEL,
            Permission.REASSESS,
            Permission.PUBLISH,
            Permission.INSPECT,
            Permission.GIVE_OPINIONS,
        }
    ),
    Role.HOME_AFFAIRS: frozenset(
        {
            Permission.VIEW_WORKING,
            Permission.MANAGE_CAMPAIGNS,
            Permission.REGISTER_UNITS,
            Permission.CONFIRM_REGISTRATIONS,
            Permission.MODERATE_FEEDBACK,
            Permission.INSPECT,
            Permission.PREPARE_DOSSIERS,
            Permission.SUBMIT_DOSSIERS,
            Permission.REVIEW_DOSSIERS,
            Permission.ISSUE_PERMITS,
        }
    ),
    Role.OPERATOR: frozenset({Permission.VIEW_WORKING, Permission.REASSESS}),
    Role.CHAIRMAN_OFFICE: frozenset({Permission.VIEW_WORKING, Permission.ENTER_DECISIONS}),
    Role.ADMINISTRATOR: frozenset({Permission.VIEW_WORKING, Permission.MANAGE_GRANTS}),
}

ROLE_DESCRIPTIONS = {
    Role.VIEWER: _("Xem số liệu đang làm trên địa bàn, không ghi gì."),
    Role.COMMUNE_STAFF: _(
        "Nhập, gửi và đính chính số ca của xã, phường, thị trấn mình; đăng ký thi đua, nhập số cam kết."
    ),
    Role.DISTRICT_STAFF: _(
        "Nhập, gửi và đính chính số ca của các xã trong huyện; đăng ký thi đua, xác nhận đăng ký của cấp xã, "
        "trả lời phản ánh."
    ),
    Role.HEALTH: _(
        "Duyệt số ca các huyện gửi, chọn nguồn, khai báo yếu tố dịch tễ, quyết định mức độ nguy cơ, "
        "công bố bản đồ, kiểm tra ở địa bàn."
    ),
    Role.HOME_AFFAIRS: _(
        "Lập và sửa kế hoạch thi đua, xác nhận đăng ký, kiểm tra ở địa bàn, "
        "xem số liệu đang làm để thẩm định."
    ),
    Role.OPERATOR: _("Theo dõi vận hành, yêu cầu tính lại mức độ nguy cơ."),
    Role.CHAIRMAN_OFFICE: _("Xem số liệu đang làm để trình Chủ tịch UBND tỉnh."),
    Role.ADMINISTRATOR: _("Mở tài khoản, giao và kết thúc phân quyền trên địa bàn."),
}


def rights_of_roles() -> list[tuple[str, list[str]]]:
    """Each role's name and what its permissions open, in the order of ``Role`` and ``Permission``."""
    return [
        (role.label, [each.label for each in Permission if each in ROLE_PERMISSIONS[role]]) for role in Role
    ]


def roles_with(permission: Permission) -> list[Role]:
    """The roles that carry ``permission``, in the order of ``Role``."""
    return [role for role in Role if permission in ROLE_PERMISSIONS[role]]
