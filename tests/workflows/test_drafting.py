from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from arfollow.profiles.operations import make_list
from arfollow.profiles.operations.lists import ListFields, ListInUseError, change_list, delete_list
from arfollow.workflows.examples import example
from arfollow.workflows.file import from_data
from arfollow.workflows.operations.beginning import begin_from_example
from arfollow.workflows.operations.campaigns import UnknownCampaignError, attach, detach
from arfollow.workflows.operations.drafting import (
    NothingToUndoError,
    OutdatedDraftError,
    change_draft,
    publish_seen,
    seal,
    undo,
)
from arfollow.workflows.operations.drafts import publish, save_draft
from arfollow.workflows.queries.campaigns import campaigns_of, lists_to_attach
from arfollow.workflows.queries.keys_used import keys_used
from arfollow.workflows.queries.listing import versions_of, workflow_rows
from arfollow.workflows.queries.versions import latest_version
from arfollow.workflows.rules.editing import delete
from arfollow.workflows.surveys.queries import survey_lines
from tests.workflows.test_working import call
from tests.workflows.walking import definition, wait


@pytest.fixture
def workflow_id(site):
    with site.writing() as session:
        return save_draft(
            session, company_id=site.company_id, definition=definition(call("call"), wait("w")), who="Maria"
        )


def newest(session, workflow_id):
    return latest_version(session, workflow_id=workflow_id, published=False)


def about(site, workflow_id):
    with site.reading() as session:
        return from_data(newest(session, workflow_id).definition).about


def seen(site, workflow_id):
    with site.reading() as session:
        return seal(newest(session, workflow_id))


def write(site, workflow_id, text, *, at=None):
    mark = at or seen(site, workflow_id)
    with site.writing() as session:
        change_draft(
            session,
            company_id=site.company_id,
            workflow_id=workflow_id,
            seen=mark,
            change=lambda made: replace(made, about=text),
            who="Maria",
        )


def take_back(site, workflow_id):
    mark = seen(site, workflow_id)
    with site.writing() as session:
        undo(session, company_id=site.company_id, workflow_id=workflow_id, seen=mark, who="Maria")


def test_two_people_do_not_write_over_each_other(site, workflow_id):
    first = seen(site, workflow_id)
    write(site, workflow_id, "mine", at=first)

    with pytest.raises(OutdatedDraftError):
        write(site, workflow_id, "yours", at=first)

    assert about(site, workflow_id) == "mine"


def test_changes_are_undone_one_by_one(site, workflow_id):
    for text in ("one", "two"):
        write(site, workflow_id, text)

    take_back(site, workflow_id)
    assert about(site, workflow_id) == "one"
    take_back(site, workflow_id)
    assert about(site, workflow_id) == ""

    with pytest.raises(NothingToUndoError):
        take_back(site, workflow_id)


def test_a_change_that_changes_nothing_is_none(site, workflow_id):
    before = seen(site, workflow_id)

    write(site, workflow_id, "")

    assert seen(site, workflow_id) == before


def test_changing_what_is_published_makes_the_next_version_and_keeps_the_one_in_force(site, workflow_id):
    with site.writing() as session:
        publish(session, company_id=site.company_id, workflow_id=workflow_id, who="Maria")

    write(site, workflow_id, "other")

    with site.reading() as session:
        found = versions_of(session, workflow_id=workflow_id)
        row = workflow_rows(session, company_id=site.company_id)[0]
    assert [(each.number, each.published_at is None, each.definition.about) for each in found] == [
        (2, True, "other"),
        (1, False, ""),
    ]
    assert (row.number, row.has_draft) == (1, True)


def test_keys_of_steps_that_are_gone_stay_used(site, workflow_id):
    with site.writing() as session:
        publish(session, company_id=site.company_id, workflow_id=workflow_id, who="Maria")
    mark = seen(site, workflow_id)
    with site.writing() as session:
        change_draft(
            session,
            company_id=site.company_id,
            workflow_id=workflow_id,
            seen=mark,
            change=lambda made: delete(made, "w"),
            who="Maria",
        )

    with site.reading() as session:
        assert keys_used(session, workflow_id=workflow_id) == {"call", "w"}


def test_an_example_that_is_taken_over_twice_gets_a_number(site):
    with site.writing() as session:
        for _ in range(3):
            begin_from_example(
                session, company_id=site.company_id, example=example("collection"), name="", who="Maria"
            )

    with site.reading() as session:
        names = [each.name for each in workflow_rows(session, company_id=site.company_id)]
    base = "Collection: subscription not paid"
    assert names == [base, f"{base} (2)", f"{base} (3)"]


def test_an_example_brings_its_surveys_along(site):
    with site.writing() as session:
        begin_from_example(
            session, company_id=site.company_id, example=example("existing-customers"), name="", who="Maria"
        )
        found = [line.view.survey.key for line in survey_lines(session, company_id=site.company_id)]

    assert found == ["interests", "satisfaction"]


def test_publishing_brings_the_surveys_along_that_it_asks(site):
    made = example("retention").definition
    with site.writing() as session:
        workflow_id = save_draft(session, company_id=site.company_id, definition=made, who="Maria")
        publish(session, company_id=site.company_id, workflow_id=workflow_id, who="Maria")

    with site.reading() as session:
        assert len(survey_lines(session, company_id=site.company_id)) == 1


def test_a_campaign_has_values_of_its_own_until_it_is_taken_off(site, workflow_id):
    with site.writing() as session:
        list_id = make_list(session, company_id=site.company_id, name="Spring")
        which = {"company_id": site.company_id, "workflow_id": workflow_id, "list_id": list_id}
        attach(session, **which, values={"code": "S-1", "link": ""}, who="Maria")
        assert [(each.name, each.values) for each in campaigns_of(session, workflow_id=workflow_id)] == [
            ("Spring", {"code": "S-1"})
        ]
        detach(session, **which, who="Maria")
        assert lists_to_attach(session, company_id=site.company_id, workflow_id=workflow_id) == [
            (list_id, "Spring")
        ]

    assert [tag for tag, _text in site.entries("workflow")] == ["workflow:attached", "workflow:detached"]


def test_a_list_that_is_a_campaign_keeps_its_name_and_stays(site, workflow_id):
    """By another name all who are on it would be enrolled again."""
    with site.writing() as session:
        list_id = make_list(session, company_id=site.company_id, name="Spring")
        which = {"company_id": site.company_id, "list_id": list_id, "who": "Maria"}
        attach(session, workflow_id=workflow_id, values={}, **which)

        with pytest.raises(ListInUseError):
            change_list(session, fields=ListFields(name="Summer"), **which)
        with pytest.raises(ListInUseError):
            delete_list(session, **which)
        detach(session, workflow_id=workflow_id, **which)
        delete_list(session, **which)


def test_a_list_of_another_company_is_no_campaign(site, workflow_id):
    other = site.company()
    with site.writing() as session:
        list_id = make_list(session, company_id=other, name="Theirs")

    with site.writing() as session, pytest.raises(UnknownCampaignError):
        attach(
            session,
            company_id=site.company_id,
            workflow_id=workflow_id,
            list_id=list_id,
            values={},
            who="Maria",
        )


def put_in_force(site, workflow_id, mark):
    with site.writing() as session:
        return publish_seen(
            session, company_id=site.company_id, workflow_id=workflow_id, seen=mark, who="Maria"
        )


def test_what_somebody_else_has_changed_is_not_published_unseen(site, workflow_id):
    mark = seen(site, workflow_id)
    write(site, workflow_id, "yours")

    with pytest.raises(OutdatedDraftError):
        put_in_force(site, workflow_id, mark)


def test_a_draft_is_published_once_by_four_who_click_at_once(site, workflow_id):
    mark = seen(site, workflow_id)

    def press(_):
        try:
            return put_in_force(site, workflow_id, mark)
        except OutdatedDraftError:
            return None

    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(press, range(4)))

    assert sorted(each for each in numbers if each) == [1]
    assert len(site.entries("workflow")) == 1
