"""Notes of a pair, in three layers: only I, the two of us, the two of us and the programme."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lib.forms import put_errors
from mentoring import services
from mentoring.forms.notes import NoteForm
from mentoring.meetings import layers
from mentoring.models import Note
from mentoring.views.assignments import assignment_of


@require_http_methods(["GET", "POST"])
def note_create(request: HttpRequest, assignment: int) -> HttpResponse:
    row = assignment_of(request, assignment)
    if not request.user.has_perm("mentoring.write_note", row):
        raise PermissionDenied
    readers = layers.readers(request.user, row)
    form = NoteForm(request.POST if request.method == "POST" else None, layers=readers)
    if request.method == "POST" and form.is_valid():
        try:
            services.write_note(by=request.user, assignment=row, now=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The note is kept."))
            return redirect("mentoring:assignment_detail", assignment=row.pk)
    context = {"assignment": row, "form": form, "readers": readers}
    return render(request, "mentoring/note_create.html", context, status=400 if form.errors else 200)


@require_POST
def note_remove(request: HttpRequest, pair_note: int) -> HttpResponse:
    row = get_object_or_404(Note.objects.visible_to(request.user), pk=pair_note)
    pair = row.assignment_id
    services.remove_note(by=request.user, note=row)
    messages.success(request, _("The note is gone."))
    return redirect("mentoring:assignment_detail", assignment=pair)
