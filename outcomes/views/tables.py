"""A programme in six tables, for who runs it; and the same to take along."""

from io import BytesIO

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.audit import audit
from lib.sheets import write_xlsx
from outcomes.tables import KINDS
from outcomes.tables_said import Table, tables
from outcomes.views.reports import XLSX
from outcomes.views.whose import programme_of


@require_GET
def table_list(request: HttpRequest, programme: str) -> HttpResponse:
    found = programme_of(request, programme, "read_tables")
    context = {"programme": found, "tables": tables(found)}
    return render(request, "outcomes/table_list.html", context)


@require_GET
def table_export(request: HttpRequest, programme: str) -> HttpResponse:
    """A workbook with a sheet a table; of a mean its n stands beside it."""
    found = programme_of(request, programme, "read_tables")
    audit(request.user, "export", found, [f"tables.{code}" for code in KINDS])
    out = BytesIO()
    write_xlsx(out, [(one.name[:31], *_sheet(one)) for one in tables(found)], title=found.title)
    name = f"{found.code}-tables.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(out.getvalue(), content_type=XLSX, headers=headers)


def _sheet(table: Table) -> tuple[list, list]:
    has_n = any(cell.n for line in table.lines for cell in line.cells)
    head = [table.row, *(name for column in table.columns for name in ([column, "n"] if has_n else [column]))]
    rows = [
        [
            line.name,
            *(part for cell in line.cells for part in ([cell.value, cell.n] if has_n else [cell.value])),
        ]
        for line in table.lines
    ]
    return head, rows
