"""What an idea and a reviewer have in common, and what forbids that she judges it.

Hard: a conflict of interest, an idea that lay on her desk already, her cap, and a language she does not read,
where both the language of the idea and hers are known. What is not known forbids nothing and adds nothing.
"""

SECTOR, LANGUAGE = 2, 1
MOST = SECTOR + LANGUAGE
FACTORS = ("sector", "language")
BARRIERS = ("conflict", "before", "language", "full")  # by which rule a pair is impossible, the first counts


def points(idea: dict, seat: dict) -> dict[str, int]:
    """What each factor adds for a pair that no rule forbids; a factor that adds nothing is absent."""
    found = {}
    if idea["sector"] and idea["sector"] in seat["sectors"]:
        found["sector"] = SECTOR
    if idea["language"] and idea["language"] in seat["languages"]:
        found["language"] = LANGUAGE
    return found


def reads(idea: dict, seat: dict) -> bool:
    """Whether she may be asked to read it: it is in a language of hers, or one side is not known."""
    return not idea["language"] or not seat["languages"] or idea["language"] in seat["languages"]
