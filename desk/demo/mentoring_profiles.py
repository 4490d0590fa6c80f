"""Mentors in the demo: when they have time, how far they come, and three who offer themselves by the form."""

from datetime import timedelta
from typing import NamedTuple

from desk.demo.book import Book
from desk.demo.rows import at, operation
from mentoring import services as mentoring
from mentoring.models import Mentor, MentorApplication, Offer
from mentoring.profiles import windows
from people.models import Programme
from people.services import save_person

OFFERED = {  # when, how far, whom she would like to guide
    "m1": ("Tue 17-19; Thu 17-19", Mentor.Reach.COUNTRY, "Women who sell to people they know by name."),
    "m2": ("Mon 17-20; Wed 17-20", Mentor.Reach.REGION, "Proizvođačice hrane koje žele na sajam."),
    "m3": ("Wed 9-12; Fri 17-20", Mentor.Reach.MUNICIPALITY, ""),
    "m4": ("Mon 18-20; Tue 18-20; Thu 18-20", Mentor.Reach.REGION, ""),
    "m5": ("", "", ""),  # nobody asked her yet
    "m7": ("Thu 17-20", Mentor.Reach.COUNTRY, "Радионице које праве нешто рукама."),
}
INVITED = "Savić Milanka"
DECLINED = "We look for somebody who knows food."


class Candidate(NamedTuple):
    name: str
    mail: str
    language: str
    functions: tuple[str, ...]
    organisation: str
    role: str
    bio: str
    week: str
    days_ago: int


CANDIDATES = (
    Candidate(
        "Stojanović Jasmina", "jasmina.stojanovic", "sr-latn", ("finance", "legal"), "Agencija Bilans",
        "owner",
        "Knjigovođa sa petnaest godina rada za male radionice.", "Tue 16-19", 2,
    ),
    Candidate(
        "Петронијевић Анђелка", "andjelka.petronijevic", "sr", ("production",), "", "",
        "Технолог прехране, двадесет година у хладњачама.", "Mon 9-12; Fri 9-12", 9,
    ),
    Candidate("Marković Tea", "tea.markovic", "en", ("digital",), "", "", "Web shops for crafts.", "", 1),
)  # fmt: skip


def offer(book: Book, programme: Programme) -> None:
    for key, (week, reach, wishes) in OFFERED.items():
        mentor = book.mentors[key]
        mentoring.change_mentor(by=book.coordinator, mentor=mentor, reach=reach)
        said = {"windows": windows.read(week), "wishes": wishes, "per": Offer.Per.PROGRAMME}
        row = mentor.offers.select_related("programme__tenant").get(programme=programme)
        mentoring.change_offer(by=book.coordinator, offer=row, **said)


def apply(book: Book, programme: Programme) -> None:
    """The first waits for an answer, the second was declined, the third has not confirmed her mail."""
    first, second, _third = (_apply(book, programme, one) for one in CANDIDATES)
    for row in (first, second):
        opened = row.created_at + timedelta(minutes=12)
        mentoring.confirm_mentor_application(pk=row.pk, revision=row.revision, now=opened)
    decided = second.created_at + timedelta(days=2)
    mentoring.decline_mentor(by=book.coordinator, application=second, reason=DECLINED, now=decided)


def invite(book: Book, programme: Programme) -> None:
    """She is asked by a letter, and has not answered yet."""
    said = {"name": INVITED, "email": "milanka.savic@primer.example", "municipality": "Užice"}
    person = save_person(by=book.coordinator, tenant=programme.tenant, **said, language="sr-latn")
    her = {"functions": ["export", "legal"], "languages": ["sr-latn", "en"], "capacity": 2}
    mentoring.add_mentor(by=book.coordinator, programme=programme, person=person, state="invited", **her)


def _apply(book: Book, programme: Programme, one: Candidate) -> MentorApplication:
    said = {"functions": list(one.functions), "languages": ["sr-latn"], "on_premises": True, "capacity": 2}
    said |= {"hours": 10, "per": Offer.Per.PROGRAMME, "windows": windows.read(one.week)}
    said |= {"bio" if one.language == "en" else "bio_sr": one.bio}
    if one.organisation:
        said |= {"organisation": one.organisation, "role": one.role}
    return mentoring.apply_as_mentor(
        programme=programme,
        operation=operation("candidate", programme.code, one.mail),
        name=one.name,
        email=f"{one.mail}@primer.example",
        language=one.language,
        phone="",
        said=said,
        now=at(book.today - timedelta(days=one.days_ago), "20:40"),
    )
