import re
from datetime import timedelta
from html import unescape

import pytest

from arfollow import clock
from arfollow.access import Role
from arfollow.levels.drafts import PlanDraft
from arfollow.levels.operations import create_default_plan, create_plan
from arfollow.levels.queries import plans
from tests.levels.rows import add_customer, add_item, add_place

LEVEL = {
    "name": "Payment reminder",
    "position": "1",
    "timing": "after_due",
    "days": "15",
    "deadline_days": "10",
    "actions": ["email"],
    "attach_statement": "y",
    "responsible": "customer",
}
WORDS = {
    "en-email_subject": "Hello",
    "en-email_body": "Pay\r\nplease",
    "en-letter_title": "Reminder",
    "en-letter_body": "Pay",
    "en-todo": "",
}


@pytest.fixture
def plan(sqlite_site):
    """The default plan."""
    with sqlite_site.writing() as session:
        create_default_plan(session, company_id=sqlite_site.company_id, language="en", who="Ana")
    return current(sqlite_site)


@pytest.fixture
def followed(sqlite_site, plan) -> None:
    """One customer, followed at the second level."""
    with sqlite_site.writing() as session:
        due = clock.today("Europe/Berlin")
        item = add_item(session, add_customer(session, sqlite_site.company_id), "I-1", due)
        add_place(session, item, plan.levels[1].id, due - timedelta(days=2))


def current(site):
    with site.reading() as session:
        return plans(session, company_id=site.company_id)[0]


def words_of(level) -> dict[str, str]:
    """The level's words in every language, as the form posts them."""
    return {
        f"{language}-{name}": getattr(draft, name)
        for language, draft in level.draft.wordings.items()
        for name in ("email_subject", "email_body", "letter_title", "letter_body", "todo")
    }


def test_everybody_reads_the_plan_and_only_managers_are_offered_changes(sqlite_site, plan):
    auditor, manager = sqlite_site.sign_in(Role.AUDITOR), sqlite_site.sign_in(Role.MANAGER)

    for text in (auditor.get("/levels").text, manager.get("/levels").text):
        assert "Payment reminder" in text
        assert "15 days after due" in text
    assert "New plan" not in auditor.get("/levels").text
    level = auditor.get(f"/levels/{plan.levels[0].id}").text
    assert "This may simply have slipped through" in level
    assert 'type="submit" class="btn btn-primary"' not in level


@pytest.mark.parametrize("role", [Role.CLERK, Role.AUDITOR])
def test_only_managers_change_anything(sqlite_site, plan, role):
    visitor = sqlite_site.sign_in(role)
    level_id = plan.levels[0].id

    answers = [
        visitor.post(path, {**LEVEL, **WORDS})
        for path in (
            "/levels/plans/new",
            f"/levels/plans/{plan.id}",
            f"/levels/plans/{plan.id}/default",
            f"/levels/plans/{plan.id}/retire",
            f"/levels/plans/{plan.id}/levels/new",
            f"/levels/{level_id}",
            f"/levels/{level_id}/retire",
            "/levels/preview/letter/en",
            "/levels/preview/email/en",
            "/levels/preview",
            f"/levels/plans/{plan.id}/order",
            f"/levels/{level_id}/words/en",
            f"/levels/{level_id}/files",
            f"/levels/plans/{plan.id}/trials",
            f"/levels/{level_id}/trials",
        )
    ]

    assert [answer.status_code for answer in answers] == [403] * 15
    assert current(sqlite_site) == plan


def test_a_managers_words_become_the_next_version(sqlite_site, plan):
    manager = sqlite_site.sign_in(Role.MANAGER)
    level = plan.levels[0]

    answer = manager.post(f"/levels/{level.id}", {**LEVEL, **words_of(level), **WORDS})

    assert answer.status_code == 303
    wording = current(sqlite_site).levels[0].wordings["en"]
    assert (wording.version, wording.text.email_body) == (2, "Pay\nplease")
    assert "wording:changed" in dict(sqlite_site.entries("wording"))


def test_a_mistake_in_the_words_is_shown_with_its_line_and_nothing_is_saved(sqlite_site, plan):
    manager = sqlite_site.sign_in(Role.MANAGER)
    level = plan.levels[0]
    broken = "Dear all,\r\nplease pay {{ totl_due }} now"

    answer = manager.post(
        f"/levels/{level.id}", {**LEVEL, **words_of(level), "en-email_body": broken, "days": "16"}
    )

    text = unescape(answer.text)
    assert answer.status_code == 422
    assert "Line 2, column 15: There is no variable “totl_due”.  » please pay {{ totl_due }} now" in text
    assert "please pay {{ totl_due }} now</textarea>" in text
    assert current(sqlite_site) == plan


def test_a_half_written_language_is_refused(sqlite_site, plan):
    manager = sqlite_site.sign_in(Role.MANAGER)

    answer = manager.post(
        f"/levels/plans/{plan.id}/levels/new",
        {**LEVEL, "name": "New", "position": "4", "days": "60", "de-email_subject": "Hallo", **WORDS},
    )

    assert answer.status_code == 422
    assert "or nothing in this language at all" in answer.text
    assert len(current(sqlite_site).levels) == 3


def test_a_colleagues_change_is_not_overwritten(sqlite_site, plan):
    manager = sqlite_site.sign_in(Role.MANAGER)
    level = plan.levels[2]
    shown = manager.get(f"/levels/{level.id}").text
    entered = {
        **LEVEL,
        **words_of(level),
        "position": "3",
        "confirmed": "yes",
        "seen": re.search(r'name="seen"[^>]*value="([^"]+)"', shown)[1],
    }

    first = manager.post(f"/levels/{level.id}", {**entered, "name": "Theirs"})
    second = manager.post(f"/levels/{level.id}", {**entered, "name": "Ours"})

    assert (first.status_code, second.status_code) == (303, 422)
    assert "a colleague has changed this level" in second.text
    assert 'value="Ours"' in second.text
    assert current(sqlite_site).levels[2].draft.name == "Theirs"


def test_a_colleagues_change_of_a_plan_is_not_overwritten(sqlite_site, plan):
    manager, path = sqlite_site.sign_in(Role.MANAGER), f"/levels/plans/{plan.id}"
    entered = {
        "name": plan.draft.name,
        "pace": "step",
        "promise_grace_days": "3",
        "confirmed": "yes",
        "seen": re.search(r'name="seen"[^>]*value="([^"]+)"', manager.get(path).text)[1],
    }

    first = manager.post(path, {**entered, "contact_gap_days": "20"})
    second = manager.post(path, {**entered, "contact_gap_days": "5"})

    assert (first.status_code, second.status_code) == (303, 422)
    assert "a colleague has changed this plan" in second.text
    assert current(sqlite_site).draft.contact_gap_days == 20


def test_a_change_is_shown_with_its_effect_before_it_is_saved(sqlite_site, plan, followed):
    manager = sqlite_site.sign_in(Role.MANAGER)
    level = plan.levels[2]
    change = {
        **LEVEL,
        **words_of(level),
        "name": "Final notice",
        "position": "3",
        "days": "-20",
        "actions": ["letter"],
    }

    asked = manager.post(f"/levels/{level.id}", change)
    unchanged = current(sqlite_site)
    done = manager.post(f"/levels/{level.id}", {**change, "confirmed": "yes"})

    assert "This is what the change does" in asked.text
    assert unchanged.levels == plan.levels
    assert done.status_code == 303
    assert current(sqlite_site).levels[2].draft.days == -20


def test_a_level_out_of_order_is_said_in_words_before_it_is_saved(sqlite_site, plan):
    manager = sqlite_site.sign_in(Role.MANAGER)
    level = plan.levels[2]
    change = {**LEVEL, **words_of(level), "name": "Final notice", "position": "3", "days": "2"}

    asked = manager.post(f"/levels/{level.id}", change)
    unchanged = current(sqlite_site)
    done = manager.post(f"/levels/{level.id}", {**change, "confirmed": "yes"})

    assert (
        "The levels are out of order: “Final notice” (2 days) is not later than “Second reminder” (30 days)"
        in asked.text
    )
    assert unchanged.levels == plan.levels
    assert done.status_code == 303


def test_retiring_shows_the_effect_and_keeps_a_used_level_on_record(sqlite_site, plan, followed):
    manager = sqlite_site.sign_in(Role.MANAGER)
    used, unused = plan.levels[1].id, plan.levels[2].id

    asked = manager.get(f"/levels/{used}/retire")
    manager.post(f"/levels/{used}/retire")
    manager.post(f"/levels/{unused}/retire")

    assert "1 customer gets another level." in asked.text
    found = current(sqlite_site)
    assert [level.id for level in found.levels] == [plan.levels[0].id]
    assert [level.id for level in found.retired] == [used]


def test_a_plan_is_created_made_the_default_and_the_old_one_retired(sqlite_site, plan):
    manager = sqlite_site.sign_in(Role.MANAGER)
    settings = {
        "name": "VIP",
        "pace": "highest",
        "contact_gap_days": "7",
        "promise_grace_days": "0",
        "minimum_amounts": "EUR 10.00",
    }

    created = manager.post("/levels/plans/new", settings)
    with sqlite_site.reading() as session:
        vip = next(p for p in plans(session, company_id=sqlite_site.company_id) if p.draft.name == "VIP")
    manager.post(f"/levels/plans/{vip.id}/default")
    manager.post(f"/levels/plans/{plan.id}/retire")

    assert created.status_code == 303
    found = current(sqlite_site)
    assert (found.draft.name, found.is_default) == ("VIP", True)
    assert dict(found.draft.minimum_amounts) == {"EUR": 1000}


def test_another_default_is_shown_with_its_effect_before_it_is_made(sqlite_site, plan, followed):
    with sqlite_site.writing() as session:
        vip = create_plan(session, company_id=sqlite_site.company_id, draft=PlanDraft(name="VIP"), who="Ana")

    asked = sqlite_site.sign_in(Role.MANAGER).get(f"/levels/plans/{vip}/default")

    assert "1 customer gets another level." in unescape(asked.text)
    assert current(sqlite_site).draft.name == "Standard"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "Standard"}, "“Standard” is taken"),
        ({"name": ""}, "required"),
        ({"contact_gap_days": "x"}, "Not a valid integer"),
        ({"minimum_amounts": "ten euros"}, "ten euros"),
        ({"review_after_days": "0"}, "between 1 and"),
    ],
)
def test_a_plan_that_cannot_be_saved_says_why(sqlite_site, plan, changes, words):
    manager = sqlite_site.sign_in(Role.MANAGER)
    settings = {"name": "New", "pace": "step", "contact_gap_days": "7", "promise_grace_days": "0"}

    answer = manager.post("/levels/plans/new", settings | changes)

    assert answer.status_code == 422
    assert words in unescape(answer.text)


def test_another_companys_levels_are_not_found(sqlite_site, plan):
    other = sqlite_site.company()
    stranger = sqlite_site.sign_in(Role.MANAGER, company_id=other)

    for path in (
        f"/levels/{plan.levels[0].id}",
        f"/levels/plans/{plan.id}",
        f"/levels/{plan.levels[0].id}/retire",
    ):
        assert stranger.get(path).status_code == 404
    assert "Payment reminder" not in stranger.get("/levels").text


def test_previews_show_the_unsaved_words_as_drafts(sqlite_site, plan):
    manager = sqlite_site.sign_in(Role.MANAGER)
    change = {**LEVEL, **WORDS, "en-email_body": "Unsaved <b>words</b> for {{ customer_name }}"}

    letter = manager.post("/levels/preview/letter/en", change)
    email = manager.post("/levels/preview/email/en", change)

    assert letter.mimetype == "application/pdf"
    assert letter.data.startswith(b"%PDF")
    assert "Unsaved &lt;b&gt;words&lt;/b&gt; for Bäckerei Ümit" in email.text
    assert "sandbox" in email.headers["Content-Security-Policy"]
    assert current(sqlite_site) == plan


def test_a_preview_of_broken_words_says_where(sqlite_site, plan):
    manager = sqlite_site.sign_in(Role.MANAGER)

    answer = manager.post("/levels/preview/email/en", {**LEVEL, **WORDS, "en-email_body": "{{ nobody }}"})

    assert answer.status_code == 422
    assert "Line 1" in answer.text
    assert manager.post("/levels/preview/email/xx", {**LEVEL, **WORDS}).status_code == 404
