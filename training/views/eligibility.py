"""The rules of who may take part; on somebody's page her answers and exceptions."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lib.forms import put_errors
from people.models import Programme
from training import rules, services
from training.eligibility import applying
from training.eligibility.judging import Kind
from training.eligibility.words import rule_words
from training.forms.eligibility import AnswerForm, ReasonForm, RuleForm
from training.models import EligibilityRule, Finding
from training.views.people import of_address


@require_safe
def eligibility_list(request: HttpRequest, programme: str) -> HttpResponse:
    programme = of_address(request, programme)
    rows = EligibilityRule.objects.visible_to(request.user).filter(programme=programme)
    found = list(rows.select_related("funding__funder").with_counts())
    address = reverse("training:apply", args=[programme.tenant.slug, programme.code])
    context = {
        "programme": programme,
        "binding": [(row, rule_words(row)) for row in found if row.funding_id is None],
        "views": [(row, rule_words(row)) for row in found if row.funding_id],
        "kinds": Kind.choices,
        "may_change": rules.may(request.user, "change_eligibility", programme),
        "address": request.build_absolute_uri(address) if programme.applies_from else "",
        "is_open": applying.is_open(programme, timezone.now()),
    }
    return render(request, "training/eligibility_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def eligibility_create(request: HttpRequest, programme: str) -> HttpResponse:
    programme = of_address(request, programme)
    rules.insist(request.user, "change_eligibility", programme)
    kind = request.GET.get("kind", Kind.ESTABLISHED_WITHIN.value)
    if kind not in Kind.values:
        raise Http404
    return _edit(request, programme, kind, None)


@require_http_methods(["GET", "HEAD", "POST"])
def eligibility_edit(request: HttpRequest, eligibility: int) -> HttpResponse:
    rule = _rule(request, eligibility)
    return _edit(request, rule.programme, rule.kind, rule)


def _rule(request: HttpRequest, pk: int) -> EligibilityRule:
    rows = EligibilityRule.objects.visible_to(request.user).select_related("programme__tenant", "funding")
    rule = get_object_or_404(rows, pk=pk)
    request.programme = rule.programme
    rules.insist(request.user, "change_eligibility", rule.programme)
    return rule


def _edit(
    request: HttpRequest, programme: Programme, kind: str, rule: EligibilityRule | None
) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = RuleForm(data, programme=programme, kind=kind, rule=rule)
    if request.method == "POST" and form.is_valid():
        said = {"by": request.user, "programme": programme, "rule": rule, "now": timezone.now()}
        try:
            services.save_eligibility_rule(**said, **form.said())
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The rule is kept, and everybody was looked at by it."))
            return redirect("training:eligibility_list", programme=programme.code)
    context = {"programme": programme, "form": form, "rule": rule, "kind": Kind(kind).label}
    return render(request, "training/eligibility_form.html", context, status=422 if form.errors else 200)


@require_POST
def eligibility_remove(request: HttpRequest, eligibility: int) -> HttpResponse:
    rule = _rule(request, eligibility)
    services.remove_eligibility_rule(by=request.user, rule=rule, now=timezone.now())
    messages.success(request, _("The rule is gone: it binds nobody any more."))
    return redirect("training:eligibility_list", programme=rule.programme.code)


@require_POST
def eligibility_check(request: HttpRequest, programme: str) -> HttpResponse:
    programme = of_address(request, programme)
    rules.insist(request.user, "change_eligibility", programme)
    services.check_eligibility(by=request.user, programme=programme, now=timezone.now())
    messages.success(request, _("Everybody's facts were looked at again."))
    return redirect("training:applicant_list", programme=programme.code)


def _finding(request: HttpRequest, pk: int) -> Finding:
    rows = Finding.objects.visible_to(request.user)
    row = get_object_or_404(rows.select_related("rule", "enrolment__programme__tenant"), pk=pk)
    request.programme = row.enrolment.programme
    rules.insist(request.user, "change_enrolment", row.enrolment.programme)
    return row


def _back(finding: Finding) -> HttpResponse:
    return redirect(reverse("training:enrolment_detail", args=[finding.enrolment_id]) + "#eligibility")


@require_POST
def finding_except(request: HttpRequest, finding: int) -> HttpResponse:
    """With a reason an exception is made; `take_back` takes it back."""
    row, form = _finding(request, finding), ReasonForm(request.POST)
    if "take_back" in request.POST:
        services.take_back_exception(by=request.user, finding=row)
        messages.success(request, _("The exception is taken back: the rule stands again."))
        return _back(row)
    try:
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        services.make_exception(by=request.user, finding=row, reason=reason, now=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The exception is kept, with your name and the reason."))
    return _back(row)


@require_POST
def finding_answer(request: HttpRequest, finding: int) -> HttpResponse:
    row, form = _finding(request, finding), AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say yes, no, or not known."))
        return _back(row)
    try:
        services.answer_eligibility(by=request.user, finding=row, answer=form.said(), now=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return _back(row)
