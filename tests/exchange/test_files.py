from hashlib import sha256

import pytest

from arfollow.exchange.files import File
from arfollow.exchange.operations import prepare
from arfollow.exchange.problems import ImportRefusedError
from arfollow.exchange.translating import Reading

CUT = b"customer,name,email\nC-1,A,a@example.com\nC-2,B"


def test_what_another_program_writes_while_a_file_is_read_is_not_in_it(tmp_path):
    path = tmp_path / "customers.csv"
    path.write_bytes(CUT)

    file = File(name="customers.csv", content=path)
    path.write_bytes(CUT + b",b@example.com\n")
    prepared = prepare([file], Reading())

    assert [each.sha256 for each in prepared.files] == [sha256(CUT).hexdigest()]
    with pytest.raises(ImportRefusedError) as refused:
        prepared.problems.refuse()
    assert "the file ends in the middle of a row: 2 of 3 columns" in str(refused.value.problems[0])


def test_a_file_may_be_read_by_several_at_a_time():
    file = File(name="1.csv", content=b"one\ntwo\n")

    with file.open() as first, file.open() as second:
        lines = [first.readline(), second.readline(), first.readline(), second.read()]

    assert lines == [b"one\n", b"one\n", b"two\n", b"two\n"]
