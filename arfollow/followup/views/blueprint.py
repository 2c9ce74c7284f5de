"""The blueprint that every page of follow-up belongs to."""

from __future__ import annotations

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

from arfollow.followup.views.addresses import CustomerNumber

blueprint = Blueprint("followup", __name__)


@blueprint.record_once
def _add_converters(state: BlueprintSetupState) -> None:
    """First of what is recorded, so that the routes below can use `<customer:number>`."""
    state.app.url_map.converters["customer"] = CustomerNumber
