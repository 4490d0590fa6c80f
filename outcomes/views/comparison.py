"""Those who took part in one way beside those who did in another, or not at all."""

from io import BytesIO

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.audit import audit
from lib.sheets import write_xlsx
from outcomes import comparing_said
from outcomes.views.reports import XLSX
from outcomes.views.whose import programme_of


@require_GET
def comparison_list(request: HttpRequest, programme: str) -> HttpResponse:
    found = programme_of(request, programme, "read_tables")
    tables = comparing_said.tables(found, timezone.now())
    context = {
        "programme": found,
        "tables": tables,
        "grid": comparing_said.grid(tables),
        "has_groups": bool(tables) or found.groups.exists(),
    }
    return render(request, "outcomes/comparison_list.html", context)


@require_GET
def comparison_export(request: HttpRequest, programme: str) -> HttpResponse:
    """One sheet: a row a figure and group."""
    found = programme_of(request, programme, "read_tables")
    audit(request.user, "export", found, ["comparison"])
    head = [
        _("Code"), _("Figure"), _("Unit"), _("Group"), _("Control group"), _("Asked"),
        _("Answered"), "n", _("Mean"),
        _("Difference from the control group"), _("Standard error"),
    ]  # fmt: skip
    rows = [
        _row(table, line) for table in comparing_said.tables(found, timezone.now()) for line in table.lines
    ]
    out = BytesIO()
    write_xlsx(out, [(_("Groups"), head, rows)], title=found.title)
    headers = {"Content-Disposition": f'attachment; filename="{found.code}-groups.xlsx"'}
    return HttpResponse(out.getvalue(), content_type=XLSX, headers=headers)


def _row(table: comparing_said.Table, line: comparing_said.Line) -> list:
    """Of a share per cent and points."""
    return [
        table.definition.code,
        str(table.definition.name),
        table.unit,
        line.name,
        _("yes") if line.is_control else _("no"),
        line.asked,
        line.answered,
        line.n,
        line.mean,
        line.difference,
        line.error,
    ]
