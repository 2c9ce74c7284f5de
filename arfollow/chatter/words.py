"""What happened, in a few words of the page's language: entries themselves stay as they were recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from arfollow.chatter.operations import BY_LINK, SYSTEM
from arfollow.chatter.queries import Entry
from arfollow.web.refusals import said

_TAGS: Mapping[str, LazyString] = {
    "absence:entered": _l("absence entered"),
    "absence:removed": _l("absence removed"),
    "api-key:made": _l("key for another program made"),
    "api-key:revoked": _l("key for another program revoked"),
    "call:logged": _l("call logged"),
    "company:added": _l("company added"),
    "company:address": _l("address of the company changed"),
    "company:auditor": _l("auditor changed"),
    "company:automatic": _l("automatic sending changed"),
    "company:bank-accounts": _l("bank accounts changed"),
    "company:created": _l("company created"),
    "company:currency": _l("currency changed"),
    "company:letterhead": _l("letterhead changed"),
    "company:logo": _l("logo changed"),
    "company:rules": _l("limits changed"),
    "company:text-hours": _l("hours of text messages changed"),
    "consent:given": _l("agreed to marketing"),
    "consent:withdrawn": _l("objected to marketing"),
    "contact:added": _l("contact added"),
    "contact:changed": _l("contact changed"),
    "contact:removed": _l("contact removed"),
    "credit-note:added": _l("credit note added"),
    "credit:applied": _l("credit applied"),
    "credit:unapplied": _l("credit taken back"),
    "customer:added": _l("customer added"),
    "customer:changed": _l("customer changed"),
    "customer:erased": _l("customer erased"),
    "customer:responsible": _l("responsible person changed"),
    "dispute:opened": _l("dispute noted"),
    "dispute:resolved": _l("dispute resolved"),
    "email:cancelled": _l("e-mail cancelled"),
    "email:delayed": _l("e-mail delayed"),
    "email:failed": _l("e-mail failed"),
    "email:given-up": _l("e-mail given up"),
    "email:queued": _l("e-mail queued"),
    "email:sent": _l("e-mail sent"),
    "email:uncertain": _l("e-mail uncertain"),
    "event:noted": _l("event noted"),
    "events:received": _l("events received"),
    "fence:closed": _l("sending stopped"),
    "fence:confirmed": _l("sending again"),
    "field:changed": _l("own field changed"),
    "follow-up:done": _l("follow-up done"),
    "follow-up:taken-back": _l("begun follow-up taken back"),
    "follow-up:undone": _l("Done taken back"),
    "hold:released": _l("hold released"),
    "hold:set": _l("hold set"),
    "invoice:added": _l("invoice added"),
    "ledger:import-undone": _l("import undone"),
    "ledger:imported": _l("ledger imported"),
    "letter:cancelled": _l("letter not posted"),
    "letter:given-up": _l("letter given up"),
    "letter:posted": _l("letter posted"),
    "letter:printed": _l("letter printed"),
    "letter:queued": _l("letter queued"),
    "letter:returned": _l("letter came back"),
    "level:changed": _l("level changed"),
    "link:issued": _l("link made"),
    "link:revoked": _l("link revoked"),
    "list:added": _l("put on a list"),
    "list:changed": _l("list changed"),
    "list:deleted": _l("list deleted"),
    "list:filled": _l("customers put on a list"),
    "list:made": _l("list made"),
    "list:removed": _l("taken off a list"),
    "mail:tested": _l("mail server tried"),
    "mapping:removed": _l("mapping removed"),
    "mapping:saved": _l("mapping saved"),
    "note:written": _l("note written"),
    "notice:cancelled": _l("notice to a colleague cancelled"),
    "notice:delayed": _l("notice to a colleague delayed"),
    "notice:failed": _l("notice to a colleague failed"),
    "notice:given-up": _l("notice to a colleague given up"),
    "notice:queued": _l("notice to a colleague queued"),
    "notice:sent": _l("notice to a colleague sent"),
    "notice:uncertain": _l("notice to a colleague uncertain"),
    "open-items:imported": _l("open items imported"),
    "payment:received": _l("payment received"),
    "payment:reversed": _l("payment reversed"),
    "person:erased": _l("person erased"),
    "plan:assigned": _l("plan of the customer changed"),
    "plan:changed": _l("plan changed"),
    "promise:cancelled": _l("promise cancelled"),
    "promise:made": _l("promise noted"),
    "reminder:auto": _l("reminder set to Auto"),
    "reminder:later": _l("put off"),
    "reminder:manual": _l("reminder set to Manual"),
    "reminder:now": _l("taken up again"),
    "responsibility:assigned": _l("customers assigned by rule"),
    "responsibility:handed-over": _l("customers handed over"),
    "responsibility:rules": _l("rules of responsibility changed"),
    "run:cancelled": _l("bulk run stopped"),
    "run:finished": _l("bulk run finished"),
    "run:started": _l("bulk run started"),
    "setup:dismissed": _l("setting up not to be mentioned"),
    "setup:plan": _l("plan chosen"),
    "setup:resumed": _l("setting up mentioned again"),
    "setup:skipped": _l("step of setting up skipped"),
    "setup:taken-up": _l("step of setting up taken up"),
    "sms:cancelled": _l("text message cancelled"),
    "sms:delayed": _l("text message delayed"),
    "sms:delivered": _l("text message delivered"),
    "sms:failed": _l("text message failed"),
    "sms:given-up": _l("text message given up"),
    "sms:put-aside": _l("text message put aside"),
    "sms:queued": _l("text message queued"),
    "sms:received": _l("text message received"),
    "sms:sent": _l("text message sent"),
    "sms:tested": _l("gateway tried"),
    "sms:uncertain": _l("text message uncertain"),
    "sms:undelivered": _l("text message not delivered"),
    "statement:printed": _l("statement printed"),
    "survey:answered": _l("survey answered"),
    "survey:changed": _l("survey changed"),
    "task:added": _l("task added"),
    "task:done": _l("task done"),
    "task:moved": _l("task moved"),
    "task:skipped": _l("task skipped"),
    "todo:done": _l("to-do done"),
    "user:added": _l("user added"),
    "user:deactivated": _l("user deactivated"),
    "user:details": _l("details of a user changed"),
    "user:language": _l("language of a user changed"),
    "user:password": _l("password changed"),
    "user:password-reset": _l("one-time password given"),
    "user:reactivated": _l("user reactivated"),
    "user:role": _l("role changed"),
    "wording:changed": _l("words of a level changed"),
    "webhook:cancelled": _l("webhook cancelled"),
    "webhook:delayed": _l("webhook delayed"),
    "webhook:failed": _l("webhook failed"),
    "webhook:given-up": _l("webhook given up"),
    "webhook:queued": _l("webhook queued"),
    "webhook:sent": _l("webhook sent"),
    "webhook:uncertain": _l("webhook uncertain"),
    "workflow:attached": _l("workflow attached to a campaign"),
    "workflow:detached": _l("workflow taken off a campaign"),
    "workflow:entered": _l("entered a workflow"),
    "workflow:left": _l("left a workflow"),
    "workflow:moved": _l("moved in a workflow"),
    "workflow:paused": _l("workflow paused"),
    "workflow:published": _l("workflow published"),
    "workflow:restarted": _l("began a workflow anew"),
    "workflow:resumed": _l("workflow resumed"),
    "workflow:retired": _l("workflow retired"),
    "workflow:skipped": _l("step of a workflow skipped"),
}
_by_facts: dict[str, Callable[[Mapping[str, Any]], str]] = {}


def say_by_facts(tag: str, words: Callable[[Mapping[str, Any]], str]) -> None:
    """Register what an entry of the tag says to a reader, by its facts; empty: what was recorded. `app.py` does."""
    _by_facts[tag] = words


def entry_words(entry: Entry) -> str:
    """What the entry says: in the page's language where its facts tell it, else as it was recorded."""
    by_facts = _by_facts.get(entry.tag)
    words = by_facts(entry.facts) if by_facts else ""
    return said(words) if words else entry.text


def who_words(who: str) -> str:
    """Who did it, as the page's language calls it: people by their names, the program itself, or somebody who was erased."""
    if who == SYSTEM:
        return str(_l("system"))
    if who == BY_LINK:
        return str(_l("customer (by link)"))
    return who or str(_l("erased person"))


def tag_words(tag: str) -> str:
    """What an entry of the tag is about; one that has no words of its own, as it is."""
    return str(_TAGS.get(tag, tag))
