"""Conflicts of interest: those of a programme for who runs it, and her own declarations."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from accounts.exports import take_along
from lib import clock
from lib.forms import put_errors
from mentoring import exports_conflicts as exports
from mentoring import services
from mentoring.conflicts import interests
from mentoring.forms.declarations import DeclareForm, HintForm, NarrowForm
from mentoring.models import Declared
from mentoring.views.programmes import programme_of
from people.models import Person

PAGE = 50
MOST = 20  # people found by name


def _board(request: HttpRequest, code: str) -> interests.Board:
    programme = programme_of(request, code)
    return interests.board(programme, clock.local(timezone.now(), programme.zone).date())


@require_GET
def conflict_list(request: HttpRequest, programme: str) -> HttpResponse:
    """Every mentor against everybody who takes part: by which fact, since when, what waits for an answer."""
    board, form = _board(request, programme), NarrowForm(request.GET)
    found = interests.narrowed(board.conflicts, *form.said())
    context = {
        "programme": request.programme,
        "board": board,
        "form": form,
        "page": Paginator(interests.gathered(found), PAGE).get_page(request.GET.get("page")),
        "answered": list(interests.answered(request.programme)),
        "is_narrowed": any(form.said()),
    }
    return render(request, "mentoring/conflict_list.html", context)


@require_safe
def conflict_export(request: HttpRequest, programme: str, format: str) -> HttpResponseBase:
    board, form = _board(request, programme), NarrowForm(request.GET)
    hints = [] if any(form.said()) else board.hints
    found = exports.rows([*interests.narrowed(board.conflicts, *form.said()), *hints])
    return take_along(request, exports.CONFLICTS, found, format, about=request.programme)


@require_POST
def hint_answer(request: HttpRequest, programme: str) -> HttpResponse:
    programme_of(request, programme)
    everybody = interests.mentors_of(request.programme) | interests.taking_part(request.programme)
    form = HintForm(request.POST, people=everybody)
    try:
        if not form.is_valid():
            raise ValidationError(_("Choose one of the pairs on this page."))
        services.answer_hint(
            by=request.user, programme=request.programme, now=timezone.now(), **form.cleaned_data
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The answer is kept. You can change it below."))
    return redirect("mentoring:conflict_list", programme=request.programme.code)


@require_http_methods(["GET", "POST"])
def declaration_list(request: HttpRequest) -> HttpResponse:
    """What she declared, and declaring: she finds the person by name and says what stands between them."""
    person = Person.objects.filter(user=request.user, joined_to=None).first()
    people = interests.known_to(request.user)
    form = DeclareForm(request.POST or None, people=people)
    if request.method == "POST" and form.is_valid():
        try:
            if person is None:
                raise ValidationError(_("Nobody in the address book signs in as you."))
            services.declare(by=request.user, person=person, now=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("It is on record. You can withdraw it below."))
            return redirect("mentoring:declaration_list")
    return _declarations(request, form, people)


def _declarations(request: HttpRequest, form: DeclareForm, people) -> HttpResponse:
    text = request.GET.get("q", "").strip()
    hers = Declared.objects.filter(person__user=request.user).select_related("about")
    context = {
        "form": form,
        "q": text,
        "matches": list(people.named_like(text)[:MOST]) if text else [],
        "standing": [row for row in hers if row.withdrawn_at is None],
        "withdrawn": [row for row in hers if row.withdrawn_at],
    }
    status = 400 if request.method == "POST" else 200
    return render(request, "mentoring/declaration_list.html", context, status=status)


@require_POST
def declaration_withdraw(request: HttpRequest, declaration: int) -> HttpResponse:
    rows = Declared.objects.visible_to(request.user).filter(person__user=request.user)
    row = get_object_or_404(rows.select_related("person__tenant"), pk=declaration)
    services.withdraw(by=request.user, declared=row, now=timezone.now())
    messages.success(request, _("It is withdrawn. That you said it stays on record."))
    return redirect("mentoring:declaration_list")
