"""Files that hang on an idea: attached, handed over to be saved, taken away."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import files
from ideas import services
from ideas.forms.ideas import FileForm
from ideas.models import IdeaFile
from ideas.views.one import recorded_by, shown
from lib.forms import put_errors, sent_from


@sent_from("ideas:idea_detail")
def file_create(request: HttpRequest, idea: int) -> HttpResponse:
    idea = recorded_by(request, idea)
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            _row, is_new = services.attach(
                by=request.user, idea=idea, file=file, name=file.name, now=timezone.now()
            )
        except ValidationError as error:
            put_errors(form, ValidationError({"file": error.messages}))
        else:
            said = _("The file hangs on the idea.") if is_new else _("The idea has this file already.")
            messages.success(request, said)
            return redirect("ideas:idea_detail", idea.pk)
    return shown(request, idea, file_form=form, status=422)


@require_safe
def file_detail(request: HttpRequest, idea_file: int) -> HttpResponseBase:
    """The file itself, to be saved; for who judges the idea blind, under a name that says nothing."""
    rows = IdeaFile.objects.visible_to(request.user).there_for(request.user)
    row = get_object_or_404(rows, pk=idea_file)
    return files.attachment(row.file, name=row.shown)


@require_POST
def file_remove(request: HttpRequest, idea_file: int) -> HttpResponse:
    row = get_object_or_404(IdeaFile.objects.visible_to(request.user), pk=idea_file)
    idea = recorded_by(request, row.idea_id)
    services.detach(by=request.user, attachment=row, now=timezone.now())
    messages.success(request, _("The file is gone for good; that it was there stands in the trail."))
    return redirect("ideas:idea_detail", idea.pk)
