"""Ideas, who nominated them, and the assignments that carry them on."""

from uuid import NAMESPACE_URL, uuid5

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.loading.assignments import enrolments_of, find_enrolment
from desk.loading.fields import Field, Refused
from desk.loading.kinds import CREATED, UNCHANGED, UPDATED, Kind
from desk.loading.trail import keys
from desk.loading.undoing import was_withdrawn
from ideas import services
from ideas.models import Idea, Mentored, Nomination
from ideas.sectors import SECTORS
from lib.folding import fold
from mentoring.models import Assignment
from people.models import Organisation
from training.models import Session

TEXTS = ("title", "summary", "problem", "customer", "language")
NEEDS_REASON = (Idea.State.DECLINED, Idea.State.STOPPED)
LABELS = ("sector", "stage", "note", "cluster")
TOLD = ("text_id", "sector", "stage", "cluster_id", "note", "state", "state_at", "state_by_id", "reason")


class Ideas(Kind):
    name = "ideas"
    words = "ideas projects ideje projekti predlozi"
    fields = (
        Field(
            "title",
            gettext_lazy("title"),
            required=True,
            words="idea,idea title,idea name,project title,project name,naslov,naziv,ideja,naslov ideje,"
            "naziv ideje,naziv projekta,poslovna ideja,business idea;name",
        ),
        Field(
            "nominators",
            gettext_lazy("who nominated it: ids, e-mails or names of people who take part"),
            required=True,
            is_list=True,
            words="nominator,participants,person,nominated by,predlagac,predlozila,ucesnice,ucesnica,"
            "polaznica,polaznice,preduzetnica",
        ),
        Field(
            "id",
            gettext_lazy("its id in the source of the file; else its title"),
            words="idea id,number,no,broj,redni broj,sifra,sifra ideje",
        ),
        Field(
            "summary",
            gettext_lazy("in one or two sentences"),
            words="description,short description,opis,kratak opis,sazetak,opis ideje",
        ),
        Field("problem", gettext_lazy("which problem it solves"), words="need,potreba,koji problem resava"),
        Field("customer", gettext_lazy("for whom"), words="target group,kupac,kupci,ciljna grupa"),
        Field(
            "sector", gettext_lazy("letter of the NACE section"), words="nace,sektor,delatnost", look="sector"
        ),
        Field("stage", gettext_lazy("how far it is"), words="faza", choices=Idea.Stage),
        Field("aims", gettext_lazy("codes of the programme's aims"), words="aim,ciljevi,cilj", is_list=True),
        Field("language", gettext_lazy("language of the text"), "language", words="jezik"),
        Field("cluster", gettext_lazy("name of the cluster it belongs to"), words="klaster,naziv klastera"),
        Field(
            "note",
            gettext_lazy("private note, read by who records ideas"),
            words="private note,internal note,interna napomena,interna beleska",
        ),
        Field("session", gettext_lazy("id of the session it was nominated in"), words="session id,termin"),
        Field(
            "state",
            gettext_lazy("state; nominated where nothing is said"),
            words="status,stanje",
            choices=Idea.State,
        ),
        Field("reason", gettext_lazy("why it is in this state"), words="razlog"),
        Field(
            "mentors",
            gettext_lazy("mentors whose assignments carry it on"),
            words="mentor,mentorke",
            is_list=True,
        ),
    )

    def __init__(self, target, trail=None):
        super().__init__(target, trail)
        self.aims = {aim.code: aim for aim in target.programme.aims.all()}
        clusters = Organisation.objects.filter(tenant=target.tenant, kind=Organisation.Kind.CLUSTER)
        self.clusters = {row.name_key: row for row in clusters}

    def key(self, row):
        return (row.get("id") or row["title"])[:120]

    def prepare(self, entries):
        people, programme, source = self.target.people, self.target.programme, self.target.source
        people.learn(
            word
            for entry in entries
            for word in (*entry.row["nominators"], *(entry.row.get("mentors") or ()))
        )
        here = Idea.objects.filter(programme=programme, source=source).select_related(
            "text", "programme", "cluster"
        )
        rows = here.filter(source_id__in=[entry.key for entry in entries])
        self.known = {row.source_id: row for row in rows.prefetch_related("aims", "nominations", "mentored")}
        here = enrolments_of(programme).filter(person__in=people.known())
        self.enrolments = {row.person_id: row for row in here}
        ids = {said for entry in entries if (said := entry.row.get("session"))}
        sessions = (
            Session.objects.filter(programme=programme, source=source, source_id__in=ids) if ids else ()
        )
        self.sessions = {row.source_id: row for row in sessions}
        self.assignments = {}
        if any(entry.row.get("mentors") for entry in entries):
            pairs = Assignment.objects.filter(programme=programme, enrolment__in=self.enrolments.values())
            for row in pairs.exclude(state=Assignment.State.DECLINED).select_related("mentor"):
                self.assignments.setdefault((row.mentor.person_id, row.enrolment_id), row)

    def write(self, entry):
        row = entry.row
        if row.get("sector") and row["sector"] not in SECTORS:
            raise Refused(_("This is no letter of a NACE section (A to U)."), "sector")
        hers = [find_enrolment(self, said, "nominators") for said in row["nominators"]]
        pairs = self._pairs(hers, row)
        self._session(row), self._aims(row), self._cluster(row)
        self.is_touched = True
        known = self.known.get(entry.key)
        before = self._told(known) if known and self.trail.is_kept else {}
        idea = known or self._nominate(entry, hers[0], None if pairs else self._stands(row))
        changed = [
            self._nominators(idea, hers if known else hers[1:], entry),
            self._texts(idea, row) if known else False,
            self._carry_on(idea, pairs),
            self._state(idea, row),  # after it: what the file says of the state stands
        ]
        if before and any(changed):
            after = self._told(Idea.objects.select_related("text").get(pk=idea.pk))
            said = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
            self.trail.changed(Idea, {idea.pk: said} if said else {})
        return CREATED if known is None else UPDATED if any(changed) else UNCHANGED

    def _told(self, idea):
        return {name: getattr(idea, name) for name in TOLD} | {"aims": keys(idea.aims.all())}

    def _nominate(self, entry, enrolment, stands):
        row = entry.row
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
            cluster=self._cluster(row),
            note=row.get("note") or "",
            operation=self._operation(entry, enrolment),
            now=self.target.now,
            source=self.target.source,
            source_id=entry.key,
            stands=stands,
        )
        self.known[idea.source_id] = idea
        self.trail.made(Idea, [idea.pk])
        self.trail.made(Nomination, idea.nominations.values_list("pk", flat=True))
        return idea

    def _nominators(self, idea, hers, entry):
        if not hers:
            return False
        there = {nomination.enrolment_id for nomination in idea.nominations.all()}
        missing = [enrolment for enrolment in hers if enrolment.pk not in there]
        for enrolment in missing:
            nomination = services.add_nominator(
                by=self.target.by,
                idea=idea,
                enrolment=enrolment,
                session=self._session(entry.row),
                operation=self._operation(entry, enrolment),
                now=self.target.now,
            )
            self.trail.made(Nomination, [nomination.pk])
        return bool(missing)

    def _texts(self, idea, row):
        """Other words are a new version of the text; what is not said stays as it is."""
        here = {name: getattr(idea.text, name) for name in TEXTS} | {
            name: getattr(idea, name) for name in LABELS
        }
        said = here | {name: row[name] for name in here if row.get(name) is not None}
        said["cluster"] = self._cluster(row) or idea.cluster
        aims = self._aims(row) if row.get("aims") else list(idea.aims.all())
        if said == here and set(aims) == set(idea.aims.all()):
            return False
        services.rewrite(by=self.target.by, idea=idea, aims=aims, now=self.target.now, **said)
        return True

    def _stands(self, row):
        """What the file says of the state of an idea that is new; None: it is as nominated."""
        state, reason = row.get("state"), row.get("reason") or ""
        if state in (None, Idea.State.NOMINATED):
            return None
        return state, reason or (_("no reason on record") if state in NEEDS_REASON else "")

    def _state(self, idea, row):
        state, reason = row.get("state"), row.get("reason") or ""
        if was_withdrawn(idea):  # an import that was taken back is brought again
            state = state or Idea.State.NOMINATED
        if state is None or (state == idea.state and (not reason or reason == idea.reason)):
            return False
        if state in NEEDS_REASON:
            reason = reason or _("no reason on record")
            if state == idea.state and reason == idea.reason:
                return False
        services.set_idea_state(
            by=self.target.by,
            idea=idea,
            state=state,
            reason=reason,
            decided_elsewhere=True,
            now=self.target.now,
        )
        return True

    def _pairs(self, hers, row):
        """The assignments of these mentors with those who nominated the idea."""
        pairs = []
        for said in row.get("mentors") or ():
            person = self.target.people.find(said, "mentors")
            found = [self.assignments.get((person.pk, enrolment.pk)) for enrolment in hers]
            if not any(found):
                raise Refused(
                    _("This mentor has no assignment with who nominated it: load the assignments first."),
                    "mentors",
                    said,
                )
            pairs += filter(None, found)
        return pairs

    def _carry_on(self, idea, pairs):
        if not pairs:
            return False
        there = {link.assignment_id for link in idea.mentored.all()}
        missing = [assignment for assignment in pairs if assignment.pk not in there]
        for assignment in missing:
            link = services.carry_on(by=self.target.by, idea=idea, assignment=assignment, now=self.target.now)
            self.trail.made(Mentored, [link.pk])
        return bool(missing)

    def _session(self, row):
        if not row.get("session"):
            return None
        if row["session"] not in self.sessions:
            raise Refused(_("The programme has no session of this id."), "session")
        return self.sessions[row["session"]]

    def _cluster(self, row):
        if not (name := row.get("cluster")):
            return None
        if fold(name) not in self.clusters:
            raise Refused(_("The address book has no cluster of this name."), "cluster", name)
        return self.clusters[fold(name)]

    def _aims(self, row):
        for code in row.get("aims") or ():
            if code not in self.aims:
                raise Refused(_("The programme has no aim of this code."), "aims", code)
        return [self.aims[code] for code in row.get("aims") or ()]

    def _operation(self, entry, enrolment):
        """The same row of the same file is the same operation."""
        key = entry.row.get("id") or entry.row["title"]
        said = f"load/{self.target.programme.pk}/{self.target.source}/{key}/{enrolment.pk}"
        return uuid5(NAMESPACE_URL, said)
