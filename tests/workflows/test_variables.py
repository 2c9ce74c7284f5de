import pytest

from arfollow.workflows.rules.definition import Definition, Kind, Trigger
from arfollow.workflows.variables import problems_in, render, spoken
from tests.workflows.walking import step


def said(subject, text, kind=Kind.EMAIL, **settings):
    words = {"en": {"subject": subject, "text": text}}
    mail = step("mail", kind, words=words, **settings)
    made = Definition(
        name="Test", trigger=Trigger(kind="by_hand"), route=(mail,), values={"coupon": "BACK10"}
    )
    return [problem.words for problem in problems_in(made)]


@pytest.mark.parametrize(
    "text",
    [
        "{{ salutation }} {{ pay_link }}",
        "{{ field.lease_start }}, {{ event.replied.text }}, {{ answer.visit.score }}",
        "{{ value.coupon }}",
        "{% if oldest_days > 3 %}late{% endif %}",
    ],
)
def test_known_variables_can_be_used(text):
    assert said("Hello", text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{{ level_name }}", "Text, language en: There is no variable “level_name”."),
        ("{{ value.code }}", "Text, language en: There is no variable “value.code”."),
        ("{{ field }}", "Text, language en: There is no variable “field”."),
        ("{{ event.replied }}", "Text, language en: There is no variable “event.replied”."),
        ("{% for x in y %}", "Text, language en: There is no tag “for”; there are if"),
    ],
)
def test_what_cannot_be_used_is_named(text, words):
    assert said("Hello", text)[0].startswith(words)


def test_a_subject_is_one_line():
    assert said("Two\nlines", "Text") == ["Subject, language en: This has to be a single line."]


def test_marketing_by_e_mail_says_how_to_stop_it():
    assert said("Offer", "Buy!", purpose="marketing") == [
        "The text in the language en has to contain unsubscribe_link."
    ]
    assert said("Offer", "Buy! {{ unsubscribe_link }}", purpose="marketing") == []


def test_a_survey_that_is_asked_can_be_opened():
    assert said("Please", "Tell us", kind=Kind.SURVEY, survey="visit") == [
        "The text in the language en has to contain survey_link."
    ]
    assert said("Please", "{{ survey_link }}", kind=Kind.SURVEY, survey="visit") == []


def test_what_is_not_known_of_a_customer_is_empty():
    text = "{{ customer_name }}: {{ field.bicycle | default: 'none' }}, {{ field.colour }}{{ value.x }}"

    assert render(text, {"customer_name": "Kaya", "field.colour": "red"}) == "Kaya: none, red"


@pytest.mark.parametrize(
    ("language", "words"),
    [("de", "Hallo"), ("de-AT", "Hallo"), ("de_CH", "Hallo"), ("en", "Hello"), ("it", "Hello")],
)
def test_words_are_in_the_language_or_the_next_best(language, words):
    settings = {"words": {"fr": {"text": "Salut"}, "de": {"text": "Hallo"}, "en": {"text": "Hello"}}}

    assert spoken(settings, language) == {"text": words}


def test_words_in_few_languages_are_better_than_none():
    assert spoken({"words": {"fr": {"text": "Salut"}}}, "de") == {"text": "Salut"}
    assert spoken({}, "de") == {}
