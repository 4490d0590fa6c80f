"""Who mentors whom. A row with several mentors and several people speaks of every pair of them."""

from datetime import time, timedelta
from itertools import product

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.audit import audit
from desk.loading.fields import Field, Refused
from desk.loading.kinds import CREATED, UNCHANGED, UPDATED, Kind, apply, only
from lib import clock
from mentoring import services
from mentoring.models import Assignment, AssignmentChange, Mentor
from mentoring.pairs.steps import PASSED
from mentoring.services.states import tell
from training.models import Enrolment

SAID = ("agreed_hours", "share_on_premises", "start", "end", "offered_until", "state", "reason")


class Assignments(Kind):
    name = "assignments"
    words = "assignments pairs matches dodele parovi mentorstva"
    identity = ("mentor", "person")
    fields = (
        Field(
            "mentor",
            gettext_lazy("who mentors: ids, e-mails or names"),
            required=True,
            is_list=True,
            words="mentors,mentorka,mentori,mentor id,mentor email,mentor name,email mentora,ime mentora",
        ),
        Field(
            "person",
            gettext_lazy("whom: ids, e-mails or names of people who take part"),
            required=True,
            is_list=True,
            words="participant,entrepreneur,mentee,polaznica,polaznik,ucesnica,ucesnik,preduzetnica,"
            "person id,participant name,participant email,ime polaznice,email polaznice;name,email",
        ),
        Field(
            "agreed_hours",
            gettext_lazy("hours agreed on"),
            "whole number",
            words="hours,sati,dogovoreno sati,broj sati",
        ),
        Field(
            "share_on_premises",
            gettext_lazy("share of the hours on the premises, in per cent"),
            "whole number",
            words="share on premises,premises share,udeo uzivo,procenat uzivo",
        ),
        Field(
            "start",
            gettext_lazy("first day"),
            "day",
            words="from,start date,first day,od,pocetak,datum pocetka",
        ),
        Field(
            "end",
            gettext_lazy("last day"),
            "day",
            words="until,end date,last day,do,kraj,datum kraja",
        ),
        Field(
            "offered_until",
            gettext_lazy("last day on which an offer may be answered"),
            "day",
            words="answer until,offer expires,odgovor do,rok za odgovor",
        ),
        Field(
            "state",
            gettext_lazy("state; active where nothing is said"),
            words="status,stanje",
            choices=Assignment.State,
        ),
        Field("reason", gettext_lazy("why it has this state"), words="why,razlog"),
        Field(
            "conflict_accepted",
            gettext_lazy("why in spite of a conflict of interest on record"),
            words="conflict,sukob interesa",
        ),
    )

    def __init__(self, target, trail=None):
        super().__init__(target, trail)
        self.said: dict[tuple[int, int], tuple[int, dict]] = {}  # of each pair: which row said what

    def look_up(self, rows):
        self.target.people.learn(word for row in rows for word in (*row["mentor"], *row["person"]))

    def key(self, row):
        key = self.target.people.key
        return tuple(sorted(map(str, map(key, row["mentor"])))), tuple(
            sorted(map(str, map(key, row["person"])))
        )

    def prepare(self, entries):
        people = self.target.people
        mentors = Mentor.objects.filter(person__in=people.known()).select_related("person")
        self.mentors = {row.person_id: row for row in mentors}
        here = enrolments_of(self.target.programme).filter(person__in=people.known())
        self.enrolments = {row.person_id: row for row in here}
        rows = Assignment.objects.filter(programme=self.target.programme, mentor__in=mentors)
        rows = sorted(rows, key=lambda row: (row.state not in PASSED, row.pk))  # what is alive is meant
        self.known = {(row.mentor_id, row.enrolment_id): row for row in rows}

    def write(self, entry):
        row = entry.row
        mentors = [self._mentor(said) for said in row["mentor"]]
        enrolments = [find_enrolment(self, said, "person") for said in row["person"]]
        pairs = list(product(mentors, enrolments))
        for mentor, enrolment in pairs:
            self._say(entry, mentor, enrolment)
        outcomes = {self._pair(mentor, enrolment, row) for mentor, enrolment in pairs}
        return next(outcome for outcome in (CREATED, UPDATED, UNCHANGED) if outcome in outcomes)

    def _say(self, entry, mentor, enrolment):
        """Rows may overlap in their pairs; they may not say different things of one. Raises Refused."""
        said = only(entry.row, *SAID)
        number, before = self.said.setdefault((mentor.pk, enrolment.pk), (entry.number, said))
        if number != entry.number and before != said:
            name = next(n for n in SAID if before.get(n) != said.get(n))
            words = _("Row %(row)s says something else of the same one.") % {"row": number}
            raise Refused(words, name, said.get(name))

    def _pair(self, mentor, enrolment, row):
        self.is_touched = True
        known, state = self.known.get((mentor.pk, enrolment.pk)), row.get("state")
        if known and (known.state not in PASSED or state in PASSED):
            return self._change(known, row)
        said = self._said(row)
        state = said.pop("state", Assignment.State.ACTIVE)
        if state == Assignment.State.OFFERED and "offered_until" not in said:
            words = _("Say until when it may be answered: an offer without an end would wait for ever.")
            raise Refused(words, "offered_until")
        made = services.assign(
            by=self.target.by,
            programme=self.target.programme,
            mentor=mentor,
            enrolment=enrolment,
            state=state,
            conflict_accepted=row.get("conflict_accepted") or "",
            now=self.target.now,
            **said,
        )
        self.known[mentor.pk, enrolment.pk] = made
        self.trail.made(Assignment, [made.pk])
        self.trail.made(AssignmentChange, made.changes.values_list("pk", flat=True))
        return CREATED

    def _said(self, row):
        """What the row says of a pair; an offer may be answered until its last day ends."""
        said = only(row, *SAID)
        if day := said.get("offered_until"):
            zone = self.target.programme.zone
            said["offered_until"] = clock.instant(day + timedelta(days=1), time(), zone, fold=0)
        return said

    def _change(self, known, row):
        changed = apply(known, self._said(row))
        if not changed:
            return UNCHANGED
        if "state" in changed:
            changed |= {"state_at": [known.state_at, self.target.now]}
            changed |= {"state_by_id": [known.state_by_id, self.target.by and self.target.by.pk]}
            known.state_at, known.state_by = self.target.now, self.target.by
        if known.state == Assignment.State.OFFERED and known.offered_until is None:
            words = _("Say until when it may be answered: an offer without an end would wait for ever.")
            raise Refused(words, "offered_until")
        known.full_clean(validate_unique=False)
        known.revision += 1
        known.save()
        audit(self.target.by, "edit", known, changed, tenant=self.target.tenant)
        self.trail.changed(Assignment, {known.pk: changed})
        if "state" in changed:
            step = tell(known, now=self.target.now)
            self.trail.made(AssignmentChange, [step.pk])
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
