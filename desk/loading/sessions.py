"""Sessions. Without a day they are not scheduled; without ids they are told apart by what they say."""

import hashlib
import re
from datetime import datetime, time, timedelta

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.audit import audit
from desk.loading import moments
from desk.loading.fields import Field, Refused
from desk.loading.kinds import CREATED, UNCHANGED, UPDATED, Kind, check
from desk.loading.trail import keys
from lib.folding import fold
from training import services
from training.models import Session, Venue


class Standing(models.TextChoices):
    """Does it take place?"""

    PLANNED = "planned", gettext_lazy("planned")
    CANCELLED = "cancelled", gettext_lazy("cancelled")


PLAIN = ("title", "title_sr", "kind", "agenda", "zone", "break_minutes")
TOLD = (*PLAIN, "day", "start", "end", "minutes", "module_id", "venue_id")


ONLINE = {
    "online", "onlajn", "zoom", "teams", "meet", "webex", "skype", "viber", "webinar", "virtual", "virtuelno",
    "remote",
}  # fmt: skip


def is_online(name: str) -> bool:
    """Does it name no room but a call, or nothing at all ("-")? Several of those may be on at once."""
    words = re.findall(r"[^\W_]+", fold(name).replace("on-line", "online"))
    return not words or not ONLINE.isdisjoint(words)


class Sessions(Kind):
    name = "sessions"
    words = (
        "sessions workshops events trainings calls sesije termini radionice dogadjaji obuke raspored agenda"
    )
    fields = (
        Field(
            "title",
            gettext_lazy("title"),
            required=True,
            words="topic,session name,session title,event name,event title,workshop title,naslov,naziv,tema,"
            "naslov sesije,naziv sesije,tema sesije,naziv radionice,naziv dogadjaja,naziv obuke;name",
        ),
        Field(
            "id",
            gettext_lazy("its id in the source of the file"),
            words="session id,event id,slug,sifra,sifra termina,sifra sesije",
        ),
        Field("title_sr", gettext_lazy("title in Serbian"), words="title in serbian,naslov na srpskom"),
        Field(
            "day",
            gettext_lazy("day; blank while it is not scheduled"),
            "day",
            words="date,session date,event date,start date,start day,date time,datum,dan,datum odrzavanja,"
            "datum sesije,datum radionice,datum i vreme;start,pocetak",
            look="day",
        ),
        Field(
            "start",
            gettext_lazy("start, in the time zone"),
            "time of day",
            words="time,start time,from,starts at,begins,pocetak,vreme,vreme pocetka,od",
        ),
        Field(
            "end",
            gettext_lazy("end, in the time zone"),
            "time of day",
            words="end time,to,until,ends at,kraj,vreme zavrsetka,zavrsetak,do",
        ),
        Field(
            "minutes",
            gettext_lazy("length with breaks, where no end is given"),
            "minutes",
            words="duration,length,trajanje,duzina",
        ),
        Field("break_minutes", gettext_lazy("breaks in it"), "minutes", words="breaks,break,pauza,pauze"),
        Field(
            "zone",
            gettext_lazy("time zone; else that of the venue or programme"),
            "time zone",
            words="time zone,timezone",
        ),
        Field("module", gettext_lazy("number of the module"), "whole number", words="modul"),
        Field(
            "venue",
            gettext_lazy("name of the venue; made where it is not known"),
            words="place,location,venue name,mesto,mesto odrzavanja,lokacija,sala,prostor",
        ),
        Field(
            "trainers",
            gettext_lazy("who leads it: ids, e-mails or names"),
            words="trainer,instructor,instructors,facilitator,lecturer,speaker,trener,trenerica,treneri,predavac,"
            "predavaci,predavacica,vodi",
            is_list=True,
        ),
        Field(
            "kind",
            gettext_lazy("kind of session, in your words"),
            words="type,call type,session type,event type,tag name,vrsta,tip,vrsta sesije,vrsta dogadjaja",
        ),
        Field(
            "state",
            gettext_lazy("whether it takes place; so it does where nothing is said"),
            words="status,stanje,event status",
            choices=Standing,
            also="past=planned,upcoming=planned,confirmed=planned,active=planned,published=planned,held=planned,"
            "odrzano=planned,canceled=cancelled,otkazano=cancelled,otkazana=cancelled,otkazan=cancelled",
        ),
        Field("agenda", gettext_lazy("what happens in it"), words="description,programme,dnevni red,opis"),
    )

    def __init__(self, target, trail=None):
        super().__init__(target, trail)
        self.modules = {row.number: row for row in target.programme.modules.all()}
        self.repeats: dict[str, int] = {}

    @classmethod
    def completed(cls, mapping, counted, target):
        """A column of moments is the day, and where no other column says so the start and the offset."""
        entry = mapping.get("day")
        header = entry.get("from") if isinstance(entry, dict) else entry
        header = header[0] if isinstance(header, list) and len(header) == 1 else header
        if not isinstance(header, str) or "start" in mapping:
            return dict(mapping), []
        found = list(counted([header]))
        if not found or not all(moments.time_in(said) for said in found):
            return dict(mapping), []
        more = {"start": header} | (
            {"zone": header} if "zone" not in mapping and all(map(moments.offset_in, found)) else {}
        )
        words = _("Column %(header)s is the day with the time of day, guessed.")
        return dict(mapping) | more, [words % {"header": header}]

    def key(self, row):
        """The id; else a digest of what it says, counted: two equal rows are two sessions."""
        if row.get("id"):
            return row["id"]
        said = "|".join(f"{name}={row[name]}" for name in sorted(row) if row[name] is not None)
        digest = hashlib.sha256(said.encode()).hexdigest()[:20]
        self.repeats[digest] = self.repeats.get(digest, 0) + 1
        return f"row:{digest}:{self.repeats[digest]}"

    def prepare(self, entries):
        self.target.people.learn(word for entry in entries for word in entry.row.get("trainers") or ())
        here = Session.objects.filter(programme=self.target.programme, source=self.target.source)
        rows = here.filter(source_id__in=[entry.key for entry in entries]).select_related("venue", "module")
        self.known = {row.source_id: row for row in rows.prefetch_related("trainers")}
        wanted = {fold(name) for entry in entries if (name := entry.row.get("venue"))}
        venues = Venue.objects.filter(tenant=self.target.tenant) if wanted else ()
        self.venues = {fold(row.name): row for row in venues}

    def write(self, entry):
        fields = self._fields(entry.row)
        self.is_touched = True
        if entry.row.get("venue"):
            fields["venue"] = self._venue(entry.row["venue"])
        is_cancelled = entry.row.get("state") == Standing.CANCELLED
        if known := self.known.get(entry.key):
            changed = self._change(known, fields)
            return self._cancel(known) if is_cancelled else changed
        made = services.plan_session(
            by=self.target.by,
            programme=self.target.programme,
            source=self.target.source,
            source_id=entry.key,
            cancelled_at=self.target.now
            if is_cancelled
            else None,  # at once: so it takes no place or trainer
            **fields,
        )
        self.known[entry.key] = made
        self.trail.made(Session, [made.pk])
        return CREATED

    def _change(self, known, fields):
        trainers = fields.pop("trainers", None)
        fields = {name: value for name, value in fields.items() if getattr(known, name) != value}
        if known.start is not None:
            fields.pop("minutes", None)  # its length follows from start and end
        if trainers is not None and set(trainers) != set(known.trainers.all()):
            fields["trainers"] = trainers
        if not fields:
            return UNCHANGED
        before = {name: _told(known, name) for name in (*TOLD, "trainers")}
        row = services.change_session(by=self.target.by, session=known, now=self.target.now, **fields)
        after = {name: _told(row, name) for name in before}
        changed = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
        self.trail.changed(Session, {known.pk: changed})
        return UPDATED if changed else UNCHANGED

    def _cancel(self, known):
        if known.cancelled_at:
            return UNCHANGED
        row = services.cancel_session(by=self.target.by, session=known, now=self.target.now)
        self.trail.changed(Session, {known.pk: {"cancelled_at": [None, row.cancelled_at]}})
        return UPDATED

    def _fields(self, row):
        row = row | {"minutes": row.get("minutes") or None}  # PT0S and 0 min: its length is unknown
        fields = {name: row[name] for name in PLAIN if row.get(name) is not None}
        check(
            Session, fields | {"source_id": row.get("id"), "minutes": row.get("minutes")}, {"source_id": "id"}
        )
        check(Venue, {"name": row.get("venue")}, {"name": "venue"})
        fields |= self._times(row)
        if moments.offset_like(fields.get("zone", "")):
            fields["zone"] = self._zone(fields["zone"], row)
        if row.get("module") is not None:
            if row["module"] not in self.modules:
                raise Refused(_("The programme has no module of this number."), "module")
            fields["module"] = self.modules[row["module"]]
        if row.get("trainers"):
            fields["trainers"] = [self.target.people.find(said, "trainers") for said in row["trainers"]]
        return fields

    def _times(self, row):
        """Day, start and end; the end may follow from the length. A time without a day is not kept."""
        day, start, end, length = (row.get(name) for name in ("day", "start", "end", "minutes"))
        if day is None:
            return {"minutes": length} if length is not None else {}
        if start is None or (end is None and length is None):
            return {"day": day} | ({"minutes": length} if length is not None else {})
        if end is None:
            last = datetime.combine(day, start) + timedelta(minutes=length)
            if length >= 1440:  # several days: how long is known, not when it was on each
                self.noticed.append(
                    _("“%(title)s” lasts beyond its day: its day and length are kept, not its times.") % row
                )
                return {"day": day, "minutes": length}
            if last.date() != day:
                raise Refused(_("It would end on the next day: a session ends on its day."), "minutes")
            end = last.time()
        return {"day": day, "start": start, "end": end}

    def _zone(self, offset, row):
        """Zones that are known here and showed that time are taken before those that only stand for it."""
        venue = self.venues.get(fold(row.get("venue") or ""))
        preferred = (venue.zone if venue else "", self.target.programme.zone)
        try:
            return moments.zone_of(offset, row["day"], row.get("start") or time(12), *preferred)
        except ValueError as error:
            raise Refused(str(error), "zone", offset) from None

    def _venue(self, name):
        if fold(name) not in self.venues:
            where = {"name": name, "is_shared": is_online(name)}
            venue = Venue.objects.create(tenant=self.target.tenant, **where)
            audit(self.target.by, "create", venue, list(where), tenant=self.target.tenant)
            self.trail.made(Venue, [venue.pk])
            self.venues[fold(name)] = venue
        return self.venues[fold(name)]


def _told(session, name):
    """As the trail keeps it: trainers as their keys."""
    return keys(session.trainers.all()) if name == "trainers" else getattr(session, name)
