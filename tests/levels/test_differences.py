from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from arfollow.levels.differences import differences
from arfollow.levels.drafts import WordingDraft

WORDS = WordingDraft(
    email_subject="Hi", email_body="Please pay {{ total_due }} soon.", letter_title="T", letter_body="B"
)
TEXTS = st.text(st.sampled_from("ab {}%.\n"), max_size=30)


def changed(pieces):
    return [piece.text for piece in pieces if piece.is_changed]


def test_only_the_words_that_changed_are_marked():
    after = replace(WORDS, email_body="Please pay {{ overdue_total }} soon.")

    found = {each.field: each for each in differences(WORDS, after)}

    assert changed(found["email_body"].before) == ["{{ total_due }}"]
    assert changed(found["email_body"].after) == ["{{ overdue_total }}"]
    assert [name for name, each in found.items() if each.is_changed] == ["email_body"]


@given(TEXTS, TEXTS)
def test_the_pieces_of_a_side_are_its_text(before, after):
    found = differences(replace(WORDS, email_body=before), replace(WORDS, email_body=after))[1]

    assert "".join(piece.text for piece in found.before) == before
    assert "".join(piece.text for piece in found.after) == after
    assert found.is_changed == (before != after)
