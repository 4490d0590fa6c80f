"""The certificates of the founding programme: all who completed it have one, and one was issued twice."""

from datetime import date

from desk.demo.book import Book
from desk.demo.rows import at
from people.models import Programme
from training import services as training
from training.models import Certificate, Enrolment

SIGNED_BY = (  # invented by us
    ("Jelena Jovanović", "Director of the association", "direktorka udruženja"),
    ("Marko Petrović", "Head of the programme", "rukovodilac programa"),
)
SHOWN_BY, SHOWS = 3, ["name", "hours", "modules", "dates"]  # the third of them lets everything be read
LOST = 11  # the paper of the eleventh was lost


def build(book: Book, programme: Programme) -> None:
    by = book.coordinator
    for name, role, role_sr in SIGNED_BY:
        training.save_signatory(by=by, programme=programme, name=name, role=role, role_sr=role_sr)
    completed = programme.enrolments.filter(state=Enrolment.State.COMPLETED).values_list("pk", flat=True)
    handed_out = at(date(2017, 3, 24), "12:00")
    training.issue_certificates(by=by, programme=programme, enrolments=list(completed), now=handed_out)
    rows = list(Certificate.objects.filter(enrolment__programme=programme).order_by("number"))
    training.choose_what_shows(by=by, certificate=rows[SHOWN_BY - 1], shows=SHOWS)
    _issue_twice(book, rows[LOST - 1])


def _issue_twice(book: Book, row: Certificate) -> None:
    by, reason = book.coordinator, "The paper was lost before it reached her"
    training.revoke_certificate(by=by, certificate=row, reason=reason, now=at(date(2017, 3, 27), "09:15"))
    training.reissue_certificate(by=by, certificate=row, now=at(date(2017, 3, 27), "09:20"))
