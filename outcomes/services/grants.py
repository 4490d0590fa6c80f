"""Money given on to those who take part: each grant with its amounts, one a currency."""

from collections.abc import Sequence
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.keeping import keep
from accounts.models import Tenant, User
from outcomes.locks import insist_open
from outcomes.models import Grant, GrantAmount
from outcomes.services.costs import check_amount
from people.models import Programme

Amounts = Sequence[tuple[Decimal, str]]
GIVEN = (Grant.State.GRANTED, Grant.State.PAID)


@transaction.atomic
def save_grant(
    *,
    by: User | None,
    grant: Grant | None = None,
    programme: Programme | None = None,
    amounts: Amounts | None = None,
    **said,
) -> Grant:
    """A grant of a programme. `amounts`: (how much, currency), one a currency; None leaves them as they are.

    `said`: funding, enrolment, state, purpose, day, country, as_written, source, source_id. Raises
    ValidationError by field.
    """
    row = _held(grant) if grant else Grant(programme=programme, by=by)
    tenant = row.programme.tenant
    said = {name: value.strip() if isinstance(value, str) else value for name, value in said.items()}
    _check(row, said)
    for day in {row.day, said.get("day", row.day)}:
        insist_open(row.programme, day)
    wanted = None if amounts is None else _checked(amounts)
    there = {one.currency: one.amount for one in row.amounts.all()} if row.pk else {}
    has_amount = bool(there if wanted is None else wanted)
    if said.get("state", row.state) in GIVEN and not (has_amount or said.get("as_written", row.as_written)):
        raise ValidationError({"amounts": _("Say how much.")})
    keep(by=by, row=row, said=said or ({"state": row.state} if grant is None else {}), tenant=tenant)
    if wanted is not None and wanted != there:
        _set_amounts(by, row, wanted, tenant)
    return row


def _held(grant: Grant) -> Grant:
    """The row as it is now, locked."""
    rows = Grant.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("programme__tenant").get(pk=grant.pk)


def _check(row: Grant, said: dict) -> None:
    funding, enrolment = said.get("funding"), said.get("enrolment")
    if funding and not funding.scopes.filter(programme=row.programme_id).exists():
        raise ValidationError({"funding": _("The funding does not pay for this programme.")})
    if enrolment and enrolment.programme_id != row.programme_id:
        raise ValidationError({"enrolment": _("She takes part in another programme.")})


def _checked(amounts: Amounts) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for amount, code in amounts:
        code = code.strip().upper()
        try:
            check_amount(amount, code)
        except ValidationError as error:
            raise ValidationError({"amounts": error.messages}) from None
        if code in found:
            raise ValidationError({"amounts": _("Give one amount a currency.")})
        found[code] = amount
    return found


def _set_amounts(by: User | None, row: Grant, wanted: dict[str, Decimal], tenant: Tenant) -> None:
    row.amounts.exclude(currency__in=wanted).delete()
    for code, amount in wanted.items():
        GrantAmount.objects.update_or_create(grant=row, currency=code, defaults={"amount": amount})
    audit(by, "change", row, ["amounts"], tenant=tenant)
