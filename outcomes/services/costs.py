"""What a funding costs: planned and spent, line by line. A cost is corrected, never deleted."""

from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.keeping import keep
from accounts.models import User
from lib.money import is_currency
from outcomes.locks import insist_open
from outcomes.models import Cost
from people.models import Funding, Programme

WHAT = ("kind", "amount", "currency", "day", "is_eligible")  # what a correction of it needs a reason for


@transaction.atomic
def save_cost(
    *, by: User | None, cost: Cost | None = None, funding: Funding | None = None, reason: str = "", **said
) -> Cost:
    """A cost of a funding. `said`: programme, module, kind, name, day, amount (a Decimal), currency,
    is_eligible, note, as_written, source, source_id.

    What is there already is corrected with a reason, which stands in its note; one that was no cost at all is
    set to 0. Raises ValidationError by field.
    """
    row = _held(cost) if cost else Cost(funding=funding, by=by)
    said = _plain(said)
    check_cost(row.funding, {name: said.get(name, getattr(row, name)) for name in _READ})
    for programme, day in {(row.programme, row.day), _where(row, said)}:
        if programme:
            insist_open(programme, day)
    if cost and any(name in said and said[name] != getattr(row, name) for name in WHAT):
        said["note"] = _because(said.get("note", row.note), reason)
    keep(by=by, row=row, said=said, tenant=row.funding.project.tenant)
    return row


def _held(cost: Cost) -> Cost:
    """The row as it is now, locked."""
    rows = Cost.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("funding__project__tenant", "programme", "module").get(pk=cost.pk)


_READ = ("programme", "module", "amount", "currency", "as_written", "name")


def check_cost(funding: Funding, said: dict) -> None:
    """Is this a cost of the funding? Raises ValidationError by field."""
    programme, module = said.get("programme"), said.get("module")
    if programme and not funding.scopes.filter(programme=programme).exists():
        raise ValidationError({"programme": _("The funding does not pay for this programme.")})
    if module and (programme is None or module.programme_id != programme.pk):
        raise ValidationError({"module": _("This module belongs to another programme.")})
    check_amount(said.get("amount"), said.get("currency") or "")
    if said.get("amount") is None and not said.get("as_written"):
        raise ValidationError({"amount": _("Say how much.")})


def check_amount(amount: Decimal | None, currency: str) -> None:
    """Raises ValidationError for money below zero, or in no currency."""
    if amount is None:
        return
    if amount < 0:
        raise ValidationError({"amount": _("An amount is not below zero.")})
    if not is_currency(currency):
        words = _("“%(code)s” is no currency: write the three letters of ISO 4217, as EUR.")
        raise ValidationError({"currency": words % {"code": currency}})


def _plain(said: dict) -> dict:
    said = dict(said)
    if "currency" in said:
        said["currency"] = (said["currency"] or "").strip().upper() if said.get("amount") is not None else ""
    if said.get("amount") is not None:
        said["as_written"] = said.get("as_written", "")  # it is read by now
    return {name: value.strip() if isinstance(value, str) else value for name, value in said.items()}


def _where(row: Cost, said: dict) -> tuple[Programme | None, date | None]:
    return said.get("programme", row.programme), said.get("day", row.day)


def _because(note: str, reason: str) -> str:
    if not reason.strip():
        raise ValidationError({"reason": _("Say why it is corrected.")})
    return "; ".join(filter(None, [note.strip(), reason.strip()]))[-300:]
