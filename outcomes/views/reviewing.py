"""The review of an issue, from its page: each is one step, and leads back to it."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lib.forms import put_errors
from outcomes import services
from outcomes.forms.reviewing import ReviewForm
from outcomes.rules import insist
from outcomes.views.issues import issue_of, page_of


@require_POST
def issue_submit(request: HttpRequest, issue: int) -> HttpResponse:
    return _stepped(request, issue, services.submit_issue, _("The summary waits for its reviewer."))


@require_POST
def issue_comment(request: HttpRequest, issue: int) -> HttpResponse:
    return _stepped(request, issue, services.comment_on_issue, _("The comment is kept."), with_figure=True)


@require_POST
def issue_return(request: HttpRequest, issue: int) -> HttpResponse:
    return _stepped(request, issue, services.return_issue, _("The summary is returned."), with_figure=True)


@require_POST
def issue_approve(request: HttpRequest, issue: int) -> HttpResponse:
    return _stepped(request, issue, services.approve_issue, _("The summary is approved: it can be released."))


@require_POST
def issue_release(request: HttpRequest, issue: int) -> HttpResponse:
    found = issue_of(request, issue)
    insist(request.user, "release_issue", found)
    try:
        services.release_issue(by=request.user, issue=found, now=timezone.now())
        said = _("Issue %(number)s was released: %(funder)s can read it now.")
        messages.success(request, said % {"number": found.number, "funder": found.report.funding.funder})
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("outcomes:issue_detail", found.pk)


def _stepped(
    request: HttpRequest, pk: int, verb: Callable, done: str, *, with_figure: bool = False
) -> HttpResponse:
    """What was typed stays on the page where the step is refused."""
    found = issue_of(request, pk)
    insist(request.user, "review_issue", found)
    form = ReviewForm(request.POST, issue=found)
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in (("figure", "text") if with_figure else ("text",))}
        try:
            verb(by=request.user, issue=found, now=timezone.now(), **said)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, done)
            return redirect("outcomes:issue_detail", found.pk)
    return page_of(request, found, form)
