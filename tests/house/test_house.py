"""What the project says of itself is so."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.rooms import ROOMS, ROOT

BIN = Path(sys.executable).parent
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "SECURITY.md",
    *(ROOT / "docs").glob("*.md"),
]


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_commands_named_exist(document):
    named = set(re.findall(r"`make ([a-z]+)", read(document))) | set(
        re.findall(r"^make ([a-z]+)", read(document), re.MULTILINE)
    )
    assert named - TARGETS == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document):
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", read(document))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_every_target_has_a_line_of_help():
    said = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"make ([a-z]+)", said)) == TARGETS


def test_rooms_look_down_only():
    done = subprocess.run([BIN / "lint-imports", "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert "1 kept, 0 broken" in done.stdout


def test_the_stair_names_every_room():
    packages = {path.parent.name for path in ROOT.glob("*/apps.py")}
    assert packages == set(ROOMS)


@pytest.mark.parametrize("name", ["requirements", "requirements-dev", "requirements-services"])
def test_requirements(name):
    """Each direct one has a reason above it and is pinned with hashes; no registry's address stands there."""
    lines = read(ROOT / f"{name}.in").splitlines()
    pairs = zip(["", *lines], lines, strict=False)
    bare = [line for before, line in pairs if line[:1].isalpha() and not before]
    compiled = read(ROOT / f"{name}.txt")
    pinned = set(re.findall(r"^([a-z0-9-]+)==\S+(?: ; .*)? \\$", compiled, re.MULTILINE))
    direct = {re.match(r"[\w-]+", line)[0].lower() for line in lines if line and line[0].isalpha()}
    assert bare == []
    assert direct - pinned == set()
    assert re.findall(r"https?://|index-url", compiled) == []


def test_no_font_and_no_bundle_is_kept():
    done = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    if done.returncode:
        pytest.skip("not a git working tree")
    assert re.findall(r".*\.(?:woff2?|ttf|otf|sqlite3|pyc)$", done.stdout, re.MULTILINE) == []


def test_texts_are_marked_by_names_that_are_collected():
    """An alias that nobody collects hides its texts from the translators, and from the check."""
    alias = re.compile(r"import \w*gettext\w* as (?!_\b)\w+")
    sources = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    assert [str(path.relative_to(ROOT)) for path in sources if alias.search(path.read_text())] == []
