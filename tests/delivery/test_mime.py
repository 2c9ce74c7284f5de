from datetime import UTC, datetime
from email import message_from_bytes, policy
from unicodedata import normalize

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from arfollow.delivery import mime
from arfollow.delivery.message import Attachment, Mailbox, Message

WHEN = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)
ID = "<0123@acme.example>"
ATTACKS = [
    "Ümit\r\nBcc: thief@example.com",
    "Ümit\nBcc: thief@example.com",
    "Ümit\rBcc: thief@example.com",
    "Ümit\x00",
    "Ümit\x1b[0m",
    "Ümit\u2028Bcc: thief@example.com",
    "Ümit\x85Bcc: thief@example.com",
    "Ümit \ud800",
    "=?utf-8?q?=C3=9Cmit=0D=0ABcc:_thief@example.com?=",
    "=?utf-8?Q?x=0ABcc:_thief@example.com?=",
    "=?utf-8?b?eA0KQmNjOiB0aGllZkBleGFtcGxlLmNvbQ==?=",
    "=?utf-8?q?=3D=3Futf-8=3Fq=3Fx=3D0ABcc:_thief@example.com=3F=3D?=",
    "=?no-such-charset?q?x?=",
]


def message(**changes) -> Message:
    plain = {
        "sender": Mailbox(name="ACME GmbH", email="office@acme.example"),
        "reply_to": Mailbox(name="Ana Maier", email="ana@acme.example"),
        "to": Mailbox(name="Bäckerei Ümit", email="shop@customer.example"),
        "subject": "Zahlungserinnerung für Rechnung 2026-0815",
        "text": "Guten Tag,\n.\nbitte zahlen Sie.\n",
        "html": "<p>Guten Tag, bitte zählen Sie.</p>",
    }
    return Message(**plain | changes)


def build(**changes) -> bytes:
    return mime.build(message(**changes), message_id=ID, sent_at=WHEN)


def read(content: bytes):
    return message_from_bytes(content, policy=policy.default)


def test_an_email_holds_what_was_meant():
    pdf = Attachment(
        filename="Kontoauszug C/1043.pdf", media_type="application/pdf", content=b"\r\n.\r\n\xff"
    )

    email = read(build(attachments=(pdf,)))

    assert email["From"] == "ACME GmbH <office@acme.example>"
    assert email["Reply-To"] == "Ana Maier <ana@acme.example>"
    assert email["To"] == "Bäckerei Ümit <shop@customer.example>"
    assert email["Subject"] == "Zahlungserinnerung für Rechnung 2026-0815"
    assert email["Message-ID"] == ID
    assert email["Auto-Submitted"] == "auto-generated"
    assert email["Date"].datetime == WHEN
    assert email.get_body(("plain",)).get_content().splitlines() == [
        "Guten Tag,",
        ".",
        "bitte zahlen Sie.",
    ]
    assert email.get_body(("html",)).get_content().strip() == "<p>Guten Tag, bitte zählen Sie.</p>"
    [attachment] = email.iter_attachments()
    assert attachment.get_filename() == "Kontoauszug C-1043.pdf"
    assert attachment.get_content() == pdf.content


def test_the_same_message_has_the_same_bytes_but_for_its_boundaries():
    first, second = build(), build()

    assert len(first) == len(second)
    assert first.partition(b"boundary")[0] == second.partition(b"boundary")[0]


@pytest.mark.parametrize("attack", ATTACKS, ids=ascii)
@pytest.mark.parametrize(
    "place",
    [
        lambda text: {"sender": Mailbox(name=text, email="office@acme.example")},
        lambda text: {"reply_to": Mailbox(name=text, email="ana@acme.example")},
        lambda text: {"to": Mailbox(name=text, email="shop@customer.example")},
        lambda text: {"subject": text},
        lambda text: {"attachments": (Attachment(filename=text, media_type="a/b", content=b""),)},
    ],
    ids=["sender", "reply-to", "to", "subject", "filename"],
)
def test_nothing_smuggles_a_header_in(attack, place):
    with pytest.raises(mime.ControlCharacterError):
        build(**place(attack))


@pytest.mark.parametrize(
    "address",
    [
        "shop@customer.example\r\nBcc: thief@example.com",
        "shop@customer.example, thief@example.com",
        "shop@customer.example thief@example.com",
        "<shop@customer.example>",
        "Shop <shop@customer.example>",
        "shop",
        "@customer.example",
        "shöp@customer.example",
        "shop@customer.example>\r\nDATA",
        "=?utf-8?q?shop?=@customer.exam ple",
    ],
)
@pytest.mark.parametrize("field", ["sender", "reply_to", "to"])
def test_an_address_is_one_address(address, field):
    with pytest.raises(mime.BadAddressError, match="no valid e-mail address"):
        build(**{field: Mailbox(email=address)})


def test_a_missing_address_is_said_in_words():
    with pytest.raises(mime.MissingAddressError, match=r"^The customer has no e-mail address\."):
        build(to=Mailbox(name="Bäckerei Ümit", email=" "))


def test_the_domain_of_an_address_travels_in_ascii():
    assert read(build(to=Mailbox(email="shop@bäckerei.example")))["To"] == "shop@xn--bckerei-5wa.example"


def test_an_encoded_name_is_shown_decoded():
    email = read(build(to=Mailbox(name="=?utf-8?q?B=C3=A4cker?=", email="a@b.example")))

    assert email["To"].addresses[0].display_name == "Bäcker"


def test_what_would_not_arrive_as_written_is_not_sent(monkeypatch):
    monkeypatch.setattr(mime, "_encoded", lambda name, text: f"{text}\r\nBcc: thief@example.com")

    with pytest.raises(mime.AlteredMessageError, match="list of headers"):
        build(
            to=Mailbox(email="a@b.example"), sender=Mailbox(email="c@d.example"), reply_to=None, subject="x"
        )


characters = st.characters(exclude_categories=("Cc", "Cn", "Cs", "Zl", "Zp"))
words = st.sampled_from(
    [
        "Müller,",
        "Söhne",
        "& Co.",
        "Gesellschaft",
        "(Nord)",
        '"X"',
        "GmbH:",
        "日本語会社",
        "a@b.c",
        "=?",
        "<x>",
        "\\",
    ]
)
lines = st.one_of(
    st.text(characters, max_size=120),
    st.lists(words, max_size=14).map(" ".join),
    st.text(st.sampled_from("aä \",;:<>()@\\.=?_'[]é日"), max_size=150),
)


@settings(max_examples=300, deadline=None)
@example(name="", reply="", subject="\U0002f800", body="")
@given(name=lines, reply=lines, subject=lines, body=st.text(characters | st.just("\n"), max_size=200))
def test_every_name_and_subject_arrives_as_written(name, reply, subject, body):
    content = build(
        to=Mailbox(name=name, email="shop@customer.example"),
        reply_to=Mailbox(name=reply, email="a.long.name@accounting.acme.example"),
        subject=subject,
        text=body,
    )

    email = read(content)
    assert str(email["Subject"]) == " ".join(normalize("NFC", subject).split())
    assert [address.addr_spec for address in email["To"].addresses] == ["shop@customer.example"]
    assert max(map(len, content.split(b"\r\n"))) <= 998
