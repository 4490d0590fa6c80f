"""What is said and shown of an idea. No name of a nominator passes here, so a blind round stays blind."""

from uuid import uuid4

from rest_framework import serializers

from accounts.models import User
from ideas.models import Aim, Idea, IdeaText, Mentored, Nomination
from lib.api.narrowed import Narrowed, Said, example
from mentoring.models import Assignment
from people.api.book import SECTORS
from people.models import Organisation
from training.models import Enrolment, Session

WORDS = {
    "title": "Jams without sugar",
    "summary": "Jams of plum and apple for people who may not eat sugar.",
    "problem": "Shops have none that is made here.",
    "customer": "Families with a diabetic at home",
}
LABELS = {"sector": "C", "stage": "prototype"}


def text(name: str):
    return serializers.CharField(source=f"text.{name}", allow_null=True, read_only=True)


@example(
    id=51, programme="start-up-2025", number=12, **WORDS, language="en", **LABELS, cluster=14,
    state="in_review", state_at="2025-04-01T08:00:00Z", reason="", note=None, nominators=2, asked=3,
    judged=2, score="4.120", sees_scores=True,
)  # fmt: skip
class IdeaSerializer(serializers.ModelSerializer):
    """`score` is null where nobody judged, and where this reader may not see it: see `sees_scores`. `note`,
    the private one, is null for who does not record ideas."""

    programme = serializers.SlugRelatedField(slug_field="code", read_only=True)
    title, summary, problem, customer = text("title"), text("summary"), text("problem"), text("customer")
    language = text("language")
    note = serializers.CharField(source="shown_note", allow_null=True, read_only=True)
    nominators = serializers.IntegerField(help_text="How many; never who.")
    asked = serializers.IntegerField(help_text="How many reviews are asked for.")
    judged = serializers.IntegerField(help_text="How many of them are in.")
    score = serializers.DecimalField(source="shown_score", max_digits=6, decimal_places=3, allow_null=True)
    sees_scores = serializers.BooleanField()

    class Meta:
        model = Idea
        fields = [
            "id", "programme", "number", "title", "summary", "problem", "customer", "language", "sector",
            "stage", "cluster", "state", "state_at", "reason", "note", "nominators", "asked", "judged",
            "score", "sees_scores",
        ]  # fmt: skip
        read_only_fields = fields


class WordsSerializer(Narrowed, serializers.Serializer):
    """The words of an idea. A change of them is a new version; the old ones stay."""

    title = serializers.CharField(max_length=300)
    summary = serializers.CharField(required=False, allow_blank=True, max_length=10_000)
    problem = serializers.CharField(required=False, allow_blank=True, max_length=5000)
    customer = serializers.CharField(required=False, allow_blank=True, max_length=5000)
    sector = serializers.ChoiceField(choices=SECTORS, required=False, allow_blank=True)
    stage = serializers.ChoiceField(choices=Idea.Stage, required=False, allow_null=True)
    aims = serializers.PrimaryKeyRelatedField(queryset=Aim.objects.none(), many=True, required=False)
    language = serializers.ChoiceField(choices=User.Language.choices, required=False, allow_blank=True)
    cluster = serializers.PrimaryKeyRelatedField(
        queryset=Organisation.objects.none(), required=False, allow_null=True
    )
    note = serializers.CharField(required=False, allow_blank=True, max_length=2000)


@example(
    operation="0192f0a4-7c1e-7d3a-9c55-2f1b8f6f0006", enrolment=31, session=7, **WORDS, **LABELS, aims=[3],
    language="en",
)  # fmt: skip
class IdeaSaidSerializer(WordsSerializer):
    """An idea for somebody. Send your own `operation`, and a repeated request is one idea. Who nominated it,
    and where, is said once."""

    operation = serializers.UUIDField(default=uuid4)
    enrolment = serializers.PrimaryKeyRelatedField(queryset=Enrolment.objects.none())
    session = serializers.PrimaryKeyRelatedField(
        queryset=Session.objects.none(), required=False, allow_null=True
    )


@example(state="declined", reason="Nobody of us can help with it")
class IdeaMoveSerializer(serializers.Serializer):
    state = serializers.ChoiceField(choices=[(s.value, s.label) for s in Idea.State])
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=300)


@example(assignment=9)
class CarryingOnSerializer(Narrowed, serializers.Serializer):
    assignment = serializers.PrimaryKeyRelatedField(queryset=Assignment.objects.none())


@example(id=4, idea=51, assignment=9)
class MentoredSerializer(serializers.ModelSerializer):
    class Meta:
        model = Mentored
        fields = ["id", "idea", "assignment"]


class SimilarSerializer(serializers.Serializer):
    """An idea that sounds alike: how much, from 0 to 1, and the words that both use."""

    idea = serializers.IntegerField()
    number = serializers.IntegerField()
    title = serializers.CharField()
    likeness = serializers.FloatField()
    words = serializers.ListField(child=serializers.CharField())


@example(results=[{"idea": 40, "number": 3, "title": "Plum jam", "likeness": 0.71, "words": ["plum"]}])
class SimilarsSerializer(serializers.Serializer):
    results = SimilarSerializer(many=True)


class IdeaTextSerializer(serializers.ModelSerializer):
    class Meta:
        model = IdeaText
        fields = ["version", "at", "title", "summary", "problem", "customer", "language"]


@example(results=[{"version": 1, "at": "2025-03-12T11:00:00Z", **WORDS, "language": "en"}])
class IdeaTextsSerializer(serializers.Serializer):
    results = IdeaTextSerializer(many=True)


PUT = {"operation": "0192f0a4-7c1e-7d3a-9c55-2f1b8f6f0007", "idea": 51, "enrolment": 32, "session": None}


@example(id=70, **PUT, at="2025-03-12T11:20:00Z")
class NominationSerializer(serializers.ModelSerializer):
    class Meta:
        model = Nomination
        fields = ["id", "operation", "idea", "enrolment", "session", "at"]
        read_only_fields = fields


@example(**PUT)
class NominationSaidSerializer(Said):
    operation = serializers.UUIDField(default=uuid4)

    class Meta:
        model = Nomination
        fields = ["operation", "idea", "enrolment", "session"]


SERVES = {"programme": "start-up-2025", "code": "jobs", "name": "Jobs", "name_sr": "Poslovi"}


@example(id=3, **SERVES)
class AimSerializer(serializers.ModelSerializer):
    programme = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = Aim
        fields = ["id", "programme", "code", "name", "name_sr"]
