"""The letters about certificates: to who holds one, and to somebody who is asked to check it."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from people.models import Person
from reminders.kinds.due import Due, Kind, Recipient, Words
from reminders.models import Reminder, Rule
from training.certificates import content, holder
from training.hers import shows
from training.models import Certificate, CertificateEdition, CheckInvitation

FRESH = timedelta(days=7)  # older ones are news to nobody


class CertificateReady(Kind):
    """To the holder, once for each edition, with a page that needs no account."""

    subject_type = "training.certificate"
    placeholders = ("person", "number", "programme", "organisation", "check")
    is_essential = True

    def due(self, rule: Rule, now: datetime) -> Iterator[Due]:
        rows = newest_editions().filter(certificate__enrolment__programme=rule.programme, at__gt=now - FRESH)
        rows = rows.filter(certificate__revoked_at=None, certificate__enrolment__person__joined_to=None)
        for pk, person, edition, at, said in rows.values_list(
            "certificate", "certificate__enrolment__person", "edition", "at", "said"
        ):
            if said:  # nothing of it was erased
                yield Due(person, pk, edition, at, None)

    def untrue(self, reminder: Reminder, now: datetime) -> str:
        rows = newest_editions().filter(certificate=reminder.subject_id).select_related("certificate")
        row = rows.first()
        if row is None or not row.said:
            return _("The certificate is gone.")
        if row.certificate.revoked_at:
            return _("The certificate was revoked.")
        return "" if row.edition == reminder.subject_revision else _("It was issued again since.")

    def subjects(self, ids: Iterable[int]) -> dict[int, Certificate]:
        return with_newest(Certificate.objects.in_bulk(list(ids)))

    def about(self, row: Certificate) -> str:
        return row.number

    def values(self, row: Certificate, person: Person | None = None) -> dict[str, str]:
        return {
            "person": str(person or row.enrolment.person),
            "number": row.number,
            "programme": row.enrolment.programme.title,
            "organisation": row.tenant.name,
            "check": content.address(row.newest),
        }

    def words(self, row: Certificate, person: Person | None = None) -> Words:
        what = self.values(row, person)
        lines = [
            _("You completed %(programme)s: certificate %(number)s is ready.") % what,
            _("Behind the link you fetch it, choose what its check page says, and ask somebody to check it."),
            _("You need not sign in."),
            shows(row),
            _("Its check page: %(check)s") % what,
        ]
        subject = _("Your certificate of %(programme)s is ready") % what
        return Words(subject, lines, _("Fetch the certificate"), holder.address(row))


class CertificateCheck(Kind):
    """To somebody outside, at the address that the holder gave, or whoever issued it."""

    subject_type = "training.checkinvitation"
    placeholders = ("number", "programme", "organisation", "says")
    is_essential = True

    def due(self, rule: Rule, now: datetime) -> Iterator[Due]:
        rows = CheckInvitation.objects.filter(certificate__enrolment__programme=rule.programme)
        rows = rows.filter(certificate__revoked_at=None, at__gt=now - FRESH).exclude(email="")
        for pk, at in rows.values_list("pk", "at"):
            yield Due(None, pk, 1, at, None)

    def untrue(self, reminder: Reminder, now: datetime) -> str:
        row = CheckInvitation.objects.filter(pk=reminder.subject_id).select_related("certificate").first()
        if row is None or not row.email or not row.certificate.editions.last().said:
            return _("The invitation is gone.")
        return _("The certificate was revoked.") if row.certificate.revoked_at else ""

    def to(self, reminder: Reminder) -> Recipient:
        rows = CheckInvitation.objects.filter(pk=reminder.subject_id)
        said = rows.values_list("email", "language").first()
        return Recipient(*said) if said else Recipient("", settings.LANGUAGE_CODE)

    def subjects(self, ids: Iterable[int]) -> dict[int, CheckInvitation]:
        found = CheckInvitation.objects.in_bulk(list(ids))
        rows = with_newest(Certificate.objects.in_bulk([row.certificate_id for row in found.values()]))
        for row in found.values():
            row.certificate = rows[row.certificate_id]
        return found

    def about(self, row: CheckInvitation) -> str:
        return row.certificate.number

    def values(self, row: CheckInvitation, person: Person | None = None) -> dict[str, str]:
        certificate = row.certificate
        return {
            "number": certificate.number,
            "programme": certificate.enrolment.programme.title,
            "organisation": certificate.tenant.name,
            "says": shows(certificate),
        }

    def words(self, row: CheckInvitation, person: Person | None = None) -> Words:
        """The holder is named only where she lets the check page name her."""
        what, certificate = self.values(row), row.certificate
        what["name"] = certificate.newest.said.get("name") if "name" in certificate.shows else ""
        is_hers = row.by_id is None or row.by_id == certificate.enrolment.person.user_id
        if not is_hers:
            first = _("%(organisation)s asks you to check certificate %(number)s.")
        elif what["name"]:
            first = _("%(name)s asks you to check certificate %(number)s.")
        else:
            first = _("Its holder asks you to check certificate %(number)s.")
        lines = [
            first % what,
            _("It was issued by %(organisation)s for completing %(programme)s.") % what,
            what["says"],
        ]
        why = _("You receive this once, because somebody gave your address for this.")
        subject = _("Please check certificate %(number)s") % what
        url = content.address(certificate.newest)
        return Words(subject, lines, _("Open the check page"), url, why)


def newest_editions() -> QuerySet:
    later = CertificateEdition.objects.filter(
        certificate=OuterRef("certificate"), edition__gt=OuterRef("edition")
    )
    return CertificateEdition.objects.filter(~Exists(later))


def with_newest(rows: dict[int, Certificate]) -> dict[int, Certificate]:
    """Each with its newest edition at hand, and what its letter speaks of."""
    editions = (
        newest_editions()
        .filter(certificate__in=list(rows))
        .select_related(
            "certificate__tenant", "certificate__enrolment__programme", "certificate__enrolment__person"
        )
    )
    found = {}
    for edition in editions:
        edition.certificate.newest = edition
        found[edition.certificate_id] = edition.certificate
    return found
