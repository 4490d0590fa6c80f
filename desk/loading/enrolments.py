"""Who takes part in the programme."""

from django.utils.translation import gettext_lazy as lazy

from accounts.audit import audit
from desk.loading.fields import Field
from desk.loading.kinds import CREATED, UNCHANGED, UPDATED, Kind
from lib.folding import fold
from people.models import Enterprise
from training import services
from training.models import Enrolment

WHO = "person id,id,name,full name,email,e mail,participant,ime i prezime,polaznica,ucesnica,e posta,sifra"


class Enrolments(Kind):
    name = "enrolments"
    fields = (
        Field(
            "person",
            lazy("who: id, e-mail or full name as known"),
            required=True,
            words=WHO,
        ),
        Field(
            "state",
            lazy("state in the programme; enrolled where nothing is said"),
            words="status,stanje",
            choices=Enrolment.State,
        ),
        Field("reason", lazy("why she is in this state"), words="razlog"),
        Field(
            "applied_on",
            lazy("day of her application"),
            "day",
            words="applied,application date,date of application,datum prijave,prijavljena",
        ),
        Field(
            "enterprise",
            lazy("name of her enterprise; made where it is not known"),
            words="business,company,firm,firma,preduzece,naziv firme",
        ),
    )

    def __init__(self, target):
        super().__init__(target)
        rows = Enrolment.objects.filter(programme=target.programme).select_related("person", "enterprise")
        self.known = {row.person_id: row for row in rows}
        self.enterprises = {row.name_key: row for row in Enterprise.objects.filter(tenant=target.tenant)}

    def key(self, row):
        return row["person"]

    def write(self, row):
        person = self.target.people.find(row["person"], "person")
        known = self.known.get(person.pk)
        return self._change(known, row) if known else self._enrol(person, row)

    def _enrol(self, person, row):
        self.known[person.pk] = services.enrol(
            by=self.target.by,
            programme=self.target.programme,
            person=person,
            enterprise=self._enterprise(row.get("enterprise")),
            state=row.get("state") or Enrolment.State.ENROLLED,
            applied_on=row.get("applied_on"),
            reason=row.get("reason") or "",
            now=self.target.now,
        )
        return CREATED

    def _change(self, known, row):
        changed = False
        state, reason = row.get("state"), row.get("reason") or ""
        if (state and state != known.state) or (reason and reason != known.reason):
            services.set_enrolment_state(
                by=self.target.by,
                enrolment=known,
                state=state or known.state,
                reason=reason,
                now=self.target.now,
            )
            changed = True
        enterprise = self._enterprise(row.get("enterprise"))
        said = {"applied_on": row.get("applied_on"), "enterprise_id": enterprise and enterprise.pk}
        plain = {name: value for name, value in said.items() if value and getattr(known, name) != value}
        if plain:
            Enrolment.objects.filter(pk=known.pk).update(**plain)
            audit(self.target.by, "edit", known, plain, tenant=self.target.tenant)
        return UPDATED if changed or plain else UNCHANGED

    def _enterprise(self, name):
        if not name:
            return None
        if fold(name) not in self.enterprises:
            made = Enterprise.objects.create(tenant=self.target.tenant, name=name)
            audit(self.target.by, "create", made, ["name"], tenant=self.target.tenant)
            self.enterprises[fold(name)] = made
        return self.enterprises[fold(name)]
