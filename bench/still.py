"""A static page: the bytes of one file, kept in memory, given to whoever asks (for a gunicorn)."""

import os
from pathlib import Path

CONTENT = Path(os.environ["BENCH_PAGE"]).read_bytes() if "BENCH_PAGE" in os.environ else b""


def application(_environ, start_response):
    start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(CONTENT)))])
    return [CONTENT]
