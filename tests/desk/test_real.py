"""The real programmes: our figures are the published ones, and nothing is left behind."""

import io
import json
import re
import tempfile
from pathlib import Path

from django.core.management import call_command

from desk import real
from desk.loading.door import KINDS
from outcomes.library.indicators import LIBRARY
from tests.desk.serving import Serving

WITH_ROWS = {*real.COHORTS, "kenya", "aibs", "yc", "kenya-panel", "follow-up-2017", "registrations"}
WITHOUT_ROWS = {"carpentries-days", "carpentries", "rladies", "caf", "microgrants"}  # of the core set


def test_every_figure_of_the_real_programmes_is_the_published_one(shared_data, tmp_path):
    with Serving(tmp_path / "data", migrated=True) as installation:
        own = (tmp_path / "data" / "rasadnik.sqlite3").read_bytes()
        done = installation.run("real")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert [line for line in lines if not line.endswith(" equal")] == [
        "headings.registrations_coderefinery 29 files: "
        "74 right, 0 wrong, 0 missed, 2250 left alone: 100.0 % enough",
        "headings.training_carpentries 7 files: 22 right, 0 wrong, 0 missed, 39 left alone: 100.0 % enough",
        "headings.training_events_rladies 1 files: 5 right, 0 wrong, 0 missed, 7 left alone: 100.0 % enough",
        "headings.programme_openseeds 2 files: 9 right, 0 wrong, 0 missed, 10 left alone: 100.0 % enough",
    ]
    assert len(lines) == 457
    assert set(lines) >= {
        "attendance.refused(2018-01-18-UF-R) 1 1 equal",
        "attendance.registered 7624 7624 equal",
        "attendance.day1 7547 7547 equal",
        "attendance.day2 6359 6359 equal",
        "workshops.attendance_known 1651 1651 equal",
        "workshops.2012 1424 1424 equal",
        "workshops.2018 7151 7151 equal",
        "rladies.sessions 1081 1081 equal",
        "rladies.cancelled 36 36 equal",
        "rladies.local_day 1081 1081 equal",
        "seeds.calls 193 193 equal",
        "still_meeting.month_1 854 854 equal",
        "owners.f12.answered 325 325 equal",
        "follow_up.tools_help.base 405 405 equal",
        "registrations.answered 783 783 equal",
        "still_meeting.answered_1 82 82 equal",
        "still_meeting.month_12 457 457 equal",
        "framework.targets 493 493 equal",
        "framework.lines_no_data 986 986 equal",
        "framework.lines_with_a_share_of_a_target 0 0 equal",
        "framework.broken_file_refused_by_name 3 3 equal",
        "grants.read 64 64 equal",
        "grants.unread_listed 4 4 equal",
        "grants.GBP_cents 871842 871842 equal",
    }
    assert lines[0] == "ols-1.projects 20 20 equal"
    assert lines[38:40] == ["both 43 43 equal", "mentor_later 36 36 equal"]
    assert list(Path(tempfile.gettempdir()).glob("rasadnik-real-*")) == []
    # the installation's own database is not touched
    assert [path.name for path in (tmp_path / "data").glob("*.sqlite3")] == ["rasadnik.sqlite3"]
    assert (tmp_path / "data" / "rasadnik.sqlite3").read_bytes() == own
    _every_programme_was_counted_twice(lines)


def _every_programme_was_counted_twice(lines):
    said = r"recount\.(\S+)  figures (\d+)  rows (\d+)  mismatches 0  equal"
    found = {one[1]: (int(one[2]), int(one[3])) for line in lines if (one := re.fullmatch(said, line))}
    assert found.keys() == WITH_ROWS | WITHOUT_ROWS
    assert {code for code, (_figures, rows) in found.items() if rows} == WITH_ROWS
    assert min(figures for figures, _rows in found.values()) == len(LIBRARY)
    # figures of their own questions as well, each opened to whom it counts
    asked = ("kenya-panel", "follow-up-2017", "registrations")
    assert {code: found[code][0] - len(LIBRARY) for code in asked} == dict(
        zip(asked, (166, 108, 144), strict=True)
    )
    assert min(found[code][1] for code in asked) > 10_000


def test_without_the_data_it_says_so_and_is_content(settings, tmp_path):
    settings.SHARED_DATA = tmp_path
    said = io.StringIO()
    call_command("real", stdout=said)
    assert said.getvalue() == f"No real programmes at {tmp_path}/programme_openseeds: nothing to compare.\n"


def test_a_figure_that_differs_says_so():
    assert str(real.Figure("ols-1.projects", 20, 19)) == "ols-1.projects 20 19 DIFFERS"


def test_the_maps_name_fields_that_exist():
    found = {path.stem: json.loads(path.read_text()) for path in Path(real.__file__).parent.glob("*.json")}
    found.pop("headings")
    for name, mapping in found.items():
        assert mapping.keys() <= {field.name for field in KINDS[name.split("_")[0]].fields}
    brought = {name.split("_")[0] for name in found}
    assert KINDS.keys() - brought == {"participants", "needs", "goals", "meetings", "results", "costs"}
