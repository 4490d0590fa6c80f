"""The sign-in page's list of the demo's people, each with what she is there."""

from typing import NamedTuple

from django import template
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User

register = template.Library()


class Who(NamedTuple):
    email: str
    name: str
    role: str


@register.simple_tag
def demo_roles(users: QuerySet[User]) -> list[Who]:
    """Name and roles, in words; a constant number of queries."""
    rows = users.select_related("person").prefetch_related(
        "person__memberships__funding__funder", "person__memberships__partner"
    )
    return [Who(user.email, user.name, ", ".join(_roles(user))) for user in rows]


def _roles(user: User) -> list[str]:
    """Each once, in the order of the memberships; who has none takes part."""
    found = [_("administrator")] if user.is_administrator else []
    person = getattr(user, "person", None)
    for membership in person.memberships.all() if person else ():
        role = membership.get_role_display()
        who = (
            membership.funding.funder.title
            if membership.funding
            else membership.partner and membership.partner.title
        )
        found.append(_("%(role)s, %(organisation)s") % {"role": role, "organisation": who} if who else role)
    return list(dict.fromkeys(found)) or [_("entrepreneur")]
