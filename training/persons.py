"""Whom a user meets in her programmes: the wall of the programme, drawn around persons."""

from django.db.models import Q, QuerySet

from accounts.models import User
from people.access import access
from people.models import Person
from training.models import Enrolment


def met_by(user: User) -> QuerySet[Person]:
    """Who is enrolled in a programme that the user coordinates or trains, and whom she may see anyway."""
    if access(user).is_administrator:
        return Person.objects.visible_to(user)  # all of her organisation, read along the key
    enrolled = Enrolment.objects.visible_to(user).order_by().values("person")
    return Person.objects.filter(
        Q(pk__in=Person.objects.visible_to(user).order_by().values("pk")) | Q(pk__in=enrolled), joined_to=None
    )
