import pytest
from hypothesis import given
from hypothesis import strategies as st

from arfollow.values.texts import asks_to_stop, parts_of, word_of


@pytest.mark.parametrize(
    ("text", "encoding", "parts"),
    [
        ("", "GSM-7", 0),
        ("a" * 160, "GSM-7", 1),
        ("a" * 161, "GSM-7", 2),
        ("a" * 306, "GSM-7", 2),
        ("a" * 307, "GSM-7", 3),
        ("€" * 80, "GSM-7", 1),
        ("€" * 81, "GSM-7", 2),
        # A character of two units does not fit into the one that is left of a part of 153.
        ("a" * 152 + "€" + "a" * 152, "GSM-7", 3),
        ("Grüße aus Köln", "GSM-7", 1),
        ("ê" * 70, "UCS-2", 1),
        ("ê" * 71, "UCS-2", 2),
        ("😀" * 35, "UCS-2", 1),
        ("😀" * 36, "UCS-2", 2),
        ("😀" * 67, "UCS-2", 3),
    ],
)
def test_a_text_travels_in_parts(text, encoding, parts):
    assert parts_of(text) == (encoding, parts)


@given(st.text(max_size=400), st.text(max_size=10))
def test_more_text_never_takes_fewer_parts(text, more):
    assert parts_of(text + more).parts >= parts_of(text).parts


@pytest.mark.parametrize(
    ("text", "word"), [("LEARN please", "learn"), ("  Ja!", "ja"), ("ÉTÉ", "été"), ("…", ""), ("", "")]
)
def test_a_text_begins_with_a_word(text, word):
    assert word_of(text) == word


@pytest.mark.parametrize("text", ["STOP", " stopp. ", "ARRÊT", "arret", "Arrêter!", "Abmelden"])
def test_a_word_alone_stops_texts(text):
    assert asks_to_stop(text)


@pytest.mark.parametrize("text", ["", "Do not stop", "Stop it", "bus stop", "ja"])
def test_other_words_stop_nothing(text):
    assert not asks_to_stop(text)
