"""The verbs of the address book and the frame. Keyword-only, atomic; they raise ValidationError."""

from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.keeping import keep, take_away
from accounts.models import Tenant, User
from lib import clock
from lib.folding import fold
from people.models import (
    Affiliation,
    Beneficiary,
    ClusterMembership,
    Consent,
    Enterprise,
    Funding,
    FundingScope,
    Membership,
    Organisation,
    Ownership,
    Partner,
    Person,
    Programme,
    Project,
)


@transaction.atomic
def save_person(*, by: User, person: Person | None = None, tenant: Tenant, **said) -> Person:
    """Add a person to the address book, or change what is known of her."""
    row = person or Person(tenant=tenant)
    name = said.get("name", row.name).strip()
    if not name and not said.get("source_id", row.source_id):
        raise ValidationError({"name": _("A person needs an id or a name.")})
    _check_zone(said)
    keep(by=by, row=row, said=_stripped(said), tenant=tenant)
    return row


def known_or_new(*, by: User, tenant: Tenant, person: Person | None, new_person: dict | None) -> Person:
    """Somebody of the address book, or somebody whom nobody wrote down yet; one of the two is said."""
    if (person is None) == (new_person is None):
        raise ValidationError({"person": _("Name a person, or describe a new one; not both.")})
    return person or save_person(by=by, tenant=tenant, **new_person)


@transaction.atomic
def save_organisation(
    *, by: User, organisation: Organisation | None = None, tenant: Tenant, **said
) -> Organisation:
    row = organisation or Organisation(tenant=tenant)
    if umbrella := said.get("umbrella"):
        _check_umbrella(row, umbrella)
    if "name" in said and not said["name"].strip():
        raise ValidationError({"name": _("Write the name.")})
    keep(by=by, row=row, said=_stripped(said), tenant=tenant)
    return row


@transaction.atomic
def save_enterprise(*, by: User, enterprise: Enterprise | None = None, tenant: Tenant, **said) -> Enterprise:
    row = enterprise or Enterprise(tenant=tenant)
    keep(by=by, row=row, said=_stripped(said), tenant=tenant)
    return row


@transaction.atomic
def save_fact(
    *, by: User, row: Ownership | Affiliation | ClusterMembership, tenant: Tenant, **said
) -> Ownership | Affiliation | ClusterMembership:
    """A dated fact between a person, an enterprise, an organisation. All of one tenant; it ends after it
    begins."""
    start, end = said.get("start", row.start), said.get("end", row.end)
    if start and end and end <= start:
        raise ValidationError({"end": _("It ends after it begins.")})
    for name in ("person", "enterprise", "organisation", "cluster"):
        if name in said and said[name].tenant_id != tenant.pk:
            raise ValidationError({name: _("This belongs to another organisation.")})
    if "cluster" in said and said["cluster"].kind != Organisation.Kind.CLUSTER:
        raise ValidationError({"cluster": _("This organisation is no cluster.")})
    keep(by=by, row=row, said=said, tenant=tenant)
    return row


@transaction.atomic
def save_project(*, by: User, project: Project | None = None, tenant: Tenant, **said) -> Project:
    row = project or Project(tenant=tenant)
    keep(by=by, row=row, said=_stripped(said), tenant=tenant)
    return row


@transaction.atomic
def save_programme(*, by: User, programme: Programme | None = None, tenant: Tenant, **said) -> Programme:
    row = programme or Programme(tenant=tenant)
    _check_zone(said)
    if said.get("code") == "new":  # the page for a new one stands at this address
        raise ValidationError({"code": _("Choose another code: this word is taken by the pages.")})
    if said.get("project") and said["project"].tenant_id != tenant.pk:
        raise ValidationError({"project": _("This belongs to another organisation.")})
    if "project" in said and row.pk and said["project"] != row.project and row.scopes.exists():
        raise ValidationError({"project": _("A funding of its project pays for this programme.")})
    keep(by=by, row=row, said=_stripped(said), tenant=tenant)
    return row


@transaction.atomic
def save_funding(
    *, by: User, funding: Funding | None = None, programmes: Iterable[Programme] | None = None, **said
) -> Funding:
    """A funder's share, and the programmes that it pays for: those of its project."""
    row = funding or Funding(project=said["project"])
    tenant = row.project.tenant
    if said.get("funder") and said["funder"].tenant_id != tenant.pk:
        raise ValidationError({"funder": _("This belongs to another organisation.")})
    keep(by=by, row=row, said=_stripped(said), tenant=tenant)
    if programmes is not None:
        _set_scopes(by, row, list(programmes), tenant)
    return row


@transaction.atomic
def save_partner(*, by: User, partner: Partner | None = None, **said) -> Partner:
    row = partner or Partner(project=said["project"])
    if said.get("organisation") and said["organisation"].tenant_id != row.project.tenant_id:
        raise ValidationError({"organisation": _("This belongs to another organisation.")})
    keep(by=by, row=row, said=said, tenant=row.project.tenant)
    return row


@transaction.atomic
def bring_partner(
    *, by: User, project: Project, organisation: Organisation | None, name: str, name_sr: str, role: str
) -> Partner:
    """Somebody more who carries the project: an organisation that is known, or one by its name."""
    if organisation is None:
        organisation = save_organisation(by=by, tenant=project.tenant, name=name, name_sr=name_sr)
    return save_partner(by=by, project=project, organisation=organisation, role=role)


def remove_partner(*, by: User, partner: Partner) -> None:
    """It carries the project no more; the organisation and what it proposed stay."""
    words = _("Something is built on this partner.")
    take_away(by=by, row=partner, words=words, tenant=partner.project.tenant)


@transaction.atomic
def propose_beneficiary(
    *,
    by: User,
    project: Project,
    enterprise: Enterprise | None = None,
    new_enterprise: dict | None = None,
    cluster: str = "",
    **said,
) -> Beneficiary:
    """An enterprise that the project shall support: one of the address book, or one that nobody wrote down
    yet. `cluster` is the name of one that it belongs to; an unknown name is a new cluster."""
    if (enterprise is None) == (new_enterprise is None):
        raise ValidationError({"enterprise": _("Name an enterprise, or describe a new one; not both.")})
    if enterprise is None:
        enterprise = save_enterprise(by=by, tenant=project.tenant, **new_enterprise)
    row = Beneficiary(project=project)
    keep(by=by, row=row, said=said | {"enterprise": enterprise}, tenant=project.tenant)
    if cluster.strip():
        said = {"enterprise": enterprise, "cluster": cluster, "start": None}
        bring_into_cluster(by=by, tenant=project.tenant, **said)
    return row


@transaction.atomic
def bring_into_cluster(
    *, by: User, tenant: Tenant, enterprise: Enterprise, cluster: str, start: date | None
) -> ClusterMembership:
    """An enterprise belongs to the cluster of this name, from a day on or since nobody knows when."""
    known = known_cluster(by=by, tenant=tenant, name=cluster)
    return join_cluster(by=by, enterprise=enterprise, cluster=known, start=start)


def known_cluster(*, by: User, tenant: Tenant, name: str) -> Organisation:
    """The tenant's cluster of this name in any script; a new one where there is none."""
    if row := Organisation.objects.filter(tenant=tenant, name_key=fold(name)[:200]).first():
        return row
    return save_organisation(by=by, tenant=tenant, name=name, kind=Organisation.Kind.CLUSTER)


def join_cluster(
    *, by: User, enterprise: Enterprise, cluster: Organisation, start: date | None = None
) -> ClusterMembership:
    """From a day on, or since nobody knows when. Joining twice is once."""
    if row := enterprise.cluster_memberships.filter(cluster=cluster, end=None).first():
        return row
    said = {"enterprise": enterprise, "cluster": cluster, "start": start}
    return save_fact(by=by, row=ClusterMembership(), tenant=enterprise.tenant, **said)


@transaction.atomic
def add_membership(
    *,
    by: User,
    programme: Programme,
    person: Person,
    role: str,
    funding: Funding | None = None,
    partner: Organisation | None = None,
) -> Membership:
    """Open a programme to a person."""
    for name, tenant in {
        "person": person.tenant_id,
        "funding": funding and funding.project.tenant_id,
        "partner": partner and partner.tenant_id,
    }.items():
        if tenant not in (None, programme.tenant_id):
            raise ValidationError({name: _("This belongs to another organisation.")})
    if funding and not funding.scopes.filter(programme=programme).exists():
        raise ValidationError({"funding": _("This funding does not pay for this programme.")})
    row = Membership(person=person, programme=programme)
    said = {"role": role, "funding": funding, "partner": partner}
    keep(by=by, row=row, said=said, tenant=programme.tenant)
    return row


def end_membership(*, by: User, membership: Membership) -> None:
    """Close the programme to her again; what she did in it stays."""
    words = _("Something is built on this role.")
    take_away(by=by, row=membership, words=words, tenant=membership.programme.tenant)


@transaction.atomic
def record_consent(*, by: User, person: Person, programme: Programme, now: datetime, **said) -> Consent:
    """What she agreed to, in which wording, when."""
    if said["given_at"] > now:
        raise ValidationError({"given_at": _("This moment has not come yet.")})
    row = Consent(person=person, programme=programme)
    held = Consent.objects.filter(
        person=person,
        programme=programme,
        purpose=said["purpose"],
        funding=said.get("funding"),
        withdrawn_at=None,
    )
    if held.exists():
        raise ValidationError({"purpose": _("She agreed to this already.")})
    keep(by=by, row=row, said=said, tenant=programme.tenant)
    return row


@transaction.atomic
def withdraw_consent(*, by: User, consent: Consent, now: datetime) -> Consent:
    """From now on she does not agree any more; that she did stays on record. Twice is once."""
    if Consent.objects.filter(pk=consent.pk, withdrawn_at=None).update(withdrawn_at=now):
        audit(by, "withdraw", consent, ["withdrawn_at"], tenant=consent.programme.tenant)
    consent.refresh_from_db()
    return consent


def _stripped(said: dict) -> dict:
    return {name: value.strip() if isinstance(value, str) else value for name, value in said.items()}


def _check_zone(said: dict) -> None:
    zone = said.get("zone")
    if zone and not clock.is_zone(zone):
        raise ValidationError({"zone": _("“%(zone)s” is no time zone.") % {"zone": zone}})


def _check_umbrella(row: Organisation, umbrella: Organisation) -> None:
    """A union is a cluster of clusters, and none stands over itself."""
    if umbrella.kind != Organisation.Kind.CLUSTER:
        raise ValidationError({"umbrella": _("This organisation is no cluster.")})
    above = umbrella
    while above:
        if above.pk == row.pk and row.pk:
            raise ValidationError({"umbrella": _("No cluster stands above itself.")})
        above = above.umbrella


def _set_scopes(by: User, funding: Funding, programmes: list[Programme], tenant: Tenant) -> None:
    if strangers := [p.code for p in programmes if p.project_id != funding.project_id]:
        words = _("Not of this project: %(codes)s.") % {"codes": ", ".join(strangers)}
        raise ValidationError({"programmes": words})
    wanted, there = {p.pk for p in programmes}, set(funding.scopes.values_list("programme_id", flat=True))
    if wanted != there:
        funding.scopes.exclude(programme__in=wanted).delete()
        FundingScope.objects.bulk_create(
            FundingScope(funding=funding, programme_id=pk) for pk in wanted - there
        )
        audit(by, "change", funding, ["programmes"], tenant=tenant)
