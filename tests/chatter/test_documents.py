from hashlib import sha256
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from arfollow import database
from arfollow.chatter.documents import (
    Document,
    DocumentErasedError,
    DocumentMissingError,
    MediaTypeError,
    is_known_to,
    read,
    store,
)
from arfollow.chatter.operations import record
from arfollow.chatter.tables import StoredDocument

LETTER = b"%PDF \x00\xff letter"


def test_what_was_stored_is_read_byte_for_byte(session):
    digest = store(session, media_type="application/pdf", content=LETTER)

    assert digest == sha256(LETTER).hexdigest()
    assert read(session, sha256=digest) == Document(
        sha256=digest, media_type="application/pdf", content=LETTER
    )


def test_the_same_bytes_are_stored_once(session):
    first = store(session, media_type="application/pdf", content=LETTER)
    second = store(session, media_type="text/plain", content=LETTER)

    assert first == second
    assert session.scalar(select(func.count()).select_from(StoredDocument)) == 1
    assert read(session, sha256=first).media_type == "application/pdf"


def test_nothing_at_all_can_be_stored(session):
    digest = store(session, media_type="text/plain", content=b"")

    assert read(session, sha256=digest).content == b""


def test_a_document_that_is_not_there_is_missing(session):
    with pytest.raises(DocumentMissingError):
        read(session, sha256="0" * 64)


@pytest.mark.parametrize(
    "media_type", ["", "pdf", "text/html; charset=utf-8", "text/html\r\nX: y", "Text/HTML"]
)
def test_a_media_type_that_is_none_is_refused(session, media_type):
    with pytest.raises(MediaTypeError):
        store(session, media_type=media_type, content=LETTER)


def test_an_erased_document_says_so(session):
    digest = store(session, media_type="application/pdf", content=LETTER)
    record(
        session, company_id=1, customer_id=7, tag="customer:erased", who="Ana", text="", documents=[digest]
    )
    database.commit(session)
    database.begin_write(session)
    session.get_one(StoredDocument, digest).content = None
    session.flush()

    with pytest.raises(DocumentErasedError):
        read(session, sha256=digest)


def test_a_document_is_known_to_the_companies_whose_entries_have_it(session):
    digest = store(session, media_type="application/pdf", content=LETTER)
    record(session, company_id=1, customer_id=7, tag="letter:printed", who="Ana", text="", documents=[digest])
    database.commit(session)

    assert is_known_to(session, company_id=1, sha256=digest)
    assert not is_known_to(session, company_id=2, sha256=digest)


def test_two_transactions_may_store_the_same_bytes_at_once(engine):
    start = Barrier(2)

    def write() -> None:
        start.wait()
        with Session(engine) as session:
            database.begin_write(session)
            store(session, media_type="application/pdf", content=LETTER)
            database.commit(session)

    threads = [Thread(target=write) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with Session(engine) as session:
        assert read(session, sha256=sha256(LETTER).hexdigest()).content == LETTER
