import pytest

from arfollow.access import Role
from tests.fixtures.apps import PASSWORD

NEW = "a much better password"


def change(visitor, **fields):
    return visitor.post("/account/password", {"current": PASSWORD, "password": NEW, "repeated": NEW} | fields)


def test_a_new_password_ends_all_other_sessions(site):
    here = site.sign_in(Role.CLERK)
    elsewhere = site.visitor()
    elsewhere.post("/sign-in", {"email": "clerk@example.com", "password": PASSWORD})

    answer = change(here)

    assert answer.status_code == 303
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"current": "wrong"}, "That is not the password you have."),
        ({"repeated": "something else"}, "The two are not the same."),
        ({"password": "short", "repeated": "short"}, "at least 10 characters"),
        ({"password": PASSWORD, "repeated": PASSWORD}, "That is the password you have."),
        ({"current": ""}, "This field is required."),
    ],
)
def test_a_password_is_not_changed_without_a_reason_why(site, fields, words):
    visitor = site.sign_in(Role.CLERK)

    answer = change(visitor, **fields)

    assert answer.status_code == 422
    assert words in answer.text
    again = site.visitor().post("/sign-in", {"email": "clerk@example.com", "password": PASSWORD})
    assert again.status_code == 303


def test_a_one_time_password_has_to_be_changed_before_anything_else(site):
    visitor = site.sign_in(Role.ADMINISTRATOR, email="admin@example.com", one_time=True)

    assert visitor.get("/settings/users").location == "/account"
    assert visitor.post("/settings/company").location == "/account"
    assert change(visitor, current="").status_code == 303
    assert visitor.get("/settings/users").status_code == 200


def test_details_are_saved_and_recorded(site):
    visitor = site.sign_in(Role.AUDITOR, name="Ana")

    answer = visitor.post(
        "/account", {"name": " Ana Maier ", "phone": "030 123", "language": ""}, follow_redirects=True
    )

    assert "Your details were saved." in answer.text
    assert "Ana Maier" in answer.text
    assert site.entries("user")[-1] == ("user:details", "Ana is now Ana Maier, telephone 030 123")


def test_a_name_is_needed(site):
    answer = site.sign_in(Role.CLERK).post("/account", {"name": "  ", "phone": ""})

    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("language", "spoken", "saved"),
    [
        ("de", "de", "Ihre Angaben wurden gespeichert."),
        ("fr", "fr", "Vos informations ont été enregistrées."),
        ("", "en", "Your details were saved."),
    ],
)
def test_pages_speak_the_language_that_the_user_chose(site, language, spoken, saved):
    visitor = site.sign_in(Role.CLERK, name="Ana")

    answer = visitor.post(
        "/account", {"name": "Ana", "phone": "", "language": language}, follow_redirects=True
    )

    assert f'<html lang="{spoken}">' in answer.text
    assert saved in answer.text


def test_the_choice_of_a_language_is_recorded(site):
    visitor = site.sign_in(Role.CLERK, name="Ana")

    visitor.post("/account", {"name": "Ana", "phone": "", "language": "fr"})
    visitor.post("/account", {"name": "Ana", "phone": "", "language": ""})

    assert site.entries("user")[-2:] == [
        ("user:language", "Ana reads pages in French"),
        ("user:language", "Ana reads pages in the company's language"),
    ]


def test_a_language_that_pages_do_not_speak_is_refused(site):
    visitor = site.sign_in(Role.CLERK, name="Ana")

    answer = visitor.post("/account", {"name": "Ana", "phone": "", "language": "xx"})

    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("wanted", "spoken"), [("fr-CA,fr;q=0.9,en;q=0.5", "fr"), ("de-AT", "de"), ("ja", "en")]
)
def test_before_the_sign_in_the_browser_decides_about_the_language(site, wanted, spoken):
    answer = site.visitor().client.get("/sign-in", headers={"Accept-Language": wanted})

    assert f'<html lang="{spoken}">' in answer.text
