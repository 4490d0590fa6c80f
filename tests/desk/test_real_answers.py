"""Real forms, loaded as their owners would bring them: every figure is the published one."""

import csv
import re
from collections import Counter

import pytest

from desk.real import answered
from desk.real.answered_forms import WORKSHOPS, files
from outcomes.models import Answer, Invitation, Question

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
# of a question in both shapes: its options as columns, and how its joined column begins
OPTIONS = {
    "languages": (["Python", "R", "C", "C++", "Matlab", "Fortran 90+"], "Which programming languages"),
    "hosting": (["GitHub", "GitLab", "Bitbucket"], "Are you using a web-based repository"),
    "versioning": (["Git", "Mercurial", "Subversion"], "Are you using version control"),
}


@pytest.fixture
def loaded(shared_data):
    answered.load_all(shared_data)
    return shared_data


def test_every_figure_is_the_published_one_and_registrations_are_one_question_set(loaded):
    figures = list(answered.compare(loaded))
    assert [str(figure) for figure in figures if not figure.is_equal] == []
    assert len(figures) == 327
    ours = {figure.name: figure.ours for figure in figures}
    assert ours["owners.before.profit_b.se_mentee"] == 118676
    assert ours["follow_up.field.base"] == 459
    rows = Answer.objects.filter(invitation__wave__programme__code=WORKSHOPS)
    for code, (options, begins) in OPTIONS.items():
        counted = _counted(loaded, options, begins)
        found = Counter()
        for row in rows.filter(question__code=code).select_related("wording"):
            words = {one["code"]: one["en"] for one in row.wording.choices}
            found[words.get(row.choice)] += 1
        assert {word: found[word] for word in options} == counted
    assert not rows.filter(is_unread=True).exists()
    of_both = Question.objects.filter(code="versioning", tenant__name="CodeRefinery")
    assert of_both.count() == 1
    before = Answer.objects.count(), Invitation.objects.count()
    first = files(loaded, "typeform")[0]
    named = ("--source", answered.source(first))
    again = answered.load("answers", first, WORKSHOPS, *named, columns="answers_typeform")
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 25)
    assert (Answer.objects.count(), Invitation.objects.count()) == before


def _counted(data, options, begins):
    """Another way: by the csv module and signs alone."""
    found = Counter()
    for shape in ("typeform", "indico"):
        for file in files(data, shape):
            with file.open(newline="", encoding="utf-8-sig") as lines:
                header, *rows = csv.reader(lines)
            for at, head in enumerate(header):
                plain = re.sub(r"<[^>]*>", "", head).replace("Pre-workshop survey: ", "")
                for row in rows:
                    if shape == "typeform" and plain in options and row[at]:
                        found[plain] += 1
                    elif shape == "indico" and plain.startswith(begins):
                        found.update(one for one in row[at].split("; ") if one in options)
    return {word: found[word] for word in options}
