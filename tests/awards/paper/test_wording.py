"""How the papers name people and say reasons."""

import pytest

from awards.paper.wording import grounds_of, post_and_unit


@pytest.mark.parametrize(("post", "unit", "said"), [
    ("Trưởng thôn Lương Cách, xã Hộ Hải", "Xã Hộ Hải", "Trưởng thôn Lương Cách, xã Hộ Hải"),
    ("Trưởng thôn Lương Cách", "Xã Hộ Hải", "Trưởng thôn Lương Cách, Xã Hộ Hải"),
    ("Y tá, Trạm Y tế Xã Hộ Hải", "Xã Hộ Hải", "Y tá, Trạm Y tế Xã Hộ Hải"),
])  # fmt: skip
def test_unit_stands_once_beside_a_post(post, unit, said):
    assert post_and_unit(post, unit) == said


def test_article_stands_once_where_two_awards_rest_on_it():
    of_collective = "Điều 79 Luật A; điểm c khoản 1, khoản 2 Điều 73 Nghị định B"
    of_person = "Điều 79 Luật A; điểm c khoản 1 Điều 73 Nghị định B"

    assert grounds_of([of_person, of_collective, "", of_person]) == of_collective
    assert grounds_of([of_person]) == of_person
    assert grounds_of([]) == ""
