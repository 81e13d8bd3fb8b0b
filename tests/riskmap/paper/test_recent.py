"""Recent: what was made is not made again, and the memory it takes has an end."""

from riskmap.paper.recent import Recent


def test_file_is_made_once_and_the_least_recently_used_is_given_up():
    made = []
    recent = Recent(most_bytes=8)

    def get(key):
        return recent.get_or_make(key, lambda: made.append(key) or key.encode() * 4)

    assert [get(key) for key in "abaca"] == [b"aaaa", b"bbbb", b"aaaa", b"cccc", b"aaaa"]
    assert made == ["a", "b", "c"]
    get("b")
    assert made == ["a", "b", "c", "b"]


def test_file_larger_than_the_memory_is_handed_over_all_the_same():
    recent = Recent(most_bytes=1)

    assert recent.get_or_make("a", lambda: b"aaaa") == b"aaaa"
    assert recent.get_or_make("a", lambda: b"bbbb") == b"bbbb"
