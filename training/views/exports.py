"""The lists of training, to take along."""

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.exports import take_along
from training import exports, exports_certificates
from training.views import applicants
from training.views.people import listed, of_address
from training.views.register import kept_session
from training.views.sessions import programme_of


@require_safe
def enrolment_export(request: HttpRequest, programme: str, format: str) -> HttpResponseBase:
    """Contact details are those of people who agreed to the contact list."""
    programme = of_address(request, programme)
    rows = exports.people(listed(request, programme).qs, timezone.now())
    return take_along(request, exports.PEOPLE, rows, format, about=programme)


@require_safe
def attendance_export(request: HttpRequest, programme: str, format: str) -> HttpResponseBase:
    programme = of_address(request, programme)
    rows = exports.attendance(request.user, session__programme=programme)
    return take_along(request, exports.ATTENDANCE, rows, format, about=programme)


@require_safe
def session_export(request: HttpRequest, programme: str, format: str) -> HttpResponseBase:
    programme = programme_of(request, programme)
    return take_along(
        request, exports.SESSIONS, exports.sessions(request.user, programme), format, about=programme
    )


@require_safe
def register_export(request: HttpRequest, session: int, format: str) -> HttpResponseBase:
    session = kept_session(request, session)
    rows = exports.register(request.user, session, request.GET.get("q", ""))
    part = f"{session.pk}"
    return take_along(request, exports.ATTENDANCE, rows, format, about=session.programme, part=part)


@require_safe
def applicant_export(request: HttpRequest, programme: str, format: str) -> HttpResponseBase:
    programme = of_address(request, programme)
    rows = applicants.listed(request, programme).qs
    return take_along(request, exports.APPLICANTS, rows, format, about=programme)


@require_safe
def certificate_export(request: HttpRequest, programme: str, format: str) -> HttpResponseBase:
    programme = of_address(request, programme)
    rows = exports_certificates.certificates(request.user, programme)
    return take_along(request, exports_certificates.CERTIFICATES, rows, format, about=programme)
