"""A real results framework with 493 targets and not one actual value."""

import pytest
from django.core.management import call_command

from desk.real import frameworks
from outcomes.models import LogframeLine, Target

pytestmark = pytest.mark.django_db


def test_loaded_whole_and_twice_is_once(shared_data):
    reports = frameworks.load_all(shared_data)
    assert [(one["read"], one["created"], one["refused"]) for one in reports] == [(493, 493, [])] * 3
    assert [str(figure) for figure in frameworks.compare(shared_data) if not figure.is_equal] == []
    for kind, file, columns in frameworks.MAPS:
        path = shared_data / frameworks.FOLDER / file
        again = frameworks.load(kind, path, frameworks.CODE, columns=columns)
        assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 493)


def test_a_line_stands_under_its_result_with_its_level(shared_data):
    frameworks.load_all(shared_data)
    line = LogframeLine.objects.get(code="indicator_XM-DAC-46008-cfa012402_result_1_1")
    above = line.parent
    assert (line.wording, line.unit, line.level) == ("km", "km", "impact")
    assert (above.code, above.wording) == ("XM-DAC-46008-cfa012402 result_1", "Fibra óptica instalada (km)")
    assert [int(row.value) for row in line.targets.filter(value__isnull=False)] == [1800]


def test_the_broken_file_is_refused_by_name_whatever_it_is_taken_for(shared_data):
    call_command("programme", frameworks.CODE, "--organisation", "CAF", "--name", "CAF")
    for report in frameworks.broken(shared_data):
        [refusal] = report["refused"]
        assert refusal["sheet"] == "activities.csv"
        assert refusal["rule"].startswith(
            "The file is broken: 478 of 478 rows have more cells than there are headings, first row 2 in "
            "column AK."
        )
        assert (report["read"], report["written"], report["can_skip"]) == (0, False, False)
    assert not Target.objects.exists()
