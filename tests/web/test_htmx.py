import pytest
from flask import Flask
from jinja2 import DictLoader

from arfollow.web.htmx import go_to, is_htmx, page


@pytest.fixture
def app():
    app = Flask("test")
    app.jinja_loader = DictLoader({"list.html": "<h1>List</h1>{% block rows %}<i>{{ n }}</i>{% endblock %}"})
    return app


@pytest.mark.parametrize(
    ("headers", "part"),
    [
        ({}, False),
        ({"HX-Request": "true"}, True),
        ({"HX-Request": "true", "HX-Boosted": "true"}, False),
        ({"HX-Request": "true", "HX-History-Restore-Request": "true"}, False),
    ],
)
def test_the_same_address_gives_the_page_and_to_htmx_a_part(app, headers, part):
    with app.test_request_context("/", headers=headers):
        answer = page("list.html", part="rows", n=3)

        assert is_htmx() is part
        assert answer.get_data(as_text=True) == ("<i>3</i>" if part else "<h1>List</h1><i>3</i>")
        assert "HX-Request" in answer.vary


def test_a_page_without_parts_is_whole_for_everybody(app):
    with app.test_request_context("/", headers={"HX-Request": "true"}):
        assert page("list.html", n=3, status=422).status == "422 UNPROCESSABLE ENTITY"


@pytest.mark.parametrize(
    ("headers", "status", "name"), [({}, 303, "Location"), ({"HX-Request": "true"}, 204, "HX-Redirect")]
)
def test_the_browser_is_sent_on_whoever_asks(app, headers, status, name):
    with app.test_request_context("/", headers=headers):
        answer = go_to("/follow-ups")

    assert (answer.status_code, answer.headers[name]) == (status, "/follow-ups")
