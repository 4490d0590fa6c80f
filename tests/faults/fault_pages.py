"""Every page × three languages × light and dark × both sizes: axe, overflow, small targets, complaints."""

import os
import subprocess
import sys
from collections.abc import Iterator

from bench.doors import Figure

NAME = "pages"


def run() -> Iterator[Figure]:
    """Prints which page is wrong in what; raises when one is."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "tests/journeys/test_pages.py",
        "-q",
        "-n",
        "2",
        "--db=postgres",
    ]
    subprocess.run(command, env={**os.environ, "WHOLE_PAGES": "1"}, check=True)
    return iter(())
