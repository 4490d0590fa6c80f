"""What entrepreneurs ask a mentor for."""

from django.utils.translation import gettext_lazy

from accounts.audit import audit
from desk.loading.assignments import enrolments_of, find_enrolment
from desk.loading.enrolments import WHO
from desk.loading.fields import Field
from desk.loading.kinds import CREATED, UNCHANGED, UPDATED, Kind, apply
from desk.loading.mentors import WEEK, offered
from mentoring.models import Function, Need

ASKED = ("sector", "language", "place", "windows", "text")


class Needs(Kind):
    """One need a person: the newest of hers is changed, or the first one made."""

    name = "needs"
    words = "needs need potrebe potreba"
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
            "functions",
            gettext_lazy("what she wants help with"),
            words="help with,business functions,oblasti,poslovne funkcije,pomoc oko",
            choices=Function,
            is_list=True,
        ),
        Field("sector", gettext_lazy("letter of a NACE section"), words="nace,sektor,delatnost"),
        Field("language", gettext_lazy("language of the meetings"), "language", words="jezik"),
        Field(
            "place",
            gettext_lazy("where to meet; either where nothing is said"),
            words="where,mesto,gde",
            choices=Need.Place,
        ),
        Field(
            "windows",
            gettext_lazy("when she has time, as “Mon 17-20; Wed 9-12”"),
            "hours of a week",
            words=WEEK,
        ),
        Field("text", gettext_lazy("in her words"), words="need,own words,potreba,opis potrebe,opis"),
    )

    def look_up(self, rows):
        self.target.people.learn(row["person"] for row in rows)

    def key(self, row):
        return self.target.people.key(row["person"])

    def prepare(self, entries):
        here = enrolments_of(self.target.programme).filter(person__in=self.target.people.known())
        self.enrolments = {row.person_id: row for row in here}
        newest = Need.objects.filter(enrolment__in=here).order_by("pk")
        self.known = {row.enrolment_id: row for row in newest}

    def write(self, entry):
        enrolment = find_enrolment(self, entry.row["person"], "person")
        self.is_touched = True
        known = self.known.get(enrolment.pk)
        need = known or Need(enrolment=enrolment)
        said = offered(entry.row, *ASKED)
        if functions := entry.row.get("functions"):
            said["functions"] = list(functions)
        changed = apply(need, said)
        if known and not changed:
            return UNCHANGED
        need.full_clean(exclude=["enrolment"])
        need.save()
        self.known[enrolment.pk] = need
        audit(self.target.by, "edit" if known else "create", need, changed, tenant=self.target.tenant)
        if known:
            self.trail.changed(Need, {need.pk: changed})
            return UPDATED
        self.trail.made(Need, [need.pk])
        return CREATED
