"""Columns that lists of several rooms share: who somebody is, how to reach her, where she agreed."""

from django.utils.translation import gettext_lazy as _

from lib.exports import Column, Export
from lib.languages import told

CONTACT = (
    Column("email", _("E-mail (only with consent)"), "contact_email"),
    Column("phone", _("Phone (only with consent)"), "contact_phone"),
    Column("on_contact_list", _("Agreed to the contact list")),
)

BENEFICIARIES = Export(
    "beneficiaries",
    _("Beneficiaries"),
    (
        Column("enterprise", _("Enterprise"), "enterprise__name"),
        Column("municipality", _("Municipality"), "enterprise__municipality"),
        Column("activity", _("What it does"), "enterprise__activity"),
        Column("sector", _("Sector (NACE section)"), "enterprise__sector"),
        Column("exports", _("It exports"), "enterprise__exports"),
        Column(
            "proposed_by",
            _("Proposed by"),
            ("proposed_by__name", "proposed_by__name_sr"),
            lambda name, serbian: None if name is None else told(name, serbian),
        ),
        Column("proposed_on", _("Proposed on")),
    ),
)


def called(name: str, source_id: str, pk: int | None) -> str | None:
    """As `str(person)`: an unknown name is a number. None where there is nobody."""
    return None if pk is None else name or source_id or f"#{pk}"


def who(path: str) -> tuple[str, str, str]:
    """What `called` is made of, for the person at `path`."""
    return f"{path}__name", f"{path}__source_id", f"{path}__id"
