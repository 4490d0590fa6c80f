"""Badges: an A4 sheet of eight, with everybody's name as she writes it."""

from datetime import datetime
from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext as _

from lib import pdf
from people.models import Programme
from training.models import Enrolment
from training.visibility import for_paper, funders_of

TEMPLATE = Path(__file__).with_name("badges.typ")


def badges(programme: Programme, *, now: datetime) -> bytes:
    """A PDF for all who take part, in the order of names and in the programme's language."""
    people = Enrolment.objects.filter(programme=programme).taking_part()
    people = people.select_related("person", "enterprise").order_by("person__name_key", "pk")
    funders, pictures = for_paper(funders_of(programme))
    with translation.override(programme.language):
        data = {
            "title": _("Badges: %(programme)s") % {"programme": programme.label},
            "language": programme.language,
            "programme": programme.title,
            "badges": [
                {"name": str(one.person), "enterprise": one.enterprise.name if one.enterprise else ""}
                for one in people
            ],
            "funders": funders,
        }
    return pdf.render(TEMPLATE, data, at=now, pictures=pictures)
