"""The plan that a new company starts with, in the languages that we write ourselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from arfollow.levels.drafts import LevelDraft, PlanDraft, WholePlan, WordingDraft


@dataclass(frozen=True, kw_only=True)
class _Words:
    """A default level's words in one language; letter and e-mail say the same."""

    name: str
    subject: str
    body: str
    todo: str = ""

    @property
    def draft(self) -> WordingDraft:
        """The words as a level's wording."""
        return WordingDraft(
            email_subject=self.subject,
            email_body=self.body,
            letter_title=self.name,
            letter_body=self.body,
            todo=self.todo,
        )


_FIRST_EN = """{{ salutation }}

This may simply have slipped through: according to our records, {% if invoice_count > 1 %}the {{ invoice_count }} invoices listed below are{% else %}the invoice listed below is{% endif %} past due. Please pay {{ total_due }} by {{ deadline }}.

If anything is not as it should be, please tell us now. {{ our_contact }} will be glad to help{% if our_phone %}: {{ our_phone }}{% endif %}."""

_SECOND_EN = """{{ salutation }}

We have written to you about your overdue account, but have not yet received your payment of {{ total_due }}. The oldest invoice is {{ oldest_days }} days late.

Please pay by {{ deadline }}. If you cannot pay the whole amount by then, or do not agree with an invoice, please contact {{ our_contact }}{% if our_phone %} ({{ our_phone }}){% endif %} before that date, so that we can find a solution together."""

_THIRD_EN = """{{ salutation }}

Despite our reminders we have not received your payment of {{ total_due }}. The oldest invoice is now {{ oldest_days }} days late.

This is our final notice. We expect payment in full by {{ deadline }}. If we have neither received it nor heard from you by then, we shall have to take further steps to recover the debt, which may cause you additional costs.

We would much rather settle this with you. Please call {{ our_contact }}{% if our_phone %} on {{ our_phone }}{% endif %} if there is anything that we should know."""

_FIRST_DE = """{{ salutation }}

vielleicht ist es nur übersehen worden: {% if invoice_count > 1 %}Die unten aufgeführten {{ invoice_count }} Rechnungen sind{% else %}Die unten aufgeführte Rechnung ist{% endif %} nach unseren Unterlagen fällig und noch nicht bezahlt. Bitte überweisen Sie {{ total_due }} bis zum {{ deadline }}.

Sollte etwas nicht stimmen, sagen Sie uns bitte gleich Bescheid. {{ our_contact }} hilft Ihnen gern weiter{% if our_phone %}: {{ our_phone }}{% endif %}."""

_SECOND_DE = """{{ salutation }}

wir haben Sie bereits an Ihre überfälligen Rechnungen erinnert, konnten aber noch keinen Zahlungseingang feststellen. Offen sind {{ total_due }}; die älteste Rechnung ist seit {{ oldest_days }} Tagen fällig.

Bitte zahlen Sie bis zum {{ deadline }}. Wenn Sie den Betrag bis dahin nicht vollständig zahlen können oder mit einer Rechnung nicht einverstanden sind, wenden Sie sich bitte vor diesem Tag an {{ our_contact }}{% if our_phone %} ({{ our_phone }}){% endif %}, damit wir gemeinsam eine Lösung finden."""

_THIRD_DE = """{{ salutation }}

trotz unserer Mahnungen haben wir Ihre Zahlung von {{ total_due }} nicht erhalten. Die älteste Rechnung ist seit {{ oldest_days }} Tagen fällig.

Dies ist unsere letzte Mahnung. Wir erwarten die vollständige Zahlung bis zum {{ deadline }}. Geht sie bis dahin nicht ein und hören wir nichts von Ihnen, müssen wir weitere Schritte zur Beitreibung unserer Forderung einleiten, durch die Ihnen zusätzliche Kosten entstehen können.

Lieber wäre uns eine gemeinsame Lösung. Bitte rufen Sie {{ our_contact }}{% if our_phone %} unter {{ our_phone }}{% endif %} an, wenn es etwas gibt, das wir wissen sollten."""

_FIRST_FR = """{{ salutation }}

Sauf erreur de notre part, {% if invoice_count > 1 %}les {{ invoice_count }} factures ci-dessous sont arrivées à échéance et ne nous ont{% else %}la facture ci-dessous est arrivée à échéance et ne nous a{% endif %} pas encore été {% if invoice_count > 1 %}réglées{% else %}réglée{% endif %}. Il s’agit sans doute d’un simple oubli. Nous vous remercions de bien vouloir nous régler {{ total_due }} au plus tard le {{ deadline }}.

Si un point n’est pas exact, merci de nous le signaler dès à présent. {{ our_contact }} se tient à votre disposition{% if our_phone %} au {{ our_phone }}{% endif %}."""

_SECOND_FR = """{{ salutation }}

Malgré notre précédente relance, nous n’avons pas encore reçu votre règlement de {{ total_due }}. La facture la plus ancienne est échue depuis {{ oldest_days }} jours.

Nous vous prions de régler cette somme au plus tard le {{ deadline }}. Si vous ne pouvez pas la régler en totalité d’ici là, ou si vous contestez une facture, veuillez contacter {{ our_contact }}{% if our_phone %} ({{ our_phone }}){% endif %} avant cette date, afin que nous trouvions ensemble une solution."""

_THIRD_FR = """{{ salutation }}

Malgré nos relances, votre règlement de {{ total_due }} ne nous est pas parvenu. La facture la plus ancienne est échue depuis {{ oldest_days }} jours.

Par la présente, nous vous mettons en demeure de régler la totalité de cette somme au plus tard le {{ deadline }}. À défaut de règlement ou de nouvelles de votre part à cette date, nous serons contraints d’engager le recouvrement de notre créance, ce qui peut entraîner pour vous des frais supplémentaires.

Nous préférerions de loin un accord amiable. N’hésitez pas à appeler {{ our_contact }}{% if our_phone %} au {{ our_phone }}{% endif %} si un élément doit être porté à notre connaissance."""

_LEVELS: tuple[tuple[LevelDraft, Mapping[str, _Words]], ...] = (
    (
        LevelDraft(name="", days=15, deadline_days=10, actions=("email",)),
        {
            "en": _Words(
                name="Payment reminder",
                subject="Payment reminder from {{ company_name }}: {{ total_due }}",
                body=_FIRST_EN,
            ),
            "de": _Words(
                name="Zahlungserinnerung",
                subject="Zahlungserinnerung von {{ company_name }}: {{ total_due }}",
                body=_FIRST_DE,
            ),
            "fr": _Words(
                name="Relance",
                subject="Relance de {{ company_name }}\N{NO-BREAK SPACE}: {{ total_due }}",
                body=_FIRST_FR,
            ),
        },
    ),
    (
        LevelDraft(name="", days=30, deadline_days=10, actions=("email", "letter")),
        {
            "en": _Words(
                name="Second reminder",
                subject="Second reminder from {{ company_name }}: {{ total_due }} overdue",
                body=_SECOND_EN,
            ),
            "de": _Words(
                name="Mahnung",
                subject="Mahnung von {{ company_name }}: {{ total_due }} überfällig",
                body=_SECOND_DE,
            ),
            "fr": _Words(
                name="Deuxième relance",
                subject="Deuxième relance de {{ company_name }}\N{NO-BREAK SPACE}: {{ total_due }} en retard",
                body=_SECOND_FR,
            ),
        },
    ),
    (
        LevelDraft(name="", days=40, deadline_days=10, actions=("letter", "todo")),
        {
            "en": _Words(
                name="Final notice",
                subject="Final notice from {{ company_name }}: {{ total_due }}",
                body=_THIRD_EN,
                todo="Call the customer",
            ),
            "de": _Words(
                name="Letzte Mahnung",
                subject="Letzte Mahnung von {{ company_name }}: {{ total_due }}",
                body=_THIRD_DE,
                todo="Kunden anrufen",
            ),
            "fr": _Words(
                name="Mise en demeure",
                subject="Mise en demeure de {{ company_name }}\N{NO-BREAK SPACE}: {{ total_due }}",
                body=_THIRD_FR,
                todo="Appeler le client",
            ),
        },
    ),
)


def default_plan(language: str) -> WholePlan:
    """15 days e-mail, 30 days e-mail and letter, 40 days letter and a call; worded in every language that we write.

    Levels are named in `language`, English where we do not write it.
    """
    return WholePlan(
        plan=PlanDraft(name="Standard", contact_gap_days=14, review_after_days=14),
        levels=tuple(
            replace(
                level,
                name=words.get(language.partition("-")[0], words["en"]).name,
                wordings={spoken: each.draft for spoken, each in words.items()},
            )
            for level, words in _LEVELS
        ),
    )
