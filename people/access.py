"""What a user may reach at all: read once a request, asked by every `visible_to`."""

from collections import defaultdict
from collections.abc import Container
from functools import cache, cached_property

from accounts.models import User
from lib.prepared import Prepared
from lib.walls import Walled

INSIDE = ("coordinator", "trainer", "mentor")  # roles that work inside a programme


@cache
def _memberships() -> Prepared:
    from people.models import Membership

    columns = ("role", "programme_id", "funding_id", "partner_id")
    return Prepared(
        lambda user: Membership.objects.filter(person__user=user).order_by().values_list(*columns)
    )


class Access:
    """The memberships of one user, read in one query on first use. While a limited token speaks for her, only
    those in its programmes; an administrator is then their coordinator, and no administrator."""

    def __init__(self, user: User):
        self.user = user
        self.limit: frozenset[int] | None = getattr(user, "limited_to", None)

    @cached_property
    def _rows(self) -> list[tuple]:
        if not self.user.is_authenticated or not self.user.is_active:
            return []
        found = _memberships()(self.user.pk)
        if self.limit is None:
            return found
        found = [row for row in found if row[1] in self.limit]
        runs_all = self.user.is_administrator
        return found + [("coordinator", pk, None, None) for pk in self.limit if runs_all]

    @cached_property
    def _by_role(self) -> dict[str, set[int]]:
        found = defaultdict(set)
        for role, programme, _funding, _partner in self._rows:
            found[role].add(programme)
        return found

    @property
    def is_administrator(self) -> bool:
        if self.limit is not None:
            return False
        return self.user.is_authenticated and self.user.is_active and self.user.is_administrator

    def programmes(self, *roles: str) -> set[int]:
        """Primary keys of the programmes in which the user has one of these roles."""
        return set().union(*(self._by_role.get(role, set()) for role in roles))

    def has(self, role: str, programme_id: int) -> bool:
        return programme_id in self._by_role.get(role, set())

    @property
    def fundings(self) -> set[int]:
        return {funding for role, _, funding, _ in self._rows if role == "funder"}

    @property
    def partners(self) -> set[int]:
        return {partner for role, _, _, partner in self._rows if role == "partner"}

    @property
    def is_inside(self) -> bool:
        return self.is_administrator or bool(self.programmes(*INSIDE))

    @cached_property
    def roles(self) -> set[str]:
        """Names as in the policy table. Everybody who is signed in is at least an `entrepreneur`."""
        if not self.user.is_authenticated or not self.user.is_active:
            return set()
        found = {role for role, *_ in self._rows} | {"entrepreneur"}
        return found | {"administrator"} if self.is_administrator else found

    def holds_any(self, roles: Container[str]) -> bool:
        """Is one of these hers? What is known without looking is not looked up."""
        if not self.user.is_authenticated or not self.user.is_active:
            return False
        if "entrepreneur" in roles or (self.is_administrator and "administrator" in roles):
            return True
        return any(role in roles for role in self.roles)

    def runs(self, programme_id: int, tenant_id: int) -> bool:
        """May she change what belongs to the programme as a whole (coordinator, administrator)?"""
        return (self.is_administrator and self.user.tenant_id == tenant_id) or self.has(
            "coordinator", programme_id
        )


def access(user: User) -> Access:
    """The access of a user, kept on the user object for the life of the request."""
    found = user.__dict__.get("_access")
    if found is None:
        found = user.__dict__["_access"] = Access(user)
    return found


class InProgramme(Walled):
    """Rows that hang on a programme: seen by the roles named, in their programmes; by the administrator in
    her tenant. A room that needs more overrides `visible_to`."""

    programme = "programme"
    roles = INSIDE

    def visible_to(self, user: User):
        if not user.is_authenticated:
            return self.none()
        may = access(user)
        if may.is_administrator:
            return self.filter(**{f"{self.programme}__tenant_id": user.tenant_id})
        return self.filter(**{f"{self.programme}__in": may.programmes(*self.roles)})

    def in_order(self):
        """As the model says. A query that counts related rows loses that order and must be told again."""
        return self.order_by(*self.model._meta.ordering)


class TenantQuerySet(Walled):
    """Rows of the address book: seen by whoever works inside a programme of the same tenant."""

    def visible_to(self, user: User) -> "TenantQuerySet":
        return self.filter(tenant_id=user.tenant_id) if access(user).is_inside else self.none()
