"""Who will read a note, said before it is written."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from accounts.models import User
from mentoring.models import Assignment, Note
from people.models import Membership

Layer = Note.Layer


class Readers(NamedTuple):
    layer: str
    title: str
    who: str


def is_of_the_pair(user: User, assignment: Assignment) -> bool:
    both = {assignment.mentor.person.user_id, assignment.enrolment.person.user_id}
    return user.pk in both


def layers_for(user: User, assignment: Assignment) -> list[str]:
    """The layers in which she may write. Who runs the programme does not speak between the two of them."""
    if is_of_the_pair(user, assignment):
        return [Layer.MINE, Layer.OURS, Layer.PROGRAMME]
    return [Layer.MINE, Layer.PROGRAMME]


def readers(user: User, assignment: Assignment) -> list[Readers]:
    """Each layer that she may choose, with the names of those who will read it."""
    names = {"mentor": assignment.mentor.person, "person": assignment.enrolment.person}
    staff = Membership.objects.filter(programme=assignment.programme_id, role=Membership.Role.COORDINATOR)
    known = [str(row.person) for row in staff.select_related("person").order_by("person__name_key", "pk")]
    names["names"] = ", ".join(known)
    said = {
        Layer.MINE: (_("Only I"), _("Nobody else, not even who runs the programme.")),
        Layer.OURS: (_("The two of us"), _("%(mentor)s and %(person)s, nobody else.") % names),
        Layer.PROGRAMME: (
            _("The two of us and the programme"),
            _("%(mentor)s, %(person)s, the coordinators (%(names)s) and the administrators.") % names
            if known
            else _("%(mentor)s, %(person)s and the administrators.") % names,
        ),
    }
    return [Readers(layer, *said[layer]) for layer in layers_for(user, assignment)]
