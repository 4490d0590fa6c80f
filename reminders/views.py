"""The plan: who gets what, when and why; and what did not go."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.exports import take_along
from lib import clock
from people.models import Programme
from reminders import exports, services
from reminders.forms import RuleForm
from reminders.kinds import KINDS
from reminders.models import Reminder, Rule

SHOWN = 200


@require_GET
def reminder_list(request: HttpRequest, programme: str) -> HttpResponse:
    """What did not go, what will go, what went, by the records as they are."""
    request.programme = get_object_or_404(Programme.objects.visible_to(request.user), code=programme)
    if not request.user.has_perm("reminders.run", request.programme):
        raise PermissionDenied
    rows = Reminder.objects.visible_to(request.user).filter(rule__programme=request.programme)
    rows = rows.select_related("rule", "person")
    context = {
        "programme": request.programme,
        "trouble": rows.not_gone()[:SHOWN],
        "groups": _by_subject(rows.filter(state=Reminder.State.PLANNED)[:SHOWN], request.programme.zone),
        "planned": rows.filter(state=Reminder.State.PLANNED).count(),
        "gone": rows.filter(state__in=["sent", "dropped", "expired"]).order_by("-due_at")[:50],
        "rules": [
            (rule, RuleForm(instance=rule, prefix=str(rule.pk)))
            for rule in request.programme.rules.exclude(kind__in=Rule.ALWAYS_ON)
        ],
    }
    return render(request, "reminders/reminder_list.html", context)


@require_safe
def reminder_export(request: HttpRequest, programme: str, format: str) -> HttpResponseBase:
    request.programme = get_object_or_404(Programme.objects.visible_to(request.user), code=programme)
    if not request.user.has_perm("reminders.run", request.programme):
        raise PermissionDenied
    export, rows = exports.reminders(request.user, request.programme)
    return take_along(request, export, rows, format, about=request.programme)


def _by_subject(rows, zone: str) -> list[dict]:
    """Thirty people who hear of one session are one line that opens. What a line is about is read at once."""
    groups: dict[tuple, list[Reminder]] = {}
    for row in rows:
        groups.setdefault((row.rule_id, row.subject_id, row.due_at), []).append(row)
    firsts = [people[0] for people in groups.values()]
    subjects = {}
    for kind in {row.rule.kind for row in firsts}:
        found = KINDS[kind].subjects([row.subject_id for row in firsts if row.rule.kind == kind])
        subjects |= {(kind, pk): subject for pk, subject in found.items()}
    return [
        {
            "first": people[0],
            "people": people,
            "due": clock.local(people[0].due_at, zone),
            "words": KINDS[people[0].rule.kind].words(subjects[people[0].rule.kind, people[0].subject_id]),
        }
        for people in groups.values()
        if (people[0].rule.kind, people[0].subject_id) in subjects  # an application may be gone by now
    ]


@require_GET
def reminder_detail(request: HttpRequest, reminder: int) -> HttpResponse:
    """One message as it would leave now, in the person's language, and every try."""
    row = get_object_or_404(
        Reminder.objects.visible_to(request.user).select_related("rule__programme", "person"), pk=reminder
    )
    request.programme = row.rule.programme
    kind = KINDS[row.rule.kind]
    subject = kind.subjects([row.subject_id]).get(row.subject_id)
    to = kind.to(row)
    with translation.override(to.language):
        words = kind.words(subject) if subject else None
    context = {"reminder": row, "to": to, "words": words, "tries": row.tries.all()}
    return render(request, "reminders/reminder_detail.html", context)


@require_POST
def reminder_retry(request: HttpRequest, reminder: int) -> HttpResponse:
    row = get_object_or_404(
        Reminder.objects.visible_to(request.user).select_related("rule__programme"), pk=reminder
    )
    try:
        services.retry(by=request.user, reminder=row, now=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("It will be sent again within a minute."))
    return redirect("reminders:reminder_list", programme=row.rule.programme.code)


@require_POST
def rule_edit(request: HttpRequest, rule: int) -> HttpResponse:
    row = get_object_or_404(Rule.objects.visible_to(request.user).select_related("programme"), pk=rule)
    form = RuleForm(request.POST, instance=Rule.objects.get(pk=row.pk), prefix=str(row.pk))
    try:
        if not form.is_valid():
            raise ValidationError([error for errors in form.errors.values() for error in errors])
        services.change_rule(by=request.user, rule=row, **form.cleaned_data)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The rule is changed; the plan follows within a minute."))
    return redirect("reminders:reminder_list", programme=row.programme.code)
