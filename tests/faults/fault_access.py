"""The whole policy matrix: every route × method × role × {own, same programme, other, other tenant, gone}."""

import os
import subprocess
import sys
from collections.abc import Iterator

from bench.doors import Figure

NAME = "access"


def run() -> Iterator[Figure]:
    """Prints lines, cells, differences and canaries; raises when one cell differs."""
    command = [sys.executable, "-m", "pytest", "tests/access", "-q", "-s", "-n", "0", "--db=postgres"]
    subprocess.run(command, env={**os.environ, "WHOLE_MATRIX": "1"}, check=True)
    return iter(())
