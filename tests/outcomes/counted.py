"""People who were asked, and what they said: short hands for the tests of counting."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

from outcomes.models import Answer, Edition, Invitation, Question, Questionnaire, Wave
from outcomes.scope import Scope
from tests import factories as f

START, END = date(2025, 1, 1), date(2026, 1, 1)
NOW = datetime(2026, 2, 1, 9, tzinfo=UTC)
OPENS = {
    "application": (1, 1), "baseline": (1, 10), "exit": (4, 1), "f3": (7, 1), "f6": (10, 1), "f12": (12, 1),
}  # fmt: skip
KINDS = {
    "operating": "yes_no", "registered": "one", "fte_women": "number", "fte_men": "number",
    "turnover_month": "money", "profit_month": "money", "practices": "many", "knowledge": "number",
    "confidence": "scale", "confidence_then": "scale", "satisfaction": "scale", "recommend": "scale",
    "finance_applied": "yes_no", "finance_obtained": "yes_no", "finance_amount": "money", "new_links": "many",
    "anyway": "one", "income_say": "one",
}  # fmt: skip


def at(month: int, day: int = 15) -> datetime:
    return datetime(2025, month, day, 10, tzinfo=UTC)


def asking(programme=None) -> SimpleNamespace:
    """A programme with all waves of a year and all questions of the library's indicators."""
    programme = programme or f.make_programme(start=START, end=date(2025, 4, 1))
    edition = Edition.objects.create(
        questionnaire=Questionnaire.objects.create(programme=programme, code="q", name="Q"),
        number=1, published_at=at(1, 1),
    )  # fmt: skip
    waves = {}
    for code, (month, day) in OPENS.items():
        months = int(code[1:]) if code in ("f3", "f6", "f12") else None
        waves[code] = Wave.objects.create(
            programme=programme, edition=edition, kind="follow_up" if months else code, months=months,
            opens=date(2025, month, day), closes=date(2025, month, 28),
        )  # fmt: skip
    questions = {
        code: Question.objects.get_or_create(tenant=programme.tenant, code=code, defaults={"kind": kind})[0]
        for code, kind in KINDS.items()
    }
    funding = f.make_funding(programme, start=START, end=date(2027, 1, 1))
    return SimpleNamespace(programme=programme, waves=waves, questions=questions, funding=funding)


def scope_of(world, start=START, end=END, now=NOW) -> Scope:
    return Scope.over(world.funding, start, end, now)


def ask(world, wave: str, who=None, state="waiting", **more) -> Invitation:
    known = Invitation.objects.filter(wave=world.waves[wave], enrolment=who).first() if who else None
    return known or Invitation.objects.create(wave=world.waves[wave], enrolment=who, state=state, **more)


def say(world, who, wave: str, when: datetime | None = None, **said) -> Invitation:
    """`operating="yes"`, `practices=["plan", "books"]`, `turnover_month=(100, "EUR")`, `knowledge=7`."""
    when = when or at(OPENS[wave][0], OPENS[wave][1] + 5)
    row = ask(world, wave, who) if who is not None else ask(world, wave, source="x", source_id=str(when))
    for code, one in said.items():
        for single in one if isinstance(one, list) else [one]:
            Answer.objects.create(invitation=row, question=world.questions[code], at=when, **_kept(single))
    Invitation.objects.filter(pk=row.pk).update(state="answered", answered_at=when)
    row.refresh_from_db()
    return row


def _kept(said) -> dict:
    if isinstance(said, tuple):
        return {"number": Decimal(str(said[0])), "currency": said[1]}
    return {"choice": said} if isinstance(said, str) else {"number": Decimal(str(said))}
