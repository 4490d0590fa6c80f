"""Rows that have no id: each is known by a digest of what it says and its number among equal ones."""

import hashlib
from typing import Any


class Numbered:
    def __init__(self):
        self._repeats: dict[str, int] = {}

    def key(self, row: dict[str, Any]) -> str:
        """The id of the row's source, or its digest and ordinal."""
        if row.get("id"):
            return str(row["id"])
        said = "|".join(f"{name}={row[name]}" for name in sorted(row) if row[name] is not None)
        digest = hashlib.sha256(said.encode()).hexdigest()[:20]
        self._repeats[digest] = self._repeats.get(digest, 0) + 1
        return f"{digest}:{self._repeats[digest]}"
