"""`make check`: one line a check when all is well, the tool's own words where not; then exit code 1."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests import programs

BIN = Path(sys.executable).parent
MANAGE = [sys.executable, "manage.py"]
CHECKS = {
    "formatting": [BIN / "ruff", "format", "--check", "."],
    "lint": [BIN / "ruff", "check", "."],
    "import directions": [BIN / "lint-imports", "--no-cache"],
    "missing migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
    "deploy checks": [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
    "API schema": [*MANAGE, "spectacular", "--validate", "--fail-on-warn", "--file", os.devnull],
    "untranslated strings": [sys.executable, "-m", "lib.catalogues", "check"],
    "templates": [BIN / "djlint", "--lint", "--quiet", "templates"],
    "compose file": [
        BIN / "check-jsonschema",
        "--builtin-schema",
        "vendor.compose-spec",
        "docker-compose.yml",
    ],
}


def main() -> int:
    programs.provide(programs.FOR_CHECKS)
    with tempfile.TemporaryDirectory(prefix="rasadnik-check-") as folder:
        failed = [name for name, command in CHECKS.items() if not passes(name, command, production(folder))]
    subprocess.run([sys.executable, "-m", "tests.house.sizes"], check=True)
    if failed:
        print(f"failed: {', '.join(failed)}")
    return 1 if failed else 0


def passes(name: str, command: list, environment: dict) -> bool:
    began = time.monotonic()
    done = subprocess.run(
        [str(word) for word in command],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    word = "FAILED" if done.returncode else "fine"
    print(f"{name:<24}{word:<8}{time.monotonic() - began:.1f} s", flush=True)
    if done.returncode:
        print(done.stdout, flush=True)
    return not done.returncode


def production(folder: str) -> dict:
    """As the compose file sets it: TLS, a secret, a name; and a data folder that is nobody's."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATA_DIR": folder,
        "SECURE": "1",
        "DEBUG": "0",
        "SECRET_KEY": "of-the-check-only-" + "0123456789abcdef" * 4,
        "ALLOWED_HOSTS": "rasadnik.example.org",
        "SITE_URL": "https://rasadnik.example.org",
        "DATABASE_URL": f"sqlite:///{folder}/check.sqlite3",
        "REDIS_URL": "",
        "PYTHONPATH": str(Path.cwd()),
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
    }


if __name__ == "__main__":
    raise SystemExit(main())
