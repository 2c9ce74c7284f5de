from dataclasses import replace

import pytest

from arfollow.levels.actions import ACTIONS
from arfollow.levels.defaults import default_plan
from arfollow.levels.drafts import check_whole, warnings
from arfollow.levels.shipped import USUAL, is_as_shipped, shipped_plans


@pytest.mark.parametrize("language", ["en", "de", "fr", "de-AT", "ja"])
def test_every_plan_can_be_saved_and_is_as_it_was_meant(language):
    for whole in shipped_plans(language).values():
        check_whole(whole, other_names=(), actions=tuple(ACTIONS))

        assert list(warnings(whole.plan, whole.levels)) == []


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_each_is_quicker_than_the_one_before_and_has_a_name_of_its_own(language):
    found = list(shipped_plans(language).values())
    first_days = [[level.days for level in whole.levels] for whole in found]

    assert first_days == sorted(first_days, reverse=True)
    assert len({whole.plan.name for whole in found}) == len(found)


def test_the_usual_one_is_what_a_company_begins_with():
    assert shipped_plans("de")[USUAL] == default_plan("de")


def test_a_plan_is_known_until_somebody_changes_it():
    shipped = shipped_plans("de")["gentle"]
    changed = replace(shipped, plan=replace(shipped.plan, contact_gap_days=1))

    assert is_as_shipped(shipped)
    assert not is_as_shipped(changed)
