"""A list of ideas is pasted: looked at first, kept by a yes, and nothing of it lost."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from ideas import duplicates, pasting, rules, services
from ideas.forms.lists import PasteForm
from ideas.here import Here
from ideas.page import page
from ideas.sectors import SECTORS
from ideas.services.pasting import check_numbers, kept_already
from ideas.views.nominating import session_of
from lib.forms import put_errors
from people.models import Programme
from training.models import Session

FORMS = ["GET", "HEAD", "POST"]
COMPARED = 200  # lines that are compared with what is there


@require_http_methods(FORMS)
def idea_paste(request: HttpRequest, programme: str) -> HttpResponse:
    """From the list of the programme."""
    found = get_object_or_404(Programme.objects.visible_to(request.user), code=programme)
    request.programme = found
    if not rules.may_record_ideas(request.user, found):
        raise PermissionDenied
    return _paste(request, found, None)


@require_http_methods(FORMS)
def session_paste(request: HttpRequest, session: int) -> HttpResponse:
    """From a session: they were nominated in it."""
    found = session_of(request, session)
    return _paste(request, found.programme, found)


def _paste(request: HttpRequest, programme: Programme, session: Session | None) -> HttpResponse:
    here = Here.of(programme)
    form = PasteForm(request.POST or None, here=here)
    lines = _understood(form, here, programme) if request.method == "POST" and form.is_valid() else []
    if lines and "sure" in request.POST:
        new, others = services.keep_list(
            by=request.user, programme=programme, session=session, lines=lines, now=timezone.now()
        )
        _say(request, new, others)
        lines = [line for line in lines if line.errors]
        if not lines:
            return redirect(_back(programme, session))
        form = _with_the_rest(form, here, lines)
    context = {"programme": programme, "session": session, "form": form, "back": _back(programme, session)}
    context |= {"people": here.rows.values(), "lines": _shown(lines, programme)}
    context |= {"fit": sum(not line.errors for line in lines), "most": pasting.MOST}
    status = 422 if form.is_bound and form.errors else 200
    return page(request, "ideas/idea_paste.html", context, status=status)


def _understood(form: PasteForm, here: Here, programme: Programme) -> list[pasting.Line]:
    try:
        lines = pasting.understood(form.cleaned_data["text"], here, form.cleaned_data["who"])
    except ValidationError as error:
        put_errors(form, error)
        return []
    check_numbers(programme, lines)
    return lines


def _with_the_rest(form: PasteForm, here: Here, lines: list[pasting.Line]) -> PasteForm:
    """What was kept goes from the text; what was not understood stays in it, to be put right."""
    rest = "\n".join(f"{line.under}: {line.text}" if line.under else line.text for line in lines)
    for n, line in enumerate(lines, 1):
        line.n = n
    return PasteForm({"text": rest, "who": form.data.get("who", "")}, here=here)


def _shown(lines: list[pasting.Line], programme: Programme) -> list[pasting.Line]:
    """Each line with what sounds like it, and the number under which it was kept already."""
    known, said = kept_already(programme, [line for line in lines if not line.errors]), {}
    for line, similar in zip(lines, _alike(programme, lines), strict=True):
        operation = line.operation(programme, line.who[0]) if line.who else None
        line.known, line.sector_name = known.get(operation), SECTORS.get(line.sector, "")
        line.twice = said.setdefault(operation, line.n) if operation else line.n
        line.similar = [] if line.known or line.number else similar
    return lines


def _alike(programme: Programme, lines: list[pasting.Line]) -> list[list]:
    """For each line at most two ideas that sound like it, the likest first."""
    texts = [(line.title, line.summary) for line in lines[:COMPARED]]
    found = duplicates.similar_to_each(programme, texts, limit=2)
    return [[row.idea for row in rows] for rows in found] + [[] for _line in lines[COMPARED:]]


def _say(request: HttpRequest, new: int, others: int) -> None:
    words = ngettext("%(n)s idea is kept.", "%(n)s ideas are kept.", new) % {"n": new}
    if others:
        said = ngettext(
            "%(n)s nominator more stands with one.", "%(n)s nominators more stand with one.", others
        )
        words = f"{words} {said % {'n': others}}"
    messages.success(request, words)


def _back(programme: Programme, session: Session | None) -> str:
    if session:
        return reverse("training:session_detail", args=[session.pk])
    return reverse("ideas:idea_list", args=[programme.code])
