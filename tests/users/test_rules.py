from datetime import UTC, datetime, timedelta

import pytest

from arfollow.users.rules import Failures, PasswordError, check_password, retry_at

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


def failures(count: int, *, ago: int = 0) -> list[datetime]:
    """So many failures, a second apart, the last of them `ago` seconds before NOW."""
    return [NOW - timedelta(seconds=ago + second) for second in range(count)]


@pytest.mark.parametrize(
    ("by_email", "wait"),
    [(0, 0), (4, 0), (5, 30), (6, 60), (7, 120), (8, 300), (9, 300), (10, 900), (40, 900)],
)
def test_the_wait_grows_with_the_failures_of_an_address(by_email, wait):
    found = retry_at(Failures(by_email=failures(by_email), by_address=[]), now=NOW)

    assert found == (NOW + timedelta(seconds=wait) if wait else None)


@pytest.mark.parametrize(("by_address", "wait"), [(29, 0), (30, 60), (59, 60), (60, 300), (100, 900)])
def test_an_office_behind_one_network_address_may_fail_more_often(by_address, wait):
    found = retry_at(Failures(by_email=[], by_address=failures(by_address)), now=NOW)

    assert found == (NOW + timedelta(seconds=wait) if wait else None)


@pytest.mark.parametrize(("ago", "waits"), [(29, True), (30, False), (31, False)])
def test_the_wait_counts_from_the_last_failure(ago, waits):
    found = retry_at(Failures(by_email=failures(5, ago=ago), by_address=[]), now=NOW)

    assert (found is not None) == waits


def test_failures_of_a_quarter_of_an_hour_ago_are_forgotten():
    old = Failures(by_email=failures(40, ago=900), by_address=failures(200, ago=900))

    assert retry_at(old, now=NOW) is None


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("short", "at least 10"),
        ("x" * 201, "at most 200"),
        ("aaaaaaaaaaaa", "too few"),
        ("Ana@Example.com", "must not be your name"),
    ],
)
def test_a_weak_password_is_refused_in_words(password, problem):
    with pytest.raises(PasswordError, match=problem):
        check_password(password, known=("Ana Maier", "ana@example.com"))


@pytest.mark.parametrize("password", ["correct horse", "пароль надёжный", "0123456789", "a b c d e f"])
def test_a_long_password_needs_no_special_characters(password):
    check_password(password, known=("Ana Maier", "ana@example.com"))
