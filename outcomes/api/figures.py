"""The figures of a programme as they are now, and each of them opened: the same numbers as on the pages."""

from django.core.paginator import EmptyPage, Paginator
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.utils.urls import remove_query_param, replace_query_param

from lib.api.bodies import Json, written
from lib.api.narrowed import example, shows
from outcomes import live
from outcomes.api.reports import ROW_KINDS
from outcomes.counting import behind
from outcomes.disaggregating import Line, Table
from outcomes.opened import lines
from outcomes.rules import insist, kept_fundings
from outcomes.values import Amount, State, Value
from people.models import Funding, Programme

ROWS = 100  # on one page
FIGURE_STATES = [(str(state), str(state)) for state in State]
AMOUNT = {"currency": "EUR", "amount": 1200.0, "n": 14}
OPERATING = {
    "key": "OC-06",
    "code": "OC-06",
    "line": "1.2",
    "name": "Started a business within 6 months",
    "unit": "percent",
    "version": 1,
    "state": "measured",
    "reason": None,
    "value": 79.2,
    "numerator": 19,
    "denominator": 24,
    "unknown": None,
    "n": 24,
    "asked": 30,
    "answered": 24,
    "counts_only": False,
    "bounds": [63.3, 83.3],
    "interval": [59.5, 90.8],
    "amounts": None,
    "claim": "D",
    "target": 80.0,
    "baseline": None,
    "progress": 99.0,
}
CATEGORY = {
    "key": "South", "name": "South", "numerator": 8, "denominator": 10, "share": 80.0, "value": None,
    "n": 10, "amounts": [],
}  # fmt: skip
TAKEN_APART = {"by": "region", "name": "region", "shape": "share", "lines": [CATEGORY]}


@example(**AMOUNT)
class FigureAmountSerializer(serializers.Serializer):
    """Money of one currency, never added to that of another."""

    currency = serializers.CharField(help_text="Empty where nobody said which.")
    amount = serializers.FloatField()
    n = serializers.IntegerField(allow_null=True, help_text="Of how many persons or rows.")


@example(**OPERATING)
class LiveFigureSerializer(serializers.Serializer):
    """A figure in one of five states: only a measured one has numbers. Small groups too: not for funders."""

    key = serializers.CharField(help_text="What it is opened by.")
    code = serializers.CharField(help_text="Of the definition.")
    line = serializers.CharField(help_text="The code of the logframe's line that shows it, or empty.")
    name = serializers.CharField(help_text="The words of that line, else of the definition.")
    unit = serializers.CharField()
    version = serializers.IntegerField(help_text="Of the definition.")
    state = serializers.ChoiceField(choices=FIGURE_STATES)
    reason = serializers.CharField(allow_null=True, help_text="A word for why there is no number.")
    value = serializers.FloatField(
        allow_null=True, help_text="In the unit; null where only counts or only amounts are told."
    )
    numerator = serializers.FloatField(allow_null=True)
    denominator = serializers.FloatField(allow_null=True)
    unknown = serializers.FloatField(
        allow_null=True, help_text="Rows that it would need and nobody wrote down."
    )
    n = serializers.IntegerField(allow_null=True, help_text="Persons behind a mean, a median or a sum.")
    asked = serializers.IntegerField(allow_null=True)
    answered = serializers.IntegerField(allow_null=True)
    counts_only = serializers.BooleanField(help_text="Fewer than 60 % answered: no percentage, no mean.")
    bounds = serializers.ListField(
        child=serializers.FloatField(), allow_null=True,
        help_text="Lowest and highest, whatever those would say who did not answer.",
    )  # fmt: skip
    interval = serializers.ListField(
        child=serializers.FloatField(), allow_null=True, help_text="Wilson's, of 95 %."
    )
    amounts = FigureAmountSerializer(many=True, allow_null=True)
    claim = serializers.CharField(
        allow_null=True, help_text="A to D: how far it may be the programme's doing."
    )
    target = serializers.FloatField(allow_null=True)
    baseline = serializers.FloatField(allow_null=True)
    progress = serializers.FloatField(
        allow_null=True, help_text="Of the way to the target, in per cent; null where it is not defined."
    )


@example(results=[OPERATING], uncounted=["2.1"])
class LiveFiguresSerializer(serializers.Serializer):
    results = LiveFigureSerializer(many=True)
    uncounted = serializers.ListField(
        child=serializers.CharField(),
        help_text="Codes of the logframe's lines for which nothing is counted: no data, which is not zero.",
    )


@example(**CATEGORY)
class CategorySerializer(serializers.Serializer):
    """What is null is not told."""

    key = serializers.CharField(help_text="Empty: not known.")
    name = serializers.CharField()
    numerator = serializers.FloatField(allow_null=True)
    denominator = serializers.FloatField(allow_null=True)
    share = serializers.FloatField(allow_null=True)
    value = serializers.FloatField(allow_null=True)
    n = serializers.IntegerField(allow_null=True)
    amounts = FigureAmountSerializer(many=True)


@example(**TAKEN_APART)
class TakenApartSerializer(serializers.Serializer):
    """The figure by one property: every row is in exactly one category."""

    by = serializers.CharField()
    name = serializers.CharField()
    shape = serializers.CharField(help_text="share, count, number or money.")
    lines = CategorySerializer(many=True)


@example(
    **OPERATING, kind="respondent", columns=["Person", "Municipality", "Region"], part="numerator", total=19,
    hidden=0, rows=[["Mila Nova", "Vlasotince", "South"]], next=None, previous=None, apart=[TAKEN_APART],
)  # fmt: skip
class OpenedFigureSerializer(LiveFigureSerializer):
    """With its rows as the page prints them, a hundred at a time, and taken apart."""

    kind = serializers.ChoiceField(choices=ROW_KINDS)
    part = serializers.CharField(help_text="numerator or denominator.")
    columns = serializers.ListField(child=serializers.CharField())
    rows = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    total = serializers.IntegerField(help_text="How many there are, with those that you may not see.")
    hidden = serializers.IntegerField(help_text="How many of them you may not see.")
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    apart = TakenApartSerializer(many=True)


KEY = OpenApiParameter(
    "figure", str, OpenApiParameter.PATH, description="A figure's key, or a definition's code, like OP-01."
)
FUNDING = OpenApiParameter(
    "funding", int, description="Of what this funding pays for, with its logframe and targets."
)
PART = OpenApiParameter("part", str, enum=list(live.SIDES), description="Which rows. Without it: numerator.")
PAGE = OpenApiParameter("page", int, description="From 1 on; follow `next`.")


class FiguresNow:
    """What a programme's resource says of its figures."""

    @extend_schema(parameters=[FUNDING])
    @action(detail=True)
    @shows(LiveFiguresSerializer, asks=("funding",))
    def figures(self, request, code=None):
        """The core set of the whole programme; of a funding also what its logframe shows."""
        programme, funding, now = *self._asked(), timezone.now()
        found = [said(one) for one in live.figures(programme, funding, now)]
        uncounted = [line.code for line in live.uncounted(programme, funding, now)]
        return Json(written({"results": found, "uncounted": uncounted}))

    @extend_schema(operation_id="programmes_figure_retrieve", parameters=[KEY, FUNDING, PART, PAGE])
    @action(detail=True, url_path=r"figures/(?P<figure>[^/]+)")
    @shows(OpenedFigureSerializer, asks=("funding", "part", "page"))
    def figure(self, request, figure: str, code=None):
        """One figure, also one outside of the core set, with the rows that it stands on, and taken apart."""
        programme, funding = self._asked()
        try:
            one, scope = live.figure(programme, funding, figure, timezone.now())
        except KeyError:
            raise Http404 from None
        rows = behind(one.definition, scope)
        sides = live.sides(one, scope, request.user, rows)
        part = request.GET.get("part", live.SIDES[0])
        if part not in sides:
            raise Http404
        shown = {"part": part, **self._rows(sides[part])}
        apart = [taken(table) for table in live.apart(one, scope, sides, rows) if table.lines]
        return Json(written(said(one) | shown | {"apart": apart}))

    def _asked(self) -> tuple[Programme, Funding | None]:
        """The programme, and the funding that is asked for: one that she keeps and that pays for it."""
        programme, user = self.get_object(), self.request.user
        insist(user, "read_tables", programme)
        wanted = self.request.GET.get("funding")
        if wanted is None:
            return programme, None
        rows = kept_fundings(user).filter(programmes=programme).select_related("funder", "project__tenant")
        key = int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 19 else 0
        if found := rows.filter(pk=key).first():
            return programme, found
        raise Http404

    def _rows(self, side: live.Side) -> dict:
        """A page of them, in the cells of the page."""
        asked = self.request.GET.get("page", "1")
        try:
            page = Paginator(side.rows, ROWS).page(asked if asked.isascii() and asked.isdecimal() else 0)
        except EmptyPage:
            raise Http404 from None
        return {
            "kind": side.kind,
            "columns": [str(column) for column in side.columns],
            "rows": [[str(cell) for cell in line] for line in lines(side.kind, page.object_list)],
            "total": side.total,
            "hidden": side.hidden,
            "next": self._at(page.number + 1) if page.has_next() else None,
            "previous": self._at(page.number - 1) if page.has_previous() else None,
        }

    def _at(self, page: int) -> str:
        here = self.request.build_absolute_uri()
        return replace_query_param(remove_query_param(here, "page"), "page", page)


def said(one: live.Figure) -> dict:
    value, plan = one.value, one.against
    progress = plan.get("progress")
    return {
        "key": one.key,
        "code": one.definition.code,
        "line": one.code,
        "name": one.wording or str(one.definition.name),
        "unit": str(one.definition.unit),
        "version": one.definition.version,
        "state": str(value.state),
        "reason": str(value.reason) if value.reason else None,
        "value": one.told,
        **_counted(value),
        "target": plan.get("target"),
        "baseline": plan.get("baseline"),
        "progress": None if progress == "undefined" else progress,
    }


def _counted(value: Value) -> dict:
    names = ("numerator", "denominator", "unknown", "n", "asked", "answered", "bounds")
    return {name: getattr(value, name) for name in names} | {
        "counts_only": value.counts_only,
        "interval": None if value.counts_only else value.interval,
        "amounts": None if value.amounts is None else _amounts(value.amounts),
        "claim": str(value.claim) if value.claim else None,
    }


def _amounts(found: tuple[Amount, ...]) -> list[dict]:
    return [{"currency": one.currency, "amount": one.amount, "n": one.n} for one in found]


def taken(table: Table) -> dict:
    lines = [_category(line) for line in table.lines]
    return {"by": table.by, "name": table.name, "shape": table.shape, "lines": lines}


def _category(line: Line) -> dict:
    names = ("key", "name", "numerator", "denominator", "share", "value", "n")
    return {name: getattr(line, name) for name in names} | {"amounts": _amounts(line.amounts)}
