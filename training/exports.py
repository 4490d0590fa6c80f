"""Lists of training to take along: who takes part, who applied, what was planned, who was there."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from lib.exports import CHUNK, Column, Export, Joined, parted
from lib.folding import fold
from lib.languages import told
from people.consents import with_contact
from people.exports import CONTACT, called, who
from people.models import Person, Programme
from training.hours import Hours, summed, with_sums
from training.models import Enrolment, Headcount, Mark, RosterEntry, Session, Status

HOURS = ("planned", "past", "attended", "programme__completion_share", "state")
TOWN = ("person__municipality", "enterprise__municipality")

PEOPLE = Export(
    "people",
    _("People"),
    (
        Column("row_code", _("Row code")),
        Column("person", _("Person"), who("person"), called),
        Column("enterprise", _("Enterprise"), "enterprise__name"),
        Column("municipality", _("Municipality"), TOWN, lambda hers, its: hers or its or ""),
        Column("state", _("State"), words=dict(Enrolment.State.choices)),
        Column("state_at", _("State since")),
        Column("reason", _("Reason")),
        Column("applied_on", _("Applied on")),
        Column("walk_in", _("Came unannounced")),
        Column("planned_minutes", _("Minutes planned"), "planned"),
        Column("attended_minutes", _("Minutes attended"), "attended"),
        Column("share", _("Attended, in per cent"), HOURS, lambda *sums: _hours(*sums).share),
        Column("under_so_far", _("Under the share so far"), HOURS, lambda *sums: _hours(*sums).is_under),
        Column("can_complete", _("Can still complete"), HOURS, lambda *sums: _hours(*sums).can_reach),
        *CONTACT,
    ),
)

APPLICANTS = Export(
    "applicants",
    _("Applicants"),
    (
        Column("row_code", _("Row code")),
        Column("person", _("Person"), who("person"), called),
        Column("enterprise", _("Enterprise"), "enterprise__name"),
        Column("municipality", _("Municipality"), TOWN, lambda hers, its: hers or its or ""),
        Column("applied_on", _("Applied on")),
        Column("state", _("State"), words=dict(Enrolment.State.choices)),
        Column("state_at", _("State since")),
        Column("reason", _("Reason")),
        Column("eligibility", _("Rules"), words=dict(Enrolment.Eligibility.choices)),
        Column("walk_in", _("Came unannounced")),
    ),
)


def _module(name: str | None, serbian: str | None) -> str | None:
    return None if name is None else told(name, serbian)


SESSIONS = Export(
    "sessions",
    _("Sessions"),
    (
        Column("module", _("Module"), ("module__name", "module__name_sr"), _module),
        Column("session", _("Session"), ("title", "title_sr"), told),
        Column("kind", _("Kind")),
        Column("day", _("Day")),
        Column("start", _("Start")),
        Column("end", _("End")),
        Column("zone", _("Time zone")),
        Column("minutes", _("Minutes, breaks out")),
        Column("venue", _("Venue"), "venue__name"),
        Column("trainers", _("Trainers"), "led_by", parted),
        Column("expected", _("Expected"), "on_roster"),
        Column("there", _("There")),
        Column("marked", _("Marked")),
        Column("cancelled_at", _("Cancelled")),
        Column("closed_at", _("Closed")),
    ),
)

ATTENDANCE = Export(
    "attendance",
    _("Attendance"),
    (
        Column("day", _("Day"), "session__day"),
        Column("session", _("Session"), ("session__title", "session__title_sr"), told),
        Column("cancelled", _("Session cancelled"), "session__cancelled_at", lambda at: at is not None),
        Column("row_code", _("Row code"), "enrolment__row_code"),
        Column("person", _("Person"), who("enrolment__person"), called),
        Column("enterprise", _("Enterprise"), "enrolment__enterprise__name"),
        Column("status", _("Mark"), "attendance__status", words=dict(Status.choices)),
        Column("arrival", _("Arrival"), "attendance__arrival"),
        Column("leaving", _("Leaving"), "attendance__leaving"),
        Column("minutes", _("Minutes attended"), "attendance__minutes"),
        Column("planned_minutes", _("Minutes planned")),
        Column("reason", _("Reason"), "attendance__mark__reason"),
        Column("source", _("How it was marked"), "attendance__mark__source", words=dict(Mark.Source.choices)),
        Column("marked_at", _("Marked"), "attendance__mark__at_server"),
        Column("marked_by", _("Marked by"), "attendance__mark__by__name"),
    ),
)

CONTACTS = Export(
    "contacts",
    _("Contact list"),
    (
        Column("person", _("Person"), who("person"), called),
        Column("enterprise", _("Enterprise"), "enterprise__name"),
        Column("municipality", _("Municipality"), TOWN, lambda hers, its: hers or its or ""),
        Column("email", _("E-mail"), "person__email"),
        Column("phone", _("Phone"), "person__phone"),
    ),
)

HEADCOUNTS = Export(
    "headcounts",
    _("Headcounts"),
    (
        Column("number", _("Number")),
        Column("of_what", _("Of what")),
        Column("how", _("How it is known"), words=dict(Headcount.How.choices)),
        Column("country", _("Country")),
        Column("session", _("Session"), ("session__title", "session__title_sr"), _module),
        Column("day", _("Day"), "session__day"),
        Column("evidence", _("Evidence")),
        Column("source", _("Source")),
        Column("source_id", _("Its number there")),
        Column("at", _("Written down")),
    ),
)


def _hours(planned: int, past: int, attended: int, share: int, state: str) -> Hours:
    return summed(planned, past, attended, share, state in Enrolment.TAKING_PART)


def people(narrowed: QuerySet, now: datetime) -> QuerySet:
    """The people of the page with what the list says of them."""
    return with_contact(with_sums(narrowed), now)


def contacts(narrowed: QuerySet, now: datetime) -> QuerySet:
    """Those who take part and agreed to stand on it; nobody else is in the file at all."""
    return with_contact(narrowed.taking_part(), now).filter(on_contact_list=True)


def headcounts(user: User, programme: Programme) -> QuerySet:
    return Headcount.objects.visible_to(user).filter(programme=programme).order_by("pk")


def sessions(user: User, programme: Programme) -> QuerySet:
    """As the page has them: by module, those without a day at the end of each."""
    leads = Person.objects.filter(led_sessions=OuterRef("pk")).order_by().values("led_sessions")
    names = leads.annotate(names=Joined("name")).values("names")
    found = Session.objects.visible_to(user).filter(programme=programme).with_counts()
    order = [F(name).asc(nulls_last=True) for name in ("module__number", "day", "starts_at")]
    return found.annotate(led_by=Subquery(names)).order_by(*order, "id")


def attendance(user: User, **of) -> QuerySet:
    """Every person of every roster, marked or not: session by session, in the order of names."""
    found = RosterEntry.objects.visible_to(user).filter(**of)
    begin = [F(f"session__{name}").asc(nulls_last=True) for name in ("starts_at", "day")]
    return found.order_by(*begin, "session_id", "enrolment__person__name_key", "enrolment_id")


def register(user: User, session: Session, text: str) -> QuerySet | Iterator[dict]:
    """One session's; narrowed as its page narrows it, by words anywhere in who somebody is."""
    found = attendance(user, session=session)
    words = fold(text).split()
    if not words:
        return found
    of = "enrolment__"
    seen = [f"{of}row_code", *who(f"{of}person"), f"{of}enterprise__name", *(of + town for town in TOWN)]
    rows = found.values(*ATTENDANCE.paths, *seen).iterator(chunk_size=CHUNK)
    return (row for row in rows if _is_found(words, *(row[path] for path in seen)))


def _is_found(words: list[str], code: str, name: str, source_id: str, pk: int, firm, *towns) -> bool:
    """As `sheet.Row.found_by`: row code, name, enterprise, town."""
    town = next(filter(None, towns), "")
    said = fold(" ".join(filter(None, [code, called(name, source_id, pk), firm, town])))
    return all(f" {word}" in f" {said}" for word in words)
