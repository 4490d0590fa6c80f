"""The school profile: three years with pupils, teachers and companies, the same shape as a training. Places,
dates and who funds and runs it as published; the people and companies invented."""

from datetime import date, timedelta

from desk.demo.book import GIZ, Book
from desk.demo.events import programme
from desk.demo.rows import SOURCE, at
from lib.scripts import to_latin
from people.models import Funding, FundingScope, Membership, Organisation, Partner, Person, Programme, Project
from training import services as training
from training.models import Enrolment, Module

GERMANY, MINISTRY = "Federal Republic of Germany", "Ministry of Education of the Republic of Serbia"
LAUNCHED = date(2017, 5, 25)
YEARS = (2017, 2018, 2019)
PUPILS = (
    "Arsić Luka", "Бојковић Стефан", "Cvetanović Nina", "Đurić Vuk", "Gavrilović Andrej", "Ilić Teodora",
    "Костадинов Марко", "Mladenović Sara",
)  # fmt: skip
COMPANIES = ("Elektromontaža Nišava", "Transformator Sever", "Svetlo i struja")


def build(book: Book) -> Programme:
    words = "Electrician, a three-year school profile", "Elektrikar, trogodišnji obrazovni profil"
    project = Project.objects.create(tenant=book.tenant, code="electrician", name=words[0], name_sr=words[1])
    _partners(book, project)
    made = programme(
        book, "electrician-2017", *words, LAUNCHED, date(2020, 7, 1), project=project,
        participants=Programme.Participants.PUPILS, short_name="Electrician 2017",
    )  # fmt: skip
    for number, year in enumerate(YEARS, 1):
        names = {"name": f"School year {year}/{year + 1}", "name_sr": f"Školska {year}/{year + 1}."}
        start, end = date(year, 9, 1), date(year + 1, 6, 15) + timedelta(days=1)
        Module.objects.create(programme=made, number=number, start=start, end=end, **names)
    Membership.objects.create(person=book.persons["m5"], programme=made, role="trainer")
    funding = Funding.objects.create(
        project=project, funder=book.organisations[GERMANY], code="germany", language="en", start=LAUNCHED,
        end=date(2020, 7, 1),
    )  # fmt: skip
    FundingScope.objects.create(funding=funding, programme=made)
    _pupils(book, made)
    return made


def _partners(book: Book, project: Project) -> None:
    for name in (MINISTRY, GIZ):
        Partner.objects.create(project=project, organisation=book.organisations[name])
    for name in COMPANIES:
        made = Organisation.objects.create(tenant=book.tenant, name=name, municipality="Niš")
        Partner.objects.create(project=project, organisation=made)


def _pupils(book: Book, made: Programme) -> None:
    for number, name in enumerate(PUPILS, 1):
        person = Person.objects.create(
            tenant=book.tenant, source=SOURCE, source_id=f"p{number:02}", name=name, born=2002,
            municipality="Niš", country="Serbia", email=f"djak{number:02}@primer.example",
            language="sr-latn" if to_latin(name) == name else "sr",
        )  # fmt: skip
        training.enrol(
            by=book.coordinator, programme=made, person=person, enterprise=None,
            state=Enrolment.State.ENROLLED, applied_on=date(2017, 6, 20), reason="",
            now=at(date(2017, 7, 3), "12:00"),
        )  # fmt: skip
