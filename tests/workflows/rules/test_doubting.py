from arfollow.workflows.examples import example
from arfollow.workflows.rules.doubting import doubts


def doubted(name, **known):
    found = doubts(example(name).definition, **({"people": (), "lists": ()} | known))
    return [(each.step, each.words) for each in found]


def test_people_and_lists_that_there_are_not_are_named_once():
    assert doubted("lease-check") == [
        ("tell-workshop", "“Workshop” is no e-mail address: nobody would be told."),
        ("", "There is no list “Company bikes” yet."),
    ]


def test_those_that_there_are_raise_no_doubt():
    assert doubted("lease-check", people=("Workshop",), lists=("company bikes",)) == []
