"""Mentors of the programme: what they can do, what they offer here, and the role that opens it to them."""

from django.utils.translation import gettext_lazy as lazy

from accounts.audit import audit
from desk.loading.fields import Field
from desk.loading.kinds import CREATED, UNCHANGED, UPDATED, Kind, apply, only
from mentoring.models import Function, Mentor, Offer
from people.models import Membership

PLAIN = ("state", "on_premises", "online", "bio", "bio_sr")
LISTS = ("sectors", "functions", "languages")
WHO = "person id,id,name,full name,email,e mail,mentor,ime i prezime,mentorka,e posta,sifra"


class Mentors(Kind):
    name = "mentors"
    fields = (
        Field("person", lazy("who: id, e-mail or full name as known"), required=True, words=WHO),
        Field(
            "state",
            lazy("state as a mentor; active where nothing is said"),
            words="status",
            choices=Mentor.State,
        ),
        Field(
            "sectors",
            lazy("sectors, letters of NACE sections"),
            words="sector,sektori,delatnost",
            is_list=True,
        ),
        Field(
            "functions", lazy("what she helps with"), words="skills,oblasti", choices=Function, is_list=True
        ),
        Field("languages", lazy("languages"), "language", words="language,jezici,jezik", is_list=True),
        Field("on_premises", lazy("comes to the premises"), "yes or no", words="premises,uzivo"),
        Field("online", lazy("meets online"), "yes or no", words="na mrezi"),
        Field("bio", lazy("about her"), words="about,biography"),
        Field("bio_sr", lazy("about her, in Serbian"), words="biografija"),
        Field("capacity", lazy("how many people she takes"), "whole number", words="kapacitet,people"),
        Field("hours", lazy("hours that she offers"), "whole number", words="sati,sata"),
    )

    def __init__(self, target):
        super().__init__(target)
        rows = Mentor.objects.filter(person__tenant=target.tenant)
        self.known = {row.person_id: row for row in rows}
        offers = Offer.objects.filter(programme=target.programme)
        self.offers = {row.mentor_id: row for row in offers}
        seats = Membership.objects.filter(programme=target.programme, role=Membership.Role.MENTOR)
        self.members = set(seats.values_list("person_id", flat=True))

    def key(self, row):
        return row["person"]

    def write(self, row):
        person = self.target.people.find(row["person"], "person")
        known = self.known.get(person.pk)
        mentor = known or Mentor(person=person)
        said = only(row, *PLAIN) | {name: list(row[name]) for name in LISTS if row.get(name)}
        changed = self._save(mentor, apply(mentor, said), fresh=known is None)
        self.known[person.pk] = mentor
        offer = self.offers.get(mentor.pk)
        joins = offer is None
        offer = offer or Offer(mentor=mentor, programme=self.target.programme)
        changed |= self._save(offer, apply(offer, only(row, "capacity", "hours")), fresh=joins)
        self.offers[mentor.pk] = offer
        if person.pk not in self.members:
            self._save(
                Membership(person=person, programme=self.target.programme, role="mentor"),
                ["role"],
                fresh=True,
            )
            self.members.add(person.pk)
        return CREATED if joins else UPDATED if changed else UNCHANGED

    def _save(self, instance, changed, *, fresh):
        if not fresh and not changed:
            return False
        instance.full_clean(
            exclude=["person", "mentor", "programme"], validate_unique=False, validate_constraints=False
        )
        instance.save()
        audit(self.target.by, "create" if fresh else "edit", instance, changed, tenant=self.target.tenant)
        return True
