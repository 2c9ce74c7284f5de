import pytest

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
