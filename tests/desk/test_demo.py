"""The demo: what the founding programme was, a running edition around a day, the same each time."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.db.models import Count

from accounts.audit import broken_link, seal
from accounts.models import AuditEntry, Tenant, User
from desk.demo import build
from desk.demo.people import PASSWORD, SIGN_INS
from desk.demo.remains import remove
from desk.demo.rows import at
from ideas.models import Asked, Idea, ReviewTask
from mentoring.models import Assignment, Meeting
from outcomes.models import Issue
from people.models import Beneficiary, Funding, Organisation, Person, Programme
from reminders.models import Reminder
from tests.factories import make_idea, make_programme
from training.models import Attendance, Certificate, Mark, Module, SessionLog

TODAY = date(2025, 3, 12)


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """Built once: it takes seconds. Taken away by the same code that `demo --rebuild` uses."""
    with django_db_blocker.unblock():
        tenant = build.build(today=TODAY)
        yield tenant
        remove(tenant)
        AuditEntry.objects.filter(tenant=tenant).delete()
        tenant.delete()


@pytest.fixture
def founding(demo, db):
    return Programme.objects.get(code="startup-2017")


@pytest.fixture
def running(demo, db):
    return Programme.objects.get(code="startup-now")


def test_project_partners_and_funders_as_published(founding):
    partners = founding.project.partners.order_by("role", "pk").values_list("organisation__name", "role")
    assert list(partners) == [
        ("Association of Business Women in Serbia", "initiator"),
        ("Mihajlo Pupin Institute", "partner"),
        ("Innovation Center of the Faculty of Mechanical Engineering", "partner"),
        ("Cluster House", "partner"),
    ]
    fundings = Funding.objects.filter(project=founding.project).order_by("code")
    assert [(f.code, str(f.funder), f.language) for f in fundings] == [
        ("giz", "German Agency for International Cooperation (GIZ)", "en"),
        ("ras", "Development Agency of Serbia", "sr-latn"),
    ]
    assert [f.modules.count() for f in fundings] == [2, 0]  # GIZ pays for the training


def test_modules_with_venues_and_dates_as_published(founding):
    assert [(m.venue.address, m.start, m.end) for m in Module.objects.filter(programme=founding)] == [
        ("Kraljice Marije 14", date(2017, 3, 6), date(2017, 3, 9)),
        ("Volgina 15", date(2017, 3, 16), date(2017, 3, 19)),
    ]
    days = [date(2017, 3, day) for day in (6, 7, 8, 16, 17, 18)]
    assert [session.day for session in founding.sessions.all()] == days


def test_a_mentor_is_asked_for_an_idea_of_the_running_edition(running):
    asked = Asked.objects.get(idea__programme=running)
    assert (asked.need, asked.idea.state) == (asked.need.enrolment.needs.first(), "in_review")
    assert asked.need.text.startswith(asked.idea.text.title)
    assert not asked.need.enrolment.assignments.exists()


def test_31_women_from_at_least_12_municipalities_and_27_complete(founding):
    assert Counter(founding.enrolments.values_list("state", flat=True)) == {
        "completed": 27,
        "enrolled": 4,
        "declined": 1,
        "withdrawn": 1,
    }
    there = Attendance.objects.filter(entry__session__programme=founding, status__in=Attendance.THERE)
    persons = Person.objects.filter(enrolments__roster__attendance__in=there).distinct()
    assert (persons.count(), {person.sex for person in persons}) == (31, {"female"})
    assert persons.values("municipality").distinct().count() >= 12


def test_27_certificates_one_issued_twice_under_its_number_one_shown(founding):
    rows = Certificate.objects.filter(enrolment__programme=founding).order_by("number")
    assert [row.number for row in rows] == [f"STARTUP-2017-{n:04}" for n in range(1, 28)]
    assert {row.enrolment.state for row in rows} == {"completed"}
    assert [row.number for row in rows if row.editions.count() == 2] == ["STARTUP-2017-0011"]
    assert [(row.number, row.shows) for row in rows if row.shows] == [
        ("STARTUP-2017-0003", ["name", "hours", "modules", "dates"])
    ]
    assert rows.exclude(revoked_at=None).count() == 0
    assert founding.signatories.count() == 2
    funders = [funder for row in rows for one in row.editions.all() for funder in one.said["funders"]]
    assert (len(funders), [funder for funder in funders if not funder["logo"]]) == (2 * 28, [])


def test_every_register_is_complete_and_every_day_has_its_note(founding):
    assert (
        list(
            founding.sessions.order_by("day")
            .annotate(n=Count("roster__attendance"))
            .values_list("n", flat=True)
        )
        == [31] * 6
    )
    assert [session.log.count() for session in founding.sessions.all()] == [1] * 6
    assert [session.closed_at is not None for session in founding.sessions.all()] == [True] * 6


def test_186_ideas_in_three_writings_judged_by_three_and_26_carried_on(founding):
    assert founding.ideas.count() == 186
    written = set(founding.ideas.values_list("text__language", flat=True))
    assert written == {"sr-latn", "sr", "en"}
    judged = founding.ideas.with_reviews().values_list("judged", flat=True)
    assert set(judged) == {3}
    assert founding.ideas.filter(state__in=Idea.CARRIED_ON).count() == 26
    assert founding.rounds.get().criteria.count() == 3
    assert set(Idea.objects.filter(mentored__assignment__programme=founding)) == set(
        founding.ideas.filter(state__in=Idea.CARRIED_ON)
    )


def test_beneficiaries_by_cluster_under_one_union(founding):
    clusters = Organisation.objects.exclude(umbrella=None)
    assert {cluster.umbrella.name for cluster in clusters} == {"Union of the start-up clusters"}
    assert clusters.count() == 6  # five start-up clusters, and the producers of furniture
    found = Beneficiary.objects.filter(project=founding.project)
    places = found.values_list("enterprise__cluster_memberships__cluster__name", "enterprise__municipality")
    assert sorted(places) == [
        ("Nis Region Agro Start Up Cluster", "Merošina"),
        ("Nis Region Start Up Services Cluster", "Aleksinac"),
        ("Nis Region Start Up Services Cluster", "Aleksinac"),
        ("Serbian Cluster of Furniture Producers", "Vranje"),
        ("Serbian Cluster of Furniture Producers", "Čačak"),
    ]


def test_22_have_a_mentor_and_the_one_conflict_was_accepted_with_words(founding):
    found = Assignment.objects.filter(programme=founding)
    assert found.values("enrolment").distinct().count() == 22
    [accepted] = found.exclude(conflict_accepted="")
    director = accepted.mentor.person.affiliations.get(role="director")
    assert accepted.enrolment.enterprise.benefits.get().proposed_by == director.organisation
    assert Meeting.objects.filter(assignment__programme=founding).count() > 60


def test_nobody_judged_where_the_records_forbid_it(founding):
    from ideas import conflicts

    [round] = founding.rounds.all()
    reviewers = [seat.reviewer for seat in round.seats.select_related("reviewer")]
    forbidden = conflicts.found(reviewers, founding.ideas.all(), date(2017, 3, 20))
    done = ReviewTask.objects.filter(seat__round=round, state="done")
    assert set(done.values_list("seat__reviewer", "idea")) & forbidden.keys() == set()
    assert len(forbidden) > 1


def test_each_funder_has_one_issued_summary_with_the_same_facts(founding):
    issues = Issue.objects.filter(report__funding__project=founding.project)
    assert [issue.state for issue in issues] == ["issued"] * 2
    for issue in issues:
        figures = {figure["code"]: figure.get("value") for figure in issue.payload["document"]["figures"]}
        assert (figures["OP-01"], figures["OP-09"], figures["OP-09.3"]) == (31, 186, 26)


def test_the_running_edition_stands_around_today(running):
    days = [(session.day - TODAY).days for session in running.sessions.all()]
    assert days == [-1, 0, 1, 7, 8, 21, 22, 22]
    talks = running.sessions.get(by_invitation=True)
    assert (talks.roster.count(), talks.capacity, talks.breaks) == (6, 8, [["17:50", "18:10"]])
    yesterday, today, *_rest = running.sessions.annotate(n=Count("roster__attendance")).order_by("starts_at")
    assert (yesterday.n, today.n, today.roster.count()) == (31, 0, 31)
    assert list(SessionLog.objects.filter(session=yesterday)) == []
    assert running.ideas.count() == 44 + 4  # four were typed up from a flip chart


def test_reviews_wait_for_each_mentor_and_some_are_done(running):
    tasks = ReviewTask.objects.filter(seat__round__programme=running)
    waiting = tasks.filter(state="waiting").values("seat").distinct().count()
    assert (waiting, tasks.filter(state="done").count()) == (6, 30)  # who trains does not judge


def test_reminders_are_planned_and_one_pair_is_silent(running):
    kinds = Counter(Reminder.objects.filter(rule__programme=running).values_list("rule__kind", flat=True))
    assert kinds["session_tomorrow"] >= 33
    assert kinds["review_waiting"] == 6
    silent = Reminder.objects.filter(rule__kind="meeting_not_logged", due_at__lte=at(TODAY, "12:00"))
    assert silent.count() == 1


def test_everybody_offered_can_sign_in_and_nobody_else(demo, db):
    users = User.objects.filter(tenant=demo, is_active=True)
    assert sorted(user.email for user in users) == sorted(person.email for person in SIGN_INS)
    assert all(user.check_password(PASSWORD) for user in users[:1])
    assert {user.language for user in users} == {"en", "sr-latn", "sr"}


def test_no_address_of_the_demo_can_reach_anybody(demo, db):
    outside = Person.objects.filter(tenant=demo).exclude(email__endswith="@primer.example")
    assert list(outside) == []


def _content() -> list:
    """What people did, without the draw of reviewers: that starts from the numbers of rows."""
    marks = Mark.objects.order_by("operation")
    ideas = Idea.objects.filter(source="demo").order_by("source_id")
    return [
        *marks.values_list("operation", "status", "arrival", "reason", "at_device"),
        *ideas.values_list("source_id", "text__title", "text__language", "created_at"),
        *Person.objects.filter(source="demo").order_by("source_id").values_list("source_id", "name", "born"),
    ]


@pytest.mark.django_db
def test_a_rebuilt_demo_is_the_same_and_other_organisations_are_not_touched(demo):
    other = make_idea(make_programme())
    before = _content()
    seal()
    build.rebuild(today=TODAY)
    assert _content() == before
    assert Tenant.objects.filter(is_demo=True).count() == 1
    assert Programme.objects.filter(tenant=demo).count() == 6
    assert Idea.objects.get(pk=other.pk).title == other.title
    assert broken_link() is None


def test_only_a_demo_is_taken_away(db):
    tenant = make_programme().tenant
    with pytest.raises(ValueError, match="is no demo"):
        remove(tenant)


def test_today_is_the_day_in_belgrade():
    from datetime import UTC, datetime

    assert build.today(datetime(2025, 3, 11, 23, 30, tzinfo=UTC)) == TODAY
    assert build.today(datetime(2025, 3, 11, 22, 30, tzinfo=UTC)) == TODAY - timedelta(days=1)
