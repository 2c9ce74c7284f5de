"""Where the pages of users are registered."""

from flask import Blueprint

blueprint = Blueprint("users", __name__)
