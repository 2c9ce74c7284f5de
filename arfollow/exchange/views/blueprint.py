"""The blueprint that all pages of exchange are on."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("exchange", __name__)
