"""Who may do what in a programme's training. Asked after `visible_to`: what is not visible is a 404."""

import rules
from django.core.exceptions import PermissionDenied

from accounts.models import User
from people import rules as peoples
from people.access import access
from people.models import Person, Programme


@rules.predicate
def runs(user: User, programme: Programme) -> bool:
    """Coordinator of the programme, or administrator of its tenant."""
    return access(user).runs(programme.pk, programme.tenant_id)


@rules.predicate
def trains(user: User, programme: Programme) -> bool:
    """Trainer in the programme: trainers stand in for each other, so any of them keeps a register."""
    return access(user).has("trainer", programme.pk)


rules.add_perm("training.keep_register", runs | trains)  # mark, walk-in, note, close, code on the wall
rules.add_perm("training.plan_session", runs)  # plan, change, cancel
rules.add_perm("training.keep_headcount", runs | trains)
rules.add_perm("training.view_enrolment", runs | trains)
rules.add_perm("training.change_enrolment", runs)
rules.add_perm("training.change_eligibility", runs)
rules.add_perm("training.make_pack", runs)  # of evidence, and take it along
rules.add_perm("training.issue_certificate", runs)  # and revoke, and keep who signs


def may(user: User, verb: str, programme: Programme) -> bool:
    return rules.has_perm(f"training.{verb}", user, programme)


def insist(user: User, verb: str, programme: Programme) -> None:
    """Raises PermissionDenied (403) for somebody who sees the thing and may not do this with it."""
    if not may(user, verb, programme):
        raise PermissionDenied


def may_keep_book(user: User) -> bool:
    return rules.has_perm("people.keep_address_book", user)


def insist_on_book(user: User) -> None:
    """Venues belong to the address book: whoever runs a programme keeps it."""
    peoples.insist(user, "keep_address_book")


def may_change_person(user: User, person: Person) -> bool:
    """As in the address book; and a coordinator whoever takes part in a programme that she runs."""
    mine = access(user).programmes("coordinator")
    return peoples.may_change_person(user, person) or person.enrolments.filter(programme__in=mine).exists()
