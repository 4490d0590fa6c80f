"""What pairs agreed to reach. A goal is known by its pair and its words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.audit import audit
from desk.loading.assignments import enrolments_of, find_enrolment
from desk.loading.fields import Field, Refused
from desk.loading.kinds import CREATED, UNCHANGED, UPDATED, Kind, apply, only
from lib.folding import fold
from mentoring import services
from mentoring.models import Assignment, Function, Goal, Mentor

PLAIN = ("due", "function", "state", "remark")


class Goals(Kind):
    name = "goals"
    words = "goals ciljevi"
    identity = ("mentor", "person", "text")
    fields = (
        Field(
            "mentor",
            gettext_lazy("who mentors: id, e-mail or full name as known"),
            required=True,
            words="mentorka,mentor id,mentor email,mentor name,email mentora,ime mentora",
        ),
        Field(
            "person",
            gettext_lazy("whom: id, e-mail or full name as known"),
            required=True,
            words="participant,entrepreneur,mentee,polaznica,polaznik,ucesnica,ucesnik,preduzetnica,"
            "person id,participant name,participant email,ime polaznice,email polaznice;name,email",
        ),
        Field("text", gettext_lazy("the goal in words"), required=True, words="goal,cilj,opis cilja"),
        Field("due", gettext_lazy("until when"), "day", words="until,due date,deadline,rok,do kada"),
        Field(
            "function",
            gettext_lazy("business function"),
            words="business function,oblast,poslovna funkcija",
            choices=Function,
        ),
        Field(
            "state",
            gettext_lazy("what came of it; open where nothing is said"),
            words="status,stanje,ishod",
            choices=Goal.State,
        ),
        Field("remark", gettext_lazy("what came of it, in words"), words="comment,napomena,komentar"),
    )

    def look_up(self, rows):
        self.target.people.learn(word for row in rows for word in (row["mentor"], row["person"]))

    def key(self, row):
        key = self.target.people.key
        return str(key(row["mentor"])), str(key(row["person"])), fold(row["text"])

    def prepare(self, entries):
        people = self.target.people.known()
        mentors = Mentor.objects.filter(person__in=people)
        self.mentors = {row.person_id: row for row in mentors}
        self.enrolments = {
            row.person_id: row for row in enrolments_of(self.target.programme).filter(person__in=people)
        }
        rows = Assignment.objects.filter(programme=self.target.programme, mentor__in=mentors)
        rows = rows.filter(state__in=Assignment.COUNTED).select_related("programme__tenant")
        self.pairs = {(row.mentor_id, row.enrolment_id): row for row in rows.order_by("pk")}
        goals = Goal.objects.filter(assignment__in=self.pairs.values())
        self.known = {(row.assignment_id, fold(row.text)): row for row in goals.order_by("pk")}

    def write(self, entry):
        row, pair = entry.row, self._pair(entry.row)
        self.is_touched = True
        if known := self.known.get((pair.pk, fold(row["text"]))):
            return self._change(known, row)
        made = services.add_goal(
            by=self.target.by, assignment=pair, text=row["text"], now=self.target.now, **only(row, *PLAIN)
        )
        self.known[pair.pk, fold(made.text)] = made
        self.trail.made(Goal, [made.pk])
        return CREATED

    def _pair(self, row):
        """The assignment of the two that was accepted. Raises Refused."""
        enrolment = find_enrolment(self, row["person"], "person")
        mentor = self.mentors.get(self.target.people.find(row["mentor"], "mentor").pk)
        if mentor is None:
            raise Refused(_("This person is no mentor: load the mentors first."), "mentor", row["mentor"])
        if (mentor.pk, enrolment.pk) not in self.pairs:
            words = _("She does not guide this person here: load the assignments first.")
            raise Refused(words, "mentor", row["mentor"])
        return self.pairs[mentor.pk, enrolment.pk]

    def _change(self, known, row):
        changed = apply(known, only(row, *PLAIN))
        if not changed:
            return UNCHANGED
        if "state" in changed:
            changed |= {"state_at": [known.state_at, self.target.now]}
            changed |= {"state_by_id": [known.state_by_id, self.target.by and self.target.by.pk]}
            known.state_at, known.state_by = self.target.now, self.target.by
        known.full_clean()
        known.revision += 1
        known.save()
        audit(self.target.by, "edit", known, changed, tenant=self.target.tenant)
        self.trail.changed(Goal, {known.pk: changed})
        return UPDATED
