"""Which clusters an idea of a programme may belong to."""

from django.db.models import Q, QuerySet

from people.models import ClusterMembership, Organisation, Programme


def offered(programme: Programme) -> QuerySet[Organisation]:
    """The clusters that carry its project or whose union does, and those in which an enterprise is that the
    project supports or whose owner takes part; by name."""
    carries = programme.project.partners.values("organisation")
    supported = Q(enterprise__benefits__project=programme.project_id)
    supported |= Q(enterprise__enrolments__programme=programme.pk)
    within = ClusterMembership.objects.filter(supported).values("cluster")
    clusters = Organisation.objects.filter(kind=Organisation.Kind.CLUSTER, tenant=programme.tenant_id)
    return clusters.filter(Q(pk__in=carries) | Q(umbrella__in=carries) | Q(pk__in=within))
