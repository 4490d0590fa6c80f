"""What the demo holds of outcomes and of the events around the programme: counted by hand."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Count, Sum

from accounts.models import AuditEntry
from desk.demo import build
from desk.demo.remains import remove
from desk.demo.rows import at, rows
from outcomes.counting import measured
from outcomes.locks import is_locked
from outcomes.models import Answer, AnswerChange, Cost, Grant, Invitation, LogframeLine, Narrative, Result
from outcomes.registry import definition
from outcomes.scope import Scope
from people.models import Organisation, Programme
from training.models import Session

TODAY = date(2025, 3, 12)


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        tenant = build.build(today=TODAY)
        yield tenant
        remove(tenant)
        AuditEntry.objects.filter(tenant=tenant).delete()
        tenant.delete()


@pytest.fixture
def founding(demo, db):
    return Programme.objects.get(code="startup-2017")


def _states(programme, code: str) -> dict:
    return Counter(
        Invitation.objects.filter(wave__programme=programme, wave__code=code).values_list("state", flat=True)
    )


def test_six_waves_of_31_and_how_they_went(founding):
    waves = founding.waves.order_by("opens").annotate(n=Count("invitations"))
    assert [(wave.code, wave.n) for wave in waves] == [
        ("baseline", 31), ("reaction-1", 31), ("reaction-2", 31), ("exit", 31),
        ("f3", 31), ("f6", 31), ("f12", 31),
    ]  # fmt: skip
    assert _states(founding, "baseline") == {"answered": 30, "partial": 1}
    assert _states(founding, "exit") == {"answered": 27, "refused": 1, "waiting": 3}
    assert _states(founding, "f6") == {
        "answered": 24, "waiting": 4, "refused": 1, "unreachable": 1, "withdrawn": 1,
    }  # fmt: skip
    assert _states(founding, "f12") == {
        "answered": 20, "waiting": 8, "refused": 1, "unreachable": 1, "withdrawn": 1,
    }  # fmt: skip
    late = Invitation.objects.filter(wave__programme=founding, is_late=True)
    assert Counter(late.values_list("wave__code", flat=True)) == {"f6": 2, "f12": 2}
    [unreachable] = Invitation.objects.filter(wave__programme=founding, wave__code="f6", state="unreachable")
    assert unreachable.contacts.count() == 3


def test_nineteen_of_the_twenty_four_who_answered_still_run_a_business(founding):
    said = Answer.objects.filter(invitation__wave__programme=founding, question__code="operating")
    assert Counter(said.filter(invitation__wave__code="f6").values_list("choice", flat=True)) == {
        "yes": 19, "no": 5,
    }  # fmt: skip
    scope = Scope.whole(founding, at(date(2018, 1, 15), "10:00"))
    value = measured(definition(founding.tenant, "OC-07"), scope)
    assert (value.numerator, value.denominator) == (19, 24)
    assert (value.answered, value.asked) == (24, 30)  # who withdrew her consent is not asked


def test_every_line_of_the_sheet_is_an_invitation_with_its_answers(founding):
    many = ("practices", "new_links", "finance_source")
    known = {"key", "wave", "state", "day", "mode", "late"}
    expected = sum(
        len(said.split(";")) if name in many else 1
        for line in rows("answers") for name, said in line.items() if said and name not in known
    )  # fmt: skip
    assert Answer.objects.filter(invitation__wave__programme=founding).count() == expected
    [unread] = Answer.objects.filter(invitation__wave__programme=founding, is_unread=True)
    assert (unread.text, unread.number) == ("dve i po", None)


def test_results_of_the_founding_programme(founding):
    kinds = Counter(founding.results.counting().values_list("kind", flat=True))
    assert kinds == {"registration": 2, "contract": 2, "agreement": 2, "declaration": 1, "job": 2,
                     "introduction": 1}  # fmt: skip
    jobs = founding.results.counting().filter(kind="job").aggregate(n=Sum("number"))
    assert jobs["n"] == Decimal("2.5")
    assert founding.results.counting().exclude(evidence=None).count() == 4
    [withdrawn] = founding.results.exclude(withdrawn_at=None)
    assert withdrawn.reason
    assert Grant.objects.filter(programme=founding).count() == 4


def test_costs_in_two_currencies_and_one_unread(founding):
    sums = Cost.objects.filter(programme=founding).exclude(amount=None).order_by()
    found = sums.values_list("funding__code", "kind", "currency").annotate(n=Sum("amount"))
    assert sorted(found) == [
        ("giz", "planned", "EUR", Decimal(7900)),
        ("giz", "spent", "EUR", Decimal(3050 + 3310 + 1184 + 240)),
        ("ras", "planned", "RSD", Decimal(990_000)),
        ("ras", "spent", "RSD", Decimal(973_500)),
    ]
    [unread] = Cost.objects.filter(programme=founding, amount=None)
    assert unread.currency == ""


def test_two_logframes_narratives_and_closed_periods(founding):
    lines = LogframeLine.objects.filter(funding__project=founding.project)
    assert Counter(lines.values_list("funding__code", flat=True)) == {"giz": 6, "ras": 5}
    assert Narrative.objects.filter(funding__project=founding.project).exclude(went_wrong="").count() == 3
    locks = founding.locks.order_by("locked_at")
    assert [(lock.unlocked_at is not None, bool(lock.reason)) for lock in locks] == [
        (False, False), (True, True), (False, False),
    ]  # fmt: skip
    assert is_locked(founding, date(2017, 9, 18))
    [change] = AnswerChange.objects.filter(invitation__wave__programme=founding)
    assert change.after == "locked"


def test_cluster_day_as_published(demo, db):
    day = Programme.objects.get(code="cluster-day-2017")
    parts = Session.objects.filter(programme=day).order_by("starts_at")
    assert [(f"{part.start:%H:%M}", part.by_invitation) for part in parts] == [
        ("10:30", False), ("13:00", True), ("15:00", True), ("16:30", False),
    ]  # fmt: skip
    assert {part.day for part in parts} == {date(2017, 5, 11)}
    assert [(one.number, one.how) for one in day.headcounts.all()] == [(150, "published")]
    kinds = Counter(day.results.values_list("kind", flat=True))
    assert kinds == {"agreement": 2, "declaration": 1, "proposal": 2, "visit": 1}
    assert day.results.get(kind="visit").countries == ["DK", "RS"]


def test_days_of_clusters_and_the_journey_as_published(demo, db):
    days = Programme.objects.get(code="clusters-2010-2016")
    assert days.modules.count() == 7
    counted = dict(days.headcounts.exclude(number=None).values_list("of_what", "number"))
    assert counted == {
        "professionals in 2014": 250, "countries in 2014": 17,
        "countries 2010–2016": 33, "continents 2010–2016": 5,
    }  # fmt: skip
    assert len(set(Result.objects.get(programme=days).countries)) == 33
    journey = Programme.objects.get(code="insme-2017")
    assert (journey.start, journey.end) == (date(2017, 5, 15), date(2017, 5, 18))
    assert [one.number for one in journey.headcounts.all()] == [700, 68]
    [speaker] = {person for one in journey.sessions.all() for person in one.trainers.all()}
    assert speaker.affiliations.get(role="director").organisation.name == "Cluster House"


def test_the_school_profile_runs_three_years_and_germany_pays(demo, db):
    school = Programme.objects.get(code="electrician-2017")
    assert (school.participants, school.start, school.modules.count()) == ("pupils", date(2017, 5, 25), 3)
    assert school.enrolments.count() == 8
    [funding] = school.project.fundings.all()
    assert str(funding.funder) == "Federal Republic of Germany"
    assert school.project.partners.count() == 5  # the ministry, GIZ, three companies


def test_five_start_up_clusters_under_their_union(demo, db):
    union = Organisation.objects.get(tenant=demo, name="Union of the start-up clusters")
    names = Organisation.objects.filter(umbrella=union, name__icontains="start up").values_list(
        "name", flat=True
    )
    assert len(names) == 5


def test_the_running_edition_is_asked_now(demo, db):
    running = Programme.objects.get(code="startup-now")
    waves = {wave.code: wave for wave in running.waves.all()}
    assert waves.keys() == {"baseline", "reaction-1", "f6"}
    assert [waves[code].is_open(TODAY) for code in ("baseline", "reaction-1", "f6")] == [False, True, False]
    assert _states(running, "baseline") == {"answered": 28, "waiting": 3}
    assert _states(running, "reaction-1") == {"answered": 5, "waiting": 26}
