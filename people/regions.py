"""The statistical regions of Serbia (NUTS 2) in the reader's language; what else was typed stays as it is."""

from django.utils.translation import gettext_lazy as _

REGIONS = {
    "Belgrade": _("Belgrade"),
    "Vojvodina": _("Vojvodina"),
    "Šumadija and Western Serbia": _("Šumadija and Western Serbia"),
    "Southern and Eastern Serbia": _("Southern and Eastern Serbia"),
    "Kosovo and Metohija": _("Kosovo and Metohija"),
}


def region_name(typed: str) -> str:
    return str(REGIONS.get(typed, typed))
