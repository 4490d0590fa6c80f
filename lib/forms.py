"""What forms of several rooms share."""

from functools import wraps

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods


def put_errors(form: forms.Form, error: ValidationError) -> None:
    """Show what a service refused at the field it names, or above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields and name != NON_FIELD_ERRORS else None, errors)


class ServedForm(forms.ModelForm):
    """Its service checks and saves: the instance stays as it is until then."""

    def _post_clean(self):
        pass


def day_field(**more) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **more)


def one_of(form: forms.Form, choice: str, name: str, *, is_needed: bool = True) -> None:
    """Either what is known is chosen, or a new one is named; or neither, where that is allowed."""
    chosen, named = form.cleaned_data.get(choice), (form.cleaned_data.get(name) or "").strip()
    is_wrong = bool(chosen) == bool(named) and (is_needed or bool(chosen))
    if is_wrong and not form.errors:
        words = _("Choose a known one, or name a new one; not both.")
        form.add_error(name, words if chosen or choice in form.fields else _("Write the name."))


def sent_from(form: str):
    """For an address that only takes what the page `form` sends; both have the same kwargs. It shows a form
    that was refused, so somebody may come back to it with GET: she changed the language there, or signed in
    anew. She finds the page with the form."""

    def decorated(view):
        @wraps(view)
        def answer(request: HttpRequest, **which) -> HttpResponse:
            if request.method == "POST":
                return view(request, **which)
            query = request.GET.urlencode()
            return redirect(reverse(form, kwargs=which) + (f"?{query}" if query else ""))

        return require_http_methods(["GET", "HEAD", "POST"])(answer)

    return decorated
