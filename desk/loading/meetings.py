"""Meetings that took place, a row each. A meeting that is logged already stays as it is."""

from uuid import NAMESPACE_URL, uuid5

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.loading.assignments import enrolments_of, find_enrolment
from desk.loading.fields import Field, Refused
from desk.loading.kinds import CREATED, UNCHANGED, Kind, only
from lib.folding import fold
from mentoring import services
from mentoring.models import Assignment, Function, Meeting

SAID = ("minutes", "place", "function", "next_step")


class Meetings(Kind):
    name = "meetings"
    words = "meetings meeting sastanci sastanak susreti log"
    identity = ("mentor", "person", "day", "start", "topic")
    fields = (
        Field(
            "person",
            gettext_lazy("with whom: id, e-mail or name of somebody who takes part"),
            required=True,
            words="participant,entrepreneur,mentee,polaznica,ucesnica,preduzetnica,person id",
        ),
        Field(
            "mentor",
            gettext_lazy("who mentors; may be empty where she has one mentor only"),
            words="mentorka,mentor id,mentor email,mentor name,ime mentora,ime mentorke",
        ),
        Field(
            "day",
            gettext_lazy("day"),
            "day",
            required=True,
            words="date,meeting date,datum,dan,datum sastanka",
        ),
        Field("start", gettext_lazy("from what time"), "time of day", words="from,time,od,vreme,pocetak"),
        Field(
            "minutes",
            gettext_lazy("how long"),
            "minutes",
            required=True,
            words="duration,length,minuta,trajanje",
        ),
        Field(
            "place",
            gettext_lazy("where; on the premises where nothing is said"),
            words="where,mesto,gde",
            choices=Meeting.Place,
            also="uživo=premises,onlajn=online,drugde=elsewhere",
        ),
        Field(
            "topic", gettext_lazy("about what; funders read it"), required=True, words="subject,tema,about"
        ),
        Field(
            "function",
            gettext_lazy("business function"),
            words="business function,poslovna funkcija,oblast",
            choices=Function,
        ),
        Field("next_step", gettext_lazy("next step"), words="next,follow up,sledeci korak,dogovor"),
    )

    def look_up(self, rows):
        said = [row.get(name) for row in rows for name in ("mentor", "person")]
        self.target.people.learn(word for word in said if word)

    def key(self, row):
        key = self.target.people.key
        who = tuple(str(key(row[name])) if row.get(name) else "" for name in ("mentor", "person"))
        return *who, row["day"], row.get("start"), fold(row["topic"])

    def prepare(self, entries):
        here = enrolments_of(self.target.programme).filter(person__in=self.target.people.known())
        self.enrolments = {row.person_id: row for row in here}
        rows = Assignment.objects.filter(enrolment__in=here, state__in=Assignment.COUNTED)
        self.pairs = {}
        for row in rows.select_related("programme__tenant", "mentor", "enrolment").order_by("pk"):
            self.pairs.setdefault(row.enrolment_id, []).append(row)
        known = Meeting.objects.counting().filter(assignment__in=rows.order_by())
        self.known = {(row.assignment_id, row.day, row.start, fold(row.topic)): row for row in known}

    def write(self, entry):
        row = entry.row
        pair = self._pair(find_enrolment(self, row["person"], "person"), row)
        self.is_touched = True
        key = (pair.pk, row["day"], row.get("start"), fold(row["topic"]))
        if known := self.known.get(key):
            return self._same(known, only(row, *SAID))
        made = services.log_meeting(
            by=self.target.by,
            assignment=pair,
            operation=uuid5(NAMESPACE_URL, "/".join(map(str, (*key, self._times(key))))),
            now=self.target.now,
            **{"place": Meeting.Place.PREMISES} | only(row, "day", "start", "topic", *SAID),
        )
        self.known[key] = made
        self.trail.made(Meeting, [made.pk])
        return CREATED

    def _times(self, key) -> int:
        """One that was cancelled may be brought in again: it is another meeting then."""
        pair, day, start, _topic = key
        return (
            Meeting.objects.filter(assignment=pair, day=day, start=start).exclude(cancelled_at=None).count()
        )

    def _same(self, known, said):
        """What was logged and perhaps confirmed is not overwritten by a sheet."""
        for name, value in said.items():
            if getattr(known, name) != value:
                words = _("This meeting is logged already and says something else: cancel it there first.")
                raise Refused(words, name, value)
        return UNCHANGED

    def _pair(self, enrolment, row):
        found = self.pairs.get(enrolment.pk, [])
        if row.get("mentor"):
            person = self.target.people.find(row["mentor"], "mentor")
            found = [pair for pair in found if pair.mentor.person_id == person.pk]
        if len(found) > 1 and not row.get("mentor"):
            raise Refused(_("She has several mentors: say which."), "mentor")
        if not found:
            words = _("The two are no pair in this programme: load the assignments first.")
            raise Refused(
                words, "mentor" if row.get("mentor") else "person", row.get("mentor") or row["person"]
            )
        return found[-1]
