"""A column `group` in `manage.py load enrolments`."""

import json

import pytest
from django.utils import timezone

from desk.loading.door import KINDS
from desk.loading.engine import load as take
from desk.loading.kinds import Target
from desk.loading.trail import Trail, undo
from lib import sheets
from tests.factories import make_person, make_programme
from training.models import Enrolment, Group

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def programme():
    programme = make_programme(code="p1")
    for name in ("Ana Anić", "Mila Milić"):
        make_person(programme.tenant, name=name)
    return programme


def load(programme, text, group, kind="enrolments", trail=None):
    table = sheets.read(text.encode(), filename="file.csv")
    who = {"name": "who"} if kind == "participants" else {"person": "who"}
    return take(KINDS[kind], table, Target(programme, NOW), mapping=who | {"group": group}, trail=trail)


def groups(programme):
    rows = Enrolment.objects.filter(programme=programme).order_by("person__name_key")
    return list(rows.values_list("person__name", "group__code"))


def test_an_unknown_group_is_refused_unless_the_map_says_make_it(programme):
    text = "who,arm\nAna Anić,Kontrolna grupa\nMila Milić,Mentees 1\n"
    report = load(programme, text, "arm")
    assert [(one.row, one.column, one.value) for one in report.refused] == [
        (2, "arm", "Kontrolna grupa"),
        (3, "arm", "Mentees 1"),
    ]
    trail = Trail()
    report = load(programme, text, {"from": "arm", "make": True}, trail=trail)
    assert (report.refused, report.created) == ([], 2)
    assert groups(programme) == [("Ana Anić", "kontrolna-grupa"), ("Mila Milić", "mentees-1")]
    assert list(Group.objects.filter(is_control=True).values_list("code", flat=True)) == ["kontrolna-grupa"]
    assert load(programme, text, {"from": "arm", "make": True}).unchanged == 2
    undo(json.loads(json.dumps(trail.parts())), by=None, now=NOW)
    assert (Group.objects.count(), groups(programme)) == (0, [])


def test_a_known_group_by_code_or_name_and_a_change_of_it(programme):
    Group.objects.create(programme=programme, code="c", name="Control", is_control=True)
    Group.objects.create(programme=programme, code="m", name="Mentees", name_sr="Mentorisane")
    load(programme, "who,arm\nAna Anić,C\nMila Milić,\n", "arm")
    assert groups(programme) == [("Ana Anić", "c"), ("Mila Milić", None)]
    report = load(programme, "who,arm\nAna Anić,mentorisane\nMila Milić,\n", "arm")
    assert (report.updated, report.unchanged, groups(programme)[0]) == (1, 1, ("Ana Anić", "m"))
    text = "who,arm\nNova Nović,control\n"
    assert load(programme, text, "arm", kind="participants").created == 1
    assert ("Nova Nović", "c") in groups(programme)
