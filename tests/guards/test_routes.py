import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from arfollow import clock
from arfollow.access import PERMISSIONS, Permission, Role
from arfollow.app import create_app
from arfollow.chatter.tables import ChatterHead
from arfollow.config import Settings
from arfollow.database import Table
from arfollow.web.headers import POLICY
from arfollow.web.navigation import destinations
from tests.fixtures.apps import Site
from tests.fixtures.filled import fill

ADDRESS = re.compile(r"/|(/([a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)?|<([^:>]+:)?[a-z0-9_]+>))+")
PUBLIC = {"users.sign_in", "users.submit_sign_in", "probes.health", "probes.ready", "probes.metrics"}
# What a link opens is for whoever has it: tests/portal goes through these. Without it they open nothing.
BY_LINK = {
    "portal.answer",
    "portal.confirm",
    "portal.dispute",
    "portal.exchange",
    "portal.landing",
    "portal.make_promise",
    "portal.one_click",
    "portal.one_click_by_hand",
    "portal.open_dispute",
    "portal.pay",
    "portal.preferences",
    "portal.promise",
    "portal.save_preferences",
    "portal.say_yes",
    "portal.statement",
    "portal.statement_pdf",
    "portal.stop_messages",
    "portal.survey",
    "portal.unsubscribe",
}
# Programs without a session, which sign each request: tests/delivery/texts/test_gateway_views.py, tests/api.
SIGNED = {"api.receive_events", "gateway.report", "gateway.text"}
OWN_ACCOUNT = {"users.change_details", "users.change_password", "users.choose_company", "users.sign_out"}
REFUSED = {404, 409, 422}
# Arguments that name nothing of a company; a token is more than a name: who has it is the customer.
NOBODYS = {"language", "step", "token", "block", "example_name"}
# Chatter knows no customers: for one of another company, as for one that never was, its history is empty.
EMPTY = {"chatter.customer": {200}}


def rules() -> list[Rule]:
    """Every route of the app but static files'."""
    settings = Settings(database_url="sqlite://", data_dir=None, mail_url="file:///", secret_key="test")
    found = create_app(settings).url_map.iter_rules()
    return sorted((rule for rule in found if rule.endpoint != "static"), key=lambda rule: rule.rule)


RULES = rules()
# Done comes last: after it, every other click on the customer is outdated.
POSTS = sorted((rule for rule in RULES if "POST" in rule.methods), key=lambda rule: "done" in rule.rule)


def permission(site: Site, rule: Rule) -> Permission:
    return site.app.view_functions[rule.endpoint].permission


def address(site: Site, rule: Rule, values: dict) -> str:
    """The route's address; an argument that `fill` doesn't know fails, and is to be added there."""
    missing = rule.arguments - set(values)
    assert not missing, f"{rule.rule}: tests/fixtures/filled.py gives no {', '.join(missing)}"
    with site.app.test_request_context():
        return site.app.url_map.bind("localhost").build(
            rule.endpoint, {name: values[name] for name in rule.arguments}
        )


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.endpoint)
def test_a_route_declares_who_may_use_it(rule, sqlite_site):
    declared = getattr(sqlite_site.app.view_functions[rule.endpoint], "permission", None)

    assert isinstance(declared, Permission)
    assert (declared is Permission.PUBLIC) == (rule.endpoint in PUBLIC | BY_LINK | SIGNED)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.endpoint)
def test_a_route_reads_or_writes_but_not_both(rule, sqlite_site):
    methods = rule.methods - {"HEAD", "OPTIONS"}

    assert methods in ({"GET"}, {"POST"})
    if methods == {"POST"} and rule.endpoint not in PUBLIC | BY_LINK | SIGNED | OWN_ACCOUNT:
        assert permission(sqlite_site, rule) not in {Permission.VIEW, Permission.SIGNED_IN}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.endpoint)
def test_an_address_is_in_kebab_case(rule):
    assert ADDRESS.fullmatch(rule.rule)


def test_every_destination_of_the_navigation_is_a_page(sqlite_site):
    adapter = sqlite_site.app.url_map.bind("localhost")
    with sqlite_site.app.test_request_context():
        paths = [destination.path for destination in destinations()]

    assert [path for path in paths if not adapter.test(path)] == []


TODAY = date(2026, 11, 21)
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
# What a form has to hold so that its ids are looked at; fields are named alike on all pages.
BODY = {
    "number": "1",
    "text": "because",
    "reason": "because",
    "due_on": "2026-12-01",
    "role": "clerk",
    "hold-reason": "because",
    "dispute-reason": "because",
    "promise-due_on": "2026-12-01",
    "task-title": "Call",
    "task-due_on": "2026-12-01",
}


@pytest.fixture
def filled(sqlite_site) -> Iterator[tuple[Site, dict, dict]]:
    """The site with everything in its own company and in another, and what addresses name in each."""
    with clock.moved_to(NOON):
        other = sqlite_site.company()
        values = []
        for company_id, prefix, entries in ((sqlite_site.company_id, "OWN", 1), (other, "FOREIGN", 50)):
            user_id = sqlite_site.person(Role.CLERK, email=f"{prefix}@x.example", company_id=company_id)
            with sqlite_site.writing() as session:
                made = fill(session, company_id=company_id, today=TODAY, prefix=prefix, entries=entries)
            values.append({**made, "user_id": user_id, "sequence": head(sqlite_site, company_id)})
        yield sqlite_site, values[0], values[1]


def head(site: Site, company_id: int) -> int:
    """The sequence of the company's last entry."""
    with site.reading() as session:
        return session.scalars(select(ChatterHead.sequence).where(ChatterHead.company_id == company_id)).one()


HUGE = 10**30
NAMED = re.compile(r'args(?:\.get|\.getlist)?[(\[]\s*"([a-z_]+)"')
PLACEHOLDERS = {int: 987_654_321, str: "PLACEHOLDER"}


def hostile_addresses(site: Site, rule: Rule, own: dict, names: set[str]) -> Iterator[str]:
    """The route's address with what no database holds for each argument, and for all query arguments at once."""
    for name in rule.arguments:
        placeholder = PLACEHOLDERS[type(own[name])]
        path = address(site, rule, {**own, name: placeholder})
        yield path.replace(str(placeholder), str(HUGE) if isinstance(own[name], int) else "%00")
    for value in ("%00", HUGE, "-1", "'%22%3Cb%3E") if "GET" in rule.methods else ():
        query = "&".join(f"{name}={value}" for name in sorted(names))
        yield f"{address(site, rule, own)}?{query}"


@pytest.fixture
def filled_anywhere(site) -> tuple[Site, dict]:
    """The site with everything in its company, on each engine, and what addresses name."""
    with clock.moved_to(NOON):
        user_id = site.person(Role.CLERK, email="own@x.example")
        with site.writing() as session:
            made = fill(session, company_id=site.company_id, today=TODAY, prefix="OWN")
        return site, {**made, "user_id": user_id, "sequence": 1}


def test_no_address_breaks_the_server(filled_anywhere, root):
    site, own = filled_anywhere
    visitor = site.sign_in(Role.ADMINISTRATOR)
    sources = "".join(path.read_text() for path in (root / "arfollow").rglob("*.py"))
    names = set(NAMED.findall(sources)) | {"q", "sort", "page"}

    broken = [
        path
        for rule in RULES
        for path in hostile_addresses(site, rule, own, names)
        if ask(visitor, rule, path, {}).status_code >= 500
    ]

    assert broken == []


@pytest.mark.parametrize(
    "body", [{"name": "\0"}, BODY | dict.fromkeys(("item", "credit", "action", "plan"), HUGE)]
)
def test_no_form_breaks_the_server(filled_anywhere, body):
    site, own = filled_anywhere
    visitor = site.sign_in(Role.ADMINISTRATOR)

    broken = [
        rule.rule
        for rule in POSTS
        if rule.endpoint not in OWN_ACCOUNT
        and ask(visitor, rule, address(site, rule, own), body).status_code >= 500
    ]

    assert broken == []


def everything(site: Site, company_id: int) -> dict[str, list]:
    """All rows that belong to the company."""
    with site.reading() as session:
        return {
            table.name: sorted(map(repr, rows_of(session, table, company_id)))
            for table in Table.metadata.sorted_tables
            if "company_id" in table.columns
        }


def rows_of(session: Session, table, company_id: int) -> list:
    return session.execute(select(table).where(table.c.company_id == company_id)).all()


def ask(visitor, rule: Rule, path: str, body: dict):
    return visitor.post(path, body) if "POST" in rule.methods else visitor.get(path)


@pytest.mark.parametrize("role", Role)
def test_a_role_may_do_what_it_has_permission_for_and_nothing_else(filled, role):
    site, own, _ = filled
    visitor = site.sign_in(role)
    before = everything(site, site.company_id)
    wrong = []

    for rule in RULES:
        allowed = permission(site, rule) in PERMISSIONS[role] | {Permission.PUBLIC}
        if rule.endpoint in OWN_ACCOUNT or (allowed and "POST" in rule.methods):
            continue
        status = ask(visitor, rule, address(site, rule, own), BODY).status_code
        if (status == 403) == allowed or status in {400, 401} or status >= 500:
            wrong.append((rule.rule, status))

    assert wrong == []
    assert everything(site, site.company_id) == before


def test_an_auditor_may_change_nothing_but_the_own_account(filled):
    site, _, _ = filled
    # Asking for a verification changes nothing of the company's.
    open_to_auditors = {
        rule.endpoint for rule in POSTS if permission(site, rule) in PERMISSIONS[Role.AUDITOR]
    }

    assert open_to_auditors == OWN_ACCOUNT | {"chatter.ask"}


def test_no_address_reaches_into_another_company(filled):
    site, own, foreign = filled
    visitor = site.sign_in(Role.ADMINISTRATOR)
    other = next(place for place in (1, 2) if place != site.company_id)
    before = everything(site, other)
    wrong = []

    for rule in RULES:
        for name in sorted(rule.arguments - NOBODYS):
            path = address(site, rule, {**own, name: foreign[name]})
            answer = ask(visitor, rule, path, BODY | body_of(foreign))
            refused = REFUSED if "POST" in rule.methods else EMPTY.get(rule.endpoint, {404})
            # It may say again what was asked for, and that there is none.
            told = answer.data.replace(str(foreign[name]).encode(), b"")
            if answer.status_code not in refused or b"FOREIGN" in told:
                wrong.append((path, answer.status_code))

    assert wrong == []
    assert everything(site, other) == before


def body_of(values: dict) -> dict:
    """Ids that forms send, under all the names that they have."""
    return {
        "item": values["item_id"],
        "credit": values["credit_id"],
        "letter": values["letter_id"],
        "company": values["company_id"],
        "plan": values["plan_id"],
    }


def test_no_form_reaches_into_another_company(filled):
    site, own, foreign = filled
    visitor = site.sign_in(Role.ADMINISTRATOR)
    other = next(place for place in (1, 2) if place != site.company_id)
    before = everything(site, other)

    failed = [
        rule.rule
        for rule in POSTS
        if rule.endpoint not in OWN_ACCOUNT
        and ask(visitor, rule, address(site, rule, own), BODY | body_of(foreign)).status_code >= 500
    ]

    assert failed == []
    assert everything(site, other) == before


def test_the_own_company_is_there_under_the_same_addresses(filled):
    site, own, _ = filled
    visitor = site.sign_in(Role.ADMINISTRATOR)

    missing = [
        rule.rule
        for rule in RULES
        if rule.arguments
        and "GET" in rule.methods
        and rule.endpoint not in BY_LINK
        and visitor.get(address(site, rule, own)).status_code != 200
    ]

    assert missing == []


def test_a_form_without_a_token_is_refused_whoever_sends_it(filled):
    site, own, _ = filled
    visitor = site.sign_in(Role.ADMINISTRATOR)

    accepted = [
        rule.rule
        for rule in POSTS
        if rule.endpoint not in SIGNED and visitor.client.post(address(site, rule, own)).status_code != 400
    ]

    assert accepted == []


def test_every_answer_carries_a_content_security_policy(filled):
    site, own, _ = filled
    visitor = site.sign_in(Role.ADMINISTRATOR)
    wrong = []

    for rule in RULES:
        answer = ask(visitor, rule, address(site, rule, own), {})
        policy = answer.headers.get("Content-Security-Policy", "")
        # What people uploaded or wrote is shown under a policy of its own, which lets nothing run or load.
        is_stricter = "default-src 'none'" in policy and "sandbox" in policy and "script-src" not in policy
        if policy != POLICY and not is_stricter:
            wrong.append((rule.rule, policy))

    assert wrong == []
