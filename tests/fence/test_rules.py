from dataclasses import replace

import pytest

from arfollow.fence.rules import Place, Reason, Server, Witness, judge_file, judge_server

HERE = Place(device=1, inode=17, born=1000, path="/srv/arfollow.sqlite3")
BESIDE = Witness(epoch="e", count=5, place=HERE)
SERVER = Server(system="7000", timeline="00000001", database=16384)
UNKNOWN = Server(system=None, timeline=None, database=None)


@pytest.mark.parametrize(
    ("witness", "reason"),
    [
        (BESIDE, None),
        (replace(BESIDE, count=4), None),  # somebody stopped between the two
        (replace(BESIDE, count=3), Reason.OLDER_FILE),
        (replace(BESIDE, count=6), Reason.OLDER_DATABASE),
        (replace(BESIDE, epoch="f"), Reason.OTHER_EPOCH),
        (replace(BESIDE, place=None), Reason.ELSEWHERE),
        (replace(BESIDE, place=replace(HERE, inode=18)), Reason.ELSEWHERE),
        (None, Reason.NO_FILE),
    ],
)
def test_a_file_speaks_for_one_database_at_one_count(witness, reason):
    assert judge_file(epoch="e", count=5, witness=witness, here=HERE) is reason


@pytest.mark.parametrize(
    ("other", "is_same"),
    [
        (HERE, True),
        (replace(HERE, path="/srv/renamed/arfollow.sqlite3"), True),
        (replace(HERE, device=2), True),  # numbered anew at a restart
        (replace(HERE, device=2, path="/mnt/arfollow.sqlite3"), False),
        (replace(HERE, inode=18), False),
        (replace(HERE, born=1001), False),  # the number of a removed file, used again
        (replace(HERE, born=None), True),
    ],
)
def test_a_file_that_was_moved_is_the_same_and_one_that_was_copied_is_not(other, is_same):
    assert HERE.is_at(other) is is_same


@pytest.mark.parametrize(
    ("here", "is_own_row", "reason"),
    [
        (SERVER, True, None),
        (replace(SERVER, system="7001"), True, Reason.OTHER_SERVER),
        (replace(SERVER, timeline="00000002"), True, Reason.OTHER_TIMELINE),
        (replace(SERVER, database=16385), True, Reason.OTHER_DATABASE),
        (SERVER, False, Reason.REWRITTEN),
        (UNKNOWN, True, None),
    ],
)
def test_a_server_is_known_by_what_it_tells(here, is_own_row, reason):
    assert judge_server(known=SERVER, here=here, is_own_row=is_own_row) is reason
