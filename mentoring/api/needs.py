"""What entrepreneurs ask a mentor for, and what either side wishes."""

from django.core.exceptions import PermissionDenied
from rest_framework import serializers

from lib.api import Resource
from lib.api.narrowed import Said, example
from mentoring import services
from mentoring.api.asked import list_of, windows_field
from mentoring.filters import NeedFilter, PreferenceFilter
from mentoring.models import Function, Mentor, Need, Preference
from people.api.book import SECTORS

ASKS = {
    "enrolment": 31,
    "sector": "C",
    "functions": ["pricing"],
    "language": "sr-latn",
    "place": "premises",
    "windows": [{"weekday": 2, "start": "09:00", "end": "12:00"}],
    "text": "What may a jar cost?",
}
FIELDS = ["enrolment", "sector", "functions", "language", "place", "windows", "text"]


@example(id=2, **ASKS)
class NeedSerializer(serializers.ModelSerializer):
    class Meta:
        model = Need
        fields = ["id", *FIELDS]


@example(**ASKS)
class NeedSaidSerializer(Said):
    sector = serializers.ChoiceField(choices=SECTORS, required=False, allow_blank=True)
    functions = list_of(Function.choices)
    windows = windows_field()
    fixed = ("enrolment",)

    class Meta:
        model = Need
        fields = FIELDS


class NeedViewSet(Resource):
    """What entrepreneurs ask a mentor for. Of several of one enrolment the newest counts."""

    serializer_class = NeedSerializer
    writes = NeedSaidSerializer
    filterset_class = NeedFilter
    queryset = Need.objects.none()
    programme = "enrolment__programme"

    def get_queryset(self):
        rows = Need.objects.visible_to(self.request.user)
        return rows.select_related("enrolment__programme__tenant", "enrolment__person")

    def add(self, said, *, by, now):
        if not by.has_perm("mentoring.state_need", said["enrolment"]):
            raise PermissionDenied
        return services.save_need(by=by, **said)

    def change(self, row, said, *, by, now):
        if not by.has_perm("mentoring.state_need", row.enrolment):
            raise PermissionDenied
        services.save_need(by=by, need=row, **said)


WISHES = {"mentor": 5, "enrolment": 31, "side": "entrepreneur", "says": "wish", "reason": "She knows jam."}


@example(id=3, **WISHES, at="2025-03-10T09:00:00Z")
class PreferenceSerializer(serializers.ModelSerializer):
    class Meta:
        model = Preference
        fields = ["id", "mentor", "enrolment", "side", "says", "reason", "at"]


def may_be_named(user):
    """Mentors she may say something about: those she sees, and the active ones of programmes she is in."""
    if not user.is_authenticated:
        return Mentor.objects.none()
    if not user.is_authenticated:
        return Mentor.objects.none()
    known = Mentor.objects.visible_to(user).values("pk")
    here = Mentor.objects.filter(state=Mentor.State.ACTIVE, offers__programme__enrolments__person__user=user)
    return Mentor.objects.filter(pk__in=known) | Mentor.objects.filter(pk__in=here.values("pk"))


@example(**WISHES)
class PreferenceSaidSerializer(Said):
    """Sent again for the same two and the same side, it takes the place of what was said."""

    sources = {"mentor": may_be_named}

    class Meta:
        model = Preference
        fields = ["mentor", "enrolment", "side", "says", "reason"]


class PreferenceViewSet(Resource):
    """Who would like whom, and who will not have whom: a no is a hard rule of matching. Each side reads what
    she said herself; who runs the programme reads both."""

    serializer_class = PreferenceSerializer
    writes = PreferenceSaidSerializer
    filterset_class = PreferenceFilter
    queryset = Preference.objects.none()
    programme = "enrolment__programme"

    def get_queryset(self):
        rows = Preference.objects.visible_to(self.request.user)
        return rows.select_related("enrolment__programme__tenant", "enrolment__person", "mentor__person")

    def add(self, said, *, by, now):
        _insist(by, said["mentor"], said["enrolment"], said["side"])
        return services.prefer(by=by, now=now, **said)

    def remove(self, row, *, by, now):
        _insist(by, row.mentor, row.enrolment, row.side)
        said = {"mentor": row.mentor, "enrolment": row.enrolment, "side": row.side}
        services.prefer(by=by, says="", now=now, **said)


def _insist(by, mentor: Mentor, enrolment, side: str) -> None:
    """Each side for herself; who runs the programme for both."""
    if side == Preference.Side.MENTOR:
        hers = mentor.person.user_id == by.pk
        if not hers and not by.has_perm("mentoring.assign", enrolment.programme):
            raise PermissionDenied
    elif not by.has_perm("mentoring.state_need", enrolment):
        raise PermissionDenied
