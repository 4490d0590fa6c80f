"""Telephone numbers in their international form (ITU-T E.164), as chat programs and gateways want them."""

import re

# calling code by country (ITU-T E.164, annex), and what stands before a number that is dialled at home: "0"
# unless it is named below
_CODES = {
    "AL": "355", "AD": "376", "AM": "374", "AT": "43", "AZ": "994", "BA": "387", "BE": "32", "BG": "359",
    "BY": "375", "CA": "1", "CH": "41", "CY": "357", "CZ": "420", "DE": "49", "DK": "45", "EE": "372",
    "ES": "34", "FI": "358", "FR": "33", "GB": "44", "GE": "995", "GR": "30", "HR": "385", "HU": "36",
    "IE": "353", "IL": "972", "IS": "354", "IT": "39", "JO": "962", "KE": "254", "KG": "996", "KZ": "7",
    "LI": "423", "LT": "370", "LU": "352", "LV": "371", "MA": "212", "MC": "377", "MD": "373", "ME": "382",
    "MK": "389", "MT": "356", "NL": "31", "NO": "47", "PL": "48", "PT": "351", "RO": "40", "RS": "381",
    "RU": "7", "SE": "46", "SI": "386", "SK": "421", "SM": "378", "TN": "216", "TR": "90", "UA": "380",
    "US": "1", "UZ": "998",
}  # fmt: skip
_NO_TRUNK = frozenset(
    ["AD", "CY", "CZ", "DK", "EE", "ES", "GR", "IS", "IT", "LI", "LU", "LV", "MC", "MT", "NO"]
    + ["PL", "PT", "SM", "TN", "UZ"]
)
_TRUNKS = {"HU": "06", "RU": "8", "KZ": "8", "BY": "8", "US": "1", "CA": "1"}
_SHORTEST, _LONGEST = 8, 15  # digits with the calling code
_FEWEST_AT_HOME = 6


def international(phone: str, country: str) -> str:
    """ "+381641234567" for "064/123-45-67" dialled in RS; empty when it is no number that can be told.

    `country` (ISO 3166-1) counts only for a number without its calling code.
    """
    said = re.sub(r"\(0\)", "", phone.strip())
    if not re.fullmatch(r"\+?[\d\s()./\u00a0\u2010-\u2015-]+", said):
        return ""
    digits = "".join(str(int(digit)) for digit in said if digit.isdigit())
    if said.startswith("+"):
        return _whole(digits)
    if digits.startswith("00"):
        return _whole(digits[2:])
    code = _CODES.get(country.upper(), "")
    return _at_home(digits, code, country.upper()) if code else ""


def _at_home(digits: str, code: str, country: str) -> str:
    """Without its trunk prefix, also where a spreadsheet ate it; or with a calling code that lacks its +."""
    trunk = "" if country in _NO_TRUNK else _TRUNKS.get(country, "0")
    if trunk and digits.startswith(trunk):
        digits = digits[len(trunk) :]
    elif digits.startswith(code) and len(digits) >= len(code) + 8:
        return _whole(digits)
    return _whole(code + digits) if len(digits) >= _FEWEST_AT_HOME else ""


def _whole(digits: str) -> str:
    fits = _SHORTEST <= len(digits) <= _LONGEST and not digits.startswith("0")
    return f"+{digits}" if fits else ""
