"""The pages of a programme's outcomes, in the order in which they are read: the line above each of them."""

from typing import NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from people.access import access
from people.models import Programme


class Kind(NamedTuple):
    """`route` takes the programme's code. Trainers see what is theirs to read, coordinators all of it."""

    route: str
    name: str
    trainers: bool = False
    also: tuple[str, ...] = ()  # other pages that belong under this word


class Part(NamedTuple):
    name: str
    url: str
    is_here: bool


PARTS = (
    Kind("outcomes:report_list", _("Reports")),
    Kind("outcomes:figure_list", _("Figures")),
    Kind("outcomes:logframe_of", _("Logframe"), also=("outcomes:logframe",)),
    Kind("outcomes:table_list", _("Tables")),
    Kind("outcomes:comparison_list", _("Groups")),
    Kind("outcomes:wave_list", _("Asking"), trainers=True),
    Kind("outcomes:questionnaire_list", _("Questionnaires")),
    Kind("outcomes:result_list", _("Results"), trainers=True),
    Kind("outcomes:grant_list", _("Grants")),
    Kind("outcomes:costs_of", _("Costs"), also=("outcomes:cost_list",)),
    Kind("outcomes:narratives_of", _("What is told"), also=("outcomes:narrative_list",)),
    Kind("outcomes:lock_list", _("Locked periods")),
    Kind(
        "outcomes:definition_list",
        _("Definitions"),
        also=("outcomes:definition_detail", "outcomes:definition_create", "outcomes:definition_edit"),
    ),
    Kind("outcomes:quality_detail", _("Data quality")),
)


def parts(request: HttpRequest, programme: Programme) -> list[Part]:
    """Those that she may open, as links."""
    runs = access(request.user).runs(programme.pk, programme.tenant_id)
    here = request.resolver_match.view_name if request.resolver_match else ""
    found = []
    for kind in PARTS:
        if runs or kind.trainers:
            url = reverse(kind.route, args=[programme.code])
            found.append(Part(kind.name, url, here in (kind.route, *kind.also)))
    return found
