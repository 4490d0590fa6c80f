"""One small programme of which every figure can be counted by hand."""

from datetime import UTC, date, datetime, time
from types import SimpleNamespace

import pytest

from ideas.models import Idea
from jobs.services import run
from outcomes import services
from outcomes.models import Issue
from tests import factories as f
from training.models import Enrolment, Status

START, END = date(2025, 3, 1), date(2025, 4, 1)  # of the report; the funding runs from January on
NOW = datetime(2025, 4, 10, 9, tzinfo=UTC)
REGIONS = ["South"] * 6 + ["North"] * 5 + ["East"] * 2 + [""]  # 14 women
SECTORS = "AAAAAAABBBBBBC"


def at(month: int, day: int, hour: int = 10) -> datetime:
    return datetime(2025, month, day, hour, tzinfo=UTC)


@pytest.fixture
def world(db) -> SimpleNamespace:
    """14 women on the roster of 3 sessions of 2 modules; 12 attend, 6 meet a mentor; 13 ideas."""
    programme = f.make_programme(
        participants="women", start=date(2025, 1, 1), end=date(2025, 6, 1), completion_share=60
    )
    tenant = programme.tenant
    funding = f.make_funding(programme, start=date(2025, 1, 1), end=date(2026, 1, 1))
    report = f.make_report(funding, start=START, end=END)
    modules = [f.make_module(programme, number=n) for n in (1, 2)]
    days = [(modules[0], date(2025, 3, 3)), (modules[0], date(2025, 3, 4)), (modules[1], date(2025, 3, 31))]
    sessions = [
        f.make_session(programme, module=module, day=day, start=time(10), end=time(14))
        for module, day in days
    ]
    women = [
        f.make_enrolment(
            programme,
            person=f.make_person(tenant, region=region, municipality=f"Town {n % 4}"),
            enterprise=f.make_enterprise(tenant, sector=sector),
            applied_on=date(2025, 2, 1),
        )
        for n, (region, sector) in enumerate(zip(REGIONS, SECTORS, strict=True))
    ]
    f.make_enrolment(programme, state=Enrolment.State.DECLINED, applied_on=date(2025, 2, 1))
    for n, woman in enumerate(women):
        for m, session in enumerate(sessions):
            entry = f.make_entry(session, woman)
            if n >= 12:
                f.make_attendance(entry, status=Status.ABSENT)
            elif n == 11 and m == 2:
                pass  # not marked: unknown
            elif n % 4 == 3 and m > 0:
                f.make_attendance(entry, status=Status.EXCUSED)
            elif n % 5 == 0 and m == 0:
                f.make_attendance(entry, status=Status.LATE, minutes=200)
            else:
                f.make_attendance(entry)
    ideas = [
        f.make_idea(programme, title=f"Idea {n}", sector="AAAAAABBBBBCC"[n], stage="idea" if n < 8 else None)
        for n in range(13)
    ]
    for n, idea in enumerate(ideas):
        f.make_nomination(idea, women[n % 12], at=at(3, 5))
    f.make_nomination(ideas[0], women[1], at=at(3, 9))
    Idea.objects.filter(pk__in=[idea.pk for idea in ideas[:3]]).update(state=Idea.State.IN_MENTORING)
    mentor = f.make_mentor(programme)
    round_ = f.make_round(programme)
    seat = f.make_seat(round_, mentor.person)
    for idea in ideas[:4]:
        f.make_review(f.make_task(seat, idea), handed_in_at=at(3, 20))
    for n, woman in enumerate(women[:6]):
        assignment = f.make_assignment(mentor, woman)
        if n < 5:
            f.make_meeting(assignment, day=date(2025, 3, 10 + n), minutes=60 + n, place="premises")
    f.make_meeting(assignment, day=date(2025, 3, 20), minutes=90, place="online")
    return SimpleNamespace(
        tenant=tenant,
        programme=programme,
        funding=funding,
        report=report,
        modules=modules,
        sessions=sessions,
        women=women,
        ideas=ideas,
        mentor=mentor,
        coordinator=f.make_coordinator(programme),
        funder=f.make_funder(programme, funding=funding),
    )


@pytest.fixture
def issue(world) -> Issue:
    """Built the way it is built in life: asked for, run by a worker."""
    job = services.request_issue(by=world.coordinator, report=world.report)
    run(job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.reason
    return Issue.objects.get(pk=job.result["issue"])


@pytest.fixture
def released(world, issue) -> Issue:
    return services.release_issue(by=world.coordinator, issue=f.approved(issue), now=NOW)
