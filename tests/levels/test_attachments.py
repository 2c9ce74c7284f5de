import pytest
from hypothesis import given
from hypothesis import strategies as st

from arfollow.levels.attachments import LARGEST, BadFileError, media_type_of, plain_filename

PDF = b"%PDF-1.7 terms"


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("terms.PDF", PDF, "application/pdf"),
        ("map.png", b"\x89PNG\r\n\x1a\nrest", "image/png"),
        ("map.jpeg", b"\xff\xd8\xffrest", "image/jpeg"),
    ],
)
def test_a_file_is_known_by_its_first_bytes(name, content, media_type):
    assert media_type_of(name, content) == media_type


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("terms.pdf", b"", "is empty"),
        ("terms.pdf", b"MZ program", "is no PDF"),
        ("terms.exe", PDF, "is no PDF"),
        ("terms.pdf", PDF + b" " * LARGEST, "larger than 5 MB"),
    ],
)
def test_anything_else_is_refused_in_words(name, content, words):
    with pytest.raises(BadFileError, match=words):
        media_type_of(name, content)


@pytest.mark.parametrize(
    ("name", "plain"), [("C:\\My files\\AGB 2026.pdf", "AGB 2026.pdf"), ("../../etc/terms.pdf", "terms.pdf")]
)
def test_a_file_keeps_its_name_without_folders(name, plain):
    assert plain_filename(name) == plain


@given(st.text(max_size=200))
def test_a_name_is_one_short_line(name):
    plain = plain_filename(name)

    assert plain
    assert len(plain) <= 80
    assert not {"/", "\\", "\n", "\0", '"'} & set(plain)
