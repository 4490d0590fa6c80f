"""Photographs of a session: sent by a page or by a phone that was offline, named, shown, taken down."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import files
from accounts.models import StoredFile
from lib import pictures
from lib.forms import put_errors
from training import rules, services
from training.evidence import photographs
from training.forms.photos import PhotoForm, ReasonForm, SubjectsForm
from training.models import Photo, Session
from training.views.register import kept_session
from training.views.sessions import programme_of

SMALL = 480  # points of the longer side, in lists


@require_http_methods(["GET", "HEAD", "POST"])
def photo_create(request: HttpRequest, session: int) -> HttpResponse:
    """What there is and whether it may be shown; a POST adds one."""
    session = kept_session(request, session)
    return _add(request, session) if request.method == "POST" else _page(request, session, PhotoForm())


def _page(request: HttpRequest, session: Session, form: PhotoForm, status: int = 200) -> HttpResponse:
    photos = list(photographs.of_session(session))
    refused = photographs.refusals(photos, timezone.now())
    for photo in photos:
        photo.why_not = photographs.why_not(photo, refused.get(photo.pk, ()))
    hidden = sum(bool(photo.why_not) for photo in photos)
    context = {"session": session, "photos": photos, "hidden": hidden, "form": form}
    return render(request, "training/photo_list.html", context, status=status)


def _add(request: HttpRequest, session: Session) -> HttpResponse:
    form = PhotoForm(request.POST, request.FILES)
    outcome, status, photo = "refused", 422, None
    try:
        if form.is_valid():
            photo, is_new = services.keep_photo(
                by=request.user, session=session, now=timezone.now(), **form.cleaned_data
            )
            outcome, status = ("saved", 201) if is_new else ("known", 200)
    except ValidationError as error:
        if getattr(error, "code", "") == "conflict":
            outcome, status = "conflict", 409
        put_errors(form, error)
    if "application/json" in request.headers.get("Accept", ""):
        return _told(request, outcome, status, photo, form)
    if photo is None:
        return _page(request, session, form, status)
    messages.success(request, _("The photograph is kept. Say who is on it: until then it is not shown."))
    return redirect("training:photo_people", photo=photo.pk)


def _told(request, outcome: str, status: int, photo: Photo | None, form: PhotoForm) -> JsonResponse:
    """For the phone that sends what it kept while there was no network."""
    words = " ".join(words for errors in form.errors.values() for words in errors)
    said = {"operation": request.POST.get("operation", ""), "outcome": outcome, "words": words}
    return JsonResponse(said | {"photo": photo and photo.pk}, status=status)


def _photo(request: HttpRequest, pk: int) -> Photo:
    """For somebody who keeps the register of its session."""
    photos = Photo.objects.visible_to(request.user).filter(taken_down_at=None)
    photo = get_object_or_404(photos.select_related("session__programme__tenant", "file"), pk=pk)
    request.programme = photo.session.programme
    rules.insist(request.user, "keep_register", request.programme)
    return photo


@require_http_methods(["GET", "HEAD", "POST"])
def photo_people(request: HttpRequest, photo: int) -> HttpResponse:
    """Who is on it: the roster first, then everybody else of the programme."""
    photo = _photo(request, photo)
    known = photographs.may_be_on(photo.session)
    form = SubjectsForm(request.POST if request.method == "POST" else None, known=known)
    if request.method == "POST" and form.is_valid():
        try:
            services.name_people(by=request.user, photo=photo, **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("It is kept who is on the photograph."))
            return redirect(reverse("training:photo_create", args=[photo.session_id]) + f"#photo-{photo.pk}")
    named = set(photo.subjects.values_list("person_id", flat=True))
    context = {
        "photo": photo,
        "people": [(person, person.pk in named) for person in known],
        "form": form,
        "reason": ReasonForm(),
    }
    status = 422 if form.errors else 200
    return render(request, "training/photo_people.html", context, status=status)


@require_POST
def photo_removal(request: HttpRequest, photo: int) -> HttpResponse:
    photo = _photo(request, photo)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        services.take_down(by=request.user, photo=photo, reason=reason, now=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("training:photo_people", photo=photo.pk)
    messages.success(request, _("The photograph is deleted. The log of the session says why."))
    return redirect("training:photo_create", session=photo.session_id)


@require_safe
def photo_file(request: HttpRequest, photo: int) -> HttpResponseBase:
    """The picture, or with ?small=1 a smaller one for lists."""
    found = photographs.readable_by(request.user, timezone.now()).select_related("file")
    return served(request, get_object_or_404(found, pk=photo).file)


def served(request: HttpRequest, stored: StoredFile) -> HttpResponseBase:
    """A picture of ours, for this reader alone and kept by nothing in between."""
    try:
        response = _small(stored) if "small" in request.GET else files.attachment(stored)
    except FileNotFoundError:
        raise Http404 from None
    response["Cache-Control"] = "private, no-store"
    return response


def _small(stored: StoredFile) -> HttpResponse:
    with files.open_file(stored) as file:
        content = pictures.smaller(file.read(), longest=SMALL)
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return HttpResponse(content, content_type=pictures.media_type(content), headers=headers)


@require_safe
def photo_shown(request: HttpRequest, programme: str) -> HttpResponse:
    """What may be shown of a programme, for everybody who works in it; a fragment for its page."""
    programme = programme_of(request, programme)
    photos = photographs.shown_of(programme, timezone.now())
    template = "training/_photos.html" if request.htmx else "training/photo_shown.html"
    context = {"programme": programme, "photos": photos[:6] if request.htmx else photos}
    return render(request, template, context)
