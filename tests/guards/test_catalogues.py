import io
import re
from pathlib import Path

import pytest
from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir

from arfollow.web.locale import languages

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = sorted((ROOT / "arfollow" / "translations").rglob("*.po"))
VARIABLE = re.compile(r"%\(\w+\)[a-z]|\{\w*\}")
# Their point ends no sentence.
ABBREVIATIONS = ("Min.", "Nr.", "No.", "IdNr.", "éch.")


def language(path: Path) -> str:
    return path.parent.parent.name


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return pofile.read_po(file, locale=language(path))


def messages(path: Path) -> list[Message]:
    """All but the heading."""
    return [message for message in read(path) if message.id]


def forms(text: str | tuple[str, ...] | list[str]) -> list[str]:
    """The text, or its forms for one and for many."""
    return [text] if isinstance(text, str) else list(text)


def test_interface_letters_and_e_mails_speak_three_languages():
    assert set(languages()) >= {"de", "en", "fr"}


def test_every_text_of_the_program_is_in_every_catalogue():
    texts = {(context, text) for context, text in extracted() if text}

    missing = {
        language(path): texts - {(each.context, forms(each.id)[0]) for each in messages(path)}
        for path in CATALOGUES
    }

    assert not any(missing.values()), missing


def extracted() -> list[tuple[str | None, str]]:
    """The texts of code, templates and examples with their contexts, as script/translate finds them."""
    keywords = {"_": None, "_l": None, "N_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
    places = [
        ("arfollow", "**.py", "python"),
        ("templates", "**.*", "jinja2"),
        ("arfollow/workflows/examples", "*.toml", "arfollow.workflows.examples.words:texts"),
    ]
    return [
        (context, forms(text)[0])
        for folder, pattern, method in places
        for _file, _line, text, _comments, context in extract_from_dir(
            str(ROOT / folder), [(pattern, method)], keywords={**keywords, "pgettext": ((1, "c"), 2)}
        )
    ]


@pytest.mark.parametrize("path", CATALOGUES, ids=language)
def test_a_catalogue_leaves_no_message_without_words(path):
    assert [message.id for message in messages(path) if not all(forms(message.string))] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=language)
def test_a_catalogue_has_no_message_that_is_only_guessed(path):
    assert [message.id for message in messages(path) if message.fuzzy] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=language)
def test_a_message_for_one_and_many_has_all_the_forms_of_its_language(path):
    catalogue = read(path)

    assert [
        message.id
        for message in catalogue
        if message.pluralizable and len(forms(message.string)) != catalogue.num_plurals
    ] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=language)
def test_a_compiled_catalogue_is_that_of_its_texts(path):
    compiled = io.BytesIO()
    mofile.write_mo(compiled, read(path))

    assert path.with_suffix(".mo").read_bytes() == compiled.getvalue(), "run script/translate"


@pytest.mark.parametrize("path", CATALOGUES, ids=language)
def test_a_translation_uses_the_variables_of_its_text(path):
    wrong = [
        (message.id, string)
        for message in messages(path)
        for string in forms(message.string)
        # The singular may do without its number: "the one that waits".
        if set(VARIABLE.findall(string)) not in [set(VARIABLE.findall(each)) for each in forms(message.id)]
    ]

    assert wrong == []


@pytest.mark.parametrize("path", CATALOGUES, ids=language)
def test_a_translation_begins_and_ends_like_its_text(path):
    """Spaces at its ends, and whether it is a sentence: pages put texts together."""
    wrong = [
        (text, string)
        for message in messages(path)
        for text, string in zip(forms(message.id), forms(message.string), strict=False)
        if text not in ABBREVIATIONS
        and (
            (text != text.strip()) != (string != string.strip())
            or (not string.endswith(ABBREVIATIONS) and (text[-1:] in ".:…") != (string[-1:] in ".:…"))
        )
    ]

    assert wrong == []


def test_french_puts_a_space_that_does_not_break_before_high_punctuation():
    french = next(path for path in CATALOGUES if language(path) == "fr")
    breaking = re.compile(r"(?<! ) [:;!?»%€](?!\()|« |\w[;!?»](?!\w)|\w:(?=\s|$)")

    wrong = [
        string
        for message in messages(french)
        for string in forms(message.string)
        if breaking.search(re.sub(VARIABLE, "x", string))
    ]

    assert wrong == []


def test_templates_leave_the_colon_after_a_label_to_its_language():
    """French has a space before it: `_("%(label)s: %(text)s", label=…, text=…)`."""
    templates = ROOT / "templates"

    wrong = [
        f"{path.relative_to(templates)}: {found}"
        for path in sorted(templates.rglob("*.*"))
        for found in re.findall(r".*\}\}(?:<[^>]*>)*:(?:\s|<|$).*", path.read_text())
        if "style=" not in found and path.suffix != ".css"
    ]

    assert wrong == []


def test_german_and_french_quote_in_their_own_way():
    wrong = [
        (language(path), string)
        for path in CATALOGUES
        for message in messages(path)
        for string in forms(message.string)
        if re.search(r"[\"'“]" if language(path) == "fr" else r"[\"']|“\w", string)
    ]

    assert wrong == []
