"""Rows for tests: plain functions, every field can be given, what is not given is plain and valid.

`make_x(**fields)` creates one row and what it needs; hand in what two rows share:
`programme = make_programme(); make_session(programme=programme)`. Nothing here calls a service.
"""

import itertools
import uuid
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from accounts.models import Tenant, User
from ideas import ranking
from ideas.assigning import facts as assigning
from ideas.assigning.solving import solve
from ideas.models import (
    Aim,
    AssigningRun,
    Compared,
    Criterion,
    Decision,
    Idea,
    IdeaText,
    Join,
    Nomination,
    Review,
    ReviewTask,
    Round,
    Score,
    Seat,
    Selection,
)
from ideas.ranking import facts as ranking_facts
from ideas.services.deciding import sealed
from ideas.services.taking import to_judge
from lib import clock
from mentoring.matching import facts as frozen
from mentoring.matching import fit
from mentoring.models import (
    Assignment,
    Declared,
    Goal,
    Hint,
    Introduction,
    MatchingRun,
    Meeting,
    Mentor,
    MentorApplication,
    Need,
    Note,
    Offer,
    Preference,
    Slot,
)
from outcomes.models import Issue, Report
from people.models import (
    Enterprise,
    Funding,
    FundingScope,
    Membership,
    Organisation,
    Person,
    Programme,
    Project,
    Twin,
)
from reminders.models import QuietHours, Rule
from training.certificates.content import drafts
from training.models import (
    Application,
    Attendance,
    Certificate,
    EligibilityRule,
    Enrolment,
    Finding,
    Mark,
    Module,
    RosterEntry,
    Session,
    Signatory,
    Status,
    Venue,
)
from training.services import set_trainers
from training.services.attendance import locked
from training.services.sealing import append

NOW = datetime(2025, 3, 12, 9, 0, tzinfo=UTC)  # a Wednesday, 10:00 in Belgrade
TODAY = date(2025, 3, 12)
PASSWORD = "jedna-dobra-lozinka"

_numbers = itertools.count(1)


def make_tenant(**fields) -> Tenant:
    n = next(_numbers)
    return Tenant.objects.create(**{"name": f"Udruženje {n}", "slug": f"udruzenje-{n}"} | fields)


def make_user(tenant: Tenant | None = None, **fields) -> User:
    """A user without a role; her password is PASSWORD."""
    n = next(_numbers)
    plain = {"email": f"user{n}@example.org", "name": f"Ana Anić {n}", "password": PASSWORD}
    return User.objects.create_user(tenant=tenant or make_tenant(), **plain | fields)


def make_administrator(tenant: Tenant | None = None, **fields) -> User:
    return make_user(tenant, is_administrator=True, **fields)


def make_person(tenant: Tenant | None = None, **fields) -> Person:
    user = fields.get("user")
    n = next(_numbers)
    plain = {
        "name": f"Mila Milić {n}",
        "sex": Person.Sex.FEMALE,
        "born": 1985,
        "email": f"mila{n}@example.org",
    }
    return Person.objects.create(tenant=tenant or (user.tenant if user else make_tenant()), **plain | fields)


def make_organisation(tenant: Tenant | None = None, **fields) -> Organisation:
    plain = {"name": f"Klaster {next(_numbers)}", "kind": Organisation.Kind.ORGANISATION}
    return Organisation.objects.create(tenant=tenant or make_tenant(), **plain | fields)


def make_enterprise(tenant: Tenant | None = None, **fields) -> Enterprise:
    return Enterprise.objects.create(
        tenant=tenant or make_tenant(), **{"name": f"Radnja {next(_numbers)}"} | fields
    )


def make_project(tenant: Tenant | None = None, **fields) -> Project:
    n = next(_numbers)
    plain = {"code": f"project-{n}", "name": f"Project {n}"}
    return Project.objects.create(tenant=tenant or make_tenant(), **plain | fields)


def today_there(at: datetime | None = None) -> date:
    """Today (or the day of `at`) on the clocks of the programmes made here: around midnight another day than
    in UTC."""
    return (at or timezone.now()).astimezone(ZoneInfo("Europe/Belgrade")).date()


def going_on() -> dict:
    """Day, hours and zone of a session that goes on while a test runs, wherever it is about noon: at no hour
    of ours does the day end meanwhile."""
    now = timezone.now()
    ahead = 12 - now.hour
    zone = f"Etc/GMT{-ahead:+d}" if ahead else "UTC"
    return {
        "day": (now + timedelta(hours=ahead)).date(),
        "start": time(0, 5),
        "end": time(23, 55),
        "zone": zone,
    }


def make_programme(tenant: Tenant | None = None, **fields) -> Programme:
    """A programme of two months around TODAY, in a project of its tenant."""
    n = next(_numbers)
    project = fields.pop("project", None)
    tenant = tenant or (project.tenant if project else make_tenant())
    plain = {
        "code": f"programme-{n}",
        "name": f"Programme {n}",
        "start": TODAY - timedelta(days=30),
        "end": TODAY + timedelta(days=30),
    }
    return Programme.objects.create(tenant=tenant, project=project or make_project(tenant), **plain | fields)


def make_member(
    programme: Programme, role: str, *, funding: Funding | None = None, partner=None, **fields
) -> User:
    """A user whose person has this role in the programme. `fields` are the user's."""
    user = make_user(programme.tenant, **fields)
    person = make_person(user=user, name=user.name, email=user.email)
    Membership.objects.create(person=person, programme=programme, role=role, funding=funding, partner=partner)
    return user


def make_coordinator(programme: Programme, **fields) -> User:
    return make_member(programme, Membership.Role.COORDINATOR, **fields)


def make_trainer(programme: Programme, **fields) -> User:
    return make_member(programme, Membership.Role.TRAINER, **fields)


def make_funding(programme: Programme | None = None, **fields) -> Funding:
    """A funder's share in the programme's project that pays for the programme."""
    programme = programme or make_programme()
    plain = {
        "code": f"funding-{next(_numbers)}",
        "start": programme.start or TODAY,
        "end": programme.end or TODAY + timedelta(days=365),
    }
    if "funder" not in fields:
        plain["funder"] = make_organisation(programme.tenant, kind=Organisation.Kind.FUNDER)
    funding = Funding.objects.create(project=programme.project, **plain | fields)
    FundingScope.objects.create(funding=funding, programme=programme)
    return funding


def make_funder(programme: Programme, *, funding: Funding | None = None, **fields) -> User:
    return make_member(
        programme, Membership.Role.FUNDER, funding=funding or make_funding(programme), **fields
    )


def make_report(funding: Funding | None = None, **fields) -> Report:
    funding = funding or make_funding()
    plain = {"name": f"Report {next(_numbers)}", "start": funding.start, "end": funding.end}
    return Report.objects.create(funding=funding, **plain | fields)


def approved(issue: Issue) -> Issue:
    """As it is after its review."""
    Issue.objects.filter(pk=issue.pk).update(state=Issue.State.APPROVED)
    return issue


def make_venue(tenant: Tenant | None = None, **fields) -> Venue:
    return Venue.objects.create(
        tenant=tenant or make_tenant(), **{"name": f"Dvorana {next(_numbers)}"} | fields
    )


def make_module(programme: Programme | None = None, **fields) -> Module:
    n = next(_numbers)
    return Module.objects.create(
        programme=programme or make_programme(), **{"number": 1 + n % 30_000, "name": f"Module {n}"} | fields
    )


def make_session(programme: Programme | None = None, *, trainers=(), **fields) -> Session:
    """A session today from 10 to 14 local time. `trainers` are persons or users."""
    plain = {"title": f"Session {next(_numbers)}", "day": TODAY, "start": time(10), "end": time(14)}
    plain["holds_venue"] = not (fields.get("venue") and fields["venue"].is_shared)
    session = Session.objects.create(programme=programme or make_programme(), **plain | fields)
    set_trainers(session, [getattr(trainer, "person", trainer) for trainer in trainers])
    return session


def make_enrolment(programme: Programme | None = None, **fields) -> Enrolment:
    programme = programme or make_programme()
    plain = {"state": Enrolment.State.ENROLLED, "row_code": f"{next(_numbers):04d}"}
    if "person" not in fields:
        plain["person"] = make_person(programme.tenant)
    return Enrolment.objects.create(programme=programme, **plain | fields)


def make_entry(session: Session | None = None, enrolment: Enrolment | None = None, **fields) -> RosterEntry:
    session = session or make_session()
    enrolment = enrolment or make_enrolment(session.programme)
    plain = {"planned_minutes": session.minutes}
    return RosterEntry.objects.create(session=session, enrolment=enrolment, **plain | fields)


def make_mark(entry: RosterEntry | None = None, **fields) -> Mark:
    """A mark alone, sealed; what it amounts to is derived by the service, or by make_attendance."""
    entry = entry or make_entry()
    plain = {"operation": uuid.uuid4(), "status": Status.PRESENT, "at_server": NOW}
    mark = Mark(session=entry.session, enrolment=entry.enrolment, **plain | fields)
    with transaction.atomic():
        append(locked(entry.session), [mark])
    return mark


def make_attendance(entry: RosterEntry | None = None, **fields) -> Attendance:
    """A mark and the attendance that it amounts to: there for all planned minutes, if not said otherwise."""
    entry = entry or make_entry()
    status = fields.get("status", Status.PRESENT)
    there = status in Attendance.THERE
    plain = {
        "status": status,
        "mark": fields.pop("mark", None) or make_mark(entry, status=status),
        "planned_minutes": entry.planned_minutes,
        "minutes": (entry.planned_minutes if there else 0) if entry.planned_minutes is not None else None,
    }
    return Attendance.objects.create(entry=entry, **plain | fields)


def make_signatory(programme: Programme | None = None, **fields) -> Signatory:
    plain = {"name": f"Jelena Jelić {next(_numbers)}", "role": "Director", "role_sr": "direktorka"}
    return Signatory.objects.create(programme=programme or make_programme(), **plain | fields)


def make_certificate(
    enrolment: Enrolment | None = None, *, said: dict | None = None, **fields
) -> Certificate:
    """A certificate with its first edition, which says what would be said now, whatever the rule."""
    enrolment = enrolment or make_enrolment()
    programme = enrolment.programme
    plain = {"tenant": programme.tenant, "number": f"{programme.code.upper()}-{next(_numbers):04d}"}
    row = Certificate.objects.create(enrolment=enrolment, **plain | fields)
    row.editions.create(said=said or drafts(programme, [enrolment], NOW)[enrolment.pk], at=NOW)
    return row


def make_mentor(programme: Programme | None = None, *, user: User | None = None, **fields) -> Mentor:
    """A mentor with membership and offer in the programme; her user is `mentor.person.user`."""
    programme = programme or make_programme()
    if "person" not in fields:
        user = user or make_user(programme.tenant)
        fields["person"] = make_person(user=user, name=user.name, email=user.email)
    mentor = Mentor.objects.create(**fields)
    Membership.objects.create(person=mentor.person, programme=programme, role=Membership.Role.MENTOR)
    Offer.objects.create(mentor=mentor, programme=programme, capacity=3, hours=30)
    return mentor


def make_need(enrolment: Enrolment | None = None, **fields) -> Need:
    return Need.objects.create(enrolment=enrolment or make_enrolment(), **{"text": "A price list"} | fields)


def make_preference(mentor: Mentor, enrolment: Enrolment, **fields) -> Preference:
    return Preference.objects.create(
        mentor=mentor, enrolment=enrolment, **{"side": "entrepreneur", "says": "wish"} | fields
    )


def make_candidate(programme: Programme | None = None, **fields) -> MentorApplication:
    """Somebody who offered herself as a mentor and confirmed it."""
    n = next(_numbers)
    plain = {"operation": uuid.uuid4(), "name": f"Vesna Vesić {n}", "email": f"vesna{n}@example.org"}
    plain |= {"language": "sr-latn", "said": {"functions": ["export"], "bio": "Twenty years of export."}}
    plain |= {"created_at": NOW, "confirmed_at": NOW}
    return MentorApplication.objects.create(programme=programme or make_programme(), **plain | fields)


def make_assignment(mentor: Mentor | None = None, enrolment: Enrolment | None = None, **fields) -> Assignment:
    enrolment = enrolment or make_enrolment(fields.get("programme"))
    programme = fields.pop("programme", enrolment.programme)
    plain = {"agreed_hours": 10, "start": TODAY}
    return Assignment.objects.create(
        programme=programme, mentor=mentor or make_mentor(programme), enrolment=enrolment, **plain | fields
    )


def make_declared(person: Person, about: Person | None = None, **fields) -> Declared:
    about = about or make_person(person.tenant)
    return Declared.objects.create(**{"person": person, "about": about, "words": "She is my cousin"} | fields)


def make_hint(programme: Programme, person: Person, other: Person, **fields) -> Hint:
    """What was answered to a hint, whichever of the two is named first."""
    one, two = sorted((person, other), key=lambda row: row.pk)
    plain = {"programme": programme, "person": one, "other": two, "answer": Hint.Answer.STRANGERS}
    return Hint.objects.create(**plain | fields)


def make_run(programme: Programme, **fields) -> MatchingRun:
    """A computed run: whoever looks for a mentor now gets the first one there is."""
    facts, weights = frozen.gather(programme, NOW), fit.DEFAULT_WEIGHTS
    first = facts["mentors"][0]
    pairs = [
        {"enrolment": person["enrolment"], "mentor": first["mentor"], "pinned": False}
        | {"fit": sum(points.values()), "points": points}
        for person, points in ((person, fit.points(person, first, weights)) for person in facts["people"])
    ]
    result = {"pairs": pairs, "unplaced": [], "placed": len(pairs), "fit": sum(p["fit"] for p in pairs)}
    result["worst"] = min((pair["fit"] for pair in pairs), default=None)
    known = {"facts": facts, "weights": weights, "result": result, "number": next(_numbers)}
    known |= {"facts_fingerprint": frozen.fingerprint(facts, weights, []), "fingerprint": "f" * 64}
    run = MatchingRun.objects.create(programme=programme, **known | fields)
    for pair in pairs:
        row = {"enrolment_id": pair["enrolment"], "mentor_id": pair["mentor"]}
        run.proposals.create(**row, fit=pair["fit"], factors=pair["points"])
    return run


def make_goal(assignment: Assignment | None = None, **fields) -> Goal:
    return Goal.objects.create(
        assignment=assignment or make_assignment(), **{"text": "A price list"} | fields
    )


def make_meeting(assignment: Assignment | None = None, **fields) -> Meeting:
    plain = {"operation": uuid.uuid4(), "day": TODAY, "minutes": 60, "topic": "Prices"}
    return Meeting.objects.create(assignment=assignment or make_assignment(), **plain | fields)


def make_note(assignment: Assignment | None = None, **fields) -> Note:
    plain = {"operation": uuid.uuid4(), "layer": Note.Layer.OURS, "text": "A note"}
    return Note.objects.create(assignment=assignment or make_assignment(), **plain | fields)


def make_slot(mentor: Mentor | None = None, programme: Programme | None = None, **fields) -> Slot:
    """An office hour on the day after TODAY, 17:00 to 17:30, free; half an hour later with `start`, `end`."""
    if mentor is None:
        mentor = make_mentor(programme)
    programme = programme or mentor.offers.get().programme
    plain = {"day": TODAY + timedelta(days=1), "start": time(17), "end": time(17, 30), "zone": programme.zone}
    said = plain | fields
    for name, at in (("starts_at", said["start"]), ("ends_at", said["end"])):
        said[name] = clock.instant(said["day"], at, said["zone"], fold=said.get("fold", 0))
    return Slot.objects.create(mentor=mentor, programme=programme, **said)


def make_introduction(assignment: Assignment | None = None, **fields) -> Introduction:
    assignment = assignment or make_assignment()
    plain = {"operation": uuid.uuid4(), "kind": "buyer", "name": "A grocer", "day": TODAY}
    said = {"enrolment": assignment.enrolment, "assignment": assignment}
    return Introduction.objects.create(**said | plain | fields)


def make_aim(programme: Programme | None = None, **fields) -> Aim:
    n = next(_numbers)
    return Aim.objects.create(
        programme=programme or make_programme(), **{"code": f"aim-{n}", "name": f"Aim {n}"} | fields
    )


def make_idea(programme: Programme | None = None, *, title: str = "", enrolments=(), **fields) -> Idea:
    """An idea with one version of its text, nominated by `enrolments`. `summary` etc. go to the text."""
    n = next(_numbers)
    words = {
        name: fields.pop(name) for name in ("summary", "problem", "customer", "language") if name in fields
    }
    idea = Idea.objects.create(programme=programme or make_programme(), **{"number": n} | fields)
    idea.text = IdeaText.objects.create(idea=idea, title=title or f"Sušara za voće {n}", **words)
    idea.save(update_fields=["text"])
    for enrolment in enrolments:
        make_nomination(idea, enrolment)
    return idea


def make_nomination(idea: Idea | None = None, enrolment: Enrolment | None = None, **fields) -> Nomination:
    idea = idea or make_idea()
    plain = {"operation": uuid.uuid4(), "at": NOW}
    return Nomination.objects.create(
        idea=idea, enrolment=enrolment or make_enrolment(idea.programme), **plain | fields
    )


def make_join(idea: Idea, into: Idea, **fields) -> Join:
    return Join.objects.create(idea=idea, into=into, **fields)


def make_compared(one: Idea, other: Idea, says=Compared.Says.NOT_SAME, **fields) -> Compared:
    return Compared.objects.create(one=one, other=other, says=says, **fields)


def make_round(programme: Programme | None = None, *, weights=(50, 30, 20), **fields) -> Round:
    """An open round, 1 to 5, with one criterion a weight."""
    plain = {
        "number": 1 + next(_numbers) % 30_000,
        "opens_at": NOW - timedelta(days=7),
        "closes_at": NOW + timedelta(days=7),
        "coverage": 2,
    }
    round_ = Round.objects.create(programme=programme or make_programme(), **plain | fields)
    for position, weight in enumerate(weights, 1):
        Criterion.objects.create(round=round_, position=position, name=f"Criterion {position}", weight=weight)
    return round_


def make_seat(round_: Round | None = None, reviewer: Person | None = None, **fields) -> Seat:
    round_ = round_ or make_round()
    return Seat.objects.create(
        round=round_, reviewer=reviewer or make_mentor(round_.programme).person, **fields
    )


def make_assigning_run(round_: Round, now: datetime = NOW, **fields) -> AssigningRun:
    """A computed run, not laid: whatever waits to be judged, among those who judge now."""
    ideas = to_judge(round_.programme, now, round=round_).select_related("text")
    facts = assigning.gather(round_, ideas, now)
    result = solve(facts)
    known = {"facts": facts, "result": result, "number": next(_numbers), "made_at": now}
    known |= {"facts_fingerprint": assigning.fingerprint(facts), "fingerprint": "f" * 64}
    return AssigningRun.objects.create(round=round_, **known | fields)


def make_task(seat: Seat | None = None, idea: Idea | None = None, **fields) -> ReviewTask:
    seat = seat or make_seat()
    idea = idea or make_idea(seat.round.programme, state=Idea.State.IN_REVIEW)
    return ReviewTask.objects.create(seat=seat, idea=idea, **{"place": next(_numbers)} | fields)


def make_review(task: ReviewTask | None = None, *, values=(4, 4, 4), **fields) -> Review:
    """A review that was handed in: one value a criterion, the weighted mean in `score`."""
    task = task or make_task()
    criteria = list(task.seat.round.criteria.all())
    total = sum(criterion.weight for criterion in criteria)
    weighted = sum(criterion.weight * value for criterion, value in zip(criteria, values, strict=True))
    plain = {"score": round(Decimal(weighted) / total, 3), "saved_at": NOW, "handed_in_at": NOW}
    review = Review.objects.create(task=task, **plain | fields)
    for criterion, value in zip(criteria, values, strict=True):
        Score.objects.create(review=review, criterion=criterion, value=value)
    ReviewTask.objects.filter(pk=task.pk).update(state=ReviewTask.State.DONE, state_at=NOW)
    return review


def make_selection(round_: Round | None = None, *, shortlisted: int | None = None, **fields) -> Selection:
    """A decided round, frozen as it stands: the first ideas are shortlisted (all, if not said), the rest is
    declined. The states of its ideas stay."""
    round_ = round_ or make_review().task.seat.round
    data = ranking_facts.gather(round_)
    found = ranking.rank(data, ranking.MEAN, seed=round_.pk)
    rows = [row for row in found["ideas"] if row["place"]]
    choice = ranking.Choice(ranking.MEAN, len(rows) if shortlisted is None else shortlisted, 0)
    kept = {"data": data, "found": found, "line": choice._asdict()}
    plain = {
        "method": choice.method,
        "shortlisted": choice.shortlisted,
        "waiting": 0,
        "ranking": kept,
        "at": NOW,
    }
    selection = Selection(round=round_, **plain | fields)
    decisions = [
        Decision(
            selection=selection,
            idea_id=row["idea"],
            verdict="shortlisted" if at < choice.shortlisted else "declined",
            place=row["place"],
            score=Decimal(f"{row['score']:.3f}"),
        )
        for at, row in enumerate(rows)
    ]
    selection.fingerprint = sealed(selection, decisions)
    selection.save()
    Decision.objects.bulk_create(decisions)
    return selection


def make_awake(programme: Programme) -> QuietHours:
    """Its letters go at any hour: for tests that send by the real clock."""
    hours = {"starts": time(0), "ends": time(0)}
    return QuietHours.objects.update_or_create(programme=programme, defaults=hours)[0]


def make_rule(programme: Programme | None = None, **fields) -> Rule:
    plain = {"kind": Rule.Kind.SESSION_TOMORROW}
    return Rule.objects.create(programme=programme or make_programme(), **plain | fields)


def make_eligibility(programme: Programme | None = None, **fields) -> EligibilityRule:
    plain = {"kind": EligibilityRule.Kind.SEX, "values": ["female"]}
    return EligibilityRule.objects.create(programme=programme or make_programme(), **plain | fields)


def make_finding(
    rule: EligibilityRule | None = None, enrolment: Enrolment | None = None, **fields
) -> Finding:
    rule = rule or make_eligibility()
    plain = {"outcome": Finding.Outcome.MET, "fact": {"sex": "female"}}
    enrolment = enrolment or make_enrolment(rule.programme)
    return Finding.objects.create(rule=rule, enrolment=enrolment, **plain | fields)


def make_application(programme: Programme | None = None, **fields) -> Application:
    """One that is not confirmed yet."""
    n = next(_numbers)
    plain = {"operation": uuid.uuid4(), "email": f"prijava{n}@example.org", "language": "sr-latn"}
    plain |= {"said": {"name": f"Zora Zorić {n}"}, "created_at": NOW}
    return Application.objects.create(programme=programme or make_programme(), **plain | fields)


def make_twin(kept: Person, **fields) -> Twin:
    """Somebody who was joined to her."""
    other = make_person(kept.tenant, name=f"{kept.name} bis", joined_to=kept)
    said = {"kept": kept, "other": other, "state": Twin.State.JOINED} | fields
    return Twin.objects.create(**said)
