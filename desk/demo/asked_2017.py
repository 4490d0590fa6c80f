"""The women of 2017 asked six times: of 31, 30 are asked after six months and 24 answer."""

from collections.abc import Mapping
from datetime import date

from desk.demo.asking import Asking
from desk.demo.book import Book
from desk.demo.rows import at, rows
from outcomes.models import AnswerChange, Contact, Invitation, Wave
from people.models import Programme
from training.models import Enrolment

Kind, Way, Outcome = Wave.Kind, Contact.Way, Contact.Outcome
WAVES = (  # the questionnaire, the kind, first day, day after the last
    ("baseline", Kind.BASELINE, date(2017, 3, 6), date(2017, 3, 10)),
    ("exit", Kind.EXIT, date(2017, 4, 3), date(2017, 4, 24)),
    ("f3", Kind.FOLLOW_UP, date(2017, 6, 19), date(2017, 7, 10)),
    ("f6", Kind.FOLLOW_UP, date(2017, 9, 18), date(2017, 10, 16)),
    ("f12", Kind.FOLLOW_UP, date(2018, 3, 19), date(2018, 4, 16)),
)
SILENT = "e13"  # nobody reached her
TRIES = (
    (date(2017, 9, 27), "10:15", Way.PHONE, Outcome.NO_ANSWER, ""),
    (date(2017, 10, 3), "18:40", Way.PHONE, Outcome.NO_ANSWER, "the voice box is full"),
    (date(2017, 10, 12), "09:30", Way.PHONE, Outcome.WRONG, "the number belongs to somebody else now"),
)
SAID_WHY = {
    "e31": "no time for this",
    "e29": "asked by letter to be left out",
    SILENT: "no number that works",
}
CHANGED = "e08"  # corrected her own turnover after the period had been locked


def build(book: Book, programme: Programme, enrolments: Mapping[str, Enrolment]) -> None:
    asking = Asking(book.coordinator, programme, at(date(2017, 2, 27), "10:00"))
    lines: dict[str, list[dict]] = {}
    for line in rows("answers"):
        lines.setdefault(line["wave"], []).append(line)
    for module in programme.modules.order_by("number"):
        made = asking.wave("reaction", Kind.REACTION, module.end, _week_after(module.end), module=module)
        asking.answers(made, enrolments, lines[made.code])
    for key, kind, opens, closes in WAVES:
        more = {"months": int(key[1:])} if kind == Kind.FOLLOW_UP else {}
        asking.answers(asking.wave(key, kind, opens, closes, **more), enrolments, lines[key])
    six = programme.waves.get(code="f6")
    asking.tried(six, enrolments[SILENT], TRIES)
    for key, reason in SAID_WHY.items():
        done = (Invitation.State.REFUSED, Invitation.State.UNREACHABLE, Invitation.State.WITHDRAWN)
        found = Invitation.objects.filter(wave__programme=programme, enrolment=enrolments[key])
        found.filter(state__in=done).update(reason=reason)


def corrected(programme: Programme, enrolments: Mapping[str, Enrolment]) -> None:
    """She found her books and wrote the right amount by her link, after the year had been locked."""
    row = Invitation.objects.get(wave__programme=programme, wave__code="f6", enrolment=enrolments[CHANGED])
    answer = row.answers.select_related("question").get(question__code="turnover_month")
    moment = at(date(2018, 2, 6), "21:05")
    AnswerChange.objects.create(
        invitation=row, question=answer.question, after=AnswerChange.After.LOCKED, at=moment
    )
    answer.at = moment
    answer.save(update_fields=["at"])


def _week_after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 10)
