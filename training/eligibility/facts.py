"""What eligibility looks at, read for many enrolments in as many queries as for one."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.db.models import Q

from people.models import ClusterMembership, Organisation, Ownership, Programme
from people.woman_owned import Owner
from training.eligibility.judging import Facts, Kind
from training.models import Enrolment, Session


def first_day(programme: Programme) -> date | None:
    """The day of the first session that is not cancelled; before one is planned, the programme's own."""
    days = Session.objects.filter(programme=programme, cancelled_at=None).exclude(day=None)
    return days.order_by("day").values_list("day", flat=True).first() or programme.start


def facts_of(
    programme: Programme, enrolments: Collection[int] | None, kinds: Collection[str]
) -> dict[int, Facts]:
    """By enrolment; None: everybody's. Only what these kinds of rules look at is read."""
    people = Enrolment.objects.filter(programme=programme).order_by("pk")
    if enrolments is not None:
        people = people.filter(pk__in=list(enrolments))
    rows = list(people.select_related("person", "enterprise"))
    day = first_day(programme)
    firms = {row.enterprise_id for row in rows if row.enterprise_id}
    owners = _owners(firms, day) if Kind.WOMAN_OWNED in kinds else {}
    clusters = _clusters(firms, day, programme.tenant_id) if Kind.CLUSTER in kinds else {}
    return {row.pk: _facts(row, day, owners, clusters) for row in rows}


def _facts(row: Enrolment, day: date | None, owners: dict, clusters: dict) -> Facts:
    firm = row.enterprise
    return Facts(
        first_day=day,
        established=firm.established if firm else None,
        sex=row.person.sex,
        municipality=(firm.municipality if firm else "") or row.person.municipality,
        region=row.person.region,
        sector=firm.sector if firm else "",
        clusters=clusters.get(row.enterprise_id, {}),
        owners=tuple(owners.get(row.enterprise_id, ())),
    )


def _held(day: date | None) -> Q:
    """Facts that hold on that day."""
    if day is None:
        return Q()
    return (Q(start=None) | Q(start__lte=day)) & (Q(end=None) | Q(end__gt=day))


def _owners(firms: Collection[int], day: date | None) -> dict[int, list[Owner]]:
    found = defaultdict(list)
    rows = Ownership.objects.filter(_held(day), enterprise__in=firms).order_by("pk")
    columns = ("person__sex", "share", "is_founder", "is_manager")
    for firm, *said in rows.values_list("enterprise_id", *columns):
        found[firm].append(Owner(*said))
    return found


def _clusters(firms: Collection[int], day: date | None, tenant_id: int) -> dict[int, dict[int, set[int]]]:
    """By enterprise: its clusters, each with all that stand above it."""
    above = dict(
        Organisation.objects.filter(tenant=tenant_id, kind=Organisation.Kind.CLUSTER)
        .order_by()
        .values_list("pk", "umbrella_id")
    )
    found = defaultdict(dict)
    rows = ClusterMembership.objects.filter(_held(day), enterprise__in=firms).order_by("pk")
    for firm, cluster in rows.values_list("enterprise_id", "cluster_id"):
        found[firm][cluster] = _unions(cluster, above)
    return found


def _unions(cluster: int, above: dict[int, int | None]) -> set[int]:
    found = set()
    while (cluster := above.get(cluster)) and cluster not in found:
        found.add(cluster)
    return found
