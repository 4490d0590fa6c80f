"""Targets: what a funding plans for a line of its logframe, or for one of our indicators."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.loading.fields import Field, Refused
from desk.loading.funded import FUNDING, Fundings
from desk.loading.kinds import BulkKind, in_words, only
from desk.loading.shelf import Shelf, clean
from lib import bulk
from lib.folding import fold
from outcomes.models import LogframeLine, Target
from outcomes.registry import definitions


class Targets(BulkKind):
    """A target of 0, and one that is where it began, are kept: what share of it is reached is not defined."""

    name = "targets"
    words = "targets target plan ciljevi ciljne vrednosti planirano"
    fields = (
        FUNDING,
        Field(
            "code",
            gettext_lazy("code of the line of the logframe, or of our indicator"),
            required=True,
            words="indicator code,line code,indicator ref,indicator,sifra indikatora,indikator,pokazatelj,"
            "oznaka;ref,number,sifra",
        ),
        Field(
            "value",
            gettext_lazy("target; 0 is a target, blank is none"),
            "figure",
            words="target,target value,ciljna vrednost,cilj,planirano,plan;vrednost",
        ),
        Field(
            "baseline",
            gettext_lazy("where it began"),
            "figure",
            words="baseline value,pocetna vrednost,polazna vrednost",
        ),
        Field(
            "baseline_on",
            gettext_lazy("day of the baseline"),
            "day",
            words="baseline date,datum pocetne vrednosti",
        ),
        Field(
            "start",
            gettext_lazy("first day of the period; blank: the whole funding"),
            "day",
            words="period start,from,start date,first day,od,pocetak,pocetak perioda,prvi dan",
        ),
        Field(
            "end",
            gettext_lazy("last day of the period"),
            "day",
            words="period end,to,until,end date,last day,do,kraj,kraj perioda,poslednji dan",
        ),
        Field("note", gettext_lazy("note"), words="target comment,remark,comment,napomena,komentar"),
    )

    def __init__(self, target, trail=None):
        super().__init__(target, trail)
        self.fundings, self.known = Fundings(target.programme), definitions(target.tenant).keys()
        self.lines: dict[tuple[int, str], LogframeLine] = {}

    @classmethod
    def lacking(cls, guessed) -> int:
        return 0 if guessed.keys() & {"value", "baseline"} else 3

    @classmethod
    def check(cls, origins, target):
        if not {"value", "baseline"} & {origin.field.name for origin in origins}:
            raise Refused(_("Say which column is the target, or which is the baseline."))

    def key(self, row):
        return row.get("funding") or "", row["code"], row.get("start"), row.get("end")

    def look_up(self, rows):
        codes, fundings = {row["code"] for row in rows}, self.fundings.rows.values()
        found = LogframeLine.objects.filter(bulk.among(LogframeLine, "code", codes), funding__in=fundings)
        self.lines = {(line.funding_id, line.code): line for line in found}

    def write_batch(self, entries):
        shelf = self._shelf()
        found = []
        for entry in entries:
            try:
                found.append(self._put(shelf, entry.row))
            except (Refused, ValidationError) as error:
                found.append(in_words(error))
        shelf.keep()
        return found

    def _shelf(self) -> Shelf:
        lines = Target.objects.filter(line__in=[line.pk for line in self.lines.values()])
        plain = Target.objects.filter(funding__in=self.fundings.rows.values(), line=None)
        rows = [*lines, *plain]
        there = {(r.funding_id, r.line_id or r.indicator, r.start, r.end): r for r in rows}
        return Shelf(Target, self.trail, there)

    def _put(self, shelf: Shelf, row) -> str:
        funding = self.fundings.find(row.get("funding"))
        line, code = self.lines.get((funding.pk, row["code"])), ""
        if line is None:
            code = self._indicator(row["code"])
        start, end = _period(row)
        said = only(row, "value", "baseline", "baseline_on", "note")
        if not said.keys() & {"value", "baseline"}:
            raise Refused(_("Give a target or a baseline."), "value")
        clean(Target, said)
        new = {"funding": funding, "line": line, "indicator": code, "start": start, "end": end}
        new |= {"source": self.target.source, "source_id": row["code"]}
        return shelf.put((funding.pk, line.pk if line else code, start, end), said, **new)

    def _indicator(self, said: str) -> str:
        """A code of ours, however it is written."""
        found = next((code for code in self.known if fold(code) == fold(said)), None)
        if found is None:
            words = _("The logframe has no line of this code, and there is no such indicator.")
            raise Refused(words, "code", said)
        return found


def _period(row) -> tuple[date | None, date | None]:
    """First day and the day after the last; none of both is the whole funding."""
    start, last = row.get("start"), row.get("end")
    if start is None and last is None:
        return None, None
    if start is None or last is None:
        words = _("A period has a first and a last day.")
        raise Refused(words, "start" if start is None else "end")
    if last < start:
        raise Refused(_("The last day is before the first."), "end", last)
    return start, last + timedelta(days=1)
