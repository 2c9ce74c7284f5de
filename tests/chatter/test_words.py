import re

import pytest
from flask_babel import force_locale

from arfollow.chatter.words import _TAGS, tag_words, who_words

TAG = re.compile(r'tag="([a-z-]+:[a-z-]+)"')


def test_every_tag_that_the_program_writes_has_words(root):
    sources = "".join(path.read_text() for path in (root / "arfollow").rglob("*.py"))

    assert set(TAG.findall(sources)) - set(_TAGS) == set()


@pytest.mark.parametrize(
    ("language", "tag", "who"),
    [
        ("en", "payment received", "system"),
        ("de", "Zahlung eingegangen", "System"),
        ("fr", "paiement reçu", "système"),
    ],
)
def test_an_entry_says_in_the_page_s_language_what_happened_and_who_did_it(sqlite_site, language, tag, who):
    with sqlite_site.app.test_request_context(), force_locale(language):
        assert tag_words("payment:received") == tag
        assert (who_words("system"), who_words("Ana")) == (who, "Ana")


def test_a_tag_that_has_no_words_is_shown_as_it_is(sqlite_site):
    with sqlite_site.app.test_request_context():
        assert tag_words("later:invented") == "later:invented"
