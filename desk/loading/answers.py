"""What was answered elsewhere: one row, what one person (or nobody that is named) said in one wave."""

import hashlib
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.loading import answers_columns
from desk.loading.answers_changing import Asked
from desk.loading.answers_form import Form
from desk.loading.answers_plan import Planned
from desk.loading.answers_said import read
from desk.loading.answers_wave import wave_code
from desk.loading.answers_writing import Writing
from desk.loading.enrolments import WHO
from desk.loading.fields import READERS, Field, Refused
from desk.loading.headings import words_of
from desk.loading.kinds import BulkKind
from desk.loading.persons import Persons
from desk.loading.roll import Roll
from outcomes.models import Invitation

READERS["wave"] = wave_code
HERS = [field for field in Persons.fields if field.name in ("name", "email", "phone")]


class Answers(BulkKind):
    """A column of the wide field is called by the code of its question; `code=option` is the column of one
    option, `code=other` of the words beside "other"."""

    name = "answers"
    words = "answers survey questionnaire responses feedback odgovori anketa upitnik"
    identity = ("person",)
    is_hers = True
    fields = (
        Field(
            "person",
            gettext_lazy("who: id, e-mail, row code or full name; blank where nobody is named"),
            words=f"{WHO},row code,sifra reda,submitter,submitter email",
            look="e-mail",
        ),
        Field(
            "wave",
            gettext_lazy("when it was asked: application, baseline, reaction-1, exit, f6, or months"),
            "wave",
            words="survey wave,survey round,talas,krug ankete,months after,meseci posle",
        ),
        Field(
            "day",
            gettext_lazy("day on which it was answered"),
            "day",
            words="answered on,answered,submitted,submit date,submission date,completed,end date,timestamp,"
            "datum odgovora,datum popunjavanja,vremenska oznaka;date,datum",
        ),
        Field(
            "mode",
            gettext_lazy("how it was asked; from a file where nothing is said"),
            words="interview mode,way,nacin",
            choices=Invitation.Mode,
        ),
        Field(
            "row",
            gettext_lazy("id of the row in the source; told apart by it where nobody is named"),
            words="row id,response id,submission id,response,token,odgovor id,sifra odgovora",
        ),
        Field(
            "answers",
            gettext_lazy("columns of a question each; blank is unknown"),
            is_wide=True,
        ),
    )

    @classmethod
    def fitted(cls, mapping, header):
        if "answers" not in mapping:
            return dict(mapping)
        return dict(mapping) | {"answers": answers_columns.fitted(mapping["answers"], header)}

    @classmethod
    def completed(cls, mapping, counted, target):
        entry = answers_columns.listed(mapping.get("answers"))
        if entry is None:
            return dict(mapping), []
        columns = answers_columns.Columns(entry, counted, target.tenant)
        return dict(mapping) | {"answers": columns.as_entry()}, columns.words

    @classmethod
    def of_their_own(cls, columns, sure):
        """All but those that say who she is."""
        return [head for head in columns if not any(_is(head, field) for field in HERS)]

    @classmethod
    def lacking(cls, guessed) -> int:
        return 0 if "wave" in guessed else 4

    @classmethod
    def check(cls, origins, target):
        by_name = {origin.field.name: origin for origin in origins}
        if "wave" not in by_name:
            words = _('Say in which wave this was asked: a column, or "wave": {"value": "f6"} in the map.')
            raise Refused(words, "wave")
        if "answers" not in by_name or not by_name["answers"].each():
            raise Refused(_("Say which columns are the answers to which questions."), "answers")
        seen: dict[str, str] = {}
        for head, called, _place in by_name["answers"].each():
            if other := seen.get(called):
                words = _("This column and “%(other)s” are the same question: “%(code)s”.")
                raise Refused(words % {"other": other, "code": called}, "answers", called, column=head)
            seen[called] = head
        for code, said in by_name["answers"].questions.items():
            Planned.of(code, said)

    def begin(self, origins):
        origin = next(one for one in origins if one.field.name == "answers")
        self.heads = {called: head for head, called, _place in origin.each()}
        codes = dict.fromkeys(called.partition("=")[0] for called in self.heads)
        self.planned = {code: Planned.of(code, origin.questions[code]) for code in codes}
        self.roll = Roll(self.target.programme, self.target.source)
        self.form = Form(self.target, self.trail, self.planned)
        self.writing = Writing(self.target, self.trail, self.form)
        self.repeats: dict[str, int] = {}
        self.asked: dict[int, Asked | Refused] = {}

    def key(self, row):
        if row.get("person"):
            return self.roll.key(row["person"], None), row.get("wave")
        if row.get("row"):
            return f"id:{row['row']}", row.get("wave")
        said = [row.get("wave"), row.get("day"), row.get("mode"), *sorted(row.get("answers") or ())]
        digest = hashlib.sha256(repr(said).encode()).hexdigest()[:40]
        self.repeats[digest] = self.repeats.get(digest, 0) + 1
        return f"{digest}:{self.repeats[digest]}", row.get("wave")

    def write_all(self, entries):
        """What is asked is made before the rows, and stays when some of them are refused."""
        fresh = [entry for entry in entries if entry.number not in self.asked]
        for entry in fresh:
            try:
                self.asked[entry.number] = self._asked(entry)
            except Refused as refused:
                self.asked[entry.number] = refused
        good = {one.wave for e in fresh if isinstance(one := self.asked[e.number], Asked)}
        if good:
            self.form.prepare(good)
        found = super().write_all(entries)
        for entry in fresh:
            del self.asked[entry.number]
        return found

    def write_batch(self, entries):
        said = [self.asked[entry.number] for entry in entries]
        written = iter(self.writing.write([one for one in said if isinstance(one, Asked)]))
        return [one if isinstance(one, Refused) else next(written) for one in said]

    def _asked(self, entry) -> Asked:
        row = entry.row
        if row.get("wave") is None:
            raise Refused(_("This must not be blank."), "wave")
        self.form.check(row["wave"])
        enrolment = self.roll.find(row["person"]) if row.get("person") else None
        source_id = row.get("row") or ("" if enrolment else str(entry.key[0]))
        if len(source_id) > 120:
            source_id = hashlib.sha256(source_id.encode()).hexdigest()
        self._check_day(row.get("day"))
        return Asked(
            enrolment=enrolment and enrolment.pk,
            source_id=source_id,
            wave=row["wave"],
            day=row.get("day"),
            mode=row.get("mode") or "",
            said=self._said(entry.number, row.get("answers") or ()),
        )

    def _check_day(self, day: date | None) -> None:
        if day and not 1950 <= day.year <= 2100:
            raise Refused(_("This day is not likely: look at its year."), "day", day)

    def _said(self, number: int, cells) -> dict:
        of: dict[str, list[tuple[str, str]]] = {}
        for called, said in cells:
            code, _sign, option = called.partition("=")
            of.setdefault(code, []).append((option, said))
        found = {}
        for code, said in of.items():
            values, unread = read(self.planned[code], said)
            if values:
                found[code] = values
            for option, value, rule in unread:
                head = self.heads.get(f"{code}={option}" if option else code, code)
                told = {"row": number, "column": head, "value": value[:200], "rule": rule}
                words = _("Row %(row)s, column “%(column)s”, “%(value)s”: %(rule)s It is kept as it was "
                          "written and counts for nothing.")  # fmt: skip
                self.noticed.append(words % told)
        return found


def _is(head: str, field: Field) -> bool:
    words = words_of(head)
    return any(words.match(phrase, hers=True) for _tier, phrase in field.phrases)
