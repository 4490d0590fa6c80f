"""Ideas: nominated, worded, carried on. No name of a nominator passes here, so a blind round stays blind."""

from uuid import uuid4

from django.core.exceptions import PermissionDenied
from rest_framework import serializers
from rest_framework.decorators import action

from accounts.models import User
from ideas import duplicates, rules, services
from ideas.filters import IdeasFilter, MentoredFilter, NominationFilter
from ideas.models import Aim, Idea, IdeaText, Mentored, Nomination
from lib.api import Resource, noun
from lib.api.bodies import Json, written
from lib.api.narrowed import Narrowed, Said, example, shows
from mentoring.models import Assignment
from people.api.book import SECTORS
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
    id=51, programme="start-up-2025", number=12, **WORDS, language="en", **LABELS, state="in_review",
    state_at="2025-04-01T08:00:00Z", reason="", nominators=2, asked=3, judged=2, score="4.120",
    sees_scores=True,
)  # fmt: skip
class IdeaSerializer(serializers.ModelSerializer):
    """`score` is null where nobody judged, and where this reader may not see it: see `sees_scores`."""

    programme = serializers.SlugRelatedField(slug_field="code", read_only=True)
    title, summary, problem, customer = text("title"), text("summary"), text("problem"), text("customer")
    language = text("language")
    nominators = serializers.IntegerField(help_text="How many; never who.")
    asked = serializers.IntegerField(help_text="How many reviews are asked for.")
    judged = serializers.IntegerField(help_text="How many of them are in.")
    score = serializers.DecimalField(source="shown_score", max_digits=6, decimal_places=3, allow_null=True)
    sees_scores = serializers.BooleanField()

    class Meta:
        model = Idea
        fields = [
            "id", "programme", "number", "title", "summary", "problem", "customer", "language", "sector",
            "stage", "state", "state_at", "reason", "nominators", "asked", "judged", "score", "sees_scores",
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


@example(
    operation="0192f0a4-7c1e-7d3a-9c55-2f1b8f6f0006", enrolment=31, session=7, **WORDS, **LABELS, aims=[3],
    language="en",
)  # fmt: skip
class IdeaSaidSerializer(WordsSerializer):
    """An idea for somebody. Send your own `operation`, and a repeated request is one idea. Who nominated it,
    where and in which language, is said once."""

    operation = serializers.UUIDField(default=uuid4)
    enrolment = serializers.PrimaryKeyRelatedField(queryset=Enrolment.objects.none())
    session = serializers.PrimaryKeyRelatedField(
        queryset=Session.objects.none(), required=False, allow_null=True
    )
    language = serializers.ChoiceField(choices=User.Language, required=False, allow_blank=True)


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


class IdeaViewSet(Resource):
    """Business ideas. None is ever deleted: declining and stopping are states, with a reason."""

    serializer_class = IdeaSerializer
    writes = IdeaSaidSerializer
    filterset_class = IdeasFilter
    queryset = Idea.objects.none()
    programme = "programme"

    def get_queryset(self):
        ideas = Idea.objects.visible_to(self.request.user).select_related("programme__tenant", "text")
        return ideas.with_reviews().with_nominators().with_sight_of(self.request.user)

    def add(self, said, *, by, now):
        if not rules.may_record_ideas(by, said["enrolment"].programme):
            raise PermissionDenied
        return services.nominate(by=by, now=now, **said)

    def change(self, row, said, *, by, now):
        if not rules.may_record_ideas(by, row.programme):
            raise PermissionDenied
        known = set(WordsSerializer().fields)
        if others := said.keys() - known:
            raise serializers.ValidationError({name: ["Said when an idea is nominated."] for name in others})
        words = {name: getattr(row.text, name) for name in WORDS} | {"sector": row.sector, "stage": row.stage}
        services.rewrite(by=by, idea=row, now=now, **{"aims": row.aims.all()} | words | said)

    @noun(IdeaMoveSerializer)
    def state(self, row, said, *, by, now):
        """Another state, with today's date and your name. Declining and stopping need a reason."""
        if not rules.runs(by, row.programme):
            raise PermissionDenied
        services.set_idea_state(by=by, idea=row, now=now, **said)

    @noun(CarryingOnSerializer, shows=MentoredSerializer, status=201, path="carrying-on")
    def carrying_on(self, row, said, *, by, now):
        """It is worked on in an assignment of one of its nominators. Twice is once."""
        if not rules.runs(by, row.programme):
            raise PermissionDenied
        return services.carry_on(by=by, idea=row, now=now, **said)

    @action(detail=True)
    @shows(SimilarsSerializer)
    def similar(self, request, pk=None):
        """Ideas of the same programme that sound alike, the likest first: for who records ideas there, or
        judges this one."""
        row = self.get_object()
        judges = row.tasks.filter(seat__reviewer__user=request.user).exists()
        if not judges and not rules.may_record_ideas(request.user, row.programme):
            raise PermissionDenied
        found = duplicates.similar(row.programme, row.text.title, row.text.summary, limit=5, but=row)
        shown = [
            {"idea": o.idea.pk, "number": o.idea.number, "title": o.idea.text.title, "likeness": o.likeness,
             "words": o.words}
            for o in found
        ]  # fmt: skip
        return Json(written({"results": shown}))

    @action(detail=True)
    @shows(IdeaTextsSerializer)
    def texts(self, request, pk=None):
        """All versions of its words, the newest first."""
        versions = self.get_object().texts.order_by("-version")
        return Json(written({"results": IdeaTextSerializer(versions, many=True).data}))


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


class NominationViewSet(Resource):
    """Who put which idea forward. A reviewer sees nobody while a blind round asks her to judge. Adding one
    says that somebody else puts the same idea forward; of one person it is one, however often."""

    serializer_class = NominationSerializer
    writes = NominationSaidSerializer
    filterset_class = NominationFilter
    queryset = Nomination.objects.none()
    programme = "idea__programme"

    def get_queryset(self):
        return Nomination.objects.visible_to(self.request.user)

    def add(self, said, *, by, now):
        if not rules.may_record_ideas(by, said["idea"].programme):
            raise PermissionDenied
        return services.add_nominator(by=by, now=now, **said)

    def shown(self, row):
        return row  # she said it herself, also where she judges the idea blind and reads no other


class MentoredViewSet(Resource):
    """Which ideas are carried on in which assignments."""

    serializer_class = MentoredSerializer
    filterset_class = MentoredFilter
    queryset = Mentored.objects.none()
    programme = "idea__programme"

    def get_queryset(self):
        return Mentored.objects.visible_to(self.request.user)


SERVES = {"programme": "start-up-2025", "code": "jobs", "name": "Jobs", "name_sr": "Poslovi"}


@example(id=3, **SERVES)
class AimSerializer(serializers.ModelSerializer):
    programme = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = Aim
        fields = ["id", "programme", "code", "name", "name_sr"]
