import json
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from arfollow.values.money import Money
from arfollow.values.refusals import Count, Quoted, Refusal, Remark, Term, remark
from arfollow.values.remarks import brought_back, kept

SIMPLE = st.one_of(
    st.text(max_size=20),
    st.integers(),
    st.dates(),
    st.builds(Term, st.text(max_size=20)),
    st.builds(Quoted, st.text(max_size=20)),
    st.builds(Count, st.integers(0)),
    st.builds(Money, st.sampled_from(["EUR", "JPY"]), st.integers(-(10**12), 10**12)),
)
REMARKS = st.recursive(
    st.builds(lambda value: Remark("a %(value)s", value=value), SIMPLE),
    lambda inner: st.builds(
        lambda value, several, command: Remark(
            "%(value)s, %(several)s", command=command, value=value, several=tuple(several)
        ),
        inner,
        st.lists(SIMPLE | inner, max_size=3),
        st.text(max_size=9),
    ),
    max_leaves=5,
)


def shape(value: object) -> object:
    """What a value is made of: as text alone, a remark equals its English."""
    if isinstance(value, Remark):
        values = {name: shape(each) for name, each in value.values.items()}
        return value.message, value.command, values
    return [shape(each) for each in value] if isinstance(value, tuple) else (type(value), value)


@given(REMARKS)
def test_a_remark_is_kept_as_json_with_all_it_is_made_of(said):
    back = brought_back(json.loads(json.dumps(kept(said))))

    assert (back, shape(back)) == (said, shape(said))


@given(st.text(max_size=300))
def test_a_text_that_is_no_remark_stays_as_it_is(text):
    assert brought_back(json.loads(json.dumps(kept(text)))) == text


def test_what_is_quoted_at_length_loses_its_middle():
    back = brought_back(kept(Remark("%(text)s is no date.", text=Quoted("x" * 5000 + "!"))))

    assert (len(back) < 500, back.endswith("!' is no date.")) == (True, True)


def test_the_command_line_says_its_options_besides():
    class SampleError(Refusal):
        command = "Say --confirm."

    problem = SampleError("Seen on %(day)s.", day=date(2026, 9, 24))

    assert (str(problem), remark(problem)) == (("Seen on 24 Sept 2026. Say --confirm.",) * 2)
