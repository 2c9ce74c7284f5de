import re
from dataclasses import replace
from html import unescape

from arfollow.statements.email import filename, render_email
from tests.statements.builders import CREDITOR, letter, row, statement_of


def plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_text_and_html_claim_what_the_letter_claims():
    email = render_email(letter(channel="email"))

    assert email.subject == "Second reminder from ACME GmbH: EUR 1,130.50 overdue"
    for words in (email.text.replace("\N{NO-BREAK SPACE}", " "), plain(email.html)):
        for expected in (
            "Dear Ms Kaya,",
            "Please pay EUR 1,130.50 by 1 December 2026",
            "2026-0815",
            "of this disputed: 80.00",
            "DE02 1203 0000 0000 2020 51",
            "C-1043 / 2026-0815 / 2026-0838",
        ):
            assert expected in words


def test_styles_are_written_into_the_elements_and_nothing_is_loaded():
    html = render_email(letter()).html

    assert "<style" not in html
    assert 'style="' in html
    assert "src=" not in html
    assert "http" not in html


def test_a_pay_link_is_in_text_and_html_with_the_claim_filled_in():
    creditor = replace(CREDITOR, pay_link="https://pay.example.com/?for={reference}&of={amount}{currency}")

    email = render_email(letter(channel="email", creditor=creditor))

    link = "https://pay.example.com/?for=C-1043%20%2F%202026-0815%20%2F%202026-0838&of=1130.50EUR"
    assert f"Pay online: {link}" in email.text
    assert f'href="{link.replace("&", "&amp;")}"' in email.html


def test_a_name_is_text_and_no_markup():
    email = render_email(letter(statement=statement_of(row("<b>&1</b>")), customer_name="<i>x</i>"))

    assert "<b>" not in email.html
    assert "&lt;b&gt;&amp;1&lt;/b&gt;" in email.html
    assert "<b>&1</b>" in email.text


def test_figures_of_a_list_end_in_one_column():
    rows = [row("1", amount=100), row("2026-0815", amount=123456789)]

    lines = [
        line
        for line in render_email(letter(statement=statement_of(*rows))).text.splitlines()
        if " ... " in line or "...." in line
    ]

    assert len({len(line) for line in lines}) == 1


def test_a_german_mail_is_german_throughout():
    email = render_email(letter("de", "de_AT"))

    assert "Bitte zahlen Sie" in email.text
    assert not re.search(r"\b(Please|Overdue|Due|Invoice|regards)\b", email.text + plain(email.html))


def test_a_file_name_holds_no_folder():
    facts = replace(letter(), title="../Reminder: 1/2", customer_number="C\\1")

    assert filename(facts) == "..-Reminder- 1-2 C-1 2026-11-21.pdf"
