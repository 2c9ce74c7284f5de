"""The blueprint that every page of follow-up belongs to."""

from __future__ import annotations

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

from arfollow.followup.views.addresses import CustomerNumber
from arfollow.followup.views.days import weekday_day
from arfollow.values.money import Money

blueprint = Blueprint("followup", __name__)
blueprint.add_app_template_filter(weekday_day)
blueprint.add_app_template_global(Money, "as_money")


@blueprint.record_once
def _add_converters(state: BlueprintSetupState) -> None:
    """First of what is recorded, so that the routes below can use `<customer:number>`."""
    state.app.url_map.converters["customer"] = CustomerNumber
