from dataclasses import replace

import pytest

from arfollow.statements.glyphs import letter_texts, listed, unprintable
from tests.statements.builders import letter, row, statement_of


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Bäckerei Ümit, Łódź, Ştefan, Đặng, ß ẞ",
        "Αθήνα Привет Ђорђе Київ",
        "שלום مرحبا ไทย ქართული हिन्दी Հայերեն",
        "1.234,56 € ₽ ₴ – “x” … №",
        "e\u0301 combined, zero\u200bwidth, no\u00a0break",
        "lines\nand\ttabs",
    ],
)
def test_what_the_fonts_have_is_printable(text):
    assert unprintable([text]) == ()


@pytest.mark.parametrize(
    ("text", "characters"),
    [
        ("王小明 王", ("王", "小", "明")),
        ("株式会社テスト", ("株", "式", "会", "社", "テ", "ス", "ト")),
        ("Best 😀 shop", ("😀",)),
        ("bell\x07", ("\x07",)),
        ("\ue000", ("\ue000",)),
    ],
)
def test_what_they_lack_is_named_once(text, characters):
    assert unprintable(["ASCII only", text, text]) == characters


def test_a_list_of_them_can_be_read():
    assert listed(("王", "\x07")) == "王 U+0007"
    assert listed("一二三四五六七八九") == "一 二 三 四 五 六 七 八 …"


@pytest.mark.parametrize(
    "changes",
    [
        {"address": ("王",)},
        {"customer_name": "王"},
        {"paragraphs": ("Dear 王",)},
        {"statement": statement_of(row("王-1"))},
        {"statement": statement_of(row(reference="王"))},
    ],
)
def test_every_part_of_a_letter_that_people_wrote_is_looked_at(changes):
    facts = letter()

    assert unprintable(letter_texts(facts)) == ()
    assert unprintable(letter_texts(replace(facts, **changes))) == ("王",)
