"""What stands in the addresses of the pages: a record of the demo for each part of an address."""

import mailbox
from datetime import date

from django.conf import settings
from django.utils import timezone

from desk import postbox
from desk.importing import services as imports
from desk.models import Import
from ideas.models import Idea, ReviewTask
from ideas.views.feedback import token_of
from jobs import services as jobs
from mentoring.meetings import links
from mentoring.models import Assignment, Goal, Introduction, Meeting, MentorApplication, Offer
from mentoring.profiles import applying as mentors
from outcomes import links as answers
from outcomes import services as outcomes
from outcomes.models import Invitation, Issue, Report, Wave
from people.models import Funding
from reminders import reading
from reminders import services as reminders
from reminders.calendar import addresses
from reminders.models import Reminder
from tests.desk.sheets import messy
from training.certificates import content, holder
from training.eligibility import applying
from training.models import Application, Certificate, Photo
from training.register import codes


def values(demo) -> dict:
    """What stands in the addresses: a record of the demo for each part."""
    by, now = demo.user["coordinator"], timezone.now()
    job = outcomes.request_issue(
        by=by, report=Report.objects.get(funding__project=demo.founding.project, funding__language="sr-latn")
    )
    jobs.run(job.pk)
    reminders.plan(now)
    mailbox.Maildir(settings.POSTBOX_DIR, create=True).add(
        reminders.message_of(Reminder.objects.filter(rule__programme=demo.running).first()).as_bytes()
    )
    return (
        {
            "programme": demo.running.code,
            "session": demo.session.pk,
            "venue": demo.session.venue_id,
            "enrolment": demo.session.roster.first().enrolment_id,
            "code": codes.token_of(demo.session),
            "idea": Idea.objects.filter(programme=demo.founding, state="launched").first().pk,
            "round": demo.running.rounds.get().pk,
            "rule": demo.running.rules.get(kind="session_tomorrow").pk,
            "criterion": demo.running.rounds.get().criteria.first().pk,
            "seat": demo.running.rounds.get().seats.first().pk,
            "assigning": demo.running.rounds.get().runs.first().pk,
            "task": _tasks(demo).waiting().order_by("place").first().pk,
            "assignment": Assignment.objects.filter(
                programme=demo.running, mentor__person__user=demo.user["mentor"]
            )
            .first()
            .pk,
            "slot": demo.running.slots.exclude(booked_by=None)
            .filter(cancelled_at=None)
            .latest("starts_at")
            .pk,
            "introduction": Introduction.objects.filter(enrolment__programme=demo.running).first().pk,
            **_met(demo),
            "run": demo.running.matching_runs.get(number=1).pk,
            "proposal": demo.running.matching_runs.get(number=1).proposals.first().pk,
            "goal": Goal.objects.filter(assignment__programme=demo.running).first().pk,
            "issue": Issue.objects.get(report__funding__language="en", state="issued").pk,
            "figure": "OP-01",
            "table": "attendance",
            "definition": "OP-01",
            "language": "en",
            "job": job.pk,
            "import_": _import(demo, now).pk,
            "reminder": Reminder.objects.filter(rule__programme=demo.running).first().pk,
            "letter": postbox.letters(demo.running.tenant)[0].number,
            "tenant": demo.running.tenant.slug,
            "confirmation": applying.token_of(Application.objects.get(confirmed_at=None)),
            "pledge": mentors.token_of(MentorApplication.objects.get(confirmed_at=None)),
            "candidate": MentorApplication.objects.filter(state="waiting")
            .exclude(confirmed_at=None)
            .first()
            .pk,
            **_mentor(demo),
            "eligibility": demo.running.eligibility.first().pk,
            "calendar_link": _calendar(demo, now),
            "reader": reading.token_of(demo.session.roster.first().enrolment.person_id),
            **_asked(demo),
            **_written(demo.founding),
            "key": "x",
            "uidb36": "x",
        }
        | _founded(demo.founding)
        | _came_of_it(demo.founding)
    )


def _asked(demo) -> dict:
    """Somebody who was asked, and her link; one that is made where the demo asks nobody who is alive."""
    rows = Invitation.objects.filter(wave__programme__tenant=demo.running.tenant, enrolment__isnull=False)
    row = rows.exclude(state="withdrawn").order_by("-wave__opens", "pk").first()
    return {"interview": row.pk, "answer_link": answers.answer_link(row).split("/")[-2]}


def _written(programme) -> dict:
    """A questionnaire that is still written; a wave that asks, made where the demo has none."""
    draft = programme.questionnaires.create(code="nacrt", name="Nacrt").editions.create(number=1)
    question = programme.tenant.questions.create(code="pitanje", kind="yes_no")
    item = draft.items.create(wording=question.wordings.create(number=1, text="Da li?"), position=1)
    wave = Wave.objects.filter(programme__tenant=programme.tenant).order_by("opens", "pk").first()
    return {
        "wave": wave.pk,
        "edition": draft.pk,
        "questionnaire": draft.questionnaire_id,
        "item": item.pk,
    }


def _calendar(demo, now) -> str:
    """The page of somebody without an account, who has her address."""
    person = demo.running.enrolments.filter(person__user=None).first().person
    reminders.feed_of(person=person, now=now)
    return addresses.page_by_link(person).split("/")[-2]


def _met(demo) -> dict:
    """A meeting of the mentor who signs in, and the links that speak for those who do not."""
    hers = {"assignment__programme": demo.running, "assignment__mentor__person__user": demo.user["mentor"]}
    meeting = Meeting.objects.counting().filter(**hers).first()
    return {
        "meeting": meeting.pk,
        "log_link": links.log_address(meeting.assignment).split("/")[-2],
        "times_link": links.times_address(meeting.assignment).split("/")[-2],
        "word_link": links.word_address(meeting).split("/")[-2],
    }


def _mentor(demo) -> dict:
    """The one who signs in, and what she offers."""
    offer = Offer.objects.get(programme=demo.running, mentor__person__user=demo.user["mentor"])
    invited = Offer.objects.get(programme=demo.running, mentor__state="invited")
    token = links.invitation_address(invited).split("/")[-2]
    return {"mentor": offer.mentor_id, "offer": offer.pk, "invitation": token}


def _founded(programme) -> dict:
    """What only the programme that is over has."""
    certificate = Certificate.objects.filter(enrolment__programme=programme).first()
    return {
        "organisation": programme.project.partners.first().organisation_id,
        "funding": Funding.objects.filter(project=programme.project).first().pk,
        "certificate": certificate.pk,
        "signed": content.token_of(certificate.editions.first()),
        "certificate_link": holder.token_of(certificate),
        "signatory": programme.signatories.first().pk,
        "group": programme.groups.get_or_create(code="sami", defaults={"name": "Sami"})[0].pk,
        "headcount": programme.headcounts.first().pk,
        "aim": programme.aims.first().pk,
        "decision": programme.rounds.get().selection.decisions.first().pk,
        "sheet": token_of(programme.rounds.get().selection.decisions.first()),
        "photo": Photo.objects.filter(session__programme=programme).first().pk,
    }


def _came_of_it(programme) -> dict:
    """A result with what shows it, money, a lock, and what is told: written here, whatever the demo has."""
    funding = Funding.objects.filter(project=programme.project).first()
    result = programme.results.create(kind="agreement", title="Sporazum o zajedničkoj nabavci")
    days = {"start": date(2001, 1, 1), "end": date(2001, 2, 1)}
    line = funding.lines.get_or_create(code="I-1", defaults={"wording": "Žene pohađaju obuku"})[0]
    return {
        "line": line.pk,
        "target": line.targets.get_or_create(start=None, defaults={"funding": funding, "value": 30})[0].pk,
        "result": result.pk,
        "evidence": result.evidence.create(address="https://primer.example/clanak").pk,
        "cost": funding.costs.create(kind="spent", name="Sala", as_written="oko 500").pk,
        "grant": programme.grants.create(purpose="Peć", as_written="oko 500").pk,
        "lock": programme.locks.create(**days).pk,
        "narrative": funding.narratives.create(went_wrong="Malo ih je došlo.", **days).pk,
    }


def handed_in(demo) -> ReviewTask:
    """A review that the mentor may still change."""
    return _tasks(demo).filter(state=ReviewTask.State.DONE).order_by("pk").first()


def _tasks(demo):
    return ReviewTask.objects.filter(
        seat__reviewer__user=demo.user["mentor"], seat__round__programme=demo.running
    )


def _import(demo, now) -> Import:
    """A messy sheet whose preview waits for a yes."""
    by = demo.user["coordinator"]
    record = imports.bring(by=by, programme=demo.running, name="Prijave.xlsx", content=messy(), now=now)
    imports.put_map(by=by, record=record, mapping=imports.guessed_map(record))
    return imports.preview(by=by, record=record, now=now)
