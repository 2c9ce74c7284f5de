"""The demo's workflows, and whom they are for: published by the manager in the last weeks, and at work since."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.demo.ledger import Account
from arfollow.profiles.operations import add_to_list, consent, record_event, remove_from_list, set_field
from arfollow.profiles.operations.facts import make_list
from arfollow.profiles.operations.lists import ListFields, add_list
from arfollow.workflows.examples import example
from arfollow.workflows.operations.beginning import begin_from_example
from arfollow.workflows.operations.campaigns import attach
from arfollow.workflows.operations.drafts import publish
from arfollow.workflows.operations.steering import pause
from arfollow.workflows.queries.versions import workflow_named
from arfollow.workflows.rules.conditions import Operator, Test
from arfollow.workflows.rules.definition import Definition, Step

DAYS = 45
"""So many days before today they are published."""

_MANAGER = "Maria Schulz"
_ORDERED = ("lease-check", "collection", "after-sale-feedback", "campaign-with-event", "reminder-before-due")
_PEOPLE = {
    ("lease-check", "tell-workshop"): "workshop@windrad.example.com",
    ("collection", "call"): "jan@windrad.example.com",
}
"""Who is meant, by example and step."""
_TITLES = {("after-sale-feedback", "call"): "{{ answer.feedback.better }}"}
"""Tasks are called by what the customer wrote, which nobody has to: where nothing was written the step fails."""
# Accounts by their place among the demo's customers, so that each list has some of every habit.
_BIKES = (1, 5, 17, 21, 26, 39, 42, 51)
_SUBSCRIPTIONS = (0, 2, 7, 12, 25, 38, 41, 48, 58)
_COURTESY = (3, 18, 27, 31, 34, 40, 52)
_COURTESY_LIST = "Courtesy reminders"
BUYERS = (4, 6, 19, 22, 30, 33, 36, 44, 55, 56)
WORKSHOP, _RIDE = "Open workshop day", "Spring ride-out"
_GUESTS = {WORKSHOP: (4, 9, 10, 18, 26, 32, 40, 47), _RIDE: (1, 6, 19, 27, 30, 34, 42)}
_PLACES = {WORKSHOP: ("14:00", "Gleisdreieck 7, Berlin"), _RIDE: ("10:00", "Tempelhofer Feld, Berlin")}
_CAME = {9: "attended", 18: "attended", 26: "attended", 40: "missed"}
_PRODUCTS = ("Cargo bike Elbe", "City bike Havel", "Trekking bike Saale", "Child’s bike Pan")


@dataclass(frozen=True, slots=True, kw_only=True)
class Routes:
    """What is done for the workflows on each of the last days. `accounts`: by their place among the demo's customers."""

    session: Session
    company_id: int
    accounts: Sequence[Account]
    today: date

    @property
    def first_day(self) -> date:
        """On which they are published."""
        return self.today - timedelta(days=DAYS)

    def publish_all(self) -> None:
        """The manager writes down what is known of the customers, takes examples over, and switches them on."""
        self._profile()
        self._make_campaigns()
        for name in _ORDERED:
            workflow_id = self._publish(name)
            if name == "campaign-with-event":
                self._attach(workflow_id)

    def happen(self, day: date) -> None:
        """What is noted on that day: sales, who came to the workshop, who gave a bicycle back, what the manager decides."""
        for at, index in enumerate(BUYERS):
            if day == self.today - timedelta(days=40 - 4 * at):
                product = _PRODUCTS[at % len(_PRODUCTS)]
                self._note(index, "sale_concluded", sale=f"S-{2101 + at}", product=product)
        if day == self._day_of(WORKSHOP):
            for index, kind in _CAME.items():
                self._note(index, kind, campaign=WORKSHOP)
        if day == self.today - timedelta(days=9):
            self._of(_BIKES[-2], remove_from_list, name="Company bikes")
        if day == self.today - timedelta(days=3):
            self._pause()

    def _profile(self) -> None:
        for at, index in enumerate(_BIKES):
            began = self.today - timedelta(days=62 + 4 * at)
            self._of(index, set_field, name="lease_start", value=began.isoformat())
            self._of(index, set_field, name="bicycle", value=_PRODUCTS[at % len(_PRODUCTS)])
            self._put_on(index, "Company bikes")
        for name, indexes in (("Subscriptions", _SUBSCRIPTIONS), (_COURTESY_LIST, _COURTESY)):
            for index in indexes:
                self._put_on(index, name)
        for index in sorted({*BUYERS, *_GUESTS[WORKSHOP], *_GUESTS[_RIDE]}):
            self._of(index, consent, channel="email", given=True, source="order form")

    def _make_campaigns(self) -> None:
        for name, (at, place) in _PLACES.items():
            fields = ListFields(name=name, day=self._day_of(name), time=at, place=place)
            add_list(self.session, company_id=self.company_id, fields=fields, who=_MANAGER)
            for index in _GUESTS[name]:
                self._put_on(index, name)

    def _publish(self, name: str) -> int:
        found = example(name)
        workflow_id = begin_from_example(
            self.session,
            company_id=self.company_id,
            example=replace(found, definition=_fitted(name, found.definition)),
            name="",
            who=_MANAGER,
        )
        publish(self.session, company_id=self.company_id, workflow_id=workflow_id, who=_MANAGER)
        return workflow_id

    def _attach(self, workflow_id: int) -> None:
        for name in _GUESTS:
            attach(
                self.session,
                company_id=self.company_id,
                workflow_id=workflow_id,
                list_id=make_list(self.session, company_id=self.company_id, name=name),
                values={},
                who=_MANAGER,
            )

    def _pause(self) -> None:
        workflow = workflow_named(
            self.session, company_id=self.company_id, name=example("reminder-before-due").definition.name
        )
        if workflow is not None:
            pause(
                self.session,
                company_id=self.company_id,
                workflow_id=workflow.id,
                who=_MANAGER,
                reason="The wording is being agreed with sales",
            )

    def _day_of(self, campaign: str) -> date:
        return self.today + timedelta(days=-12 if campaign == WORKSHOP else 16)

    def _put_on(self, index: int, name: str) -> None:
        self._of(index, add_to_list, name=name, on=self.first_day)

    def _note(self, index: int, kind: str, **data: str) -> None:
        self._of(index, record_event, kind=kind, at=clock.now(), data=data)

    def _of(self, index: int, operation: Callable[..., object], **values: object) -> None:
        customer_id = self.accounts[index].customer_id
        operation(self.session, company_id=self.company_id, customer_id=customer_id, who=_MANAGER, **values)


def _fitted(name: str, made: Definition) -> Definition:
    """The example as the manager publishes it: with people instead of roles, other titles, and for some customers only."""
    if name == "reminder-before-due":
        made = replace(made, only=Test(fact="lists", operator=Operator.CONTAINS, value=_COURTESY_LIST))
    return replace(made, route=tuple(_fitted_step(name, each) for each in made.route))


def _fitted_step(name: str, step: Step) -> Step:
    settings = dict(step.settings)
    if person := _PEOPLE.get((name, step.key)):
        settings |= {"who": "person", "person": person}
    if title := _TITLES.get((name, step.key)):
        settings["words"] = {each: {**said, "title": title} for each, said in settings["words"].items()}
    branches = tuple(
        replace(branch, route=tuple(_fitted_step(name, each) for each in branch.route))
        for branch in step.branches
    )
    return replace(step, settings=settings, branches=branches)
