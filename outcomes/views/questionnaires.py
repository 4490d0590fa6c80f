"""Questionnaires of a programme: those there are, bringing one of the library, new ones, their editions."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from lib.forms import put_errors, sent_from
from lib.languages import told
from outcomes import services
from outcomes.asking.labels import labels
from outcomes.forms.answers import Asked
from outcomes.forms.questionnaires import KnownForm, LibraryForm, QuestionnaireForm
from outcomes.models import Edition, Questionnaire
from outcomes.rules import insist
from outcomes.views.whose import programme_of

FORMS = ["GET", "HEAD", "POST"]
VERB = "keep_answers"


def edition_of(request: HttpRequest, pk: int) -> Edition:
    rows = Edition.objects.visible_to(request.user).select_related("questionnaire__programme__tenant")
    row = get_object_or_404(rows, pk=pk)
    request.programme = row.questionnaire.programme
    insist(request.user, VERB, request.programme)
    return row


def questionnaire_of(request: HttpRequest, pk: int) -> Questionnaire:
    rows = Questionnaire.objects.visible_to(request.user).select_related("programme__tenant")
    row = get_object_or_404(rows, pk=pk)
    request.programme = row.programme
    insist(request.user, VERB, row.programme)
    return row


def refused(request: HttpRequest, error: ValidationError) -> None:
    messages.error(request, " ".join(error.messages))


def _listed(request: HttpRequest):
    counted = Edition.objects.annotate(
        asked=Count("items", distinct=True), used=Count("waves", distinct=True)
    )
    rows = Questionnaire.objects.visible_to(request.user).filter(programme=request.programme)
    return rows.prefetch_related(Prefetch("editions", counted.order_by("-number")))


@require_GET
def questionnaire_list(request: HttpRequest, programme: str) -> HttpResponse:
    """Those there are with their editions, and those of the library that are not brought yet."""
    programme_of(request, programme, VERB)
    return _list_page(request)


def _list_page(request: HttpRequest, sent=None) -> HttpResponse:
    rows = list(_listed(request))
    form = LibraryForm(sent, known={row.code for row in rows})
    context = {"programme": request.programme, "questionnaires": rows, "form": form}
    status = 422 if form.errors else 200
    return render(request, "outcomes/questionnaire_list.html", context, status=status)


@sent_from("outcomes:questionnaire_list")
def questionnaire_bring(request: HttpRequest, programme: str) -> HttpResponse:
    """One of the library becomes a draft of this programme."""
    programme_of(request, programme, VERB)
    known = Questionnaire.objects.filter(programme=request.programme).values_list("code", flat=True)
    form = LibraryForm(request.POST, known=set(known))
    if not form.is_valid():
        return _list_page(request, request.POST)
    row = services.bring_questionnaire(by=request.user, programme=request.programme, **form.cleaned_data)
    messages.success(request, _("It is brought, as a draft. Read it, change it, then publish it."))
    return redirect("outcomes:edition_detail", row.editions.get().pk)


@require_http_methods(FORMS)
def questionnaire_create(request: HttpRequest, programme: str) -> HttpResponse:
    programme_of(request, programme, VERB)
    return _form_page(request, None)


@require_http_methods(FORMS)
def questionnaire_edit(request: HttpRequest, questionnaire: int) -> HttpResponse:
    return _form_page(request, questionnaire_of(request, questionnaire))


def _form_page(request: HttpRequest, row: Questionnaire | None) -> HttpResponse:
    form = QuestionnaireForm(request.POST or None, instance=row)
    if row:
        form.fields["code"].disabled = True
    if request.method == "POST" and form.is_valid():
        whose = {"questionnaire": row, "programme": request.programme}
        try:
            made = services.save_questionnaire(by=request.user, **whose, **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The questionnaire is kept."))
            return redirect("outcomes:edition_detail", made.editions.first().pk)
    context = {"programme": request.programme, "form": form, "questionnaire": row}
    return render(request, "outcomes/questionnaire_form.html", context, status=422 if form.errors else 200)


@sent_from("outcomes:questionnaire_edit")
def edition_begin(request: HttpRequest, questionnaire: int) -> HttpResponse:
    row = questionnaire_of(request, questionnaire)
    try:
        made = services.begin_edition(by=request.user, questionnaire=row)
    except ValidationError as error:
        refused(request, error)
        return redirect("outcomes:edition_detail", row.editions.first().pk)
    messages.success(request, _("The next edition is begun, with the same questions."))
    return redirect("outcomes:edition_detail", made.pk)


@require_GET
def edition_detail(request: HttpRequest, edition: int) -> HttpResponse:
    return edition_page(request, edition_of(request, edition))


def edition_page(request: HttpRequest, row: Edition, known: KnownForm | None = None) -> HttpResponse:
    """The questions in order; of a draft with what can be changed."""
    items = list(row.items.select_related("wording__question"))
    titles = {item.wording.question.code: item.wording for item in items}
    for item in items:
        item.labels = [label for _code, label in labels(item.wording)]
        item.heading = told(item.section, item.section_sr)
        if (above := titles.get(item.shown_when.get("question", ""))) is not None:
            words = dict(labels(above))
            item.when = (above.title, [words.get(code, code) for code in item.shown_when["is"]])
    context = {
        "programme": request.programme,
        "edition": row,
        "items": items,
        "known": None if row.is_published else known or KnownForm(edition=row),
        "others": row.questionnaire.editions.exclude(pk=row.pk),
        "is_newest": not row.questionnaire.editions.filter(number__gt=row.number).exists(),
    }
    status = 422 if known is not None and known.errors else 200
    return render(request, "outcomes/edition_detail.html", context, status=status)


@require_GET
def edition_preview(request: HttpRequest, edition: int) -> HttpResponse:
    """As she will see it: every question, also those that are asked only of some."""
    row = edition_of(request, edition)
    questions = [Asked(item, {}) for item in row.items.select_related("wording__question")]
    for one in questions:
        one.is_shown = True
    context = {"programme": request.programme, "edition": row, "questions": questions}
    return render(request, "outcomes/edition_preview.html", context)


@sent_from("outcomes:edition_detail")
def edition_publish(request: HttpRequest, edition: int) -> HttpResponse:
    row = edition_of(request, edition)
    try:
        services.publish_edition(by=request.user, edition=row, now=timezone.now())
        messages.success(request, _("It is published: it stays as it is, and may be asked."))
    except ValidationError as error:
        refused(request, error)
    return redirect("outcomes:edition_detail", row.pk)
