import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st

from arfollow.receivables.rules import fields
from arfollow.receivables.rules.fields import FieldError


@pytest.mark.parametrize(
    ("clean", "text", "expected"),
    [
        (fields.line, "  Bäckerei \u00a0 Ümit ", "Bäckerei Ümit"),
        (fields.line, "Ba\u0308cker", "Bäcker"),
        (fields.line, "A" * 500, "A" * 500),
        (fields.line, "=?utf-8?q?B=C3=A4cker?=", "Bäcker"),
        (fields.street, "Gasse 3\r\nHinterhaus\n", "Gasse 3, Hinterhaus"),
        (fields.email, " Ana@EXAMPLE.com ", "Ana@example.com"),
        (fields.email, "", ""),
        (fields.country, "de ", "DE"),
        (fields.country, "", ""),
        (fields.language, "de_AT", "de-AT"),
        (fields.language, "pt-br", "pt-BR"),
        (fields.language, "zh-Hans-CN", "zh-CN"),
    ],
)
def test_what_is_meant_is_kept_clean(clean, text, expected):
    assert clean(text) == expected


@pytest.mark.parametrize(
    ("clean", "text"),
    [
        (fields.line, "A\nB"),
        (fields.line, "A\u2028B"),
        (fields.line, "A\x85B"),
        (fields.line, "=?utf-8?q?A=0ABcc:_b=40x.de?="),
        (fields.line, "=?utf-8?b?PT91dGYtOD9xP0E9MEFCPz0=?="),
        (fields.line, "=?none?q?A?="),
        (fields.line, "A" * 501),
        (fields.email, "nobody"),
        (fields.email, "a@x.de, b@x.de"),
        (fields.email, "a@x.de\nBcc: b@x.de"),
        (fields.email, "Ana <a@x.de>"),
        (fields.country, "XX"),
        (fields.country, "EU"),
        (fields.country, "Germany"),
        (fields.language, "klingon"),
    ],
)
def test_what_cannot_be_right_is_refused(clean, text):
    with pytest.raises(FieldError):
        clean(text)


ADDRESSES = st.from_regex(
    r"[a-z0-9_+.-]{1,66}@([a-z0-9-]{1,22}\.){1,3}([a-z]{1,4}|test|arpa|local)", fullmatch=True
)


@given(ADDRESSES)
def test_an_address_is_what_the_library_makes_of_it(text):
    try:
        expected = validate_email(text, check_deliverability=False, globally_deliverable=False).normalized
    except EmailNotValidError:
        with pytest.raises(FieldError):
            fields.email(text)
    else:
        assert fields.email(text) == expected


@given(st.text(alphabet=st.sampled_from("aZ0 =-~\u00a0ü")))
def test_runs_of_spaces_are_one_and_none_stands_at_the_ends(text):
    assert fields.line(text) == " ".join(text.split())
