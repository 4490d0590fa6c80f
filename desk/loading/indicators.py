"""A funder's logframe: its lines, with the definition of ours that counts them where there is one."""

from django.db.models import Max, Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.loading.fields import Field, Refused
from desk.loading.funded import FUNDING, Fundings
from desk.loading.kinds import CREATED, UNCHANGED, UPDATED, Kind, apply, only
from desk.loading.shelf import by_attribute, clean
from lib import bulk
from outcomes.models import Level, LogframeLine, Target
from outcomes.registry import versions
from people.models import Funding

NAMES = {"is_cumulative": "cumulative"}


class Indicators(Kind):
    """A line is known by the funder's code for it. What a result is and the indicators under it are lines
    too: an indicator has the line it stands under for its parent."""

    name = "indicators"
    words = "indicators indicator logframe indikatori indikator pokazatelji logicka matrica"
    fields = (
        FUNDING,
        Field(
            "code",
            gettext_lazy("the funder's code of the line"),
            required=True,
            words="indicator code,line code,indicator ref,sifra indikatora,oznaka,sifra;ref",
        ),
        Field(
            "wording",
            gettext_lazy("what it is, in the funder's words"),
            required=True,
            words="indicator,indicator title,indicator name,title,indikator,naziv indikatora,pokazatelj,"
            "naziv;description,opis",
        ),
        Field(
            "level",
            gettext_lazy("activity, output, outcome or impact; that of its parent where nothing is said"),
            words="result type,results level,nivo,nivo rezultata",
            choices=Level,
            also="1=output,2=outcome,3=impact,rezultat=output,izlaz=output,neposredni_rezultat=output,"
            "ishod=outcome,uticaj=impact,aktivnost=activity",
        ),
        Field(
            "parent",
            gettext_lazy("code of the line it stands under"),
            words="parent code,result ref,result code,pripada,nadredjeni",
        ),
        Field("unit", gettext_lazy("unit"), words="unit of measure,measure,jedinica,jedinica mere"),
        Field(
            "definition",
            gettext_lazy("code of the definition that counts it here"),
            words="our code,our indicator,definicija,nasa sifra",
        ),
        Field("version", gettext_lazy("version of that definition"), "whole number", words="verzija"),
        Field(
            "cumulative",
            gettext_lazy("counted from the first day on; yes where nothing is said"),
            "yes or no",
            words="is cumulative,kumulativno",
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
            words="baseline date,baseline iso date,datum pocetne vrednosti",
        ),
    )

    def __init__(self, target, trail=None):
        super().__init__(target, trail)
        self.fundings = Fundings(target.programme)
        self._versions: dict[str, list[int]] = {}

    def key(self, row):
        return row.get("funding") or "", row["code"]

    def prepare(self, entries):
        fundings = self.fundings.rows.values()
        codes = {entry.row["code"] for entry in entries}
        codes |= {entry.row["parent"] for entry in entries if entry.row.get("parent")}
        rows = LogframeLine.objects.filter(bulk.among(LogframeLine, "code", codes), funding__in=fundings)
        self.lines = {(row.funding_id, row.code): row for row in rows.select_related("parent")}
        whole = Target.objects.filter(line__in=[row.pk for row in self.lines.values()], start=None)
        self.baselines = {row.line_id: row for row in whole}
        last = LogframeLine.objects.filter(funding__in=fundings).order_by().values_list("funding")
        self.places = dict(last.annotate(Max("position")))

    def write(self, entry):
        row, funding = entry.row, self.fundings.find(entry.row.get("funding"))
        above = self._above(row, funding)
        said = self._said(row, above)
        clean(LogframeLine, said, NAMES)
        line = self.lines.get((funding.pk, row["code"]))
        self.is_touched = True
        if line is None:
            line, became = self._new(funding, said), CREATED
        else:
            became = self._changed(LogframeLine, line, said)
        return _worst(became, self._begun(line, row))

    def _above(self, row, funding: Funding) -> LogframeLine | None:
        if not row.get("parent"):
            return None
        above = self.lines.get((funding.pk, row["parent"]))
        if above is None or row["parent"] == row["code"]:
            raise Refused(_("The logframe has no such line to stand under."), "parent", row["parent"])
        return above

    def _new(self, funding: Funding, said: dict) -> LogframeLine:
        place = self.places[funding.pk] = self.places.get(funding.pk, 0) + 1
        same = {"funding": funding, "position": place, "source": self.target.source}
        line = LogframeLine.objects.create(source_id=said["code"], **same, **said)
        self.lines[funding.pk, line.code] = line
        self.trail.made(LogframeLine, [line.pk])
        return line

    def _changed(self, model: type[Model], row: Model, said: dict) -> str:
        changed = apply(row, said)
        if not changed:
            return UNCHANGED
        row.save(update_fields=list(changed))
        self.trail.changed(model, {row.pk: by_attribute(model, changed)})
        return UPDATED

    def _begun(self, line: LogframeLine, row) -> str:
        """Where it began, which is kept beside the target over the whole funding."""
        said = only(row, "baseline", "baseline_on")
        if "baseline" not in said:
            return UNCHANGED
        clean(Target, said)
        if there := self.baselines.get(line.pk):
            return self._changed(Target, there, said)
        same = {"source": self.target.source, "source_id": line.code}
        made = Target.objects.create(funding=line.funding, line=line, **same, **said)
        self.baselines[line.pk] = made
        self.trail.made(Target, [made.pk])
        return UPDATED

    def _said(self, row, above: LogframeLine | None) -> dict:
        said = only(row, "code", "wording", "level", "unit", "version")
        if above is not None:
            said["parent"] = above
        if "level" not in said and above is not None:
            said["level"] = above.level
        if row.get("cumulative") is not None:
            said["is_cumulative"] = row["cumulative"]
        if code := row.get("definition"):
            known = self._known_versions(code)
            if not known:
                raise Refused(_("There is no such indicator."), "definition", code)
            if said.get("version") not in (None, *known):
                raise Refused(_("There is no such version."), "version", said["version"])
            said["indicator"] = code
        elif "version" in said:
            raise Refused(_("Only a definition has a version."), "version", said["version"])
        return said

    def _known_versions(self, code: str) -> list[int]:
        if code not in self._versions:
            self._versions[code] = [one.version for one in versions(self.target.tenant, code)]
        return self._versions[code]


def _worst(line: str, begun: str) -> str:
    return line if line == CREATED or begun == UNCHANGED else UPDATED
