"""An issue is the same bytes in whatever process, on whatever day, in whatever place it is made again."""

import hashlib
import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from outcomes.paper import summary
from outcomes.payload import canonical
from outcomes.sheets import workbook
from tests.outcomes.conftest import NOW

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parent.parent.parent

MADE = """
import hashlib, json, sys
from datetime import datetime
import django
django.setup()
from django.utils import timezone, translation
from outcomes.models import Issue
from outcomes.paper import summary
from outcomes.payload import build, canonical
from outcomes.sheets import workbook

moment, number, language = datetime.fromisoformat(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
timezone.now = lambda: moment
with translation.override(language):
    issue = Issue.objects.select_related("report__funding").get(pk=number)
    built = build(issue.report, now=moment)
    parts = {
        "built": canonical(built.payload), "kept": canonical(issue.payload),
        "pdf": summary(issue, None), "xlsx": workbook(issue),
    }
print(json.dumps({name: hashlib.sha256(content).hexdigest() for name, content in parts.items()}))
"""


def made_elsewhere(environment: dict, issue, *, days: int, language: str, **further: str) -> dict:
    """By a process that knows nothing of this one, so many days later by its clock."""
    words = [(NOW + timedelta(days=days)).isoformat(), str(issue.pk), language]
    done = subprocess.run(
        [sys.executable, "-c", MADE, *words],
        cwd=ROOT,
        env=environment | further,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_made_again_elsewhere_and_later_it_is_the_same_bytes(world, issue, process_environment, tmp_path):
    ours = {
        "built": digest(canonical(issue.payload)),
        "kept": digest(canonical(issue.payload)),
        "pdf": digest(summary(issue, None)),
        "xlsx": digest(workbook(issue)),
    }
    places = [
        {"days": 1, "language": "en", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1"},
        {"days": 9, "language": "sr", "TZ": "America/Adak", "PYTHONHASHSEED": "77", "LC_ALL": "C"},
        {"days": 40, "language": "sr-latn", "HOME": os.fspath(tmp_path), "PYTHONHASHSEED": "4242"},
    ]
    for place in places:
        assert made_elsewhere(process_environment, issue, **place) == ours, place
