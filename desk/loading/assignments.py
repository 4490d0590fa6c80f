"""Who mentors whom. A row with several mentors and several people speaks of every pair of them."""

from itertools import product

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.audit import audit
from desk.loading.fields import Field, Refused
from desk.loading.kinds import CREATED, UNCHANGED, UPDATED, Kind
from mentoring import services
from mentoring.models import Assignment, Mentor
from training.models import Enrolment


class Assignments(Kind):
    name = "assignments"
    fields = (
        Field(
            "mentor",
            lazy("who mentors: ids, e-mails or names"),
            required=True,
            is_list=True,
            words="mentors,mentorka,mentor id",
        ),
        Field(
            "person",
            lazy("whom: ids, e-mails or names of people who take part"),
            required=True,
            is_list=True,
            words="participant,participants,entrepreneur,mentee,polaznica,ucesnica,person id,name",
        ),
        Field("agreed_hours", lazy("hours agreed on"), "whole number", words="hours,sati,dogovoreno sati"),
        Field("start", lazy("first day"), "day", words="from,start date,od,pocetak"),
        Field(
            "state",
            lazy("state; active where nothing is said"),
            words="status,stanje",
            choices=Assignment.State,
        ),
        Field(
            "conflict_accepted",
            lazy("why in spite of a conflict of interest on record"),
            words="conflict,sukob interesa",
        ),
    )

    def __init__(self, target):
        super().__init__(target)
        programme = target.programme
        mentors = Mentor.objects.filter(person__tenant=target.tenant).select_related("person")
        self.mentors = {row.person_id: row for row in mentors}
        self.enrolments = {row.person_id: row for row in enrolments_of(programme)}
        rows = Assignment.objects.filter(programme=programme).exclude(state=Assignment.State.DECLINED)
        self.known = {(row.mentor_id, row.enrolment_id): row for row in rows}

    def key(self, row):
        return row["mentor"], row["person"]

    def write(self, row):
        mentors = [self._mentor(said) for said in row["mentor"]]
        enrolments = [find_enrolment(self, said, "person") for said in row["person"]]
        outcomes = {self._pair(mentor, enrolment, row) for mentor, enrolment in product(mentors, enrolments)}
        return next(outcome for outcome in (CREATED, UPDATED, UNCHANGED) if outcome in outcomes)

    def _pair(self, mentor, enrolment, row):
        known = self.known.get((mentor.pk, enrolment.pk))
        if known:
            return self._change(known, row)
        self.known[mentor.pk, enrolment.pk] = services.assign(
            by=self.target.by,
            programme=self.target.programme,
            mentor=mentor,
            enrolment=enrolment,
            agreed_hours=row.get("agreed_hours"),
            start=row.get("start"),
            state=row.get("state") or Assignment.State.ACTIVE,
            conflict_accepted=row.get("conflict_accepted") or "",
            now=self.target.now,
        )
        return CREATED

    def _change(self, known, row):
        names = ("agreed_hours", "start", "state")
        said = {
            name: row[name]
            for name in names
            if row.get(name) is not None and getattr(known, name) != row[name]
        }
        if not said:
            return UNCHANGED
        if "state" in said:
            said |= {"state_at": self.target.now, "state_by": self.target.by}
        for name, value in said.items():
            setattr(known, name, value)
        known.full_clean(validate_unique=False)
        known.revision += 1
        known.save()
        audit(self.target.by, "edit", known, said, tenant=self.target.tenant)
        return UPDATED

    def _mentor(self, said):
        person = self.target.people.find(said, "mentor")
        if person.pk not in self.mentors:
            raise Refused(_("This person is no mentor: load the mentors first."), "mentor", said)
        return self.mentors[person.pk]


def enrolments_of(programme):
    return Enrolment.objects.filter(programme=programme).select_related("person")


def find_enrolment(kind, said, field):
    """The enrolment of a person in this programme. Raises Refused for somebody of another one."""
    person = kind.target.people.find(said, field)
    if person.pk not in kind.enrolments:
        raise Refused(_("This person does not take part in this programme."), field, said)
    return kind.enrolments[person.pk]
