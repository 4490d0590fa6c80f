"""Somebody who applied again under her name in the other script: a pair to decide about."""

from datetime import timedelta

from desk.demo.book import SOURCE, Book
from desk.demo.rows import at
from lib.scripts import to_cyrillic
from people.models import Person, Programme
from training import services
from training.models import Enrolment

WHO = "e60"  # takes part; applied at a fair as well, on paper


def plant(book: Book, programme: Programme) -> None:
    known, day = book.persons[WHO], book.today - timedelta(days=3)
    again = Person.objects.create(
        tenant=book.tenant,
        source=SOURCE,
        source_id=f"{WHO}-again",
        name=to_cyrillic(known.name),
        email=f"sajam.{known.email}",
        born=known.born,
        municipality=known.municipality,
        country=known.country,
        language=known.language,
    )
    said = {"state": Enrolment.State.APPLIED, "applied_on": day, "now": at(day, "10:00")}
    services.enrol(by=book.coordinator, programme=programme, person=again, **said)
