"""Assigning in the demo: what came since the round opened lies on no desk yet; a run proposes where."""

from datetime import timedelta

from desk.demo.book import Book
from ideas import services as ideas
from ideas.models import AssigningRun
from jobs import services as jobs
from people.models import Programme


def propose(book: Book, programme: Programme) -> AssigningRun:
    """As a coordinator asks for it in the evening of that day, and as the worker computes it; nobody has laid
    it on the desks."""
    round = programme.rounds.get()
    now = round.opens_at + timedelta(hours=2)
    run = ideas.request_assigning(by=book.coordinator, round=round, now=now)
    jobs.run(run.job_id)
    run.refresh_from_db()
    return run
