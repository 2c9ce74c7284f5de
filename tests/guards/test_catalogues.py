import io
import re
from pathlib import Path

import pytest
from babel.messages import mofile, pofile

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = sorted((ROOT / "arfollow" / "translations").rglob("*.po"))
VARIABLE = re.compile(r"%\(\w+\)[a-z]|\{\w*\}")


def language(path: Path) -> str:
    return path.parent.parent.name


@pytest.mark.parametrize("path", CATALOGUES, ids=language)
def test_a_compiled_catalogue_is_that_of_its_texts(path):
    compiled = io.BytesIO()
    with path.open("rb") as file:
        mofile.write_mo(compiled, pofile.read_po(file, locale=language(path)))

    assert path.with_suffix(".mo").read_bytes() == compiled.getvalue(), "run script/translate"


@pytest.mark.parametrize("path", CATALOGUES, ids=language)
def test_a_translation_uses_the_variables_of_its_text(path):
    with path.open("rb") as file:
        catalogue = pofile.read_po(file, locale=language(path))

    wrong = [
        message.id
        for message in catalogue
        if message.id and isinstance(message.id, str) and message.string
        if set(VARIABLE.findall(message.id)) != set(VARIABLE.findall(message.string))
    ]

    assert wrong == []
