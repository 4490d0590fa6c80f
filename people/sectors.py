"""The sections of NACE Rev. 2 (Regulation (EC) No 1893/2006) in plain words."""

from django.utils.translation import gettext_lazy as _

SECTORS = {
    "A": _("Farming, forestry, fishing"),
    "B": _("Mining and quarrying"),
    "C": _("Making things"),
    "D": _("Electricity, gas, heat"),
    "E": _("Water, waste, recycling"),
    "F": _("Building"),
    "G": _("Shops and trade"),
    "H": _("Transport and storage"),
    "I": _("Hotels and food service"),
    "J": _("Software, media, telecommunication"),
    "K": _("Finance and insurance"),
    "L": _("Real estate"),
    "M": _("Professional and scientific services"),
    "N": _("Renting, travel, office services"),
    "O": _("Public administration"),
    "P": _("Education"),
    "Q": _("Health and care"),
    "R": _("Arts, sport, recreation"),
    "S": _("Repair and personal services"),
    "T": _("Households as employers"),
    "U": _("International organisations"),
}
CHOICES = list(SECTORS.items())


def sector_name(code: str):
    """The plain words of a section, or nothing where it is unknown."""
    return SECTORS.get(code, "")
