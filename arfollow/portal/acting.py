"""What a customer does on a page of its own: each once, however often the button is pressed, and told to workflows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from itertools import groupby

from sqlalchemy.orm import Session

from arfollow.chatter.operations import BY_LINK
from arfollow.followup.balances import item_name
from arfollow.followup.clicks import Click
from arfollow.followup.operations import agreeing
from arfollow.portal.telling import key_told, tell
from arfollow.portal.visiting import Visit
from arfollow.profiles.operations import consent
from arfollow.profiles.queries import NOTHING_KNOWN, profiles
from arfollow.profiles.rules import Data
from arfollow.receivables.operations.customers import choose_language
from arfollow.receivables.operations.links import use
from arfollow.receivables.operations.lookup import lock_customer
from arfollow.receivables.rules.links import Page
from arfollow.workflows.rules.conditions import Value
from arfollow.workflows.surveys.operations import answer_survey
from arfollow.workflows.surveys.queries import SurveyView

CAMPAIGN = "campaign"
_LANDED = frozenset({Page.STATEMENT, Page.PAY, Page.PROMISE, Page.DISPUTE, Page.SURVEY})
"""Pages that are confirmed by being opened by hand; on the others a button of their own says what is confirmed."""


def arrive(session: Session, here: Visit) -> None:
    """The customer opened the link by hand. Raise NoLinkError."""
    lock_customer(session, company_id=here.link.company_id, customer_id=here.link.customer_id)
    use(session, link_id=here.link.id, now=here.now)
    if here.link.about.get("step"):
        # A person was here: what is waited for may be said in any of these words.
        tell(session, here, "opened")
        tell(session, here, "clicked")
    if here.link.page in _LANDED:
        tell(session, here, "confirmed", logged=False)


def promise(
    session: Session, here: Visit, *, item_ids: Collection[int], due_on: date, note: str, once: str
) -> bool:
    """The customer will pay these items by that day: a promise for each currency. Raise as `promise_items` does.

    False: this very form was sent before, and nothing is changed.
    """
    click = _click(session, here)
    if not tell(session, here, "promised", once=once, data={"day": due_on.isoformat()}):
        return False
    items = sorted(
        agreeing.open_ones(session, click, item_ids=item_ids), key=lambda item: (item.currency, item.due_date)
    )
    for _currency, some in groupby(items, key=lambda item: item.currency):
        agreeing.promise_items(
            session, click, items=[*some], amount=None, due_on=due_on, note=note, long_allowed=False
        )
    return True


def dispute(
    session: Session, here: Visit, *, item_id: int, amount: int | None, reason: str, once: str
) -> bool:
    """The customer contests the item, or `amount` of it (minor units). Raise as `dispute_items` does.

    False: this very form was sent before, and nothing is changed.
    """
    click = _click(session, here)
    items = agreeing.open_ones(session, click, item_ids=[item_id])
    name = item_name(items[0].invoice, items[0].instalment)
    if not tell(session, here, "disputed", once=once, data={"invoice": name}):
        return False
    agreeing.dispute_items(session, click, items=items, reason=reason, amount=amount)
    return True


def prefer(session: Session, here: Visit, *, channels: Mapping[str, bool], language: str) -> None:
    """The customer wants to hear by these channels and not by those, and in this language. Raise FieldError."""
    own = {"company_id": here.link.company_id, "customer_id": here.link.customer_id}
    lock_customer(session, **own)
    known = consents(session, here.link.customer_id)
    for channel, given in channels.items():
        if given is known.get(channel, False):
            continue
        consent(session, **own, channel=channel, given=given, source="preferences page", who=BY_LINK)
        if not given:
            _opted_out(session, here, channel)
    choose_language(session, **own, language=language, who=BY_LINK)


def unsubscribe(session: Session, here: Visit) -> None:
    """The customer wants no more marketing by the channel that the link was sent by."""
    own = {"company_id": here.link.company_id, "customer_id": here.link.customer_id}
    lock_customer(session, **own)
    channel = channel_of(here)
    if consents(session, here.link.customer_id).get(channel) is False:
        return
    consent(session, **own, channel=channel, given=False, source="unsubscribe link", who=BY_LINK)
    _opted_out(session, here, channel)


def confirm(session: Session, here: Visit) -> None:
    """The customer confirmed what the message asked, or registered for its campaign."""
    lock_customer(session, company_id=here.link.company_id, customer_id=here.link.customer_id)
    tell(session, here, "confirmed", logged=False)
    if campaign := campaign_of(session, here):
        tell(session, here, "registered", data={CAMPAIGN: campaign})


def answer(session: Session, here: Visit, *, view: SurveyView, answers: Mapping[str, Value]) -> bool:
    """Keep the customer's answers and tell them; whether they are the first by this link."""
    enrolment = here.link.about.get("enrolment", "")
    if not answer_survey(
        session,
        company_id=here.link.company_id,
        customer_id=here.link.customer_id,
        view=view,
        link_id=here.link.id,
        enrolment_id=int(enrolment) if enrolment.isdecimal() else None,
        step=here.link.about.get("step", ""),
        answers=answers,
        now=here.now,
    ):
        return False
    tell(session, here, "survey_answered", data={**_plain(answers.items()), "survey": view.survey.key})
    return True


def channel_of(here: Visit) -> str:
    """The channel that the link's message came by."""
    return here.link.about.get("channel") or "email"


def campaign_of(session: Session, here: Visit) -> str:
    """The campaign that the link's message was about; empty: none."""
    return here.link.about.get(CAMPAIGN) or key_told(session, here.link).get(CAMPAIGN, "")


def consents(session: Session, customer_id: int) -> Mapping[str, bool]:
    """What the customer agreed or objected to, by channel."""
    return profiles(session, customer_ids=[customer_id]).get(customer_id, NOTHING_KNOWN).consents


def _opted_out(session: Session, here: Visit, channel: str) -> None:
    tell(session, here, "opted_out", once=f"{channel}:{here.now.isoformat()}", data={"channel": channel})


def _click(session: Session, here: Visit) -> Click:
    """The customer's own; its account is held, so that a second click sees what the first did."""
    lock_customer(session, company_id=here.link.company_id, customer_id=here.link.customer_id)
    return Click(
        company_id=here.link.company_id,
        customer_id=here.link.customer_id,
        number=0,
        who=BY_LINK,
        user_id=None,
        today=here.today,
    )


def _plain(answers: Iterable[tuple[str, Value]]) -> dict[str, Data]:
    found: dict[str, Data] = {}
    for key, value in answers:
        if isinstance(value, tuple):
            found[key] = [str(each) for each in value]
        elif isinstance(value, str | int):
            found[key] = value
    return found
