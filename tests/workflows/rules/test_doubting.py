from arfollow.workflows.examples import example
from arfollow.workflows.rules.doubting import doubts


def doubted(name, *lists):
    return [(each.step, each.words) for each in doubts(example(name).definition, lists=lists)]


def test_people_and_lists_that_there_are_not_are_named_once():
    assert doubted("collection") == [
        ("call", "“Collection team” is no e-mail address: the to-do would be nobody's in particular."),
        ("", "There is no list “Subscriptions” yet."),
    ]


def test_lists_that_there_are_raise_no_doubt():
    assert doubted("lease-check", "company bikes") == []
