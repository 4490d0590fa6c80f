"""The figures of a programme as they are now, and each of them opened to the rows that it stands on."""

from io import BytesIO

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.audit import audit
from lib.sheets import write_xlsx
from outcomes import comparing_said, disaggregating_said, live
from outcomes.counting import behind
from outcomes.opened import addresses, lines
from outcomes.registry import definitions
from outcomes.views.reports import ROWS, XLSX
from outcomes.views.whose import fundings_beside, programme_of
from people.models import Funding


@require_GET
def figure_list(request: HttpRequest, programme: str) -> HttpResponse:
    found = programme_of(request, programme, "read_tables")
    beside = fundings_beside(request)
    funding = _chosen(request, beside)
    now = timezone.now()
    context = {
        "programme": found,
        "beside": beside,
        "funding": funding,
        "figures": live.figures(found, funding, now),
        "uncounted": live.uncounted(found, funding, now),
    }
    shown = {one.definition.code for one in context["figures"]}
    context["more"] = [one for one in definitions(found.tenant).values() if one.code not in shown]
    return render(request, "outcomes/figure_list.html", context)


@require_GET
def figure_export(request: HttpRequest, programme: str) -> HttpResponse:
    """The same in a workbook; what was not measured has its state and no number."""
    found = programme_of(request, programme, "read_tables")
    funding = _chosen(request, fundings_beside(request))
    audit(request.user, "export", found, ["figures"])
    head = [
        _("Code"), _("Figure"), _("Unit"), _("State"), _("Value"), _("Numerator"), _("Denominator"), "n",
        _("Asked"), _("Answered"), _("Target"), _("Baseline"), _("Version"),
    ]  # fmt: skip
    rows = [_row(one) for one in live.figures(found, funding, timezone.now())]
    return _workbook(_("Figures"), head, rows, f"{found.code}-figures.xlsx", found.title)


@require_GET
def figure_live(request: HttpRequest, programme: str, figure: str) -> HttpResponse:
    """One figure: what it is, how it is counted, and its rows, numerator and denominator apart."""
    found, funding, one, scope, sides, apart = _opened(request, programme, figure)
    name = "denominator" if request.GET.get("part") == "denominator" and len(sides) > 1 else "numerator"
    side = sides[name]
    page = Paginator(side.rows, ROWS).get_page(request.GET.get("page"))
    cells = lines(side.kind, page.object_list)
    context = {
        "programme": found,
        "funding": funding,
        "figure": one,
        "sides": sides,
        "part": name,
        "side": side,
        "page": page,
        "lines": list(zip(addresses(request.user, found.project_id, cells), cells, strict=True)),
        "apart": [disaggregating_said.said(table) for table in apart if table.lines],
        "untold": disaggregating_said.cannot_be_told(apart),
        "compared": comparing_said.table(one.definition, scope) if found.groups.exists() else None,
    }
    return render(request, "outcomes/figure_live.html", context)


@require_GET
def figure_live_export(request: HttpRequest, programme: str, figure: str) -> HttpResponse:
    """The rows that she may see, in a workbook; the figure taken apart on a sheet a property."""
    found, _funding, one, _scope, sides, apart = _opened(request, programme, figure)
    side = sides.get(request.GET.get("part", "numerator"), sides["numerator"])
    audit(request.user, "export", found, [f"figures.{one.definition.code}"])
    rows = [[str(cell) for cell in line] for line in lines(side.kind, side.rows)]
    head = [str(column) for column in side.columns]
    name = f"{found.code}-{one.definition.code}-rows.xlsx"
    more = [disaggregating_said.sheet(table) for table in apart if table.lines]
    return _workbook(one.definition.code, head, rows, name, str(one.definition.name), more)


def _opened(request: HttpRequest, code: str, key: str) -> tuple:
    programme = programme_of(request, code, "read_tables")
    funding = _chosen(request, fundings_beside(request))
    try:
        one, scope = live.figure(programme, funding, key, timezone.now())
    except KeyError:
        raise Http404 from None
    rows = behind(one.definition, scope)
    sides = live.sides(one, scope, request.user, rows)
    return programme, funding, one, scope, sides, live.apart(one, scope, sides, rows)


def _chosen(request: HttpRequest, beside: list[Funding]) -> Funding | None:
    """The funding that is asked for; without one the whole programme."""
    wanted = request.GET.get("funding")
    if not wanted:
        return None
    for funding in beside:
        if str(funding.pk) == wanted:
            return funding
    raise Http404


def _row(one: live.Figure) -> list:
    value, target = one.value, one.target
    return [
        one.code or one.definition.code,
        one.wording or str(one.definition.name),
        one.unit,
        str(value.state),
        one.said if value.amounts else one.told,
        value.numerator,
        value.denominator,
        value.n,
        value.asked,
        value.answered,
        target.value if target else None,
        target.baseline if target else None,
        one.definition.version,
    ]


def _workbook(sheet: str, head: list, rows: list, name: str, title: str, more=()) -> HttpResponse:
    out = BytesIO()
    write_xlsx(out, [(sheet[:31], head, rows), *more], title=title)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(out.getvalue(), content_type=XLSX, headers=headers)
