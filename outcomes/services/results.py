"""Verbs of results: something that happened and can be shown. Taken back with a reason, never deleted."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.audit import audit
from accounts.keeping import keep
from accounts.models import User
from lib import clock, countries
from mentoring.models import Introduction
from outcomes.locks import insist_open
from outcomes.models import Party, Result
from people.models import Programme

Parties = Sequence[dict]  # each: organisation (a row) or name, and perhaps role


@transaction.atomic
def save_result(
    *,
    by: User | None,
    result: Result | None = None,
    programme: Programme | None = None,
    parties: Parties | None = None,
    now: datetime,
    **said,
) -> Result:
    """A result of a programme. `parties`: all of them; None leaves them as they are.

    `said`: kind, title, title_sr, day, number (of jobs: full-time equivalents), place, countries, session,
    enrolment, enterprise, introduction, attribution, note, reported_to (fundings), source, source_id. Raises
    ValidationError by field, also for a day in a locked period.
    """
    row = _held(result) if result else Result(programme=programme, by=by, at=now)
    said = {name: value.strip() if isinstance(value, str) else value for name, value in said.items()}
    _check(row, said, now)
    for day in {row.day, said.get("day", row.day)}:
        insist_open(row.programme, day)
    named = None if parties is None else [_named(row.programme, party) for party in parties]
    fundings = said.pop("reported_to", None)
    keep(by=by, row=row, said=said, tenant=row.programme.tenant)
    changed = _set_parties(row, named) | _set_fundings(row, fundings)
    if changed:
        audit(by, "change", row, changed, tenant=row.programme.tenant)
    return row


@transaction.atomic
def result_of_introduction(*, by: User, introduction: Introduction, now: datetime) -> Result:
    """An introduction that led somewhere, as a result, with all that is known of it. Twice is once."""
    rows = Introduction.objects.select_for_update(of=("self",), no_key=True)
    rows = rows.select_related("enrolment__programme__tenant", "enrolment__enterprise", "organisation")
    row = rows.get(pk=introduction.pk)
    if known := Result.objects.filter(introduction=row).first():
        return known
    if row.came != Introduction.Came.AGREED:
        raise ValidationError(_("Nothing was agreed on after this introduction, as far as is known."))
    party = {"organisation": row.organisation} if row.organisation else {"name": row.name}
    return save_result(
        by=by,
        programme=row.enrolment.programme,
        parties=[party | {"role": _titled(row.get_kind_display)("en")}],
        now=now,
        kind=Result.Kind.INTRODUCTION,
        title=_titled(lambda: _("Introduction to %(name)s") % {"name": row.name})("en")[:300],
        title_sr=_titled(lambda: _("Introduction to %(name)s") % {"name": row.name})("sr-latn")[:300],
        day=row.came_on,
        enrolment=row.enrolment,
        enterprise=row.enrolment.enterprise,
        introduction=row,
        note=row.remark,
    )


@transaction.atomic
def withdraw_result(*, by: User, result: Result, reason: str, now: datetime) -> Result:
    """Take it back: it counts no more, and is still there to be read. Once, with a reason."""
    if not (reason := reason.strip()):
        raise ValidationError({"reason": _("Say why it is taken back.")})
    if len(reason) > Result._meta.get_field("reason").max_length:
        raise ValidationError({"reason": _("Say it in fewer words: 300 characters at most.")})
    _insist_open(result)
    counting = Result.objects.counting().filter(pk=result.pk)
    if not counting.update(withdrawn_at=now, withdrawn_by=by, reason=reason):
        raise ValidationError(_("This result was taken back already."))
    result.refresh_from_db()
    audit(by, "withdraw", result, ["reason", "withdrawn_at"], tenant=result.programme.tenant)
    return result


@transaction.atomic
def restore_result(*, by: User, result: Result) -> Result:
    """It counts again. The trail keeps that it was taken back."""
    _insist_open(result)
    withdrawn = Result.objects.filter(pk=result.pk, withdrawn_at__isnull=False)
    if not withdrawn.update(withdrawn_at=None, withdrawn_by=None, reason=""):
        raise ValidationError(_("This result was not taken back."))
    result.refresh_from_db()
    audit(by, "restore", result, ["withdrawn_at"], tenant=result.programme.tenant)
    return result


def _locked(result: Result) -> Result:
    """The row as it is now, locked."""
    rows = Result.objects.select_for_update(of=("self",), no_key=True).select_related("programme__tenant")
    return rows.get(pk=result.pk)


def _held(result: Result) -> Result:
    """Locked; one that was taken back is not changed."""
    row = _locked(result)
    insist_counting(row)
    return row


def _insist_open(result: Result) -> None:
    """By its day of now: somebody may have changed it since it was read."""
    row = _locked(result)
    insist_open(row.programme, row.day)


def insist_counting(result: Result) -> None:
    if result.withdrawn_at:
        raise ValidationError(_("This result was taken back. Restore it first."))


def _check(row: Result, said: dict, now: datetime) -> None:
    """Does it belong to the programme? Raises ValidationError by field; makes country codes plain."""
    programme, tenant = row.programme, row.programme.tenant_id
    for name, words in (
        ("session", _("This session belongs to another programme.")),
        ("enrolment", _("She takes part in another programme.")),
    ):
        if said.get(name) and said[name].programme_id != programme.pk:
            raise ValidationError({name: words})
    if said.get("introduction") and said["introduction"].enrolment.programme_id != programme.pk:
        raise ValidationError({"introduction": _("This introduction belongs to another programme.")})
    if said.get("enterprise") and said["enterprise"].tenant_id != tenant:
        raise ValidationError({"enterprise": _("This enterprise belongs to somebody else.")})
    if any(funding.project.tenant_id != tenant for funding in said.get("reported_to") or ()):
        raise ValidationError({"reported_to": _("This funding belongs to somebody else.")})
    if said.get("day") and said["day"] > clock.local(now, programme.zone).date():
        raise ValidationError({"day": _("This day has not come yet.")})
    if "countries" in said:
        said["countries"] = country_codes(said["countries"])


def country_codes(said: Sequence[str]) -> list[str]:
    """Each once, in capital letters. Raises ValidationError for what is no country."""
    found = list(dict.fromkeys(str(code).strip().upper() for code in said or ()))
    if unknown := [code for code in found if code not in countries.codes()]:
        words = _("“%(code)s” is no country: write the two letters of ISO 3166-1, as RS.")
        raise ValidationError({"countries": words % {"code": unknown[0]}})
    return found


def _named(programme: Programme, party: dict) -> Party:
    """A party that is told once: by its row, or by a name."""
    organisation = party.get("organisation")
    name, role = (party.get("name") or "").strip(), (party.get("role") or "").strip()
    if organisation and organisation.tenant_id != programme.tenant_id:
        raise ValidationError({"parties": _("This organisation belongs to somebody else.")})
    if bool(organisation) == bool(name):
        raise ValidationError({"parties": _("A party is an organisation or a name.")})
    row = Party(organisation=organisation, name=name, role=role)
    try:
        row.clean_fields(exclude=["result"])
    except ValidationError as error:
        raise ValidationError({"parties": error.messages}) from None
    return row


def _set_parties(row: Result, named: list[Party] | None) -> set[str]:
    def told(parties):
        return [(party.organisation_id, party.name, party.role) for party in parties]

    if named is None or told(named) == told(row.parties.all()):
        return set()
    row.parties.all().delete()
    for party in named:
        party.result = row
    Party.objects.bulk_create(named)
    return {"parties"}


def _set_fundings(row: Result, fundings) -> set[str]:
    if fundings is None or {one.pk for one in fundings} == set(row.reported_to.values_list("pk", flat=True)):
        return set()
    row.reported_to.set(fundings)
    return {"reported_to"}


def _titled(words):
    def told(language: str) -> str:
        with translation.override(language):
            return str(words())

    return told
