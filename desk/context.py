"""What every page of the shell shows around its own content."""

from typing import NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Tenant
from accounts.models.users import all_languages
from people.access import access
from people.models import Programme


class Item(NamedTuple):
    label: str
    url: str
    current: bool


def shell(request: HttpRequest) -> dict:
    """The navigation of a signed-in person: her programmes, and the rooms of the one she is in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return _of_visitor()
    programmes = list(Programme.objects.visible_to(user)[:12])
    programme = getattr(request, "programme", None) or (programmes[0] if programmes else None)
    return {
        "demo": user.tenant.is_demo,
        "languages_offered": user.tenant.languages,
        "programme_now": programme,
        "keeps_registers": bool(access(user).programmes("trainer", "coordinator")),
        "nav": _rooms(request, programme or _carried(user)),
        "bring_url": _bring_url(user, programme),
        "programmes": [
            Item(p.label, reverse("desk:programme", args=[p.code]), p.pk == getattr(programme, "pk", None))
            for p in programmes
        ],
    }


def _carried(user) -> Programme | None:
    """The programme for which a partner proposes, where she works in none: its page is not hers to see, its
    beneficiaries are."""
    mine = access(user).programmes("partner")
    return Programme.objects.filter(pk__in=mine, tenant=user.tenant_id).first() if mine else None


def _of_visitor() -> dict:
    """Before anybody signed in: is this a demo, or nobody's yet, and which languages may one choose?"""
    tenants = list(Tenant.objects.values_list("is_demo", "languages"))
    return {
        "demo": any(is_demo for is_demo, _languages in tenants),
        "nobodys": not tenants,
        "languages_offered": {code for _is_demo, languages in tenants for code in languages}
        or all_languages(),
    }


def _bring_url(user, programme: Programme | None) -> str:
    """Where who runs the programme brings a sheet in: the lists of all rooms offer it."""
    if programme is None or not access(user).runs(programme.pk, programme.tenant_id):
        return ""
    return reverse("desk:import_create", args=[programme.code])


def _rooms(request: HttpRequest, programme: Programme | None) -> list[Item]:
    """Today, and what her role in this programme opens: the words of the policy table."""
    places = [(_("Today"), "desk:today", None)]
    if programme:
        may = access(request.user)
        runs = may.runs(programme.pk, programme.tenant_id)
        trains, mentors = may.has("trainer", programme.pk), may.has("mentor", programme.pk)
        offered = [
            (runs or trains, _("People"), "training:enrolment_list"),
            (runs or trains or mentors, _("Sessions"), "training:session_list"),
            (runs or trains or mentors, _("Ideas"), "ideas:idea_list"),
            (runs or mentors, _("Mentoring"), "mentoring:assignment_list"),
            (runs, _("Outcomes"), "outcomes:report_list"),
            (runs, _("Reminders"), "reminders:reminder_list"),
            (runs, _("Sheets"), "desk:import_list"),
            (may.has("partner", programme.pk), _("Beneficiaries"), "people:beneficiary_list"),
        ]
        places += [(label, name, programme.code) for allowed, label, name in offered if allowed]
    here = request.resolver_match.view_name if request.resolver_match else ""
    return [
        Item(label, reverse(name, args=[code] if code else []), name == here) for label, name, code in places
    ]
