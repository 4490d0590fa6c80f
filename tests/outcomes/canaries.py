"""A programme in which whatever must not be told is a canary: a number or a word that can come from nowhere
else. What looks for it: tests/outcomes/searching.py."""

import uuid
from datetime import UTC, date, datetime
from types import SimpleNamespace

from ideas.models import Idea, Nomination
from outcomes import services
from outcomes.models import IndicatorVersion, Issue, Report
from outcomes.payload import build
from tests import factories as f
from tests.outcomes.counted import END, START, ask, asking, at, say
from tests.outcomes.searching import Canary
from training.models import Enrolment

NOW = datetime(2026, 2, 1, 9, tzinfo=UTC)
REGIONS = ["South"] * 15 + ["North"] * 10 + ["East"] * 3 + ["Kanarinac"] * 2
LINES = "A" * 14 + "C" * 9 + "T" * 3 + "S" * 4
LISTED = ("OC-07", "OC-10.3", "KAN-1", "KAN-2", "IM-01", "EF-01.2", "EF-01.3")


# what the gate withholds, and nothing else does
GATED = (
    Canary("a region of two women", ("Kanarinac",)),
    Canary("a line of business of three women", ("Households as employers", "Domaćinstva kao poslodavci")),
    Canary(
        "the ideas of one woman",
        ("International organisations", "Međunarodne organizacije"),
        (137, 61.4, 61.43, 0.6143),
        (61,),
    ),
    Canary(
        "the guarded share with three on one side of 21",
        numbers=(85.7, 85.71, 0.8571, 0.857, 14.3, 14.29, 4.3, 4.29, 95.2, 95.24),
        percents=(86, 14),
    ),
    Canary(
        "mentoring on the premises, all but one",
        numbers=(69.1, 69.05, 0.6905, 30.9, 4447, 1993),
        percents=(69, 31),
    ),
    Canary("the median of four amounts", numbers=(777456, 777123, 777345, 777567, 777789, 780000)),
    Canary("the sum of which two make most", numbers=(8344994, 8300000, 4111333, 4222555)),
    Canary("the jobs of seven women", numbers=(13.37, 13.4)),
    Canary("a cost that tells the jobs", numbers=(7478.68, 7478.7, 7479, 7500)),
    Canary("a cost that tells of closures", numbers=(5555, 5600)),
    Canary("a median in more than two digits", numbers=(431217, 431200, 431000)),
)
# what no document ever holds, gate or not
NEVER = (
    Canary("a name", ("Zlatnopera", "Čvorkić", "Povučena")),
    Canary("an address", ("zlatnopera@ptica.example", "ptica.example")),
    Canary("a telephone number", ("+381 64 111 2233", "381641112233", "1112233")),
    Canary("a municipality of two women", ("Kanarevo",)),
    Canary("an answer in words", ("pevam u kavezu",)),
    Canary("a result about one woman", ("Ugovor sa Zlatnoperom", "tajni kupac")),
    Canary("a result that another funder is told of", ("Samo za drugu",)),
    Canary("the hours on the premises", ("74 h 7 min", "33 h 13 min")),
)
REVIEW = Canary("what was said in the review", ("neka ostane 18 od 21",))  # staff read it beside the document
TOLD = Canary("what is told", numbers=(430000,))  # the search finds what is there


# --- the programme


def aviary(language: str = "en", closed: int = 3) -> SimpleNamespace:
    """30 women; `closed` of the 21 who had a business and were asked again have it no more."""
    programme = f.make_programme(start=START, end=date(2025, 4, 1), participants="women")
    world = asking(programme)
    world.funding.language = language
    world.funding.save()
    world.women = [_woman(programme, n) for n in range(30)]
    _trained(world)
    _ideas(world)
    _met(world)
    _asked(world, closed)
    _told_in_words(world)
    _framed(world)
    world.coordinator = f.make_coordinator(programme, language=language)
    world.funder = f.make_funder(programme, funding=world.funding, language=language)
    world.report = f.make_report(world.funding, start=START, end=END, name="The year", due=date(2026, 3, 1))
    return world


def _woman(programme, n: int) -> Enrolment:
    more = {"region": REGIONS[n], "municipality": "Kanarevo" if n > 27 else f"Town {n % 4}"}
    if n > 27:
        more |= {"name": f"Zlatnopera Kanarić {n}", "email": f"zlatnopera{n}@ptica.example"}
        more |= {"phone": "+381641112233"}
    person = f.make_person(programme.tenant, **more)
    enterprise = f.make_enterprise(programme.tenant, sector=LINES[n])
    return f.make_enrolment(programme, person=person, enterprise=enterprise, applied_on=date(2025, 1, 2))


def _trained(world) -> None:
    module = f.make_module(world.programme, number=1)
    world.session = f.make_session(world.programme, module=module, day=date(2025, 3, 10))
    for woman in world.women:
        f.make_attendance(f.make_entry(world.session, woman))
    gone = f.make_person(world.programme.tenant, name="Povučena Čvorkić")
    f.make_enrolment(world.programme, person=gone, state=Enrolment.State.WITHDRAWN)


def _ideas(world) -> None:
    """40 and 35 ideas of eight women each, 11 of six, and 137 of one."""
    whose = [("A", n % 8) for n in range(40)] + [("C", 8 + n % 8) for n in range(35)]
    whose += [("L", 17 + n % 6) for n in range(11)] + [("U", 16)] * 137
    ideas = Idea.objects.bulk_create(
        Idea(programme=world.programme, number=n, sector=sector, stage="idea" if sector in "AC" else None)
        for n, (sector, _who) in enumerate(whose, 1)
    )
    Nomination.objects.bulk_create(
        Nomination(operation=uuid.uuid4(), idea=idea, enrolment=world.women[who], at=at(3, 10))
        for idea, (_sector, who) in zip(ideas, whose, strict=True)
    )


def _met(world) -> None:
    """Five women at their place of business, 4447 minutes; one of them online as well, and a sixth only."""
    mentor = f.make_mentor(world.programme)
    pairs = [f.make_assignment(mentor, woman) for woman in world.women[:6]]
    for n, minutes in enumerate([555] * 7 + [562]):
        f.make_meeting(pairs[n % 5], day=date(2025, 3, 11 + n), minutes=minutes, place="premises")
    for n, minutes in enumerate([664, 664, 665]):
        f.make_meeting(pairs[5], day=date(2025, 3, 11 + n), minutes=minutes, place="online")


def _asked(world, closed: int) -> None:
    women = world.women
    for n, woman in enumerate(women[:21]):
        before = {"fte_women": 1, "fte_men": 0} if 10 <= n < 17 else {}
        say(world, woman, "baseline", operating="yes", **before)
        more = {"operating": "no" if n >= 21 - closed else "yes"}
        if n < 11:
            amount = {0: 4_111_333, 1: 4_222_555}.get(n, 1_234)
            more["finance_amount"] = (amount, "EUR")
        if 10 <= n < 17:
            more |= {"fte_women": 2.91, "fte_men": 0}  # 13.37 more jobs of seven women
        say(world, woman, "f6", **more)
    for woman in women[21:24]:
        ask(world, "f6", woman)
    for woman, amount in zip(women, (777_123, 777_345, 777_567, 777_789), strict=False):
        say(world, woman, "exit", turnover_month=(amount, "RSD"))
    for woman in women[:8]:
        say(world, woman, "f3", turnover_month=(431_217, "RSD"))


def _told_in_words(world) -> None:
    """What stands in texts of people, and in what is known of one woman."""
    her = world.women[29]
    invitation = ask(world, "exit", her)
    words = world.programme.tenant.questions.create(code="remark", kind="text")
    invitation.answers.create(question=words, text="Ja pevam u kavezu")
    world.result = world.programme.results.create(
        kind="contract", title="Ugovor sa Zlatnoperom: tajni kupac", day=date(2025, 3, 20), enrolment=her
    )
    period = {"start": date(2025, 3, 1), "end": date(2025, 4, 1)}
    figures = " ".join(f"{{{code}}}" for code in LISTED)
    world.funding.narratives.create(happened=f"Told of: {figures}", **period)
    other = f.make_funding(world.programme)
    other.narratives.create(happened="Zlatnopera je zatvorila radnju", **period)
    agreed = world.programme.results.create(kind="agreement", title="Samo za drugu", day=date(2025, 3, 21))
    agreed.reported_to.add(other)


def _framed(world) -> None:
    """The figures that a funder asked for, a plan for the guarded one, and what was spent."""
    for code, wave, name in (("KAN-1", "exit", "At the end"), ("KAN-2", "f3", "Three months after")):
        IndicatorVersion.objects.create(
            tenant=world.programme.tenant, code=code, number=1, name=name, unit="money", level="outcome",
            numerator="The median of the turnover of the last month, per currency.",
            spec={
                "count": "answers", "aggregation": "median", "value": ["now"],
                "values": {"now": {"question": "turnover_month", "at": [wave]}},
            },
        )  # fmt: skip
    for n, code in enumerate(LISTED):
        line = world.funding.lines.create(code=f"L{n}", wording=f"Line {n}", indicator=code, position=n)
        if code == "OC-07":
            line.targets.create(funding=world.funding, value=90)
    world.funding.costs.create(name="Hall", kind="spent", amount=99_990, currency="EUR", day=date(2025, 2, 1))


def issued(world, report: Report | None = None, now: datetime = NOW) -> Issue:
    """Built, commented on in its review, and given to its funder."""
    report = report or world.report
    row = services.add_issue(by=world.coordinator, report=report, job=None, built=build(report, now=now))
    row.steps.create(kind="comment", text="Ne pišite: neka ostane 18 od 21", by=world.coordinator, at=now)
    Issue.objects.filter(pk=row.pk).update(state=Issue.State.ISSUED, issued_at=now)
    row.refresh_from_db()
    return row
