import hashlib
import hmac

import pytest

from arfollow.values.signatures import WINDOW_SECONDS, is_genuine, signature

SECRET, BODY, NOW = "sixteen letters!", b'{"id": "1"}', 1_800_000_000
SEALED = signature(SECRET, kind="text", at=NOW, body=BODY)


def genuine(**changes):
    asked = {"kind": "text", "at": str(NOW), "given": SEALED, "body": BODY, "now": NOW}
    return is_genuine(changes.pop("secret", SECRET), **(asked | changes))


def test_a_signature_is_what_the_guide_says():
    wanted = hmac.new(SECRET.encode(), b"text.1800000000." + BODY, hashlib.sha256).hexdigest()

    assert f"sha256={wanted}" == SEALED
    assert genuine()


@pytest.mark.parametrize(
    "changes",
    [
        {"body": BODY + b" "},
        {"kind": "report"},
        {"at": str(NOW + 1)},
        {"secret": "another secret!!"},
        {"given": ""},
        {"given": "sha256=é"},
        {"at": "soon"},
        {"at": ""},
        {"at": "9" * 40},
        {"now": NOW + WINDOW_SECONDS + 1},
        {"now": NOW - WINDOW_SECONDS - 1},
    ],
)
def test_anything_else_is_not_genuine(changes):
    assert not genuine(**changes)


def test_without_a_secret_nobody_is_genuine():
    sealed = signature("", kind="text", at=NOW, body=BODY)

    assert not genuine(secret="", given=sealed)


@pytest.mark.parametrize("now", [NOW + WINDOW_SECONDS, NOW - WINDOW_SECONDS])
def test_clocks_may_differ_by_minutes(now):
    assert genuine(now=now)
