"""Two clicks from the people: their badges, and the contact list of those who agreed to it."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accounts.audit import audit
from accounts.exports import take_along
from training import exports
from training.models import Enrolment
from training.papers.badges import badges as sheets
from training.views.people import of_address


@require_safe
def badges(request: HttpRequest, programme: str) -> HttpResponse:
    programme = of_address(request, programme)
    content = sheets(programme, now=timezone.now())
    audit(request.user, "export", programme, ["badges.name", "badges.enterprise"])
    name = content_disposition_header(True, f"badges-{programme.code}.pdf")
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": name, "Cache-Control": "no-store"},
    )


@require_safe
def contact_export(request: HttpRequest, programme: str, format: str) -> HttpResponseBase:
    """Only who agreed to stand on it; a consent that was withdrawn is not in the next file."""
    programme = of_address(request, programme)
    people = Enrolment.objects.visible_to(request.user).filter(programme=programme)
    rows = exports.contacts(people.order_by("person__name_key", "pk"), timezone.now())
    return take_along(request, exports.CONTACTS, rows, format, about=programme)
