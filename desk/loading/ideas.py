"""Ideas, who nominated them, and the assignments that carry them on."""

from uuid import NAMESPACE_URL, uuid5

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from desk.loading.assignments import enrolments_of, find_enrolment
from desk.loading.fields import Field, Refused
from desk.loading.kinds import CREATED, UNCHANGED, UPDATED, Kind
from ideas import services
from ideas.models import Idea
from ideas.sectors import SECTORS
from mentoring.models import Assignment
from training.models import Session

TEXTS = ("title", "summary", "problem", "customer")
NEEDS_REASON = (Idea.State.DECLINED, Idea.State.STOPPED)
LABELS = ("sector", "stage")


class Ideas(Kind):
    name = "ideas"
    fields = (
        Field("title", lazy("title"), required=True, words="name,idea,naslov,naziv,ideja"),
        Field(
            "nominators",
            lazy("who nominated it: ids, e-mails or names of people who take part"),
            required=True,
            is_list=True,
            words="nominator,participants,person,predlagac,predlozila,ucesnice",
        ),
        Field(
            "id",
            lazy("its id in the source of the file; else its title"),
            words="idea id,number,no,broj,sifra",
        ),
        Field("summary", lazy("in one or two sentences"), words="description,opis,sazetak"),
        Field("problem", lazy("which problem it solves"), words="potreba"),
        Field("customer", lazy("for whom"), words="customers,kupac,kupci"),
        Field("sector", lazy("letter of the NACE section"), words="nace,sektor,delatnost"),
        Field("stage", lazy("how far it is"), words="faza", choices=Idea.Stage),
        Field("aims", lazy("codes of the programme's aims"), words="aim,ciljevi,cilj", is_list=True),
        Field("language", lazy("language of the text"), "language", words="jezik"),
        Field("session", lazy("id of the session it was nominated in"), words="session id,termin"),
        Field(
            "state", lazy("state; nominated where nothing is said"), words="status,stanje", choices=Idea.State
        ),
        Field("reason", lazy("why it is in this state"), words="razlog"),
        Field(
            "mentors", lazy("mentors whose assignments carry it on"), words="mentor,mentorke", is_list=True
        ),
    )

    def __init__(self, target):
        super().__init__(target)
        programme = target.programme
        rows = Idea.objects.filter(programme=programme, source=target.source).select_related("text")
        self.known = {row.source_id: row for row in rows.prefetch_related("aims", "nominations", "mentored")}
        self.enrolments = {row.person_id: row for row in enrolments_of(programme)}
        self.aims = {aim.code: aim for aim in programme.aims.all()}
        sessions = Session.objects.filter(programme=programme, source=target.source)
        self.sessions = {row.source_id: row for row in sessions}
        pairs = Assignment.objects.filter(programme=programme).exclude(state=Assignment.State.DECLINED)
        self.assignments = {}
        for row in pairs.select_related("mentor"):
            self.assignments.setdefault((row.mentor.person_id, row.enrolment_id), row)

    def key(self, row):
        return row.get("id") or row["title"]

    def write(self, row):
        if row.get("sector") and row["sector"] not in SECTORS:
            raise Refused(_("This is no letter of a NACE section (A to U)."), "sector")
        hers = [find_enrolment(self, said, "nominators") for said in row["nominators"]]
        known = self.known.get(self.key(row)[:120])
        idea = known or self._nominate(row, hers[0])
        changed = [
            self._nominators(idea, hers, row),
            self._texts(idea, row) if known else False,
            self._carry_on(idea, hers, row),
            self._state(idea, row),  # after it: what the file says of the state stands
        ]
        return CREATED if known is None else UPDATED if any(changed) else UNCHANGED

    def _nominate(self, row, enrolment):
        idea = services.nominate(
            by=self.target.by,
            enrolment=enrolment,
            session=self._session(row),
            title=row["title"],
            summary=row.get("summary") or "",
            problem=row.get("problem") or "",
            customer=row.get("customer") or "",
            sector=row.get("sector") or "",
            aims=self._aims(row),
            stage=row.get("stage"),
            language=row.get("language") or "",
            operation=self._operation(row, enrolment),
            now=self.target.now,
            source=self.target.source,
            source_id=self.key(row)[:120],
        )
        self.known[idea.source_id] = idea
        return idea

    def _nominators(self, idea, hers, row):
        there = {nomination.enrolment_id for nomination in idea.nominations.all()}
        missing = [enrolment for enrolment in hers if enrolment.pk not in there]
        for enrolment in missing:
            services.add_nominator(
                by=self.target.by,
                idea=idea,
                enrolment=enrolment,
                session=self._session(row),
                operation=self._operation(row, enrolment),
                now=self.target.now,
            )
        return bool(missing)

    def _texts(self, idea, row):
        """Other words are a new version of the text; what is not said stays as it is."""
        here = {name: getattr(idea.text, name) for name in TEXTS} | {
            name: getattr(idea, name) for name in LABELS
        }
        said = here | {name: row[name] for name in here if row.get(name) is not None}
        aims = self._aims(row) if row.get("aims") else list(idea.aims.all())
        if said == here and set(aims) == set(idea.aims.all()):
            return False
        services.rewrite(by=self.target.by, idea=idea, aims=aims, now=self.target.now, **said)
        return True

    def _state(self, idea, row):
        state, reason = row.get("state"), row.get("reason") or ""
        if state is None or (state == idea.state and (not reason or reason == idea.reason)):
            return False
        if state in NEEDS_REASON:
            reason = reason or _("no reason on record")
            if state == idea.state and reason == idea.reason:
                return False
        services.set_idea_state(by=self.target.by, idea=idea, state=state, reason=reason, now=self.target.now)
        return True

    def _carry_on(self, idea, hers, row):
        """Point the idea to the assignments of these mentors with those who nominated it."""
        there = {link.assignment_id for link in idea.mentored.all()}
        changed = False
        for said in row.get("mentors") or ():
            person = self.target.people.find(said, "mentors")
            found = [self.assignments.get((person.pk, enrolment.pk)) for enrolment in hers]
            if not any(found):
                raise Refused(
                    _("This mentor has no assignment with who nominated it: load the assignments first."),
                    "mentors",
                    said,
                )
            for assignment in filter(None, found):
                if assignment.pk not in there:
                    services.carry_on(
                        by=self.target.by, idea=idea, assignment=assignment, now=self.target.now
                    )
                    changed = True
        return changed

    def _session(self, row):
        if not row.get("session"):
            return None
        if row["session"] not in self.sessions:
            raise Refused(_("The programme has no session of this id."), "session")
        return self.sessions[row["session"]]

    def _aims(self, row):
        for code in row.get("aims") or ():
            if code not in self.aims:
                raise Refused(_("The programme has no aim of this code."), "aims", code)
        return [self.aims[code] for code in row.get("aims") or ()]

    def _operation(self, row, enrolment):
        """The same row of the same file is the same operation."""
        said = f"load/{self.target.programme.pk}/{self.target.source}/{self.key(row)}/{enrolment.pk}"
        return uuid5(NAMESPACE_URL, said)
