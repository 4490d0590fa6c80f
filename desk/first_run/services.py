"""From nothing to an organisation with an administrator, a programme and invited people: all or nothing."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts import setup
from accounts.audit import audit
from accounts.models import Tenant, User
from lib.folding import fold
from people import services as people
from people.models import Membership, Programme

Role = Membership.Role


class Organisation(NamedTuple):
    name: str
    languages: list[str]  # the first is that of whoever has not chosen
    zone: str


class Administrator(NamedTuple):
    name: str
    email: str
    language: str


class FirstProgramme(NamedTuple):
    name: str
    code: str
    start: date | None
    last_day: date | None
    participants: str


class Invited(NamedTuple):
    """Somebody who may sign in now, and as what."""

    user: User
    roles: list[str]


class Ready(NamedTuple):
    administrator: User
    programme: Programme
    invited: list[Invited]


class SetUpAlready(Exception):
    """Somebody else was quicker, or the secret is void."""


def set_up(
    *,
    digest: str,
    organisation: Organisation,
    administrator: Administrator,
    programme: FirstProgramme,
    invitations: dict[str, list[tuple[str, str]]],  # role: (name, address)
    now: datetime,
) -> Ready:
    """Use the secret up and make everything. Raises SetUpAlready, or ValidationError in the models' words;
    then nothing is made and the secret works still."""
    try:
        with transaction.atomic():
            # the first write: whoever comes second waits here, and then finds it used
            if not setup.use(digest, now=now) or setup.is_set_up():
                raise SetUpAlready
            user = _administrator(organisation, administrator, now)
            row = _programme(user, programme, organisation)
            invited = _invite(user, row, invitations, organisation.languages[0])
    except IntegrityError as error:
        if "set_up_used_once" in str(error) or setup.is_set_up():
            raise SetUpAlready from error
        raise
    return Ready(user, row, invited)


def _administrator(organisation: Organisation, administrator: Administrator, now: datetime) -> User:
    tenant = Tenant.objects.create(
        name=organisation.name,
        slug=slugify(fold(organisation.name))[:50] or "organisation",
        zone=organisation.zone,
        languages=organisation.languages,
    )
    user = User.objects.create_user(
        administrator.email,
        tenant=tenant,
        name=administrator.name,
        language=administrator.language,
        is_administrator=True,
        created_at=now,
    )
    audit(user, "set up", tenant, ["name", "languages", "zone"])
    audit(user, "add", user, ["email", "is_administrator", "language", "name"])
    return user


def _programme(by: User, programme: FirstProgramme, organisation: Organisation) -> Programme:
    end = programme.last_day + timedelta(days=1) if programme.last_day else None
    return people.save_programme(
        by=by,
        tenant=by.tenant,
        name=programme.name,
        code=programme.code,
        start=programme.start,
        end=end,
        participants=programme.participants,
        zone=organisation.zone,
    )


def _invite(by: User, programme: Programme, invitations: dict, language: str) -> list[Invited]:
    """Accounts without a password: whoever reads mail at the address signs in with a code sent there."""
    found: dict[str, Invited] = {by.email: Invited(by, [])}
    for role, addresses in invitations.items():
        for name, address in addresses:
            if address not in found:
                found[address] = Invited(_account(by, name, address, language), [])
            found[address].roles.append(role)
    for user, roles in found.values():
        person = people.save_person(
            by=by, tenant=by.tenant, user=user, name=user.name, email=user.email, language=user.language
        )
        for role in roles:
            people.add_membership(by=by, programme=programme, person=person, role=role)
    return [one for one in found.values() if one.user != by]


def _account(by: User, name: str, address: str, language: str) -> User:
    if User.objects.filter(email=address).exists():
        raise ValidationError(_("%(email)s is known here already.") % {"email": address})
    user = User.objects.create_user(
        address, tenant=by.tenant, name=name or address.split("@")[0], language=language
    )
    audit(by, "invite", user, ["email", "language", "name"])
    return user
