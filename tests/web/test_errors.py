import pytest
from flask import abort

from arfollow.access import Permission, Role, needs
from arfollow.database import current_session
from arfollow.users.tables import User

HTMX = {"HX-Request": "true"}


@pytest.fixture
def broken(new_site):
    """The site with a page for every way to fail."""

    @new_site.app.get("/fail/<int:status>")
    @needs(Permission.VIEW)
    def fail(status):
        abort(status)

    @new_site.app.get("/refuse")
    @needs(Permission.VIEW)
    def refuse():
        abort(409, "Jan was first: he printed the <letter> at 9:12.")

    @new_site.app.get("/crash")
    @needs(Permission.VIEW)
    def crash():
        raise RuntimeError("secret detail")

    @new_site.app.post("/half")
    @needs(Permission.WORK)
    def half():
        session = current_session()
        session.get_one(User, 1).name = "Half done"
        session.flush()
        abort(409, "Too late.")

    new_site.app.config["PROPAGATE_EXCEPTIONS"] = False
    return new_site


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "could not be read"),
        (403, "Your role does not allow this"),
        (404, "There is no such page"),
        (409, "That was not done"),
        (413, "That is too large"),
    ],
)
def test_a_refusal_is_a_page_in_words_with_a_way_on(broken, status, words):
    answer = broken.sign_in(Role.CLERK).get(f"/fail/{status}")

    assert answer.status_code == status
    assert words in answer.text
    assert "<nav" in answer.text
    assert 'href="/"' in answer.text


def test_what_the_view_says_takes_the_place_of_general_advice(broken):
    answer = broken.sign_in(Role.CLERK).get("/refuse")

    assert "Jan was first: he printed the &lt;letter&gt; at 9:12." in answer.text
    assert "Reload the page" not in answer.text


def test_htmx_gets_a_notice_where_notices_are(broken):
    visitor = broken.sign_in(Role.CLERK)
    visitor.headers = HTMX

    answer = visitor.get("/refuse")

    assert answer.status_code == 409
    assert (answer.headers["HX-Retarget"], answer.headers["HX-Reswap"]) == ("#notices", "beforeend")
    assert 'role="alert"' in answer.text
    assert "<html" not in answer.text


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_failure_tells_nothing_about_its_cause(broken, headers):
    visitor = broken.sign_in(Role.CLERK)
    visitor.headers = headers

    answer = visitor.get("/crash")

    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text
    assert "secret detail" not in answer.text


def test_nothing_of_a_refused_change_is_kept(broken):
    visitor = broken.sign_in(Role.CLERK)

    answer = visitor.post("/half")

    assert "Half done" not in answer.text
    with broken.reading() as session:
        assert session.get_one(User, 1).name == "Clerk"


def test_a_form_of_another_site_is_refused(site):
    visitor = site.sign_in(Role.CLERK)

    answer = visitor.client.post("/account", data={"name": "Mallory"})

    assert answer.status_code == 400
    assert "This page is out of date" in answer.text


def test_who_is_not_signed_in_sees_no_navigation_on_an_error(site):
    answer = site.visitor().get("/nowhere")

    assert answer.status_code == 404
    assert "<nav" not in answer.text


def test_a_request_that_is_too_large_is_refused(site):
    site.app.config["MAX_CONTENT_LENGTH"] = 10_000
    visitor = site.sign_in(Role.CLERK)

    answer = visitor.post("/account", {"name": "x" * 20_000})

    assert answer.status_code == 413
