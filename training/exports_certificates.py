"""Who has which certificate: to take along."""

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from lib.exports import Column, Export
from people.exports import called, who
from people.models import Programme
from training.models import Certificate, CertificateEdition

CERTIFICATES = Export(
    "certificates",
    _("Certificates"),
    (
        Column("number", _("Number")),
        Column("edition", _("Edition"), "newest_edition"),
        Column("issued_on", _("Issued on"), "newest_at"),
        Column("row_code", _("Row code"), "enrolment__row_code"),
        Column("person", _("Person"), who("enrolment__person"), called),
        Column("enterprise", _("Enterprise"), "enrolment__enterprise__name"),
        Column("revoked_at", _("Revoked")),
        Column("reason", _("Why it was revoked")),
    ),
)


def certificates(user: User, programme: Programme) -> QuerySet:
    """With the newest edition of each, in the order of names."""
    editions = CertificateEdition.objects.filter(certificate=OuterRef("pk")).order_by("-edition")
    rows = Certificate.objects.visible_to(user).filter(enrolment__programme=programme)
    rows = rows.annotate(
        newest_edition=Subquery(editions.values("edition")[:1]), newest_at=Subquery(editions.values("at")[:1])
    )
    return rows.order_by("enrolment__person__name_key", "pk")
