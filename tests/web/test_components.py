import re

import pytest
from flask import render_template_string
from wtforms import BooleanField, DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired

from arfollow.values.money import Money
from arfollow.web.forms import Form, one_line


class Sample(Form):
    name = StringField("Name", [DataRequired()], description="As on the invoice", filters=[one_line])
    note = TextAreaField("Note")
    day = DateField("Day")
    role = SelectField("Role", choices=lambda: [("a", "Clerk"), ("b", "Auditor")])
    agreed = BooleanField("Agreed")
    kind = RadioField("Kind", choices=lambda: [("x", "One"), ("y", "Two")])


@pytest.fixture
def render(sqlite_site):
    """Renders a line of template that imports from a component."""

    def rendered(component: str, names: str, line: str, *, method: str = "GET", data=None, **context) -> str:
        source = f'{{% from "components/{component}.html" import {names} %}}{line}'
        with sqlite_site.app.test_request_context(method=method, data=data):
            form = Sample.from_request()
            if method == "POST":
                form.validate()
            return " ".join(render_template_string(source, form=form, **context).split())

    return rendered


def test_a_field_is_tied_to_its_label_and_help(render):
    html = render("form", "field", "{{ field(form.name, autocomplete='name', autofocus=false) }}")

    assert '<label class="form-label" for="name">Name</label>' in html
    assert 'aria-describedby="name-help"' in html
    assert 'autocomplete="name"' in html
    assert "autofocus" not in html
    assert "aria-invalid" not in html


def test_a_field_that_was_refused_says_why_to_everybody(render):
    html = render("form", "field", "{{ field(form.name) }}", method="POST", data={"name": "  "})

    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="name-errors name-help"' in html
    assert (
        '<div class="invalid-feedback d-block" id="name-errors"> <div>This field is required.</div>' in html
    )


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("{{ field(form.note, rows=4) }}", '<textarea class="form-control" id="note" name="note" rows="4">'),
        ("{{ field(form.day, small=true) }}", 'class="form-control form-control-sm"'),
        ("{{ field(form.role) }}", '<select class="form-select"'),
        ("{{ field(form.name, type='email') }}", 'type="email"'),
        (
            "{{ check(form.agreed) }}",
            '<input class="form-check-input" id="agreed" name="agreed" type="checkbox"',
        ),
        ("{{ choices(form.kind) }}", '<legend class="form-label">Kind</legend>'),
    ],
)
def test_each_kind_of_field_has_its_control(render, line, part):
    assert part in render("form", "field, check, choices", line)


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ([Money("EUR", 124050), Money("JPY", 1000)], "EUR 1,240.50 JPY 1,000"),
        ([Money("KWD", -1)], "KWD -0.001"),
        ([], "–"),
    ],
)
def test_amounts_stand_one_a_line_with_their_currency(render, values, text):
    html = render("money", "amounts", "{{ amounts(values) }}", values=values)

    assert re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip() == text


@pytest.mark.parametrize(
    ("buckets", "columns", "words"),
    [
        ([("not due", 100), ("1-30", 300), ("> 30", 0)], 2, "EUR: not due 25 %, 1-30 75 %"),
        ([("not due", -100), ("1-30", 300)], 1, "EUR: 1-30 100 %"),
        ([("not due", 0), ("1-30", 0)], 0, "EUR: nothing"),
        ([], 0, "EUR: nothing"),
    ],
)
def test_the_aging_bar_is_read_aloud_and_has_a_column_for_what_is_owed(render, buckets, columns, words):
    html = render("aging", "aging_bar", "{{ aging_bar(buckets, 'EUR') }}", buckets=buckets)

    assert f'aria-label="{words}"' in html
    assert html.count("<title>") == columns
    assert "style=" not in html


@pytest.mark.parametrize("kind", ["success", "info", "warning", "danger", "message"])
def test_a_notice_escapes_its_words(render, kind):
    html = render("notice", "notice", "{{ notice(words, kind) }}", words="<b>", kind=kind)

    assert "&lt;b&gt;" in html
    assert ('role="alert"' in html) == (kind in {"warning", "danger"})


def test_a_sorted_column_says_so(render):
    html = render("table", "sort_head", "{{ sort_head('Name', '?sort=name', 'descending') }}")

    assert 'aria-sort="descending"' in html


def test_the_first_page_has_no_way_back(render):
    html = render("table", "pager", "{{ pager(1, 50, 640, next='?page=2') }}")

    assert "1–50 of 640" in html
    assert 'rel="next"' in html
    assert 'rel="prev"' not in html


def test_an_icon_is_decoration_unless_it_has_words(render):
    html = render("icon", "icon", "{{ icon('envelope') }}{{ icon('lock', 'On hold') }}")

    assert html.count('aria-hidden="true"') == 1
    assert 'role="img" aria-label="On hold"' in html


def test_every_macro_is_used(root):
    components = root / "templates" / "components"
    pages = (root / "templates").rglob("*.html")
    sources = [path.read_text() for path in pages if path.parent.name != "gallery"]
    calls = "".join(re.sub(r"\{#.*?#\}|\{% macro .*?%\}", "", source, flags=re.DOTALL) for source in sources)

    macros = {
        name for path in components.glob("*.html") for name in re.findall(r"macro (\w+)\(", path.read_text())
    }

    assert {name for name in macros if not re.search(rf"\b{name}(\(| as )", calls)} == set()


def test_every_macro_is_on_the_page_of_components(root):
    components, shown = root / "templates" / "components", (root / "templates/gallery/page.html").read_text()

    macros = {
        name
        for path in components.glob("*.html")
        for names in re.findall(r"^(\w+)\(.*?(?=:)", path.read_text().split("#}")[0], re.MULTILINE)
        for name in [names]
    }

    assert {name for name in macros if not re.search(rf"\b{name}\(", shown)} == {"notices"}


def test_every_icon_that_templates_name_is_in_the_sprite(root):
    sprite = (root / "arfollow/static/vendor/icons.svg").read_text()
    known = set(re.findall(r'id="([^"]+)"', sprite))
    named = re.compile(r'(?:icon\(|icon_name=)"([a-z0-9-]+)"')

    used = {name for path in (root / "templates").rglob("*.html") for name in named.findall(path.read_text())}

    assert used - known == set()
