"""What becomes of an idea: its state, the mentor it asks for, the assignment that carries it on."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ideas import services
from ideas.forms.carrying import AskForm, CarryOnForm, StateForm
from ideas.page import page
from ideas.views.one import run_by, shown
from lib.forms import put_errors, sent_from


@sent_from("ideas:idea_detail")
def idea_state(request: HttpRequest, idea: int) -> HttpResponse:
    idea = run_by(request, idea)
    form = StateForm(request.POST)
    if form.is_valid():
        try:
            services.set_idea_state(by=request.user, idea=idea, now=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The idea is now: %(state)s.") % {"state": idea.get_state_display()})
            return redirect("ideas:idea_detail", idea.pk)
    return shown(request, idea, state_form=form)


@sent_from("ideas:idea_detail")
def idea_carry_on(request: HttpRequest, idea: int) -> HttpResponse:
    """Points the idea to the assignment in which somebody works on it."""
    idea = run_by(request, idea)
    form = CarryOnForm(request.POST, idea=idea, user=request.user)
    if form.is_valid():
        try:
            services.carry_on(by=request.user, idea=idea, now=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The idea is carried on in mentoring."))
            return redirect("ideas:idea_detail", idea.pk)
    return shown(request, idea, carry_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def idea_ask(request: HttpRequest, idea: int) -> HttpResponse:
    """A need for a mentor is made from it: matching takes it up, and a yes carries the idea on."""
    idea = run_by(request, idea)
    form = AskForm(request.POST or None, idea=idea)
    if request.method == "POST" and form.is_valid():
        try:
            services.ask_for_mentor(by=request.user, idea=idea, now=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("A mentor is asked for. Matching takes the need up."))
            return redirect("ideas:idea_detail", idea.pk)
    context = {"idea": idea, "form": form, "people": form.fields["enrolment"].queryset}
    return page(request, "ideas/idea_ask.html", context, status=422 if form.errors else 200)
