import pytest

from arfollow.workflows.forms.settings import Around, fields_of
from arfollow.workflows.queries.choices import Choices
from arfollow.workflows.rules.acting import ACTING
from arfollow.workflows.rules.definition import Kind


def purposes(settings):
    fields = fields_of(ACTING[Kind.SURVEY], settings, Around(choices=Choices()), {})
    [field] = [field for field in fields if field.setting == "purpose"]
    return field.value, [choice.value for choice in field.choices]


@pytest.mark.parametrize(
    ("settings", "chosen"),
    [
        ({}, ("", ["", "money", "marketing"])),
        ({"purpose": "service"}, ("service", ["service", "money", "marketing"])),
        ({"purpose": "marketing"}, ("marketing", ["service", "money", "marketing"])),
    ],
)
def test_what_nobody_has_to_choose_says_what_holds(settings, chosen, sqlite_site):
    with sqlite_site.app.test_request_context():
        assert purposes(settings) == chosen
