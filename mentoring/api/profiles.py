"""Mentors, and what they offer."""

from django.core.exceptions import PermissionDenied
from rest_framework import serializers

from accounts.models import User
from lib.api import Resource, noun
from lib.api.narrowed import Said, example
from mentoring.api.asked import list_of, windows_field
from mentoring.filters import MentorFilter, OfferFilter
from mentoring.models import Function, Mentor, Offer
from mentoring.services import profiles
from people.api import PersonSaidSerializer
from people.api.book import SECTORS
from people.models import Person, Programme
from people.services import known_or_new
from training.persons import met_by

WINDOW = {"weekday": 0, "start": "17:00", "end": "20:00"}
KNOWN = {
    "sectors": ["C"],
    "functions": ["pricing", "export"],
    "languages": ["sr-latn", "en"],
    "reach": "region",
    "on_premises": True,
    "online": None,
    "bio": "Twenty years in food export.",
    "bio_sr": "Dvadeset godina u izvozu hrane.",
}


@example(
    id=5, person=40, name="Vesna Vesić", state="active", state_at="2025-03-01T09:00:00Z", state_reason="",
    away_until=None, **KNOWN,
)  # fmt: skip
class MentorSerializer(serializers.ModelSerializer):
    name = serializers.CharField(source="person.name", read_only=True)
    reach = serializers.ChoiceField(choices=Mentor.Reach.choices, allow_blank=True, read_only=True)

    class Meta:
        model = Mentor
        fields = [
            "id", "person", "name", "state", "state_at", "state_reason", "away_until", "sectors",
            "functions", "languages", "reach", "on_premises", "online", "bio", "bio_sr",
        ]  # fmt: skip
        read_only_fields = fields


@example(
    programme="start-up-2025", person=40, state="active", **KNOWN, capacity=4, hours=20, per="month",
    windows=[WINDOW], wishes="Somebody who makes food.",
)  # fmt: skip
class MentorSaidSerializer(Said):
    """Somebody of the address book, or `new_person`; the role that opens the programme to her and her offer
    there are made along. Afterwards her state is changed by `state/`, what she offers at her offer."""

    programme = serializers.SlugRelatedField(slug_field="code", queryset=Programme.objects.none())
    person = serializers.PrimaryKeyRelatedField(queryset=Person.objects.none(), required=False)
    new_person = PersonSaidSerializer(required=False)
    sectors = list_of(SECTORS)
    functions = list_of(Function.choices)
    languages = list_of(User.Language.choices)
    bio = serializers.CharField(required=False, allow_blank=True, max_length=5000)
    bio_sr = serializers.CharField(required=False, allow_blank=True, max_length=5000)
    capacity = serializers.IntegerField(min_value=0, max_value=500, required=False, allow_null=True)
    hours = serializers.IntegerField(min_value=0, max_value=10_000, required=False, allow_null=True)
    per = serializers.ChoiceField(choices=Offer.Per.choices, required=False)
    windows = windows_field()
    wishes = serializers.CharField(required=False, allow_blank=True, max_length=300)
    sources = {"person": met_by}

    class Meta:
        model = Mentor
        fields = [
            "programme", "person", "new_person", "state", "sectors", "functions", "languages", "reach",
            "on_premises", "online", "bio", "bio_sr", "capacity", "hours", "per", "windows", "wishes",
        ]  # fmt: skip


ADDED = ("programme", "person", "new_person", "state", *profiles.OFFERED)


@example(state="paused", reason="On leave", away_until="2025-06-01")
class MentorStepSerializer(serializers.Serializer):
    state = serializers.ChoiceField(choices=Mentor.State.choices)
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=300)
    away_until = serializers.DateField(required=False, allow_null=True, default=None)


class MentorViewSet(Resource):
    """What is known of persons as mentors. What one offers in a programme is an offer."""

    serializer_class = MentorSerializer
    writes = MentorSaidSerializer
    filterset_class = MentorFilter
    queryset = Mentor.objects.none()
    programme = "offers__programme"

    def get_queryset(self):
        return Mentor.objects.visible_to(self.request.user).select_related("person__tenant")

    def add(self, said, *, by, now):
        programme = said.pop("programme")
        if not by.has_perm("mentoring.assign", programme):
            raise PermissionDenied
        person = known_or_new(
            by=by,
            tenant=programme.tenant,
            person=said.pop("person", None),
            new_person=said.pop("new_person", None),
        )
        return profiles.add_mentor(by=by, programme=programme, person=person, **said)

    def change(self, row, said, *, by, now):
        if not by.has_perm("mentoring.change_mentor", row):
            raise PermissionDenied
        if stays := [name for name in ADDED if name in said]:
            words = "Said when a mentor is added; afterwards at her offer, at the person, or by `state/`."
            raise serializers.ValidationError({name: [words] for name in stays})
        profiles.change_mentor(by=by, mentor=row, **said)

    def remove(self, row, *, by, now):
        """A profile that something is built on is refused: let her leave instead."""
        if not by.has_perm("mentoring.remove_mentor", row):
            raise PermissionDenied
        profiles.remove_mentor(by=by, mentor=row)

    @noun(MentorStepSerializer)
    def state(self, row, said, *, by, now):
        """She begins, pauses, comes back, leaves. Nothing is deleted."""
        if not by.has_perm("mentoring.change_mentor", row):
            raise PermissionDenied
        profiles.change_mentor_state(by=by, mentor=row, now=now, **said)


HOURS = {
    "mentor": 5,
    "programme": "start-up-2025",
    "capacity": 4,
    "hours": 20,
    "per": "month",
    "windows": [WINDOW],
    "wishes": "Somebody who makes food.",
}
FIELDS = ["mentor", "programme", "capacity", "hours", "per", "windows", "wishes"]


@example(id=6, **HOURS)
class OfferSerializer(serializers.ModelSerializer):
    programme = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = Offer
        fields = ["id", *FIELDS]


@example(**HOURS)
class OfferSaidSerializer(Said):
    programme = serializers.SlugRelatedField(slug_field="code", queryset=Programme.objects.none())
    windows = windows_field()
    fixed = ("mentor", "programme")

    class Meta:
        model = Offer
        fields = FIELDS


class OfferViewSet(Resource):
    """What a mentor offers in one programme: how many people, how many hours, when. Null is unknown: no
    limit."""

    serializer_class = OfferSerializer
    writes = OfferSaidSerializer
    filterset_class = OfferFilter
    queryset = Offer.objects.none()
    programme = "programme"

    def get_queryset(self):
        rows = Offer.objects.visible_to(self.request.user)
        return rows.select_related("programme__tenant", "mentor__person")

    def add(self, said, *, by, now):
        if not by.has_perm("mentoring.assign", said["programme"]):
            raise PermissionDenied
        return profiles.add_offer(by=by, **said)

    def change(self, row, said, *, by, now):
        if not by.has_perm("mentoring.change_offer", row):
            raise PermissionDenied
        profiles.change_offer(by=by, offer=row, **said)
