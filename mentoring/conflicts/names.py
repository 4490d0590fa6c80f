"""Whose names hint that two may be related."""

import re

ENDINGS = ("ic", "ski", "cki", "ov", "ev")  # of most family names hereabouts, folded


def family_names(name_key: str) -> set[str]:
    """What may be the family name in a folded name. Some write it first, some last: its ending tells; where
    none does, any word of it may be."""
    words = {word for word in re.split(r"[\s-]+", name_key) if len(word) > 2 and word.isalpha()}
    likely = {word for word in words if word.endswith(ENDINGS)}
    return likely or (words if len(words) > 1 else set())
