"""Mentors, what they offer, what entrepreneurs need."""

from django.core.exceptions import PermissionDenied
from rest_framework import serializers

from accounts.models import User
from lib.api import Resource
from lib.api.narrowed import Said, example
from mentoring import profiles
from mentoring.filters import MentorFilter, NeedFilter, OfferFilter
from mentoring.models import Function, Mentor, Need, Offer
from people.api import PersonSaidSerializer
from people.api.book import SECTORS
from people.models import Person, Programme
from people.services import known_or_new
from training.persons import met_by


def list_of(choices, **kwargs):
    return serializers.ListField(
        child=serializers.ChoiceField(choices=choices), required=False, max_length=30, **kwargs
    )


KNOWN = {
    "state": "active",
    "sectors": ["C"],
    "functions": ["pricing", "export"],
    "languages": ["sr-latn", "en"],
    "on_premises": True,
    "online": None,
    "bio": "Twenty years in food export.",
    "bio_sr": "Dvadeset godina u izvozu hrane.",
}


@example(id=5, person=40, name="Vesna Vesić", **KNOWN)
class MentorSerializer(serializers.ModelSerializer):
    name = serializers.CharField(source="person.name", read_only=True)

    class Meta:
        model = Mentor
        fields = [
            "id", "person", "name", "state", "sectors", "functions", "languages", "on_premises", "online",
            "bio", "bio_sr",
        ]  # fmt: skip
        read_only_fields = fields


@example(programme="start-up-2025", person=40, **KNOWN, capacity=4, hours=20)
class MentorSaidSerializer(Said):
    """Somebody of the address book, or `new_person`; the role that opens the programme to her and her offer
    there are made along."""

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
    sources = {"person": met_by}

    class Meta:
        model = Mentor
        fields = [
            "programme", "person", "new_person", "state", "sectors", "functions", "languages", "on_premises",
            "online", "bio", "bio_sr", "capacity", "hours",
        ]  # fmt: skip


ADDED = ("programme", "person", "new_person", "capacity", "hours")


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
            words = "Said when a mentor is added; afterwards it is her offer's or the person's."
            raise serializers.ValidationError({name: [words] for name in stays})
        profiles.change_mentor(by=by, mentor=row, **said)


HOURS = {"mentor": 5, "programme": "start-up-2025", "capacity": 4, "hours": 20}


@example(id=6, **HOURS)
class OfferSerializer(serializers.ModelSerializer):
    programme = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = Offer
        fields = ["id", "mentor", "programme", "capacity", "hours"]


@example(**HOURS)
class OfferSaidSerializer(Said):
    programme = serializers.SlugRelatedField(slug_field="code", queryset=Programme.objects.none())
    fixed = ("mentor", "programme")

    class Meta:
        model = Offer
        fields = ["mentor", "programme", "capacity", "hours"]


class OfferViewSet(Resource):
    """What a mentor offers in one programme: how many people, how many hours. Null is unknown: no limit."""

    serializer_class = OfferSerializer
    writes = OfferSaidSerializer
    filterset_class = OfferFilter
    queryset = Offer.objects.none()
    programme = "programme"

    def get_queryset(self):
        return Offer.objects.visible_to(self.request.user).select_related("programme__tenant")

    def add(self, said, *, by, now):
        if not by.has_perm("mentoring.assign", said["programme"]):
            raise PermissionDenied
        return profiles.add_offer(by=by, **said)

    def change(self, row, said, *, by, now):
        if not by.has_perm("mentoring.assign", row.programme):
            raise PermissionDenied
        profiles.change_offer(by=by, offer=row, **said)


ASKS = {
    "enrolment": 31,
    "sector": "C",
    "functions": ["pricing"],
    "language": "sr-latn",
    "place": "premises",
    "text": "What may a jar cost?",
}


@example(id=2, **ASKS)
class NeedSerializer(serializers.ModelSerializer):
    class Meta:
        model = Need
        fields = ["id", "enrolment", "sector", "functions", "language", "place", "text"]


@example(**ASKS)
class NeedSaidSerializer(Said):
    sector = serializers.ChoiceField(choices=SECTORS, required=False, allow_blank=True)
    functions = list_of(Function.choices)
    fixed = ("enrolment",)

    class Meta:
        model = Need
        fields = ["enrolment", "sector", "functions", "language", "place", "text"]


class NeedViewSet(Resource):
    """What entrepreneurs ask a mentor for."""

    serializer_class = NeedSerializer
    writes = NeedSaidSerializer
    filterset_class = NeedFilter
    queryset = Need.objects.none()
    programme = "enrolment__programme"

    def get_queryset(self):
        return Need.objects.visible_to(self.request.user).select_related("enrolment__programme__tenant")

    def add(self, said, *, by, now):
        if not by.has_perm("mentoring.assign", said["enrolment"].programme):
            raise PermissionDenied
        return profiles.save_need(by=by, **said)

    def change(self, row, said, *, by, now):
        if not by.has_perm("mentoring.assign", row.enrolment.programme):
            raise PermissionDenied
        profiles.save_need(by=by, need=row, **said)
