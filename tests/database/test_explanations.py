"""Explanations are kept so that each reader gets them in their own language."""

import pytest
from sqlalchemy.dialects import sqlite

from arfollow.database import Explanation
from arfollow.values.refusals import Count, Remark, Term


def kept(text):
    return Explanation().process_bind_param(text, sqlite.dialect())


def read(stored):
    return Explanation().process_result_value(stored, sqlite.dialect())


def test_a_remark_comes_back_with_its_values():
    told = Remark("%(what)s %(number)s times", what=Term("asked"), number=Count(1200))

    found = read(kept(told))

    assert (found, found.message, found.values) == ("asked 1,200 times", told.message, told.values)


@pytest.mark.parametrize(
    "text", ["", "550 no such user", '{"message": "%(x)999d", "command": "", "values": {"x": 1}}', '"quoted"']
)
def test_any_other_text_comes_back_as_it_is(text):
    found = read(kept(text))

    assert (found, isinstance(found, Remark)) == (text, False)


@pytest.mark.parametrize("stored", ["Not sent: it was paid.", '{"error": "no such order"}', "{", '"', "{}"])
def test_what_was_kept_before_remarks_were_stays_readable(stored):
    assert read(stored) == stored
