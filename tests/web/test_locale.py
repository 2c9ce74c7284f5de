from datetime import date

import pytest
from babel.dates import format_date

from arfollow.values.money import Money, localized
from arfollow.web.locale import page_locale


@pytest.mark.parametrize(
    ("language", "country", "name", "amount", "day"),
    [
        ("en", "US", "en_US", "EUR 1,240.50", "Nov 21, 2026"),
        ("en", "GB", "en_GB", "EUR 1,240.50", "21 Nov 2026"),
        ("en", "DE", "en_150", "EUR 1,240.50", "21 Nov 2026"),
        ("en-GB", "DE", "en_150", "EUR 1,240.50", "21 Nov 2026"),
        ("sl", "SI", "en_150", "EUR 1,240.50", "21 Nov 2026"),
        ("en", "", "en_150", "EUR 1,240.50", "21 Nov 2026"),
        ("en", "??", "en_150", "EUR 1,240.50", "21 Nov 2026"),
        ("de", "DE", "de_DE", "1.240,50 EUR", "21.11.2026"),
        ("de-AT", "AT", "de_AT", "EUR 1.240,50", "21.11.2026"),
        ("fr", "FR", "fr_FR", "1 240,50 EUR", "21 nov. 2026"),
        ("fr", "DE", "fr", "1 240,50 EUR", "21 nov. 2026"),
    ],
)
def test_a_page_speaks_a_language_as_the_country_writes_it(language, country, name, amount, day):
    locale = page_locale(language=language, country=country)

    assert str(locale) == name
    assert (
        localized(Money("EUR", 124050), str(locale))
        .replace("\N{NO-BREAK SPACE}", " ")
        .replace("\N{NARROW NO-BREAK SPACE}", " ")
        == amount
    )
    assert format_date(date(2026, 11, 21), "medium", locale=locale) == day
