"""What a person agreed to, asked of many rows at once. The one place that says when a consent is held."""

from datetime import datetime

from django.db.models import Case, Exists, F, OuterRef, QuerySet, Value, When

from people.models import Consent, Funding


def held(
    purpose: str,
    now: datetime,
    *,
    person: str = "person",
    programme: str = "programme",
    funding: Funding | None = None,
) -> Exists:
    """Given by now, not withdrawn, in that programme, for that funding; without one: for nobody in
    particular. Paths lead from the row."""
    return Exists(
        Consent.objects.filter(
            person=OuterRef(f"{person}_id"),
            programme=OuterRef(f"{programme}_id"),
            purpose=purpose,
            funding=funding,
            given_at__lte=now,
            withdrawn_at=None,
        )
    )


def with_contact(rows: QuerySet, now: datetime, *, person: str = "person", programme: str = "programme"):
    """Adds `on_contact_list`, `contact_email` and `contact_phone`: blank unless she agreed to stand on the
    contact list. A withdrawn consent is blank in the next list."""
    agreed = held(Consent.Purpose.CONTACT_LIST, now, person=person, programme=programme)

    def shown(field: str) -> Case:
        return Case(When(on_contact_list=True, then=F(f"{person}__{field}")), default=Value(""))

    rows = rows.annotate(on_contact_list=agreed)
    return rows.annotate(contact_email=shown("email"), contact_phone=shown("phone"))
