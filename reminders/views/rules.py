"""The rules of a programme: who is told of what, when, by which way and in which words."""

from smtplib import SMTPException

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from lib.forms import put_errors, sent_from
from people.models import Programme
from reminders import sayings, services
from reminders.forms.rules import QuietHoursForm, RuleForm, TestForm
from reminders.kinds import KINDS
from reminders.models import QuietHours, Rule


@require_GET
def rule_list(request: HttpRequest, programme: str) -> HttpResponse:
    """Each rule as one sentence; what is wrong; the quiet hours."""
    request.programme = _run_by(request, programme)
    row = _quiet_hours(request.programme)
    return render(request, "reminders/rule_list.html", _listed(request, QuietHoursForm(instance=row)))


@sent_from("reminders:rule_list")
def quiet_edit(request: HttpRequest, programme: str) -> HttpResponse:
    request.programme = _run_by(request, programme)
    form = QuietHoursForm(request.POST, instance=_quiet_hours(request.programme))
    if not form.is_valid():
        return render(request, "reminders/rule_list.html", _listed(request, form), status=422)
    services.set_quiet_hours(by=request.user, programme=request.programme, **form.cleaned_data)
    messages.success(request, _("The quiet hours are changed; the plan follows within a minute."))
    return redirect("reminders:rule_list", programme=programme)


def _run_by(request: HttpRequest, code: str) -> Programme:
    programme = get_object_or_404(Programme.objects.visible_to(request.user), code=code)
    if not request.user.has_perm("reminders.run", programme):
        raise PermissionDenied
    return programme


def _quiet_hours(programme: Programme) -> QuietHours:
    """As they are; the usual ones where nobody said any, or what stands there is no time."""
    try:
        starts, ends = services.hours_of(programme)
    except ValidationError:
        starts, ends = QuietHours.STARTS, QuietHours.ENDS
    return QuietHours(programme=programme, starts=starts, ends=ends)


def _listed(request: HttpRequest, form: QuietHoursForm) -> dict:
    rows = request.programme.rules.filter(kind__in=KINDS).select_related("module").prefetch_related("texts")
    rows = sorted(rows, key=lambda rule: Rule.Kind.values.index(rule.kind))
    rules = [
        {"rule": rule, "said": sayings.sentence_of(rule), "only": sayings.only_of(rule), "texts": texts}
        for rule in rows
        for texts in [[text.get_language_display() for text in rule.texts.all()]]
    ]
    return {
        "programme": request.programme,
        "on": [one for one in rules if one["rule"].is_on],
        "off": [one for one in rules if not one["rule"].is_on],
        "wrong": services.trouble(request.programme, timezone.now()),
        "form": form,
    }


def found(request: HttpRequest, rule: int) -> Rule:
    """A rule of a programme that she runs, else 404."""
    rows = Rule.objects.visible_to(request.user).filter(kind__in=KINDS)
    row = get_object_or_404(rows.select_related("programme", "module"), pk=rule)
    request.programme = row.programme
    return row


@require_http_methods(["GET", "HEAD", "POST"])
def rule_edit(request: HttpRequest, rule: int) -> HttpResponse:
    """The form, and on whom it would act: as it stands, or, before it is saved, as it is written here."""
    row = found(request, rule)
    form = RuleForm(request.POST if request.method == "POST" else None, instance=row)
    wanted, asked = row, None
    if request.method == "POST" and form.is_valid():
        wanted = services.proposed(row, **form.cleaned_data)
        if "preview" not in request.POST:
            asked = _saved(request, row, form)
            if not asked and not form.errors:
                return redirect("reminders:rule_edit", rule=row.pk)
    context = _edited(row, wanted) | {"form": form, "asked": asked}
    return render(request, "reminders/rule_edit.html", context, status=422 if form.errors else 200)


def _saved(request: HttpRequest, row: Rule, form: RuleForm) -> int | None:
    """Saved, or to how many people it would write, if that is the question; errors stand at the form."""
    sure = "sure" in request.POST
    try:
        services.change_rule(by=request.user, rule=row, sure=sure, **form.cleaned_data)
    except ValidationError as error:
        if getattr(error, "code", None) == "many":
            return error.params["n"]
        put_errors(form, error)
    else:
        messages.success(request, _("The rule is changed; the plan follows within a minute."))
    return None


def _edited(row: Rule, wanted: Rule) -> dict:
    texts = {text.language: text for text in row.texts.all()}
    return {
        "rule": row,
        "is_fixed": row.kind in Rule.ALWAYS_ON,
        "said": sayings.sentence_of(wanted),
        "only": sayings.only_of(wanted),
        "is_saved": wanted is row,
        "languages": [(code, name, texts.get(code)) for code, name in User.Language.choices],
        "test": TestForm(),
        **preview_of(wanted),
    }


def preview_of(rule: Rule, **said) -> dict:
    """The preview for a page, or why there is none."""
    try:
        return {"preview": services.preview(rule, timezone.now(), **said)}
    except ValidationError as error:
        return {"bad": error.messages}


@require_POST
def rule_test(request: HttpRequest, rule: int) -> HttpResponse:
    """One message to her own address, as the first that the rule would send."""
    row, form = found(request, rule), TestForm(request.POST)
    try:
        if not form.is_valid():
            raise ValidationError(form.errors["language"])
        language = form.cleaned_data["language"]
        services.send_test(by=request.user, rule=row, language=language, now=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except SMTPException as error:
        words = _("The test message did not leave. The mail server said: %(words)s")
        messages.error(request, words % {"words": error})
    else:
        messages.success(
            request, _("A test message is on its way to %(address)s.") % {"address": request.user.email}
        )
    return redirect("reminders:rule_edit", rule=row.pk)
