"""Results with their evidence, as a funder is told of them: what the programme did as a whole.

What one woman registered, signed or earned is no line here: it stands in the figures, behind the gate.
"""

from django.db.models import Count, Q
from django.utils import formats

from lib.countries import country_name
from lib.languages import told
from outcomes.models import Result
from outcomes.scope import Scope
from people.models import Funding

ABOUT_ONE = (Result.Kind.JOB, Result.Kind.REGISTRATION, Result.Kind.INTRODUCTION)


def results(scope: Scope, funding: Funding) -> list[dict]:
    """Of the period, by day; those reported to this funder, or to nobody in particular."""
    rows = Result.objects.filter(programme__in=scope.programmes, day__gte=scope.start, day__lt=scope.end)
    rows = (
        rows.counting().exclude(kind__in=ABOUT_ONE).filter(enrolment=None, enterprise=None, introduction=None)
    )
    rows = rows.annotate(
        shown=Count("evidence", distinct=True),
        told_to=Count("reported_to", distinct=True),
        hers=Count("reported_to", distinct=True, filter=Q(reported_to=funding)),
    )
    rows = rows.filter(Q(hers__gt=0) | Q(told_to=0)).order_by("day", "pk")
    rows = rows.prefetch_related("parties__organisation", "reported_to__funder")
    return [_result(row, funding) for row in rows]


def _result(row: Result, funding: Funding) -> dict:
    parties = [str(party) for party in row.parties.all()]
    others = sorted({str(one.funder) for one in row.reported_to.all() if one.funder_id != funding.funder_id})
    return {
        "kind": row.get_kind_display(),
        "title": told(row.title, row.title_sr),
        "day": formats.date_format(row.day, "DATE_FORMAT"),
        "place": row.place,
        "countries": [country_name(code) for code in row.countries],
        "parties": parties,
        "how": row.get_attribution_display() if row.attribution else "",
        "evidence": row.shown,
        "also_to": others,
    }
