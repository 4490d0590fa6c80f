"""The frame of a programme in words: where, who carries it, who pays for what, the clusters behind it."""

from collections import defaultdict
from datetime import date

from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.calendar import Calendar
from desk.waiting.items import words
from people.models import ClusterMembership, Partner, Programme
from training.models import Enrolment, Module
from training.visibility import Visible

Fact = tuple[str, list[str]]


def facts(programme: Programme, calendar: Calendar, visibles: list[Visible], today: date) -> list[Fact]:
    """What is known of it; what is not known is not there. Three queries."""
    venues = {s.venue: None for s in calendar.sessions if s.venue} | {
        m.venue: None for m in calendar.modules if m.venue
    }
    rows = [
        (_("Where"), [words(venue.name, venue.address, venue.municipality) for venue in venues]),
        (_("Carried by"), _carriers(programme)),
        (_("Paid for by"), _payers(programme, visibles)),
        (_("Clusters"), _clusters(programme, today)),
    ]
    return [row for row in rows if row[1]]


def _carriers(programme: Programme) -> list[str]:
    """Initiators first, each by that word."""
    rows = Partner.objects.filter(project=programme.project_id).select_related("organisation")
    said = _("%(organisation)s, %(role)s")
    found = []
    for row in rows.order_by("role", "pk"):
        what = {"organisation": row.organisation.title, "role": row.get_role_display()}
        found.append(said % what if row.role == Partner.Role.INITIATOR else row.organisation.title)
    return found


def _payers(programme: Programme, visibles: list[Visible]) -> list[str]:
    """Each with its modules; one that names none pays for all of it."""
    paid = defaultdict(list)
    named = Module.objects.filter(programme=programme).exclude(fundings=None)
    for module in named.annotate(funding=F("fundings")).order_by("number"):
        paid[module.funding].append(module.title)
    whole = _("the whole programme")
    return [
        _("%(funder)s: %(what)s") % {"funder": one.name, "what": ", ".join(paid[one.funding.pk]) or whole}
        for one in visibles
    ]


def _clusters(programme: Programme, today: date) -> list[str]:
    """Those to which its enterprises belong now, with the union above each."""
    enrolled = Enrolment.objects.filter(programme=programme).taking_part().order_by()
    mine = Q(enterprise__enrolments__in=enrolled)
    if programme.project_id:
        mine |= Q(enterprise__benefits__project=programme.project_id)
    rows = ClusterMembership.objects.filter(mine).filter(Q(end=None) | Q(end__gt=today))
    rows = rows.select_related("cluster__umbrella").order_by("cluster__name_key", "cluster_id").distinct()
    inside = defaultdict(set)
    for row in rows:
        inside[row.cluster].add(row.enterprise_id)
    return [_cluster(cluster, len(enterprises)) for cluster, enterprises in inside.items()]


def _cluster(cluster, n: int) -> str:
    count = ngettext("%(n)s enterprise", "%(n)s enterprises", n) % {"n": n}
    what = {"cluster": cluster.title, "count": count}
    if not cluster.umbrella:
        return _("%(cluster)s, %(count)s") % what
    what["union"] = cluster.umbrella.title
    return _("%(cluster)s, %(count)s, member of %(union)s") % what
