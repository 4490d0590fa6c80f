"""Who applied: somebody of the address book, known again, or somebody new; and her enterprise."""

from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q

from accounts.keeping import keep
from accounts.models import Tenant
from lib import clock
from lib.folding import fold
from people.models import ClusterMembership, Enterprise, Organisation, Ownership, Person
from training.models import Application

HERS = ("sex", "born", "municipality", "region", "phone")
ITS = ("established", "sector", "municipality", "registered")


def person_of(row: Application) -> Person:
    """The same e-mail, the same name in any script, the same year of birth: the same person. Else a new one;
    whether the two are one is then for somebody to judge (people.Twin). What was unknown of her is filled in,
    what was known stays."""
    tenant, said = row.programme.tenant, row.said
    person = _earlier(row) or _known(row)
    if person is None:
        person = Person(tenant=tenant)
        fresh = {"name": said["name"], "email": row.email, "language": row.language}
        keep(by=None, row=person, said=fresh | _said(said, HERS), tenant=tenant)
        return person
    missing = {name: value for name, value in _said(said, HERS).items() if not getattr(person, name)}
    keep(by=None, row=person, said=missing, tenant=tenant)
    return person


def _known(row: Application) -> Person | None:
    if not row.said.get("born"):
        return None
    same = Person.objects.filter(
        tenant=row.programme.tenant_id,
        email__iexact=row.email,
        name_key=fold(row.said["name"])[:200],
        born=row.said["born"],
    )
    found = same.select_related("joined_to").order_by("pk").first()
    return kept_row(found) if found else None


def kept_row(person: Person) -> Person:
    """The row that others were joined to."""
    while person.joined_to_id:
        person = person.joined_to
    return person


def _earlier(row: Application) -> Person | None:
    """Whoever confirmed an application to this programme from the same mailbox, under the same name."""
    rows = Application.objects.filter(programme=row.programme, email__iexact=row.email)
    name = fold(row.said["name"])[:200]
    found = rows.filter(enrolment__person__name_key=name).select_related("enrolment__person").first()
    born = found and found.enrolment.person.born
    is_she = found and (not born or not row.said.get("born") or born == row.said["born"])
    return found.enrolment.person if is_she else None


def enterprise_of(row: Application, person: Person, now: datetime) -> Enterprise | None:
    """Hers of that name; one of the address book that nobody owns, of that name and place; else a new one."""
    said, tenant = row.said, row.programme.tenant
    if not said.get("enterprise"):
        return None
    what = _said(said.get("business", {}), ITS)
    if "established" in what:
        what["established"] = date.fromisoformat(what["established"])
    day = clock.local(now, row.programme.zone).date()
    found = _enterprise(tenant, said["enterprise"], what.get("municipality", ""), person)
    if found is None:
        found = Enterprise(tenant=tenant)
        keep(by=None, row=found, said={"name": said["enterprise"]} | what, tenant=tenant)
    else:
        missing = {name: value for name, value in what.items() if not getattr(found, name)}
        keep(by=None, row=found, said=missing, tenant=tenant)
    _own(found, person, said.get("owns", {}), tenant)
    _join(found, said.get("cluster"), day, tenant)
    return found


def _enterprise(tenant: Tenant, name: str, municipality: str, person: Person) -> Enterprise | None:
    same = Enterprise.objects.filter(tenant=tenant, name_key=fold(name)[:200]).order_by("pk")
    if hers := same.filter(Q(ownerships__person=person) | Q(enrolments__person=person)).first():
        return hers
    if not municipality:
        return None
    nobodys = same.filter(ownerships=None, enrolments=None)
    return next((one for one in nobodys if fold(one.municipality) == fold(municipality)), None)


def _own(enterprise: Enterprise, person: Person, owns: dict, tenant: Tenant) -> None:
    if Ownership.objects.filter(enterprise=enterprise, person=person).exists():
        return
    said = {"person": person, "enterprise": enterprise} | owns
    if "share" in said:
        said["share"] = Decimal(said["share"])
    keep(by=None, row=Ownership(), said=said, tenant=tenant)


def _join(enterprise: Enterprise, cluster: int | None, day: date, tenant: Tenant) -> None:
    """Since when is not known: nobody asked."""
    held = Q(end=None) | Q(end__gt=day)
    if not cluster or enterprise.cluster_memberships.filter(held, cluster=cluster).exists():
        return
    clusters = Organisation.objects.filter(tenant=tenant, kind=Organisation.Kind.CLUSTER)
    if found := clusters.filter(pk=cluster).first():
        said = {"enterprise": enterprise, "cluster": found}
        keep(by=None, row=ClusterMembership(), said=said, tenant=tenant)


def _said(said: dict, names: tuple[str, ...]) -> dict:
    """What of it is known."""
    return {name: said[name] for name in names if said.get(name) not in (None, "")}
