""".env.example against what is read: every variable stands there, and nothing that nobody reads."""

import re

from tests.house.rooms import ROOMS, ROOT

LINE = re.compile(r"^(?:# )?([A-Z][A-Z0-9_]+)=", re.MULTILINE)
# env.str("X") of the settings, os.environ["X"], os.environ.get("X"), "X" in os.environ
READ = re.compile(
    r"""env\.\w+\(\s*"([A-Z0-9_]+)\""""
    r"""|os\.environ(?:\.get\(|\.setdefault\(|\[)\s*"([A-Z0-9_]+)\""""
    r"""|"([A-Z0-9_]+)" (?:not )?in os\.environ"""
)
INSIDE = {"DJANGO_SETTINGS_MODULE", "CELERY_SKIP_CHECKS"}  # set by ourselves
OF_COMPOSE = {"COMPOSE_PROJECT_NAME"}  # set by Compose itself
OF_THE_PROXY = {"WEBS"}  # set by the compose file, from the name of the project


def offered() -> list[str]:
    return LINE.findall((ROOT / ".env.example").read_text())


def read_by_python() -> set[str]:
    paths = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")] + [ROOT / "gunicorn.conf.py"]
    return {next(filter(None, found)) for path in paths for found in READ.findall(path.read_text())} - INSIDE


def read_by_compose() -> set[str]:
    found = set(re.findall(r"(?<!\$)\$\{([A-Z0-9_]+)", (ROOT / "docker-compose.yml").read_text()))
    return found - OF_COMPOSE


def read_by_the_proxy() -> set[str]:
    return set(re.findall(r"\{\$([A-Z0-9_]+)", (ROOT / "Caddyfile").read_text())) - OF_THE_PROXY


def test_every_variable_stands_there_once_and_is_read():
    assert sorted(offered()) == sorted(read_by_python() | read_by_compose() | read_by_the_proxy())


def test_what_python_reads_and_compose_does_not_set_itself_reaches_its_containers():
    text = (ROOT / "docker-compose.yml").read_text()
    given = set(
        re.findall(r"^    ([A-Z0-9_]+):", text.split("x-app:")[1].split("\nservices:")[0], re.MULTILINE)
    )
    of_one_process = {"HOST", "PORT", "DEMO", "DEBUG", "SHARED_DATA", "ASSETS_DIR", "SSL_REDIRECT"}
    assert read_by_python() - of_one_process == given


def test_the_example_says_what_compose_insists_on():
    insisted = set(re.findall(r"\$\{([A-Z0-9_]+):\?", (ROOT / "docker-compose.yml").read_text()))
    first = (ROOT / ".env.example").read_text().split("# --- mail, further")[0]
    assert set(re.findall(r"^([A-Z0-9_]+)=", first, re.MULTILINE)) == insisted
    assert re.findall(r"^(?:SECRET_KEY|DB_PASSWORD)=(.*)$", first, re.MULTILINE) == ["", ""]
