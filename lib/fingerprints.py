"""What a kept result is known by."""

import hashlib
import json
from typing import Any


def fingerprint(what: Any) -> str:
    """SHA-256, in hex, of canonical JSON: sorted keys, no spaces, ASCII. Equal values, equal fingerprints."""
    text = json.dumps(what, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
