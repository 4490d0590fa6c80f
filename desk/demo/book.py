"""The address book of the demo: organisations and places as published, people invented."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.contrib.auth.hashers import make_password

from accounts.models import Tenant, User
from desk.demo.people import PASSWORD, SIGN_INS, SignIn
from desk.demo.rows import SOURCE, ZONE, rows
from mentoring.models import Mentor
from people.models import Affiliation, ClusterMembership, Enterprise, Organisation, Ownership, Person
from training.models import Venue

SLUG = "demo"
HOUSE, UNION = "Cluster House", "Union of the start-up clusters"
RAS, GIZ = "Development Agency of Serbia", "German Agency for International Cooperation (GIZ)"
KINDS = {
    "funder": Organisation.Kind.FUNDER,
    "cluster": Organisation.Kind.CLUSTER,
    "union": Organisation.Kind.CLUSTER,
}
CLUSTERS_SINCE = date(2009, 9, 1)  # the pilot of the start-up cluster model


@dataclass
class Book:
    """What the two programmes share, by the keys of the CSVs (people) or by name (organisations, venues)."""

    tenant: Tenant
    today: date
    organisations: dict[str, Organisation] = field(default_factory=dict)
    venues: dict[str, Venue] = field(default_factory=dict)
    persons: dict[str, Person] = field(default_factory=dict)
    enterprises: dict[str, Enterprise] = field(default_factory=dict)
    mentors: dict[str, Mentor] = field(default_factory=dict)
    accounts: dict[SignIn, Person] = field(default_factory=dict)

    @cached_property
    def password(self) -> str:
        return make_password(PASSWORD)  # slow by design: once for all of them

    def who(self, role: str, organisation: str = "") -> Person:
        """The person who signs in to the demo in this role."""
        return next(p for s, p in self.accounts.items() if s.role == role and organisation in s.organisation)

    @property
    def coordinator(self) -> User:
        return self.who("coordinator").user


def fill(today: date) -> Book:
    """Write the address book and return it."""
    tenant, _new = Tenant.objects.update_or_create(
        slug=SLUG,
        defaults={"name": "Association of Business Women in Serbia", "zone": ZONE, "is_demo": True},
    )
    book = Book(tenant, today)
    _places(book)
    for row in rows("mentors"):
        _mentor(book, row)
    for row in rows("entrepreneurs"):
        _entrepreneur(book, row)
    for sign_in in SIGN_INS:
        _account(book, sign_in)
    for key in book.mentors.keys() - {s.key for s in SIGN_INS}:
        _user(
            book, book.persons[key], "sr-latn", is_active=False
        )  # who judged has an account; it is not offered
    return book


def _places(book: Book) -> None:
    for row in rows("places"):
        named = {"tenant": book.tenant, "name": row["name"], "municipality": row["municipality"]}
        if row["kind"] == "venue":
            book.venues[row["name"]] = Venue.objects.create(**named, address=row["address"], zone=ZONE)
        else:
            kind = KINDS.get(row["kind"], Organisation.Kind.ORGANISATION)
            made = Organisation.objects.create(**named, name_sr=row["name_sr"], kind=kind)
            book.organisations[row["name"]] = made
    for row in rows("places", kind="cluster"):
        cluster = book.organisations[row["name"]]
        cluster.umbrella = book.organisations[UNION]
        cluster.save()


def _mentor(book: Book, row: dict[str, str]) -> None:
    languages = row["languages"].split(";")
    person = _person(book, row, language=languages[0])
    if row["organisation"]:
        role = row["role_in_organisation"] or "associate"
        organisation = book.organisations[row["organisation"]]
        Affiliation.objects.create(
            person=person, organisation=organisation, role=role, start=date(2010, 1, 1)
        )
    book.mentors[row["key"]] = Mentor.objects.create(
        person=person,
        sectors=row["sectors"].split(";"),
        functions=row["functions"].split(";"),
        languages=languages,
        on_premises=_known(row["premises"]),
        online=_known(row["online"]),
        bio=row["bio"],
        bio_sr=row["bio_sr"],
    )


def _entrepreneur(book: Book, row: dict[str, str]) -> None:
    person = _person(book, row, language=row["language"], phone=row["phone"], region=row["region"])
    if not row["enterprise"]:
        return
    established = _established(book, row)
    enterprise = Enterprise.objects.create(
        tenant=book.tenant,
        name=row["enterprise"],
        registered=row["registered"] or None,
        established=established,
        sector=row["nace"],
        activity=row["activity"],
        municipality=row["municipality"],
        exports=_known(row["export"]),
    )
    book.enterprises[row["key"]] = enterprise
    Ownership.objects.create(
        person=person, enterprise=enterprise, share=100, is_founder=True, is_manager=True, start=established
    )
    if row["cluster"]:
        cluster = book.organisations[row["cluster"]]
        ClusterMembership.objects.create(
            enterprise=enterprise, cluster=cluster, start=established or CLUSTERS_SINCE
        )


def _person(book: Book, row: dict[str, str], **more) -> Person:
    sex = row["sex"].replace(" ", "_")
    book.persons[row["key"]] = person = Person.objects.create(
        tenant=book.tenant,
        source=SOURCE,
        source_id=row["key"],
        name=row["name"],
        sex=sex or None,
        born=int(row["born"]),
        municipality=row["municipality"],
        country="Serbia",
        email=row["email"],
        **more,
    )
    return person


def _established(book: Book, row: dict[str, str]) -> date | None:
    """A date, or so many months before the first start of the demo."""
    if row["established"]:
        return date.fromisoformat(row["established"])
    if not row["established_months"]:
        return None
    months = book.today.year * 12 + book.today.month - 1 - int(row["established_months"])
    return date(months // 12, months % 12 + 1, 1)


def _known(word: str) -> bool | None:
    return {"yes": True, "no": False}.get(word)


def _account(book: Book, sign_in: SignIn) -> None:
    person = book.persons.get(sign_in.key)
    if person is None:
        named = {
            "name": sign_in.name,
            "email": sign_in.email,
            "language": sign_in.language,
            "country": "Serbia",
        }
        person = Person.objects.create(tenant=book.tenant, source=SOURCE, source_id=sign_in.email, **named)
    _user(book, person, sign_in.language, is_administrator=sign_in.role == "administrator")
    book.accounts[sign_in] = person


def _user(book: Book, person: Person, language: str, **more) -> None:
    person.user = User.objects.create(
        tenant=book.tenant,
        email=person.email,
        name=person.name,
        language=language,
        password=book.password,
        **more,
    )
    person.save(update_fields=["user"])
