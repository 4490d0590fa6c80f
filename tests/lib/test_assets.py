"""The bundle that every page loads: built once, whole, small, and not needed twice."""

import gzip
import os
import re
import shutil
import subprocess
import sys
import time

import brotli
import pytest
from django.test import override_settings
from fontTools.ttLib import TTFont

from lib import assets
from lib.faces import FACES


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    """Built once: cutting the faces takes seconds."""
    with override_settings(ASSETS_DIR=tmp_path_factory.mktemp("once") / "assets"):
        return assets.build()


@pytest.fixture
def built(once, settings, tmp_path):
    settings.ASSETS_DIR = tmp_path / "assets"
    return shutil.copytree(once, settings.ASSETS_DIR)


def test_builds_style_script_and_faces(built):
    files = sorted(path.name for path in built.iterdir() if not path.name.startswith("."))
    texts = [f"{name}{end}" for name in ("app.css", "app.js", "register.js") for end in ("", ".br", ".gz")]
    assert files == sorted([*texts, "fonts"])
    assert sorted(path.name for path in (built / "fonts").iterdir()) == sorted(face.file for face in FACES)


def test_compressed_twins_hold_the_same(built):
    for name in ("app.css", "app.js", "register.js"):
        content = (built / name).read_bytes()
        assert gzip.decompress((built / f"{name}.gz").read_bytes()) == content
        assert brotli.decompress((built / f"{name}.br").read_bytes()) == content


def test_stays_within_the_budget(built):
    faces = sum(path.stat().st_size for path in (built / "fonts").iterdir())
    packed = sum((built / name).stat().st_size for name in ("app.css.gz", "app.js.gz"))
    assert faces <= 120 * 1024, faces
    assert packed <= 30 * 1024, packed


def test_faces_hold_every_serbian_letter(built):
    have = {"latin": set(), "cyrillic": set()}
    for name in have:
        have[name] = set(TTFont(built / f"fonts/sans-400-{name}.woff2").getBestCmap())
    assert [letter for letter in "abcčćdđšžABCČĆDĐŠŽ✓×–·0123456789" if ord(letter) not in have["latin"]] == []
    serbian = "абвгдђежзијклљмнњопрстћуфхцчџшАБВГДЂЕЖЗИЈКЛЉМНЊОПРСТЋУФХЦЧЏШ"
    assert [letter for letter in serbian if ord(letter) not in have["cyrillic"]] == []


def test_every_face_named_in_the_style_is_there(built):
    named = re.findall(r'url\("(fonts/[^"]+)"\)', (built / "app.css").read_text())
    assert [name for name in named if not (built / name).exists()] == []
    assert len(named) == len(FACES)


def test_a_second_build_touches_nothing_and_is_quick(built):
    before = {path: path.stat().st_mtime_ns for path in built.rglob("*") if path.is_file()}
    durations = []
    for _ in range(5):
        start = time.perf_counter()
        assets.build()
        durations.append(time.perf_counter() - start)
    assert {path: path.stat().st_mtime_ns for path in built.rglob("*") if path.is_file()} == before
    assert min(durations) < 0.02


def test_what_is_lost_is_made_again(built):
    (built / "fonts/sans-400-latin.woff2").unlink()
    (built / "app.css").unlink()
    assets.build()
    assert (built / "fonts/sans-400-latin.woff2").exists()
    assert (built / "app.css").exists()


def test_what_cannot_be_written_is_no_error_as_long_as_all_is_there(built, caplog):
    (built / ".fonts.stamp").unlink()
    (built / ".fonts.stamp").mkdir()  # root may write anywhere, but nobody writes a file over a folder
    assets.build()
    assert caplog.messages == []
    (built / "app.js").unlink()
    assets.build()
    assert len(caplog.messages) == 1


def test_two_processes_at_once_leave_whole_files(tmp_path, settings):
    code = (
        "import django; from django.conf import settings; from pathlib import Path; import sys;"
        "settings.configure(BASE_DIR=Path(sys.argv[1]), ASSETS_DIR=Path(sys.argv[2]));"
        "from lib import assets; assets.build()"
    )
    command = [sys.executable, "-c", code, str(settings.BASE_DIR), str(tmp_path / "assets")]
    both = [subprocess.Popen(command, cwd=settings.BASE_DIR, env={**os.environ}) for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
    settings.ASSETS_DIR = tmp_path / "assets"
    target = tmp_path / "assets"
    assert gzip.decompress((target / "app.css.gz").read_bytes()) == (target / "app.css").read_bytes()
    assert [path.name for path in target.rglob(".app.css.*") if path.suffix != ".stamp"] == []
