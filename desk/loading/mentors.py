"""Mentors of the programme: what they can do, what they offer here, and the role that opens it to them."""

from django.utils.translation import gettext_lazy

from accounts.audit import audit
from desk.loading.fields import Field
from desk.loading.kinds import CREATED, UNCHANGED, UPDATED, Kind, apply, only
from desk.loading.persons import MAIL, NAMES
from desk.loading.works import Works
from mentoring.models import Function, Mentor, Offer
from people.models import Membership

PLAIN = ("state", "reach", "on_premises", "online", "bio", "bio_sr")
OFFERED = ("capacity", "hours", "per", "windows", "wishes")
WEEK = "availability,available,when,times,termini,dostupnost,kada,slobodni termini"
LISTS = ("sectors", "functions", "languages")
WHO = (
    f"person id,mentor id,sifra osobe,sifra mentora;{MAIL},mentor email,email mentora,email mentorke;"
    f"id,sifra;name,{NAMES},mentor,mentorka,mentor name,ime mentora,ime mentorke;ime"
)


def offered(row, *names):
    """Of a row these, the windows as our records hold them."""
    said = only(row, *names)
    if "windows" in said:
        names = ("weekday", "start", "end")
        said["windows"] = [dict(zip(names, one, strict=True)) for one in said["windows"]]
    return said


class Mentors(Kind):
    name = "mentors"
    words = "mentors mentori mentorke"
    identity = ("person",)
    is_hers = True
    fields = (
        Field(
            "person",
            gettext_lazy("who: id, e-mail or full name as known"),
            required=True,
            words=WHO,
            look="e-mail",
        ),
        Field(
            "state",
            gettext_lazy("state as a mentor; active where nothing is said"),
            words="status",
            choices=Mentor.State,
        ),
        Field(
            "sectors",
            gettext_lazy("sectors, letters of NACE sections"),
            words="sector,nace,sektori,sektor,delatnost,delatnosti",
            is_list=True,
        ),
        Field(
            "functions",
            gettext_lazy("what she helps with"),
            words="skills,expertise,oblasti,vestine,poslovne funkcije",
            choices=Function,
            is_list=True,
        ),
        Field(
            "languages", gettext_lazy("languages"), "language", words="language,jezici,jezik", is_list=True
        ),
        Field(
            "reach",
            gettext_lazy("how far she comes"),
            words="how far,distance,dokle dolazi,domet",
            choices=Mentor.Reach,
        ),
        Field("on_premises", gettext_lazy("comes to the premises"), "yes or no", words="premises,uzivo"),
        Field("online", gettext_lazy("meets online"), "yes or no", words="na mrezi"),
        Field("bio", gettext_lazy("about her"), words="about,biography"),
        Field("bio_sr", gettext_lazy("about her, in Serbian"), words="biografija"),
        Field(
            "capacity", gettext_lazy("how many people she takes"), "whole number", words="kapacitet,people"
        ),
        Field("hours", gettext_lazy("hours that she offers"), "whole number", words="sati,sata"),
        Field(
            "per",
            gettext_lazy("what these hours are for; the whole programme where nothing is said"),
            words="hours per,period,na period",
            choices=Offer.Per,
        ),
        Field(
            "windows",
            gettext_lazy("when she has time, as “Mon 17-20; Wed 9-12”"),
            "hours of a week",
            words=WEEK,
        ),
        Field("wishes", gettext_lazy("whom she would like to guide"), words="zelje"),
        Field(
            "organisations",
            gettext_lazy("whom she works for, each as “name (role)”"),
            words="organisation,organization,organizations,works for,employer,organizacija,organizacije,"
            "radi za,poslodavac",
            is_list=True,
        ),
    )

    def look_up(self, rows):
        self.target.people.learn(row["person"] for row in rows)

    def key(self, row):
        return self.target.people.key(row["person"])

    def prepare(self, entries):
        people, programme = self.target.people.known(), self.target.programme
        self.known = {row.person_id: row for row in Mentor.objects.filter(person__in=people)}
        offers = Offer.objects.filter(programme=programme, mentor__person__in=people)
        self.offers = {row.mentor_id: row for row in offers}
        seats = Membership.objects.filter(programme=programme, role=Membership.Role.MENTOR, person__in=people)
        self.members = set(seats.values_list("person_id", flat=True))
        self.works = Works(self.target, self.trail, people, entries)

    def write(self, entry):
        row, programme = entry.row, self.target.programme
        person = self.target.people.find(row["person"], "person")
        self.is_touched = True
        known = self.known.get(person.pk)
        mentor = known or Mentor(person=person)
        said = only(row, *PLAIN) | {name: list(row[name]) for name in LISTS if row.get(name)}
        changed = self._save(mentor, self._moved(mentor, apply(mentor, said)), fresh=known is None)
        self.known[person.pk] = mentor
        offer = self.offers.get(mentor.pk)
        joins = offer is None
        offer = offer or Offer(mentor=mentor, programme=programme)
        changed |= self._save(offer, apply(offer, offered(row, *OFFERED)), fresh=joins)
        self.offers[mentor.pk] = offer
        if person.pk not in self.members:
            seat = Membership(person=person, programme=programme, role=Membership.Role.MENTOR)
            changed |= self._save(seat, {"role": ["", "mentor"]}, fresh=True)
            self.members.add(person.pk)
        for words in row.get("organisations") or ():
            changed |= self.works.add(person, words)
        return CREATED if joins else UPDATED if changed else UNCHANGED

    def _moved(self, mentor, changed):
        """Another state has its moment and who brought it."""
        if "state" in changed:
            moment = {"state_at": self.target.now, "state_by": self.target.by}
            before = {"state_at": mentor.state_at, "state_by_id": mentor.state_by_id}
            for name, value in moment.items():
                setattr(mentor, name, value)
            changed |= {name: [was, getattr(mentor, name)] for name, was in before.items()}
        return changed

    def _save(self, instance, changed, *, fresh):
        if not fresh and not changed:
            return False
        instance.full_clean(
            exclude=["person", "mentor", "programme"], validate_unique=False, validate_constraints=False
        )
        instance.save()
        audit(self.target.by, "create" if fresh else "edit", instance, changed, tenant=self.target.tenant)
        if fresh:
            self.trail.made(type(instance), [instance.pk])
        else:
            self.trail.changed(type(instance), {instance.pk: changed})
        return True
