"""The questions of a draft: adding one, its words, its heading and condition, its place."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lib.forms import put_errors, sent_from
from outcomes import services
from outcomes.forms.questionnaires import ItemForm, KnownForm, QuestionForm, WordingForm
from outcomes.models import Item
from outcomes.rules import insist
from outcomes.views.questionnaires import FORMS, VERB, edition_of, edition_page, refused

EDITION = "outcomes:edition_detail"


def item_of(request: HttpRequest, pk: int) -> Item:
    rows = Item.objects.visible_to(request.user)
    rows = rows.select_related("edition__questionnaire__programme__tenant", "wording__question")
    row = get_object_or_404(rows, pk=pk)
    request.programme = row.edition.questionnaire.programme
    insist(request.user, VERB, request.programme)
    return row


@sent_from(EDITION)
def item_create(request: HttpRequest, edition: int) -> HttpResponse:
    """A question that the organisation has asked before."""
    row = edition_of(request, edition)
    form = KnownForm(request.POST, edition=row)
    if form.is_valid():
        try:
            services.add_item(by=request.user, edition=row, wording=form.wording)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The question stands at the end."))
            return redirect(EDITION, row.pk)
    return edition_page(request, row, form)


@require_http_methods(FORMS)
def question_create(request: HttpRequest, edition: int) -> HttpResponse:
    """A question of the organisation's own, at the end of this draft."""
    row, form = edition_of(request, edition), QuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                made = services.save_question(by=request.user, edition=row, **form.cleaned_data)
                services.add_item(by=request.user, edition=row, wording=made)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The question stands at the end."))
            return redirect(EDITION, row.pk)
    return _words_page(request, row, form)


@require_http_methods(FORMS)
def item_wording(request: HttpRequest, item: int) -> HttpResponse:
    """Other words for the same question. What somebody has read stays: this draft gets the next wording."""
    row = item_of(request, item)
    form = WordingForm(request.POST or None, instance=row.wording)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                services.questionnaires.insist_draft(row.edition)
                said = {"question": row.wording.question, "wording": row.wording, **form.cleaned_data}
                made = services.save_wording(by=request.user, **said)
                services.save_item(by=request.user, item=row, wording=made)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The question is kept."))
            return redirect(EDITION, row.edition_id)
    return _words_page(request, row.edition, form, row)


def _words_page(request: HttpRequest, edition, form, item: Item | None = None) -> HttpResponse:
    context = {"programme": request.programme, "edition": edition, "form": form, "item": item}
    return render(request, "outcomes/question_form.html", context, status=422 if form.errors else 200)


@require_http_methods(FORMS)
def item_edit(request: HttpRequest, item: int) -> HttpResponse:
    """Its heading, whether it is asked for until it is answered, and of whom only."""
    row = item_of(request, item)
    form = ItemForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_item(by=request.user, item=row, **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The question is kept."))
            return redirect(EDITION, row.edition_id)
    context = {"programme": request.programme, "item": row, "form": form}
    return render(request, "outcomes/item_form.html", context, status=422 if form.errors else 200)


@sent_from("outcomes:item_edit")
def item_move(request: HttpRequest, item: int) -> HttpResponse:
    row = item_of(request, item)
    try:
        services.move_item(by=request.user, item=row, up="up" in request.POST)
    except ValidationError as error:
        refused(request, error)
    return redirect(reverse(EDITION, args=[row.edition_id]) + f"#item-{row.pk}")


@sent_from("outcomes:item_edit")
def item_remove(request: HttpRequest, item: int) -> HttpResponse:
    row = item_of(request, item)
    try:
        services.remove_item(by=request.user, item=row)
        messages.success(request, _("The question is out of this draft; what was answered to it stays."))
    except ValidationError as error:
        refused(request, error)
    return redirect(EDITION, row.edition_id)
