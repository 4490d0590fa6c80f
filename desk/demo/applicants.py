"""Who applies for the running edition, by the form and link as anybody; all invented."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from desk.demo.book import Book
from desk.demo.rows import at, operation
from people.models import Programme
from training import services as training
from training.eligibility.judging import Kind
from training.models import Application, EligibilityRule, Enrolment

SEATS = 31
PLANNED = "her business is only planned; the committee takes her in"
NOT_SAID = "applied to this call for women, and prefers not to say it in the form"
YOUNG = {"kind": Kind.ESTABLISHED_WITHIN, "years": 3}
WOMEN = {"kind": Kind.SEX, "values": ["female"]}
DAYS = {
    "kind": Kind.QUESTION,
    "question": "Can you come to all seven days?",
    "question_sr": "Možete li da dođete svih sedam dana?",
}


class Applicant(NamedTuple):
    name: str
    born: int
    municipality: str
    enterprise: str
    sector: str
    months: int | None  # since it was established
    days: bool | None  # can she come to all days?
    days_ago: int
    language: str = "sr-latn"


APPLICANTS = (
    Applicant("Bulatović Nevena", 1992, "Raška", "Prolećna kuhinja", "I", 11, True, 6),
    Applicant("Петковић Љиљана", 1976, "Књажевац", "Столарија Тимок", "C", 71, True, 5, "sr"),
    Applicant("Horvat Agneza", 1988, "Subotica", "Mali studio", "J", None, None, 4),
    Applicant("Rašković Slađana", 1969, "Nova Varoš", "Uvački sir", "A", 52, True, 9),
    Applicant("Cakić Danijela", 1995, "Lebane", "Radan čaj", "A", 4, True, 2),
)
EXCEPTED = {"Rašković Slađana": "the farm is older, the dairy opened two years ago"}  # and waits for a seat
UNCONFIRMED = Applicant("Mirić Tamara", 1998, "Ub", "Bicikl servis Tamara", "S", 6, True, 1)


def founding_rules(book: Book, programme: Programme) -> None:
    """As published: women whose business was established in the last three years."""
    now = at(date(2017, 1, 30), "09:00")
    for said in (YOUNG, WOMEN):
        training.save_eligibility_rule(by=book.coordinator, programme=programme, now=now, **said)


def build(book: Book, programme: Programme) -> None:
    """Rules and seats; of those who applied some fit, some do not, some are not known, one waits for a seat
    by an exception, one has not opened her letter yet."""
    now = at(book.today - timedelta(days=12), "10:00")
    for said in (YOUNG, WOMEN, DAYS):
        rule = training.save_eligibility_rule(by=book.coordinator, programme=programme, now=now, **said)
    _those_who_are_in(book, programme, now)
    programme.capacity = SEATS
    programme.applies_from = book.today - timedelta(days=70)
    programme.applies_until = book.today + timedelta(days=14)
    programme.save()
    for one in APPLICANTS:
        _confirmed(book, _apply(programme, one, rule, book.today), EXCEPTED.get(one.name))
    _apply(programme, UNCONFIRMED, rule, book.today)


def _those_who_are_in(book: Book, programme: Programme, now: datetime) -> None:
    """They said they come to all days; where the records do not show that one fits, somebody decided."""
    for enrolment in programme.enrolments.taking_part().order_by("pk"):
        ask = enrolment.findings.select_related("rule", "enrolment__programme").get(rule__kind=Kind.QUESTION)
        training.answer_eligibility(by=book.coordinator, finding=ask, answer=True, now=now)
        _except(book, enrolment, "", now)


def _except(book: Book, enrolment: Enrolment, reason: str, now: datetime) -> None:
    rows = enrolment.findings.exclude(outcome="met").select_related("rule", "enrolment__programme")
    for finding in rows:
        why = reason or (NOT_SAID if finding.rule.kind == Kind.SEX else PLANNED)
        training.make_exception(by=book.coordinator, finding=finding, reason=why, now=now)


def _confirmed(book: Book, row: Application, exception: str | None) -> None:
    opened, decided = row.created_at + timedelta(minutes=9), row.created_at + timedelta(days=1)
    row, _first = training.confirm_application(pk=row.pk, revision=row.revision, now=opened)
    if exception:
        _except(book, row.enrolment, exception, decided)
        said = {"enrolment": row.enrolment, "state": Enrolment.State.WAITLISTED}
        training.set_enrolment_state(by=book.coordinator, now=decided, **said)


def _apply(programme: Programme, one: Applicant, ask: EligibilityRule, today: date) -> Application:
    business = {"sector": one.sector, "municipality": one.municipality}
    if one.months is not None:
        months = today.year * 12 + today.month - 1 - one.months
        business |= {"established": f"{months // 12}-{months % 12 + 1:02}-01", "registered": "registered"}
    said = {
        "name": one.name,
        "sex": "female",
        "born": one.born,
        "municipality": one.municipality,
        "enterprise": one.enterprise,
        "business": business,
        "answers": {} if one.days is None else {str(ask.pk): one.days},
        "consents": [{"purpose": "taking_part", "funding": None, "version": f"application-1/{one.language}"}],
    }
    return training.apply(
        programme=programme,
        operation=operation("application", programme.code, one.name),
        email=f"prijava{one.born}@primer.example",
        language=one.language,
        said=said,
        now=at(today - timedelta(days=one.days_ago), "20:15"),
    )
