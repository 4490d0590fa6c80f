"""Who takes part in the programme."""

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy

from desk.loading.eligibility import Answered, Known, look_at_facts
from desk.loading.fields import Field, Refused
from desk.loading.groups import Groups
from desk.loading.kinds import CREATED, UNCHANGED, UPDATED, BulkKind, check, in_words
from desk.loading.persons import MAIL, NAMES, Persons
from lib import bulk
from lib.folding import fold
from people.models import Enterprise
from training import services
from training.models import Enrolment, RosterEntry, StateChange

WHO = (
    f"person id,sifra osobe;{MAIL};id,sifra;"
    f"name,{NAMES},participant,polaznica,polaznik,ucesnica,ucesnik,submitter;ime"
)

SEX, MUNICIPALITY = (field for field in Persons.fields if field.name in ("sex", "municipality"))


class Enrolments(Answered, BulkKind):
    name = "enrolments"
    words = "enrolments enrollments participants registrations applications upis prijave polaznice ucesnice"
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
            gettext_lazy("state in the programme; enrolled where nothing is said"),
            words="status,stanje,enrolment status,status prijave",
            choices=Enrolment.State,
        ),
        Field("reason", gettext_lazy("why she is in this state"), words="razlog"),
        Field(
            "applied_on",
            gettext_lazy("day of her application"),
            "day",
            words="applied,application date,date of application,submission date,submit date,submitted,"
            "submitted at,registered,registration date,registered on,timestamp,datum prijave,"
            "prijavljena,vreme prijave,vremenska oznaka,datum upisa",
        ),
        Field(
            "enterprise",
            gettext_lazy("name of her enterprise; made where it is not known"),
            words="business,company,firm,enterprise name,company name,business name,firma,preduzece,"
            "naziv firme,naziv preduzeca,ime firme",
        ),
        Field(
            "established",
            gettext_lazy("day on which her enterprise was established"),
            "day",
            words="founded,established on,date of establishment,founding date,osnovana,osnovano,"
            "datum osnivanja,datum registracije",
        ),
        Field(
            "sector",
            gettext_lazy("letter of the NACE section of her enterprise"),
            words="nace,sektor,delatnost",
            look="sector",
        ),
        Field(
            "group",
            gettext_lazy(
                "code or name of the group she is compared in; an unknown one is made where the map says "
                '"make": true'
            ),
            words="comparison group,treatment group,study arm,treatment,grupa,grupa poredjenja",
        ),
        SEX,
        MUNICIPALITY,
        Field(
            "answers",
            gettext_lazy("columns of a question each, headed “question: …”, with yes or no"),
            "yes or no",
            is_wide=True,
        ),
    )

    def begin(self, origins):
        makes = any(origin.make for origin in origins if origin.field.name == "group")
        self.groups = Groups(self.target, self.trail, makes=makes)

    def look_up(self, rows):
        self.target.people.learn(row["person"] for row in rows)

    def key(self, row):
        return self.target.people.key(row["person"])

    def write_batch(self, entries):
        plans = [self._planned(entry.row) for entry in entries]
        good = [plan for plan in plans if not isinstance(plan, Refused)]
        known = self._known(good)
        self.groups.prepare(plan["group"] for plan in good if plan["group"])
        enterprises = self._enterprises({plan["enterprise"] for plan in good if plan["enterprise"]})
        facts = Known(self.target, self.trail)
        found, fresh, states, changes = [], [], {}, {}
        for plan in plans:
            if isinstance(plan, Refused):
                found.append(plan)
                continue
            plan["enterprise"] = enterprises.get(fold(plan["enterprise"])[:200])
            plan["group"] = self.groups.key(plan["group"])
            facts.note(plan)
            here = known.get(plan["person"])
            if here is None:
                fresh.append(plan | {"state": plan["state"] or Enrolment.State.ENROLLED})
                found.append(CREATED)
                continue
            try:
                found.append(self._compared(here, plan, states, changes))
            except ValidationError as error:
                found.append(in_words(error))
        pairs = zip(found, plans, strict=True)
        found = [UPDATED if one == UNCHANGED and facts.adds(plan) else one for one, plan in pairs]
        facts.write()
        self._enrol(fresh)
        self._change(known, states, changes)
        look_at_facts(self.target, good)
        return found

    def _planned(self, row):
        """What the row says, with the person found; or why it is refused."""
        try:
            person = self.target.people.find(row["person"], "person")
            plan = {name: row.get(name) or "" for name in ("state", "reason", "enterprise")}
            check(Enrolment, {"reason": plan["reason"]})
            check(Enterprise, {"name": plan["enterprise"]}, {"name": "enterprise"})
            self.groups.check(row.get("group"))
            said = self.said(row)
        except Refused as refused:
            return refused
        return (
            plan
            | said
            | {"person": person.pk, "applied_on": row.get("applied_on"), "group": row.get("group")}
        )

    def _known(self, plans):
        here = Enrolment.objects.filter(programme=self.target.programme)
        rows = here.filter(person__in=[plan["person"] for plan in plans]).order_by()
        return {row.person_id: row for row in rows}

    def _enterprises(self, names):
        """By folded name: the key of each; who is not known is made."""
        wanted = {fold(name)[:200]: name for name in sorted(names)}
        here = Enterprise.objects.filter(tenant=self.target.tenant, name_key__in=wanted).order_by("-pk")
        known = dict(here.values_list("name_key", "pk"))  # of equals the oldest
        fresh = [(name, key) for key, name in wanted.items() if key not in known]
        ids = bulk.insert(Enterprise, ["name", "name_key"], fresh, tenant_id=self.target.tenant.pk)
        self.trail.made(Enterprise, ids)
        return known | {key: pk for (_name, key), pk in zip(fresh, ids, strict=True)}

    def _compared(self, here, plan, states, changes):
        """Note what is to change of somebody who takes part already. Raises ValidationError."""
        state, reason = plan["state"] or here.state, plan["reason"]
        said = {"applied_on": plan["applied_on"], "enterprise_id": plan["enterprise"]}
        said["group_id"] = plan["group"]
        if state != here.state:
            services.check_state(here, state, reason)
            states[here.pk] = state, reason
        else:
            said["reason"] = reason
        changed = {
            name: [getattr(here, name), value]
            for name, value in said.items()
            if value and getattr(here, name) != value
        }
        if changed:
            changes[here.pk] = changed
        return UPDATED if changed or here.pk in states else UNCHANGED

    def _enrol(self, fresh):
        if fresh:
            said = {"by": self.target.by, "programme": self.target.programme, "now": self.target.now}
            self.trail.made(Enrolment, services.enrol_all(rows=fresh, **said))

    def _change(self, known, states, changes):
        groups = {}
        for pk, changed in changes.items():
            groups.setdefault(tuple(changed), []).append(
                (pk, *(after for _before, after in changed.values()))
            )
        for names, rows in groups.items():
            bulk.update(Enrolment, names, rows)
        self.trail.changed(Enrolment, changes)
        if states:
            before = self._rosters(states)
            up = services.set_enrolment_states(
                by=self.target.by, programme=self.target.programme, said=states, now=self.target.now
            )
            self._tell_states(known, states, before)
            self._tell_moved(up, states)

    def _rosters(self, states):
        """The places on rosters of those whose state changes, as the trail keeps them."""
        if not self.trail.is_kept:
            return {}
        rows = RosterEntry.objects.filter(enrolment__in=states).order_by("pk")
        return {row["id"]: row for row in rows.values("id", "session_id", "enrolment_id", "planned_minutes")}

    def _tell_states(self, known, states, before):
        by, now = self.target.by and self.target.by.pk, self.target.now
        said = {}
        for here in known.values():
            if here.pk in states:
                state, reason = states[here.pk]
                after = {"state": state, "state_at": now, "state_by_id": by, "reason": reason.strip()}
                said[here.pk] = {name: [getattr(here, name), value] for name, value in after.items()}
        self.trail.changed(Enrolment, said)
        rosters = self._rosters(states)
        self.trail.made(RosterEntry, rosters.keys() - before.keys())
        self.trail.removed(RosterEntry, [row for pk, row in before.items() if pk not in rosters])

    def _tell_moved(self, up, states):
        """Who moved up from the waiting list because a seat became free; and the steps of all histories."""
        if not self.trail.is_kept:
            return
        whose = [*states, *(row.pk for row in up)]
        steps = StateChange.objects.filter(enrolment__in=whose, at=self.target.now)
        self.trail.made(StateChange, steps.order_by("pk").values_list("pk", flat=True))
        now = Enrolment.objects.in_bulk([row.pk for row in up])
        names = ("state", "state_at", "state_by_id", "reason")
        said = {row.pk: {n: [getattr(row, n), getattr(now[row.pk], n)] for n in names} for row in up}
        self.trail.changed(Enrolment, said)
        to_come = Q(session__starts_at=None) | Q(session__starts_at__gt=self.target.now)
        entries = RosterEntry.objects.filter(to_come, enrolment__in=now).order_by("pk")
        self.trail.made(RosterEntry, entries.values_list("pk", flat=True))
