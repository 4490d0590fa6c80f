"""Schemathesis: 5,000 requests of each role, drawn from the schema, against a running server with data."""

import os
import subprocess
import sys
from collections.abc import Iterator

from bench.doors import Figure

NAME = "api"
CASES = 5_000


def run() -> Iterator[Figure]:
    """Prints requests and statuses by role; raises at an error or an answer that is not as described."""
    command = [sys.executable, "-m", "pytest", "tests/house/test_api_fuzzed.py", "-q", "-s", "-n", "0"]
    subprocess.run([*command, "--db=postgres"], env={**os.environ, "API_CASES": str(CASES)}, check=True)
    return iter(())
