"""Who may do what with the address book and the frame. What is not visible is a 404 before it is asked."""

import rules
from django.core.exceptions import PermissionDenied

from accounts.models import User
from people.access import access
from people.models import Membership, Person, Programme, Project

# what a coordinator may open her programme with; the others are given by the administrator
GIVEN_BY_COORDINATORS = (Membership.Role.TRAINER, Membership.Role.MENTOR, Membership.Role.PARTNER)


@rules.predicate
def administers(user: User) -> bool:
    return access(user).is_administrator


@rules.predicate
def coordinates_anything(user: User) -> bool:
    """Runs at least one programme: the address book is kept by those who work with it."""
    return access(user).is_administrator or bool(access(user).programmes("coordinator"))


@rules.predicate
def runs(user: User, programme: Programme) -> bool:
    """Coordinator of the programme, or administrator of its tenant."""
    return access(user).runs(programme.pk, programme.tenant_id)


rules.add_perm("people.keep_frame", administers)  # projects, new programmes, fundings, partners
rules.add_perm("people.keep_address_book", coordinates_anything)  # organisations, enterprises, venues
rules.add_perm("people.change_programme", runs)


def may(user: User, verb: str, row=None) -> bool:
    return rules.has_perm(f"people.{verb}", user, row)


def insist(user: User, verb: str, row=None) -> None:
    """Raises PermissionDenied (403) for somebody who sees the thing and may not do this with it."""
    if not may(user, verb, row):
        raise PermissionDenied


def may_give_role(user: User, programme: Programme, role: str) -> bool:
    """Who opens a programme to others: an administrator every role, a coordinator those of the work in it."""
    if access(user).is_administrator:
        return user.tenant_id == programme.tenant_id
    return runs(user, programme) and role in GIVEN_BY_COORDINATORS


def may_propose(user: User, project: Project) -> bool:
    """Beneficiaries are proposed by partners of the project and by whoever runs a programme of it."""
    may = access(user)
    if may.is_administrator:
        return user.tenant_id == project.tenant_id
    mine = may.programmes("coordinator", "partner")
    return project.programmes.filter(pk__in=mine).exists()


def may_change_person(user: User, person: Person) -> bool:
    """The administrator; a coordinator where the person has a role in a programme that she runs. (Those who
    take part: training.rules.)"""
    may = access(user)
    if may.is_administrator:
        return user.tenant_id == person.tenant_id
    return person.memberships.filter(programme__in=may.programmes("coordinator")).exists()
