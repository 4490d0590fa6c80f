"""A programme's own words of a rule, one language at a time."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from lib.forms import put_errors
from reminders import services
from reminders.forms.rules import TextForm
from reminders.kinds import KINDS
from reminders.models import Rule, RuleText
from reminders.texts import STAND_FOR
from reminders.views.rules import found, preview_of


@require_http_methods(["GET", "HEAD", "POST"])
def text_edit(request: HttpRequest, rule: int, language: str) -> HttpResponse:
    """Its subject and text, with what the placeholders stand for, and the finished message as it would
    leave."""
    row = found(request, rule)
    there = _there(row, language)
    form = TextForm(request.POST if request.method == "POST" else None, instance=there)
    if request.method == "POST" and form.is_valid():
        written = RuleText(rule=row, language=language, **form.cleaned_data)
        try:
            services.check_words(row, written)
            if "preview" not in request.POST:
                services.word_rule(by=request.user, rule=row, language=language, **form.cleaned_data)
                messages.success(request, _("The words are kept; the next message says them."))
                return redirect("reminders:rule_edit", rule=row.pk)
        except ValidationError as error:
            put_errors(form, error)
        else:
            there = written
    context = _worded(row, there, language) | {"form": form}
    return render(request, "reminders/text_edit.html", context, status=422 if form.errors else 200)


@require_POST
def text_remove(request: HttpRequest, rule: int, language: str) -> HttpResponse:
    row = found(request, rule)
    _there(row, language)
    services.unword_rule(by=request.user, rule=row, language=language)
    messages.success(request, _("Our words are said again in this language."))
    return redirect("reminders:rule_edit", rule=row.pk)


def _there(row: Rule, language: str) -> RuleText:
    if language not in User.Language.values:
        raise Http404
    return row.texts.filter(language=language).first() or RuleText(rule=row, language=language)


def _worded(row: Rule, text: RuleText, language: str) -> dict:
    """A text that nobody wrote is shown in our words."""
    others = [one for one in row.texts.all() if one.language != language]
    texts = [*others, text] if text.subject else others
    shown = preview_of(row, texts=texts, language=language)
    return {
        "rule": row,
        "text": text,
        "language": User.Language(language).label,
        "is_there": text.pk is not None,
        "placeholders": _placeholders(row, shown.get("preview"), language),
        **shown,
    }


def _placeholders(row: Rule, preview, language: str) -> list[tuple[str, str, str]]:
    """Each with what it stands for, and what that is in the first message shown."""
    kind, values = KINDS[row.kind], {}
    if preview and preview.shown:
        first = preview.shown[0].reminder
        subject = kind.subjects([first.subject_id]).get(first.subject_id)
        with translation.override(language):
            values = kind.values(subject, first.person) if subject else {}
    return [(f"{{{name}}}", STAND_FOR.get(name, ""), values.get(name, "")) for name in kind.placeholders]
