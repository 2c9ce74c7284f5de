"""The form in which entries are hashed, and the check of a chain. `docs/chatter.md` describes it for other languages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from json import JSONEncoder
from json.encoder import encode_basestring
from typing import NamedTuple

from arfollow.values.money import Money

SCHEMA = 1
GENESIS = "0" * 64
DIGEST = re.compile("[0-9a-f]{64}")
MAIN = "main"
"""The only chain there is today; others may come beside it."""
LARGEST_INTEGER = 2**53 - 1
"""What every JSON reader keeps exact; an amount ends far below (money.LARGEST)."""

LONGEST_TAG = 64
_TAG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*:[a-z][a-z0-9]*(-[a-z0-9]+)*")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_encode = JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, check_circular=False).encode
quoted = encode_basestring
_whole = int.__repr__


class FactError(TypeError):
    """A fact has no canonical form: numbers are whole, keys are text."""

    def __init__(self, value: object) -> None:
        super().__init__(
            f"{value!r} cannot stand in a chatter entry: facts are text, whole numbers up to 2^53 − 1, true, "
            "false, null, dates, money, and lists and mappings (keys: text) of these."
        )


class TagError(ValueError):
    """A tag is not `subject:action` in lower case."""

    def __init__(self, tag: str) -> None:
        super().__init__(f"{tag!r} is no tag: write subject:action, lower case, such as letter:printed.")


class Record(NamedTuple):
    """An entry as it is hashed; `who` and `personal` are digests, `facts` is canonical JSON, documents have media types.

    A named tuple and no dataclass: a million of them are made in a verification.
    """

    schema: int
    company_id: int
    chain: str
    sequence: int
    previous_hash: str
    hash: str
    at: str
    tag: str
    customer_id: int | None
    thread: str | None
    who: str
    personal: str
    facts: str
    documents: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What is wrong with an entry, or with what stands in its place: `entry 17 was changed: …`."""

    chain: str = MAIN
    sequence: int
    reason: str

    def __str__(self) -> str:
        """The sentence."""
        where = "" if self.chain == MAIN else f" of chain {self.chain}"
        return f"entry {self.sequence}{where} {self.reason}"


def checked_tag(tag: str) -> str:
    """The tag; raise TagError when it is not `subject:action`."""
    if not _TAG.fullmatch(tag) or len(tag) > LONGEST_TAG:
        raise TagError(tag)
    return tag


def storable(text: str) -> str:
    """The text as it is, but U+FFFD for what no database and no UTF-8 can hold: U+0000 and halves of surrogate pairs."""
    return _UNSTORABLE.sub("\ufffd", text)


def instant_text(instant: datetime) -> str:
    """ISO 8601 in UTC with six decimals and Z, so that text order is time order."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def canonical_json(value: object) -> str:
    """RFC 8785 (JCS) without fractions: no white space, keys in order of UTF-16 units; raise FactError.

    Money becomes {"currency":"EUR","minor":124050}, dates and instants become ISO text.
    """
    return _encode(_plain(value))


def _plain(value: object) -> object:  # noqa: PLR0911 - one line a type
    match value:
        case None | bool():
            return value
        case str():
            return storable(value)
        case int() if abs(value) <= LARGEST_INTEGER:
            return int(value)
        case datetime():
            return instant_text(value)
        case date():
            return value.isoformat()
        case Money():
            return {"currency": value.currency, "minor": _plain(value.minor)}
        case Mapping():
            return _in_order(value)
        case list() | tuple():
            return [_plain(each) for each in value]
        case _:
            raise FactError(value)


def _in_order(mapping: Mapping[object, object]) -> dict[str, object]:
    plain: dict[str, object] = {}
    for key, value in mapping.items():
        if not isinstance(key, str):
            raise FactError(key)
        plain[storable(key)] = _plain(value)
    return dict(sorted(plain.items(), key=lambda item: item[0].encode("utf-16-be")))


def entry_text(record: Record) -> str:
    """What is hashed: every column but the hash itself. `facts` goes in as text, so no column can pose as another.

    Put together by hand, since it is what takes longest in a verification; raise TypeError when a column has another type.
    """
    customer = "null" if record.customer_id is None else _whole(record.customer_id)
    thread = "null" if record.thread is None else quoted(record.thread)
    documents = ",".join(
        [f"[{quoted(sha256)},{quoted(media_type)}]" for sha256, media_type in record.documents]
    )
    return (
        f'{{"at":{quoted(record.at)},"chain":{quoted(record.chain)},"company":{_whole(record.company_id)},'
        f'"customer":{customer},"documents":[{documents}],"facts":{quoted(record.facts)},'
        f'"personal":{quoted(record.personal)},"previous":{quoted(record.previous_hash)},'
        f'"schema":{_whole(record.schema)},"sequence":{_whole(record.sequence)},"tag":{quoted(record.tag)},'
        f'"thread":{thread},"who":{quoted(record.who)}}}'
    )


def entry_bytes(record: Record) -> bytes:
    """The same in UTF-8; raise TypeError, ValueError."""
    return entry_text(record).encode()


def entry_hash(record: Record) -> str:
    """SHA-256 of the entry's bytes, as hex."""
    return sha256(entry_bytes(record)).hexdigest()


def is_intact(record: Record) -> bool:
    """Whether the record has the hash of its contents; what someone put there may even be of another type."""
    try:
        return record.schema == SCHEMA and entry_hash(record) == record.hash
    except (TypeError, ValueError):
        return False


def personal_text(*, salt: str, text: str, customer: str, data: str) -> str:
    """What is hashed of what may be erased from an entry."""
    return (
        f'{{"customer":{quoted(customer)},"data":{quoted(data)},"salt":{quoted(salt)},"text":{quoted(text)}}}'
    )


def personal_digest(*, salt: str, text: str, customer: str, data: str) -> str:
    """Digest of what may be erased from an entry. Without its random salt it could be guessed from a list of addresses."""
    return sha256(personal_text(salt=salt, text=text, customer=customer, data=data).encode()).hexdigest()


def person_digest(*, salt: str, name: str) -> str:
    """Digest that stands for a person in every entry of theirs."""
    return sha256(f'{{"name":{quoted(name)},"salt":{quoted(salt)}}}'.encode()).hexdigest()


def problems(records: Iterable[Record], *, sequence: int = 0, head: str = GENESIS) -> Iterator[Problem]:
    """Everything wrong with records of one chain that follow the entry `sequence` with hash `head`, in their order."""
    for record in records:
        if record.sequence != sequence + 1:
            reason = f"is missing; entry {record.sequence} comes in its place"
            yield Problem(chain=record.chain, sequence=sequence + 1, reason=reason)
        elif record.previous_hash != head:
            reason = "does not follow the entry before it"
            yield Problem(chain=record.chain, sequence=record.sequence, reason=reason)
        if not is_intact(record):
            reason = "was changed: its hash is not that of its contents"
            yield Problem(chain=record.chain, sequence=record.sequence, reason=reason)
        sequence, head = record.sequence, record.hash
