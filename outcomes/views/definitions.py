"""Definitions of figures: all of them, one with its versions, and a new version tried before it is kept."""

from itertools import groupby

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from accounts.exports import take_along
from lib.forms import put_errors
from outcomes import defined, exports_definitions, registry, services
from outcomes.counting.spec import in_words
from outcomes.definitions import DISAGGREGATIONS, Definition, unit_name
from outcomes.forms.chosen import DATA, Offered
from outcomes.forms.definitions import DefinitionForm, first_said, once_more
from outcomes.models import IndicatorVersion
from outcomes.services.definitions import check_definition
from outcomes.views.whose import programme_of
from people.models import Programme

FORMS = ["GET", "HEAD", "POST"]
READ, KEEP = "read_tables", "keep_definitions"


def _listed(request: HttpRequest, code: str) -> list[defined.Defined]:
    programme_of(request, code, READ)
    return defined.defined(request.user, request.programme, request.GET.get("q", ""))


@require_GET
def definition_list(request: HttpRequest, programme: str) -> HttpResponse:
    """Every code in its newest version, by level."""
    found = _listed(request, programme)
    levels = groupby(found, lambda one: one.definition.level_name)
    context = {
        "programme": request.programme,
        "levels": [(level, list(rows)) for level, rows in levels],
        "total": len(found),
        "q": request.GET.get("q", ""),
    }
    return render(request, "outcomes/definition_list.html", context)


@require_safe
def definition_export(request: HttpRequest, programme: str, format: str) -> HttpResponseBase:
    rows = exports_definitions.definitions(_listed(request, programme))
    about = request.programme
    return take_along(request, exports_definitions.DEFINITIONS, rows, format, about=about)


@require_GET
def definition_detail(request: HttpRequest, programme: str, definition: str) -> HttpResponse:
    """The newest version, or with `version` an older one."""
    programme_of(request, programme, READ)
    versions = _versions(request.programme, definition)
    one = _version(versions, request.GET.get("version"))
    rows = IndicatorVersion.objects.filter(tenant=request.programme.tenant, code=definition)
    made = {row.number: row for row in rows.select_related("made_by")}
    context = {
        "programme": request.programme,
        "definition": one,
        "newest": versions[0],
        "unit": unit_name(one.unit),
        "how": in_words(one.how),
        "asked": defined.asked_in(request.programme, one),
        "apart": [DISAGGREGATIONS[code] for code in one.disaggregations if code in DISAGGREGATIONS],
        "versions": [(version, made.get(version.version)) for version in versions],
        "lines": defined.lines_of(request.user, indicator=definition).get(definition, []),
    }
    return render(request, "outcomes/definition_detail.html", context)


def _versions(programme: Programme, code: str) -> list[Definition]:
    """The newest first; 404 where there is no such."""
    found = registry.versions(programme.tenant, code) if "\0" not in code else []
    if not found:
        raise Http404
    return found


def _version(versions: list[Definition], wanted: str | None) -> Definition:
    for one in versions:
        if wanted in (None, str(one.version)):
            return one
    raise Http404


@require_http_methods(FORMS)
def definition_create(request: HttpRequest, programme: str) -> HttpResponse:
    programme_of(request, programme, KEEP)
    return _form_page(request, None)


@require_http_methods(FORMS)
def definition_edit(request: HttpRequest, programme: str, definition: str) -> HttpResponse:
    programme_of(request, programme, KEEP)
    return _form_page(request, _versions(request.programme, definition)[0])


def _form_page(request: HttpRequest, known: Definition | None) -> HttpResponse:
    """“Preview” counts and keeps nothing; “Keep it” makes the next version."""
    form, tried = _form(request, known), None
    if form.is_bound and form.is_valid():
        try:
            check_definition(known, form.which, form.said)
            if "keep" in request.POST:
                return _kept(request, form)
            where = form.cleaned_data["where"]
            tried = defined.tried(where, known, form.which, form.said, timezone.now())
        except ValidationError as error:
            _put(form, error)
    context = {
        "programme": request.programme,
        "definition": known,
        "form": form,
        "tried": tried,
        "is_data": form["way"].value() == DATA,
    }
    return render(request, "outcomes/definition_form.html", context, status=422 if form.errors else 200)


def _form(request: HttpRequest, known: Definition | None) -> DefinitionForm:
    """“Show its answers” shows the same once more, with the answers of the question that is chosen."""
    tenant = request.programme.tenant
    offered = Offered.by(tenant, known.how if known else {})
    more = {"offered": offered, "programmes": defined.run_by(request.user), "known": known}
    if request.method == "POST" and "look" not in request.POST:
        return DefinitionForm(request.POST, **more)
    if request.method == "POST":
        return DefinitionForm(initial=once_more(DefinitionForm(**more), request.POST), **more)
    rows = IndicatorVersion.objects.filter(tenant=tenant, code=known.code if known else "")
    first = first_said(known, rows.order_by("-number").first(), offered)
    return DefinitionForm(initial=first | {"where": request.programme}, **more)


def _kept(request: HttpRequest, form: DefinitionForm) -> HttpResponse:
    after = form.cleaned_data.get("after")
    said = {"code": form.which, "after": after, **form.said}
    row = services.save_definition(by=request.user, tenant=request.programme.tenant, **said)
    words = _("Version %(n)s is kept. It counts from now on, but where a logframe names another.")
    messages.success(request, words % {"n": row.number})
    return redirect("outcomes:definition_detail", request.programme.code, row.code)


def _put(form: DefinitionForm, error: ValidationError) -> None:
    """What is wrong with how it is counted stands above, unless it was written as data."""
    if form.cleaned_data["way"] != DATA and "spec" in getattr(error, "error_dict", {}):
        error = ValidationError(error.messages)
    put_errors(form, error)
