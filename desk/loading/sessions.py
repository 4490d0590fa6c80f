"""Sessions. Without a day they are not scheduled; without ids they are told apart by what they say."""

import hashlib
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from desk.loading.fields import Field, Refused
from desk.loading.kinds import CREATED, UNCHANGED, UPDATED, Kind
from lib.folding import fold
from training import services
from training.models import Session, Venue

PLAIN = ("title", "title_sr", "kind", "agenda", "zone", "break_minutes")


class Sessions(Kind):
    name = "sessions"
    fields = (
        Field("title", lazy("title"), required=True, words="name,topic,naslov,naziv,tema"),
        Field("id", lazy("its id in the source of the file"), words="session id,sifra,sifra termina"),
        Field("title_sr", lazy("title in Serbian"), words="title in serbian,naslov na srpskom"),
        Field("day", lazy("day; blank while it is not scheduled"), "day", words="date,datum,dan"),
        Field("start", lazy("start, in the time zone"), "time of day", words="time,from,pocetak,vreme,od"),
        Field("end", lazy("end, in the time zone"), "time of day", words="to,until,kraj,do"),
        Field(
            "minutes",
            lazy("length with breaks, where no end is given"),
            "minutes",
            words="duration,length,trajanje",
        ),
        Field("break_minutes", lazy("breaks in it"), "minutes", words="breaks,break,pauza,pauze"),
        Field(
            "zone",
            lazy("time zone; else that of the venue or programme"),
            "time zone",
            words="time zone,timezone",
        ),
        Field("module", lazy("number of the module"), "whole number", words="modul"),
        Field(
            "venue", lazy("name of the venue; made where it is not known"), words="place,mesto,lokacija,sala"
        ),
        Field(
            "trainers",
            lazy("who leads it: ids, e-mails or names"),
            words="trainer,trener,trenerica",
            is_list=True,
        ),
        Field("kind", lazy("kind of session, in your words"), words="type,call type,vrsta,tip"),
        Field("agenda", lazy("what happens in it"), words="description,program,dnevni red,opis"),
    )

    def __init__(self, target):
        super().__init__(target)
        programme = target.programme
        rows = Session.objects.filter(programme=programme, source=target.source).prefetch_related("trainers")
        self.known = {row.source_id: row for row in rows if row.source_id}
        self.modules = {row.number: row for row in programme.modules.all()}
        self.venues = {fold(row.name): row for row in Venue.objects.filter(tenant=target.tenant)}
        self.repeats: dict[str, int] = {}

    def key(self, row):
        """The id; else a digest of what it says, counted: two equal rows are two sessions."""
        if row.get("id"):
            return row["id"]
        said = "|".join(f"{name}={row[name]}" for name in sorted(row) if row[name] is not None)
        digest = hashlib.sha256(said.encode()).hexdigest()[:20]
        self.repeats[digest] = self.repeats.get(digest, 0) + 1
        self.last = f"row:{digest}:{self.repeats[digest]}"
        return self.last

    def write(self, row):
        source_id = row.get("id") or self.last
        fields = self._fields(row)
        if known := self.known.get(source_id):
            return self._change(known, fields)
        self.known[source_id] = services.plan_session(
            by=self.target.by,
            programme=self.target.programme,
            source=self.target.source,
            source_id=source_id,
            **fields,
        )
        return CREATED

    def _change(self, known, fields):
        trainers = fields.pop("trainers", None)
        fields = {name: value for name, value in fields.items() if getattr(known, name) != value}
        if trainers is not None and set(trainers) != set(known.trainers.all()):
            fields["trainers"] = trainers
        if known.start is not None:
            fields.pop("minutes", None)  # its length follows from start and end
        if not fields:
            return UNCHANGED
        services.change_session(by=self.target.by, session=known, now=self.target.now, **fields)
        return UPDATED

    def _fields(self, row):
        fields = {name: row[name] for name in PLAIN if row.get(name) is not None}
        fields |= self._times(row)
        if row.get("module") is not None:
            if row["module"] not in self.modules:
                raise Refused(_("The programme has no module of this number."), "module")
            fields["module"] = self.modules[row["module"]]
        if row.get("venue"):
            fields["venue"] = self._venue(row["venue"])
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
            if last.date() != day:
                raise Refused(_("It would end on the next day: a session ends on its day."), "minutes")
            end = last.time()
        return {"day": day, "start": start, "end": end}

    def _venue(self, name):
        if fold(name) not in self.venues:
            self.venues[fold(name)] = Venue.objects.create(tenant=self.target.tenant, name=name)
        return self.venues[fold(name)]
