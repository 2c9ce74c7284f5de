"""Keys of other programs as a file, without what they sign with."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from arfollow.api.queries import keys
from arfollow.spreadsheet import Sheet


def keys_sheet(session: Session, *, company_id: int) -> Sheet:
    """All of them."""
    header = (_("Name"), _("Key"), _("Made"), _("By"), _("Last used"), _("Revoked"), _("By"))
    rows = (
        (
            each.name,
            each.public_id,
            each.made_at,
            each.made_by,
            each.used_at,
            each.revoked_at,
            each.revoked_by,
        )
        for each in keys(session, company_id=company_id)
    )
    return Sheet(name=_("Keys"), header=header, rows=rows)
