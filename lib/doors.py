"""A public form, for somebody who has no account: what stands between it and whoever sends it a thousand
times (no foreign service is asked), and the signed link by which her own mail confirms it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import blake2b
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib import clock, signing
from lib.folding import fold
from lib.quotas import count

KEPT = timedelta(days=7)  # what nobody confirmed
SOONEST, LATEST = timedelta(seconds=3), timedelta(hours=12)  # from the page's opening to its coming back
LARGEST = 64 * 1024  # bytes of one form
PERIOD = 600  # seconds
FROM_ONE_ADDRESS = 40  # in a period: a whole hall applies from behind one
TO_ONE_MAILBOX, MAIL_PERIOD = 5, 3600


@dataclass(frozen=True)
class Door:
    """One such form. `purpose` is what its links are signed for, `tries` the name of its counts."""

    purpose: str
    tries: str

    def opened(self, pk: int, now: datetime) -> str:
        """A signed value for the form: when its page was opened, and for which row (a programme's key)."""
        return signing.sign(f"{self.purpose}.form", pk, int(now.timestamp()))

    def check_opened(self, token: str, pk: int, now: datetime) -> None:
        """Raises ValidationError in words after which a person can try again."""
        try:
            known, seconds = signing.read(token, f"{self.purpose}.form")
        except (BadSignature, ValueError):
            known, seconds = 0, 0
        age = now - datetime.fromtimestamp(seconds, tz=now.tzinfo)
        if known != pk or not timedelta(0) <= age + timedelta(seconds=1) <= LATEST:
            raise ValidationError(_("This page lay open for too long. Nothing is lost: send it once more."))
        if age < SOONEST:
            words = _("That was quicker than anybody reads. Look through it once more, then send it again.")
            raise ValidationError(words)

    def is_stale(self, token: str, pk: int, now: datetime) -> bool:
        """A page that lay open for too long begins anew; one that came back too quickly keeps its
        beginning."""
        try:
            self.check_opened(token, pk, now + SOONEST)
        except ValidationError:
            return True
        return False

    def token_of(self, pk: int, revision: int) -> str:
        """What the link in the mail carries: dies when the revision is raised."""
        return signing.sign(self.purpose, pk, revision)

    def read_token(self, token: str) -> tuple[int, int] | None:
        """(key, revision) of a link that we sent; None for anything else."""
        try:
            return signing.read(token, self.purpose)
        except (BadSignature, ValueError):
            return None

    def refusal(self, request: HttpRequest) -> tuple[int, int] | None:
        """(status, seconds to wait) of what is not even read: a form too large, too many from one place."""
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
            return 413, 0
        return (429, PERIOD) if self.too_many_from(request) else None

    def too_many_from(self, request: HttpRequest) -> bool:
        """Counts this try, by the address that our own proxies tell (lib.addresses)."""
        key = f"{self.tries}:address:{request.META.get('REMOTE_ADDR', '')}"
        return count(key, PERIOD) > FROM_ONE_ADDRESS

    def too_many_to(self, email: str) -> bool:
        """Counts this letter. The same for an address that is known here and one that is not."""
        digest = blake2b(email.strip().lower().encode(), digest_size=16).hexdigest()
        return count(f"{self.tries}:mailbox:{digest}", MAIL_PERIOD) > TO_ONE_MAILBOX


def is_open(first: date | None, after: date | None, zone: str, now: datetime) -> bool:
    """Half-open, in the zone of the form. Without a first day nobody writes into it."""
    today = clock.local(now, zone).date()
    return first is not None and first <= today and (after is None or today < after)


def comes_later(first: date, zone: str, now: datetime) -> bool:
    return clock.local(now, zone).date() < first


def is_late(row, now: datetime) -> bool:
    """Nobody confirmed it (`created_at`, `confirmed_at`) within a week."""
    return row.confirmed_at is None and row.created_at + KEPT <= now


def earlier(rows: QuerySet, *, operation: UUID, email: str, name: str, path: str = "name"):
    """Of these rows the same form that arrives again, or one of the same person that is not confirmed yet:
    locked. (Two may share a mailbox.) `path` is where her name stands. None: a new one."""
    rows = rows.select_for_update(of=("self",), no_key=True)
    if same := rows.filter(operation=operation).first():
        return same
    hers = rows.filter(email__iexact=email, confirmed_at=None).order_by("-pk")
    return next((row for row in hers if fold(_at(row, path)) == fold(name)), None)


def _at(row, path: str) -> str:
    """`name`, or `said__name` of a JSON field."""
    column, _gap, key = path.partition("__")
    value = getattr(row, column)
    return value[key] if key else value


class Guarded(forms.Form):
    """`began` is when the page was opened; `website` is a field that only a machine sees. Whoever takes this
    says which `door` it is and sets `programme` and `now` before anything is cleaned."""

    began = forms.CharField(max_length=200, widget=forms.HiddenInput)
    website = forms.CharField(label=gettext_lazy("Leave this empty"), max_length=200, required=False)
    door: Door

    def clean(self):
        if self.cleaned_data.get("website"):
            self.add_error("website", _("This field is a trap for machines: leave it empty."))
        if began := self.cleaned_data.get("began"):
            try:
                self.door.check_opened(began, self.programme.pk, self.now)
            except ValidationError as error:
                self.add_error(None, error)
        return super().clean()

    def guards(self) -> dict:
        """What components/guards.html shows."""
        pk, began = self.programme.pk, self["began"].value()
        stale = self.door.is_stale(began or "", pk, self.now)
        is_trapped = bool(self.is_bound and self.errors.get("website"))
        return {"began": self.door.opened(pk, self.now) if stale else began, "trapped": is_trapped}
