"""How far the data of a programme can be trusted, in facts."""

from io import BytesIO

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.audit import audit
from lib.sheets import write_xlsx
from outcomes import quality
from outcomes.views.locks import with_last_day
from outcomes.views.reports import XLSX
from outcomes.views.whose import programme_of


@require_GET
def quality_detail(request: HttpRequest, programme: str) -> HttpResponse:
    found = programme_of(request, programme, "read_tables")
    of = quality.of(found, timezone.now())
    with_last_day(of.unlocked)
    return render(request, "outcomes/quality_detail.html", {"programme": found, "quality": of})


@require_GET
def quality_export(request: HttpRequest, programme: str) -> HttpResponse:
    """A sheet of facts, a sheet of the periods that were unlocked."""
    found = programme_of(request, programme, "read_tables")
    audit(request.user, "export", found, ["quality"])
    of = quality.of(found, timezone.now())
    rows = [
        [standard, fact.name, fact.n, fact.of, fact.share]
        for _code, standard, facts in of.by_standard
        for fact in facts
    ]
    head = [_("Standard"), _("What"), _("How many"), _("Of"), _("Per cent")]
    unlocked = [[lock.start, lock.last_day, lock.reason] for lock in with_last_day(of.unlocked)]
    sheets = [
        (_("Data quality"), head, rows),
        (_("Unlocked periods"), [_("First day"), _("Last day"), _("Reason")], unlocked),
    ]
    out = BytesIO()
    write_xlsx(out, sheets, title=found.title)
    headers = {"Content-Disposition": f'attachment; filename="{found.code}-quality.xlsx"'}
    return HttpResponse(out.getvalue(), content_type=XLSX, headers=headers)
