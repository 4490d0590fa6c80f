"""The frame of a programme in the demo: project, partners, fundings with their reports, modules."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from desk.demo.book import HOUSE, RAS, Book
from outcomes import services as outcomes
from outcomes.models import Issue, Report, Target
from outcomes.payload import build
from people.models import Funding, FundingScope, Partner, Programme, Project
from training.models import Module

INITIATOR = "Association of Business Women in Serbia"
PARTNERS = ("Mihajlo Pupin Institute", "Innovation Center of the Faculty of Mechanical Engineering", HOUSE)
WORDING = {
    "en": "Supported by {funder}. The content is the responsibility of the implementer alone.",
    "sr-latn": "Podržava {funder}. Za sadržaj je odgovoran isključivo realizator.",
}


@dataclass
class Frame:
    project: Project
    programme: Programme | None = None
    modules: list[Module] = field(default_factory=list)
    fundings: dict[str, Funding] = field(default_factory=dict)  # by the funder's name
    reports: list[Report] = field(default_factory=list)

    def by_word(self) -> dict[str, Funding]:
        """By the word under which the funder's person signs in to the demo."""
        return {("Development Agency" if name == RAS else "GIZ"): f for name, f in self.fundings.items()}


def project(book: Book, code: str, name: str, name_sr: str) -> Frame:
    made = Project.objects.create(tenant=book.tenant, code=code, name=name, name_sr=name_sr)
    Partner.objects.create(
        project=made, organisation=book.organisations[INITIATOR], role=Partner.Role.INITIATOR
    )
    for partner in PARTNERS:
        Partner.objects.create(project=made, organisation=book.organisations[partner])
    return Frame(made)


def modules(book: Book, frame: Frame, said: list[tuple[str, str, str, date, int]]) -> None:
    """Name, name in Serbian, venue, first day, number of days."""
    for number, (name, name_sr, venue, day, days) in enumerate(said, 1):
        frame.modules.append(
            Module.objects.create(
                programme=frame.programme,
                number=number,
                name=name,
                name_sr=name_sr,
                venue=book.venues[venue],
                start=day,
                end=day + timedelta(days=days),
            )
        )


def funding(
    book: Book,
    frame: Frame,
    funder: str,
    code: str,
    language: str,
    start: date,
    end: date,
    targets: dict[str, int],
    *,
    only_modules: bool = False,
) -> None:
    """A funder's share, what it pays for, what it plans, and the report over its whole period."""
    organisation = book.organisations[funder]
    named = organisation.name_sr if language != "en" else organisation.name
    made = Funding.objects.create(
        project=frame.project,
        funder=organisation,
        code=code,
        language=language,
        start=start,
        end=end,
        wording=WORDING[language].format(funder=named),
    )
    FundingScope.objects.create(funding=made, programme=frame.programme)
    if only_modules:
        for module in frame.modules:
            module.fundings.add(made)
    for indicator, value in targets.items():
        Target.objects.create(funding=made, indicator=indicator, value=value)
    frame.fundings[funder] = made
    title = "Impact summary" if language == "en" else "Pregled rezultata"
    frame.reports.append(
        Report.objects.create(
            funding=made, name=f"{title} {start.year}", start=start, end=end, due=end + timedelta(days=30)
        )
    )


def issue(book: Book, report: Report, now: datetime) -> Issue:
    """Count, freeze, have reviewed and release a summary as of a moment of the demo."""
    built = build(report, now=now)
    made = outcomes.add_issue(by=book.coordinator, report=report, job=None, built=built)
    Issue.objects.filter(pk=made.pk).update(built_at=now)
    outcomes.submit_issue(by=book.coordinator, issue=made, now=now)
    outcomes.comment_on_issue(
        by=book.who("administrator").user, issue=made, now=now + timedelta(hours=1), figure="OP-08",
        text="Compared with the logs of December: they are in.",
    )  # fmt: skip
    outcomes.approve_issue(by=book.who("administrator").user, issue=made, now=now + timedelta(hours=2))
    return outcomes.release_issue(by=book.coordinator, issue=made, now=now + timedelta(hours=3))
