"""People counted without names: how many, of what, in which session. Blank is unknown, never nought."""

import hashlib
import re
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.loading.calendar import Calendar
from desk.loading.days_in import Said, days_in
from desk.loading.fields import Field, Refused
from desk.loading.kinds import CREATED, UNCHANGED, UPDATED, BulkKind, in_words
from lib.folding import fold
from training.models import Headcount, Session
from training.services import plan_session
from training.services.headcounts import checked, keep_headcounts

COUNTS = re.compile(
    r"registered|registrations?|attended|attendees?|attendance|present|participants|people|persons|men|women|"
    r"prijavljen\w*|"
    r"prisutn\w*|ucesni\w*|polazni\w*|posetila\w*|zena|zene|muskarc\w*|rsvps?( yes)?|said yes|da(y|n) ?\d+"
)
KEPT = ("session_id", "number", "of_what", "country", "how", "evidence")


class Headcounts(BulkKind):
    name = "headcounts"
    words = "headcounts headcount counts visitors brojevi brojanje posetioci"
    chunk = 500
    fields = (
        Field(
            "session",
            gettext_lazy("which session: id, title or day; made where it is not known"),
            words=("session id,slug,event,title,workshop,radionica,sesija,termin,dogadjaj,naziv"),
        ),
        Field("day", gettext_lazy("its day"), "day", words="date,start date,session date,datum,dan"),
        Field("id", gettext_lazy("its id in the source of the file"), words="headcount id,sifra"),
        Field(
            "number",
            gettext_lazy("how many; blank is unknown"),
            "whole number",
            words=("count,headcount,how many,broj,koliko,broj ljudi,broj prisutnih;attendance,rsvps yes"),
        ),
        Field("of_what", gettext_lazy("of what, in your words"), words="of what,what,sta je brojano,cega"),
        Field(
            "counts",
            gettext_lazy("columns of a number each; the heading says of what"),
            "whole number",
            is_wide=True,
        ),
        Field("country", gettext_lazy("country, in two letters"), words="country code,drzava,zemlja"),
        Field(
            "how",
            gettext_lazy("how it is known; counted where nothing is said"),
            words="how known,nacin,kako se zna",
            choices=Headcount.How,
            also="brojano=counted,izbrojano=counted,procena=estimated,objavljeno=published",
        ),
        Field("evidence", gettext_lazy("where it is proven"), words="source,proof,dokaz,izvor"),
    )

    def __init__(self, target, trail=None):
        super().__init__(target, trail)
        self.calendar = Calendar(target.programme, target.source)
        self.repeats: dict[str, int] = {}

    @classmethod
    def of_their_own(cls, columns, sure):
        return [header for header in columns if COUNTS.fullmatch(fold(of_what(header)))]

    @classmethod
    def lacking(cls, guessed) -> int:
        return 0 if guessed.keys() & {"session", "day"} and guessed.keys() & {"number", "counts"} else 3

    @classmethod
    def completed(cls, mapping, counted, target):
        entry, words = mapping.get("counts"), []
        if isinstance(entry, str | list):
            entry = {"from": entry}
        if not isinstance(entry, dict) or "from" not in entry:
            return dict(mapping), []
        headers = entry["from"] if isinstance(entry["from"], list) else [entry["from"]]
        said = entry.get("called", {})
        called = {header: of_what(header) for header in headers} | said
        for header in headers:
            if header not in said:
                told = {"header": header, "what": called[header]}
                words.append(_("Column %(header)s counts “%(what)s”, guessed.") % told)
        return dict(mapping) | {"counts": entry | {"from": headers, "called": called}}, words

    @classmethod
    def check(cls, origins, target):
        names = {origin.field.name for origin in origins}
        if not names & {"number", "counts"}:
            raise Refused(_("Say which column is the number, or which columns are a number each."))

    def key(self, row):
        """The id; else what it is about, counted: two equal rows are two counts."""
        said = (
            f"id:{row['id']}"
            if row.get("id")
            else "|".join(str(row.get(n)) for n in ("session", "day", "country", "of_what"))
        )
        digest = hashlib.sha256(said.encode()).hexdigest()[:20]
        self.repeats[digest] = self.repeats.get(digest, 0) + 1
        return f"{digest}:{self.repeats[digest]}"

    def write_batch(self, entries):
        outcomes, said = {}, {}
        for entry in entries:
            try:
                said[entry.number] = self._said(entry)
            except (Refused, ValidationError) as error:
                outcomes[entry.number] = in_words(error)
        for number in said:
            outcomes[number] = UNCHANGED
        self._keep([(number, row) for number, rows in said.items() for row in rows], outcomes)
        return [outcomes[entry.number] for entry in entries]

    def _said(self, entry) -> list[dict]:
        """The headcounts of a row, as the service takes them. Its session is made only when all is right."""
        row = entry.row
        counts = list(row.get("counts") or ())
        if "number" in row:
            counts.append((row.get("of_what") or "", row["number"]))
        same = {name: row[name] for name in ("country", "how", "evidence") if row.get(name)}
        rows = []
        for what, number in counts:
            one = same | {"number": number, "of_what": what, "source": self.target.source}
            one["source_id"] = f"{entry.key}:{fold(what)}"[:120]
            said = checked(self.target.programme, dict(one))
            Headcount(programme=self.target.programme, **said).clean_fields(
                exclude=["programme", "session", "by", "file"]
            )
            rows.append(one)
        session = self._session(row)
        return [one | {"session": session} for one in rows]

    def _session(self, row) -> Session | None:
        said, day = row.get("session"), row.get("day")
        if not said and not day:
            return None
        if not said:
            return self.calendar.find(day.isoformat(), field="day")
        session = self.calendar.may_be(said)
        if session is None:
            return self._made(said, day)
        if day and session.day and session.day != day:
            words = _("The session “%(session)s” is on another day: %(day)s.")
            raise Refused(words % {"session": session, "day": session.day.isoformat()}, "day", day)
        return session

    def _made(self, said: str, day) -> Session:
        if day is None:
            found = [one for one in days_in(said) if one.year]
            day = _day(found[0]) if len(found) == 1 else None
        one = {"title": said[:300], "day": day, "source": self.target.source, "source_id": said[:120]}
        session = plan_session(by=self.target.by, programme=self.target.programme, **one)
        self.trail.made(Session, [session.pk])
        self.calendar.add(session)
        return session

    def _keep(self, rows, outcomes) -> None:
        ids = [one["source_id"] for _number, one in rows]
        here = Headcount.objects.filter(
            programme=self.target.programme, source=self.target.source, source_id__in=ids
        )
        before = {row.source_id: row for row in here}
        old = {pk: {name: getattr(row, name) for name in KEPT} for pk, row in before.items()}
        kept = keep_headcounts(
            by=self.target.by,
            programme=self.target.programme,
            rows=[one for _number, one in rows],
            now=self.target.now,
        )
        made, changed = [], {}
        for (number, one), row in zip(rows, kept, strict=True):
            if one["source_id"] not in old:
                made.append(row.pk)
                outcomes[number] = CREATED
                continue
            was = old[one["source_id"]]
            if differ := {
                name: [was[name], getattr(row, name)] for name in KEPT if was[name] != getattr(row, name)
            }:
                changed[row.pk] = differ
                outcomes[number] = UPDATED if outcomes[number] == UNCHANGED else outcomes[number]
        self.trail.made(Headcount, made)
        self.trail.changed(Headcount, changed)


def of_what(header: str) -> str:
    """A heading as words: Day1 is "day 1"."""
    return re.sub(r"(?<=[^\W\d_])(?=\d)|(?<=[a-zčćžšđ])(?=[A-ZČĆŽŠĐ])|_", " ", header).strip().lower()[:60]


def _day(said: Said) -> date | None:
    try:
        return date(said.year, said.month, said.day)
    except ValueError:
        return None
