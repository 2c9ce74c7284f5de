"""Guesses what the columns of an unknown file mean, by their names; what it cannot guess is left to be clicked."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from unicodedata import combining, normalize

from arfollow.exchange.amounts import readings as amount_readings
from arfollow.exchange.dates import readings as date_readings
from arfollow.exchange.uploads.fields import FIELDS, needed
from arfollow.exchange.uploads.rules import Kind, Settings

_WORDS = re.compile(r"[\W_]+")
_NUMBER_SIGN = re.compile(r"(?<=\w)\s*#")
# English, German and French; as headings have them, without spaces and signs, in small letters.
_INVOICE_NUMBER = (
    "invoice invoiceno invoicenr invoicenumber num number no nr docid documentnumber documentno document invoiceid referenceno belegnummer belegnr "
    "beleg rechnung rechnungnr rechnungsnr rechnungsnummer reno nummer facture nfacture nofacture numerofacture ndefacture numfacture piece"
)
# A name stands for the number only where there is no number.
_CUSTOMER_NUMBER = (
    "customerno customernumber customerid customercode custnumber custno clientno clientnumber clientid clientcode accountno "
    "accountnumber accountcode debtorno debtornumber kundennr kundennummer kundenr kdnr kdnummer debitornr debitornummer debitorennr "
    "debitorennummer debitorenkonto kundenkonto personenkonto konto kontonr kontonummer nclient noclient numclient numeroclient codeclient"
)
_CUSTOMER_NAME = "organization organisation company name name1 customername customerfullname clientname contactname accountname kundenname firma nomclient nomduclient"
_NAMES: Mapping[str, str] = {
    "customer": f"{_CUSTOMER_NUMBER} custid customer client account debtor kunde debitor {_CUSTOMER_NAME}",
    "name": "customername clientname name companyname company organization organisation namecustomer fullname kundenname "
    "firma bezeichnung nom raisonsociale nomclient nomduclient name1 customerfullname contactname accountname client customer kunde debitor",
    "date": "date invoicedate issuedate dateissued documentdate docdate transactiondate billdate created datum "
    "rechnungsdatum belegdatum belegdat redatum dateemission datefacture datedefacture paymentdate datepaid zahlungsdatum postingdate buchungsdatum",
    "due_date": "due duedate duein dueindate datedue payableby netduedate fallig falligam falligkeit falligkeitsdatum "
    "nettofalligkeit faelligam faelligkeit echeance dateecheance datedecheance",
    "currency": "currency currencycode curr cur invoicecurrency customercurrency wahrung waehrung wkz hauswahrung localcurrency devise monnaie",
    "amount": "amount total totalamount invoiceamount linetotal amountonecolumn gross grossamount value sum betrag rechnungsbetrag "
    "brutto bruttobetrag gesamt gesamtbetrag summe betraginhauswahrung amountinlocalcurrency montant montantttc totalttc ttc",
    "open_amount": "openbalance openamount balance balancedue balancedueamount amountdue amountopen outstanding open totalopenamount remainingamount "
    "offen offenerbetrag restbetrag saldo offenerposten solde restedu resteapayer montantdu",
    "kind": "kind type documenttype transactiontype doctype belegart art typ typedepiece",
    "reference": "reference ref po pono ponumber yourref orderno ordernumber referenz bestellnr bestellnummer ihrzeichen "
    "refclient",
    "instalment": "instalment installment teilbetrag",
    "invoice": _INVOICE_NUMBER,
    "paid_on": "datepaid paidon paiddate paymentdate settleddate bezahltam zahlungsdatum datepaiement",
    "email": "email emailaddress mainemail mail emailrecipient contactemail billingemail emailadresse adresseemail courriel",
    "phone": "phone phonenumber phoneno mainphone telephone tel telefon telefonnummer",
    "street": "street address address1 addressline1 streetaddress billaddrline1 billingaddress strasse strae straenr adresse rue",
    "city": "city town billaddrcity ort stadt ville",
    "postal_code": "postalcode postcode zip zipcode postalcodezipcode billaddrpostalcode plz postleitzahl codepostal cp",
    "country": "country countrycode countryiso countryregioncode land landercode pays codepays",
    "language": "language lang locale sprache langue",
    "vat": "vat vatid vatno vatnumber taxid taxnumber ustid ustidnr tva numerotva",
    "parent": "parent parentcustomer",
    "plan": "plan",
    "responsible": "responsible accountmanager salesperson sachbearbeiter",
    "sales_representative": "salesrepresentative salesrep representative vertreter vertriebsmitarbeiter aussendienst commercial",
    "event": "event eventtype eventname ereignis evenement",
    "at": "at timestamp datetime eventtime eventdate occurredat createdat time when date zeitpunkt zeit datum horodatage",
    "key": "key eventid eventkey id schluessel schlussel cle",
    "data": "data payload daten donnees",
    "applies_to": "appliesto",
    "level": "level dunninglevel mahnstufe",
    "followed_on": "followedon lastreminder mahndatum",
}
_OF_PAYMENTS = frozenset(
    "payment paymentno paymentnumber paymentid receipt receiptno zahlung zahlungsnr paiement".split()
)
_JUST_NUMBERS = ("number", "no", "nr", "num", "nummer", "numero", "id")
_CONTACT = frozenset({"email", "phone", "street", "city", "postal_code", "country"})


def guessed_settings(heading: Sequence[str], full: Collection[str]) -> Settings:
    """The kind and the columns of a file with that heading; `full`: the columns that most rows fill."""
    return with_columns(Settings(kind=guessed_kind(heading)), heading, full)


def with_columns(settings: Settings, heading: Sequence[str], full: Collection[str]) -> Settings:
    """The settings with their columns guessed anew, for their kind. A needed field is none that hardly any row has."""
    wanted = needed(settings)
    columns: dict[str, str] = {}
    same: dict[str, str] = {}
    for field in _order(settings.kind):
        names = _names_of(field, settings.kind)
        found = min(
            (
                column
                for column in heading
                if _plain(column) in names and (field not in wanted or column in full)
            ),
            key=lambda column: (column in columns, names.index(_plain(column))),
            default=None,
        )
        if found is None:
            continue
        if found in columns:
            # A file that knows its customers by name only: the name is their number, too.
            if field in ("name", "customer", "number"):
                same[field] = found
        else:
            columns[found] = field
    if "name" in wanted and "name" not in {*columns.values(), *same}:
        identity = "number" if settings.kind is Kind.CUSTOMERS else "customer"
        # Better a name that is a number than none: whoever knows better chooses another column.
        known = next((column for column, field in columns.items() if field == identity), "")
        same |= {"name": known} if known else {}
    return replace(
        settings, columns=columns, same=same, constants={}, only_column="", only_values=(), kinds={}
    )


def guessed_kind(heading: Sequence[str]) -> Kind:
    """What a file with that heading holds most likely."""
    plain = {_plain(column) for column in heading}
    has = {field: bool(plain & set(_NAMES[field].split())) for field in _NAMES}
    if has["event"] and has["at"]:
        return Kind.EVENTS
    if not (has["amount"] or has["open_amount"]):
        return Kind.CUSTOMERS
    if plain & _OF_PAYMENTS and not has["due_date"]:
        return Kind.PAYMENTS
    has_invoice = bool(plain & set(_INVOICE_NUMBER.split())) or has["date"]
    if not has_invoice and any(has[field] for field in _CONTACT):
        return Kind.CUSTOMERS
    return Kind.OPEN_ITEMS if has["open_amount"] and has["due_date"] else Kind.INVOICES


def guessed_heading(rows: Sequence[tuple[int, Sequence[str]]]) -> int | None:
    """The line of the row that names the columns: the first that is as wide as the table and holds words only."""
    widths = [sum(bool(cell.strip()) for cell in cells) for _, cells in rows]
    if not widths or max(widths) < _NARROWEST:
        return rows[0][0] if rows else None
    # Titles are narrow; a heading has a name for nearly every column that the rows below it fill.
    for (line, cells), width in zip(rows, widths, strict=True):
        if width * 5 >= max(widths) * 3 and not any(map(_is_value, cells)):
            return line
    return next(line for (line, _), width in zip(rows, widths, strict=True) if width == max(widths))


_NARROWEST = 2


def guessed_day(titles: Iterable[str], today: date) -> date | None:
    """The day that a list's title names, such as `As of 31 December 2025`; None: none, or one that lies ahead."""
    for title in titles:
        for start in range(len(title)):
            if start and title[start - 1].isalnum():
                continue
            found = set(date_readings(title[start:].strip()).values())
            if len(found) == 1 and (day := found.pop()) <= today:
                return day
    return None


def guessed_kinds(values: Iterable[str]) -> dict[str, str]:
    """What the values of a column that names kinds mean."""
    return {value: _meant(_plain(value)) for value in values}


def _meant(plain: str) -> str:
    if any(word in plain for word in ("credit", "gutschrift", "avoir", "crn")):
        return "credit_note"
    if any(word in plain for word in ("payment", "zahlung", "paiement", "receipt")):
        return "payment"
    return "invoice"


def _order(kind: Kind) -> list[str]:
    """The fields in which order they choose: what has few names first."""
    last = ("name",)
    return sorted(FIELDS[kind], key=lambda field: (field in last, FIELDS[kind].index(field)))


def _names_of(field: str, kind: Kind) -> list[str]:
    if field == "number":
        match kind:
            case Kind.CUSTOMERS:
                return [
                    *_NAMES["customer"].removesuffix(_CUSTOMER_NAME).split(),
                    *_JUST_NUMBERS,
                    *_CUSTOMER_NAME.split(),
                ]
            case Kind.PAYMENTS:
                return [*_OF_PAYMENTS]
            case _:
                return _INVOICE_NUMBER.split()
    return _NAMES.get(field, "").split()


def _is_value(cell: str) -> bool:
    text = cell.strip()
    return bool(text) and (bool(date_readings(text)) or bool(amount_readings(text)))


def _plain(name: str) -> str:
    letters = (letter for letter in normalize("NFKD", name).casefold() if not combining(letter))
    return _WORDS.sub("", _NUMBER_SIGN.sub("no", "".join(letters)))
