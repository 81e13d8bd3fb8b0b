"""How the papers name people and say reasons."""

import pytest

from awards.paper.wording import post_and_unit


@pytest.mark.parametrize(("post", "unit", "said"), [
    ("Trưởng thôn Lương Cách, xã Hộ Hải", "Xã Hộ Hải", "Trưởng thôn Lương Cách, xã Hộ Hải"),
    ("Trưởng thôn Lương Cách", "Xã Hộ Hải", "Trưởng thôn Lương Cách, Xã Hộ Hải"),
    ("Y tá, Trạm Y tế Xã Hộ Hải", "Xã Hộ Hải", "Y tá, Trạm Y tế Xã Hộ Hải"),
])  # fmt: skip
def test_unit_stands_once_beside_a_post(post, unit, said):
    assert post_and_unit(post, unit) == said
