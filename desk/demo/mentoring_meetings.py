"""What the two of a pair say of their meetings, and what they write down for whom."""

from datetime import date, timedelta

from desk.demo.book import Book
from desk.demo.rows import chance, operation
from mentoring import services as mentoring
from mentoring.models import Assignment, Meeting
from people.models import Programme

CONFIRMED = 0.8  # of the meetings: the others were never asked, or did not answer
SLIP = {"minutes": 480, "place": "premises", "topic": "Napredak posle tri meseca"}
NOTES = (  # who wrote it, for whom, what
    ("mentor", "mine", "Не притискати је око кредита: прво да смири промет."),
    ("mentor", "ours", "Poslala sam ti obrazac za cenovnik; popuni samo prva tri reda."),
    ("person", "ours", "Druga prodavnica traži bar kod. Da li da čekam ili da ga naručim odmah?"),
    (
        "mentor",
        "programme",
        "She would gain more from a second mentor for export than from more of my hours.",
    ),
    ("coordinator", "mine", "Proveriti da li im termini sredom i dalje odgovaraju."),
    ("coordinator", "programme", "The room in Niš is free on Thursdays after five."),
)


def confirm(programme: Programme, before: date | None = None) -> None:
    """Most of the meetings, on the morning after they were logged, by the link of a mail."""
    rows = Meeting.objects.counting().filter(assignment__programme=programme, confirmed_at=None)
    rows = rows.filter(day__lt=before) if before else rows
    for row in rows.select_related("assignment__programme__tenant").order_by("day", "operation"):
        if chance("confirms", row.operation).random() < CONFIRMED:
            mentoring.confirm_meeting(by=None, meeting=row, now=row.at + timedelta(hours=13))


def say(book: Book, programme: Programme) -> None:
    """In the programme of now: one objection, one slip, and notes of each layer."""
    yesterday = book.today - timedelta(days=1)
    confirm(programme, yesterday)
    rows = Meeting.objects.filter(assignment__programme=programme, day__lt=yesterday)
    rows = rows.order_by("-day", "operation")
    newest = rows.select_related("assignment__programme__tenant").first()
    if newest is None:
        return
    pair = newest.assignment
    _slip(pair, newest)
    mentoring.object_to_meeting(
        by=None,
        meeting=newest,
        objection="Trajalo je sat vremena, ostalo smo čekale majstora.",
        now=newest.at + timedelta(hours=14),
    )
    whose = {"mentor": pair.mentor.person.user, "person": pair.enrolment.person.user}
    whose["coordinator"] = book.coordinator
    for number, (who, layer, text) in enumerate(NOTES):
        by = whose[who]
        if by:
            said = {
                "operation": operation("note", pair.enrolment.row_code, number),
                "layer": layer,
                "text": text,
            }
            mentoring.write_note(by=by, assignment=pair, now=newest.at + timedelta(minutes=number), **said)


def _slip(pair: Assignment, newest: Meeting) -> None:
    """Hours typed instead of minutes; the mentor took it out again."""
    by = pair.mentor.person.user
    said = SLIP | {"operation": operation("slip", pair.enrolment.row_code), "day": newest.day}
    row = mentoring.log_meeting(by=by, assignment=pair, now=newest.at + timedelta(hours=1), **said)
    when = newest.at + timedelta(hours=2)
    mentoring.cancel_meeting(by=by, meeting=row, reason="Upisala sam sate umesto minuta.", now=when)
