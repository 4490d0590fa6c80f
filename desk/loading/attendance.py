"""Who was there: a row a mark (person, session, status or minutes), or a column a session with a sign in each
square. Blank is unknown, never absent."""

from collections.abc import Container, Mapping, Sequence

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.loading import signs
from desk.loading.calendar import Calendar
from desk.loading.days_in import days_in
from desk.loading.enrolments import WHO
from desk.loading.fields import Field, Refused
from desk.loading.kinds import BulkKind
from desk.loading.marking import Asked, Marking
from desk.loading.roll import Roll
from training.models import Session, Status


class Attendance(BulkKind):
    name = "attendance"
    words = "attendance register presence prisustvo prisutnost evidencija prozivnik dolaznost"
    identity = ("person", "born", "session")
    is_hers = True
    chunk = 5000
    fields = (
        Field(
            "person",
            gettext_lazy("who: id, e-mail, row code or full name"),
            required=True,
            words=f"{WHO},row code,sifra reda",
            look="e-mail",
        ),
        Field(
            "born",
            gettext_lazy("her year of birth, where two have one name"),
            "year",
            words="year of birth,birth year,godina rodjenja,godiste",
        ),
        Field(
            "session",
            gettext_lazy("which session: id, title, day, or day and title"),
            words=(
                "session id,session title,event,workshop,radionica,sesija,termin,date,day,datum,dan,"
                "datum sesije"
            ),
        ),
        Field(
            "mark",
            gettext_lazy("how it was: x, da, P, late, excused, half, or minutes"),
            "mark",
            words=("status,attendance,attended,present,presence,prisustvo,prisutna,prisutan,oznaka,bila"),
        ),
        Field(
            "minutes",
            gettext_lazy("minutes she was there"),
            "minutes",
            words="minutes attended,duration,minuta,trajanje,time in session",
        ),
        Field(
            "arrival",
            gettext_lazy("when she came"),
            "time of day",
            words="arrived,came,join time,dolazak,dosla,vreme dolaska",
        ),
        Field(
            "leaving",
            gettext_lazy("when she left"),
            "time of day",
            words="left,leave time,odlazak,otisla,vreme odlaska",
        ),
        Field("reason", gettext_lazy("why"), words="razlog,razlog odsustva,note of absence"),
        Field(
            "marks",
            gettext_lazy("columns of a session each, with a sign in each square; blank is unknown"),
            "mark",
            is_wide=True,
        ),
    )

    def __init__(self, target, trail=None):
        super().__init__(target, trail)
        self.calendar, self.roll = (
            Calendar(target.programme, target.source),
            Roll(target.programme, target.source),
        )
        self.marking = Marking(target, self.trail, self.noticed)

    @classmethod
    def of_their_own(cls, columns: Mapping[str, list], sure: Container[str]) -> list[str]:
        """Columns under a day, and those with signs in them; numbers alone may be anything."""
        said = {header: set(map(str, cells)) for header, cells in columns.items()}
        signs = {head for head, texts in said.items() if not all(text.strip().isdigit() for text in texts)}
        return [head for head in said if days_in(head) or (head in signs and head in sure)]

    @classmethod
    def choices_of_columns(cls, programme):
        rows = Session.objects.filter(programme=programme, cancelled_at=None).in_order()
        return [(f"session:{row.pk}", f"{row}, {_day(row)}") for row in rows]

    @classmethod
    def lacking(cls, guessed) -> int:
        if "session" in guessed and guessed.keys() & {"mark", "minutes"}:
            return 0
        dated = [header for header in guessed.get("marks", ()) if days_in(header)]
        return 0 if dated else 3

    @classmethod
    def completed(cls, mapping, counted, target):
        mapping, words = dict(mapping), []
        if entry := _object(mapping.get("marks")):
            headers = entry["from"] if isinstance(entry["from"], list) else [entry["from"]]
            guess = _sessions(headers, Calendar(target.programme, target.source))
            called = {header: f"session:{row.pk}" for header, row in guess.items()} | entry.get("called", {})
            mapping["marks"] = entry | {"from": headers, "called": called}
            words += [
                _column_words(header, row)
                for header, row in guess.items()
                if header not in entry.get("called", {})
            ]
        for name in ("marks", "mark"):
            if (entry := _object(mapping.get(name))) and "from" in entry:
                found = counted(entry["from"] if isinstance(entry["from"], list) else [entry["from"]])
                meant = signs.meanings(found)
                mapping[name] = entry | {"values": {**meant, **entry.get("values", {})}}
                words += [
                    _sign_words(sign, said, found[sign])
                    for sign, said in meant.items()
                    if not said.endswith(" min") and sign not in entry.get("values", {})
                ]
        return mapping, words

    @classmethod
    def check(cls, origins, target):
        by_name = {origin.field.name: origin for origin in origins}
        if "marks" not in by_name:
            if "session" in by_name and by_name.keys() & {"mark", "minutes"}:
                return
            raise Refused(
                _("Say which column is the session and which the mark, or which columns are a session each.")
            )
        calendar, seen = Calendar(target.programme, target.source), {}
        for header, called, _place in by_name["marks"].each():
            session = calendar.find(called, field="marks", column=header)
            if other := seen.get(session.pk):
                words = _("This column and “%(other)s” are the same session: “%(session)s”.")
                raise Refused(words % {"other": other, "session": session}, "marks", called, column=header)
            seen[session.pk] = header

    def key(self, row):
        who = self.roll.key(row["person"], row.get("born"))
        if "marks" in row:
            return (who,)
        session = row.get("session") and self.calendar.may_be(row["session"])
        return who, session.pk if session else row.get("session")

    def write_batch(self, entries):
        asked, refused = {}, {}
        for entry in entries:
            try:
                asked[entry.number] = self._asked(entry.row)
            except Refused as error:
                refused[entry.number] = error
        outcomes = self.marking.write(asked)
        return [refused.get(entry.number) or outcomes[entry.number] for entry in entries]

    def _asked(self, row) -> list[Asked]:
        enrolment = self.roll.find(row["person"], row.get("born"))
        if "marks" in row:
            found = [(self.calendar.find(called, column=called), said) for called, said in row["marks"] or ()]
            reason = row.get("reason") or ""
            return [
                Asked(session, enrolment, **_said(value), reason=reason, field="marks")
                for session, value in found
            ]
        if row.get("session") is None:
            raise Refused(_("This must not be blank."), "session")
        session = self.calendar.find(row["session"])
        value, minutes = row.get("mark"), row.get("minutes")
        if value is None and minutes is None:
            return []  # unknown
        said = _said(minutes) if value is None else _said(value)
        if minutes is not None:
            said["minutes"] = minutes
        more = {name: row.get(name) for name in ("arrival", "leaving")} | {"reason": row.get("reason") or ""}
        return [Asked(session, enrolment, **said, **more, field="mark" if value is not None else "minutes")]


def _said(value: str | int) -> dict:
    if isinstance(value, int):
        return {"status": str(Status.PRESENT if value else Status.ABSENT), "minutes": value or None}
    return {"status": value, "minutes": None}


def _object(entry) -> dict | None:
    """An entry of a map as an object; None for a constant or nothing."""
    if isinstance(entry, str | list):
        return {"from": entry}
    return dict(entry) if isinstance(entry, dict) and "from" in entry else None


def _sessions(headers: Sequence[str], calendar: Calendar) -> dict[str, Session]:
    found = {header: calendar.may_be(header) for header in headers}
    return {header: row for header, row in found.items() if row}


def _column_words(header: str, row: Session) -> str:
    said = {"header": header, "session": row, "day": _day(row)}
    return _("Column %(header)s is the session “%(session)s” (%(day)s), guessed.") % said


def _day(row: Session) -> str:
    return date_format(row.day) if row.day else _("not scheduled")


def _sign_words(sign: str, meaning: str, count: int) -> str:
    said = {"sign": sign, "meaning": signs.in_words(meaning), "n": count}
    return _("“%(sign)s” (%(n)s times) means: %(meaning)s, guessed.") % said
