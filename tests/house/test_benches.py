"""The doors of `make bench` and `make faults`."""

import subprocess
import sys
from types import ModuleType

import pytest

from bench.doors import Figure, main
from tests.house.rooms import ROOT


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package with three benches: one good, one short, one that does not hold."""
    folder = tmp_path / "benches_of_test"
    folder.mkdir()
    (folder / "__init__.py").touch()
    head = "from bench.doors import Figure\nNAME = '{}'\ndef run():\n    "
    (folder / "fault_good.py").write_text(head.format("good") + "yield Figure('good', 2, 1)\n")
    (folder / "fault_short.py").write_text(head.format("short") + "yield Figure('slow', 0.5, 1)\n")
    (folder / "fault_wrong.py").write_text(head.format("wrong") + "assert 49 == 50, 'one was lost'\n")
    (folder / "other.py").write_text("raise SystemExit('never imported')\n")
    monkeypatch.syspath_prepend(tmp_path)
    package = ModuleType("benches_of_test")
    package.__path__ = [str(folder)]
    return package


def test_figures_are_printed_one_a_line(package, capsys):
    assert main(package, "fault", ["good", "short"]) == 0
    assert capsys.readouterr().out == "good 2.00 1.00 ok\nslow 0.50 1.00 short\n"


def test_one_that_does_not_hold(package, capsys):
    assert main(package, "fault", []) == 1
    said = capsys.readouterr().out
    assert "AssertionError: one was lost" in said
    assert said.endswith("failed: wrong\n")


def test_an_unknown_name_lists_the_names(package, capsys):
    assert main(package, "fault", ["none"]) == 2
    assert capsys.readouterr().out == "No bench is named none. There are: good, short, wrong.\n"


def test_exactly_on_target_is_ok():
    assert Figure("even", 1, 1).line == "even 1.00 1.00 ok"


@pytest.mark.parametrize("door", ["bench", "tests.faults"])
def test_the_real_doors_open(door):
    done = subprocess.run(
        [sys.executable, "-m", door, "no-such-bench"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 2, done.stderr
    assert done.stdout.startswith("No bench is named no-such-bench. There are: ")
