import pytest

from arfollow.values.folding import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("BÄCKEREI  Ümit", "backerei umit"),
        ("Straße", "strasse"),
        ("Ljubljana d.o.o.", "ljubljana d.o.o."),
        ("ΟΔΟΣ", "οδοσ"),
        ("  C-1043\t", "c-1043"),
        ("１２３", "123"),
        ("", ""),
    ],
)
def test_folding_leaves_out_case_accents_and_width(text, folded):
    assert fold(text) == folded


def test_folding_twice_changes_nothing_more():
    assert fold(fold("İstanbul Çay")) == fold("İstanbul Çay")
