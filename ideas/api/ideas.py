"""Ideas: nominated, worded, screened, carried on."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from rest_framework import serializers
from rest_framework.decorators import action

from ideas import duplicates, rules, services
from ideas.api import idea_bodies as bodies
from ideas.api import step_bodies
from ideas.api.files import IdeaFileSerializer, IdeaFilesSerializer
from ideas.filters import IdeasFilter
from ideas.models import Idea
from lib.api import Resource, noun
from lib.api.bodies import Json, written
from lib.api.narrowed import shows


class IdeaViewSet(Resource):
    """Business ideas. None is ever deleted: declining and stopping are states, with a reason."""

    serializer_class = bodies.IdeaSerializer
    writes = bodies.IdeaSaidSerializer
    filterset_class = IdeasFilter
    queryset = Idea.objects.none()
    programme = "programme"

    def get_queryset(self):
        ideas = Idea.objects.visible_to(self.request.user).select_related("programme__tenant", "text")
        ideas = ideas.with_own_reviews().with_nominators().with_sight_of(self.request.user)
        return ideas.with_note_for(self.request.user)

    def add(self, said, *, by, now):
        if not rules.may_record_ideas(by, said["enrolment"].programme):
            raise PermissionDenied
        return services.nominate(by=by, now=now, **said)

    def change(self, row, said, *, by, now):
        if not rules.may_record_ideas(by, row.programme):
            raise PermissionDenied
        known = set(bodies.WordsSerializer().fields)
        if others := said.keys() - known:
            raise serializers.ValidationError({name: ["Said when an idea is nominated."] for name in others})
        words = {name: getattr(row.text, name) for name in bodies.WORDS}
        words |= {"sector": row.sector, "stage": row.stage}
        services.rewrite(by=by, idea=row, now=now, **{"aims": row.aims.all()} | words | said)

    @noun(bodies.IdeaMoveSerializer)
    def state(self, row, said, *, by, now):
        """Another state, with today's date and your name. Declining and stopping need a reason."""
        if not rules.runs(by, row.programme):
            raise PermissionDenied
        services.set_idea_state(by=by, idea=row, now=now, **said)

    @noun(bodies.CarryingOnSerializer, shows=bodies.MentoredSerializer, status=201, path="carrying-on")
    def carrying_on(self, row, said, *, by, now):
        """It is worked on in an assignment of one of its nominators. Twice is once."""
        if not rules.runs(by, row.programme):
            raise PermissionDenied
        return services.carry_on(by=by, idea=row, now=now, **said)

    @noun(step_bodies.AskingSerializer, shows=step_bodies.NeedAskedSerializer, status=201)
    def asking(self, row, said, *, by, now):
        """Make a need for a mentor of it, for one of its nominators. When a mentor says yes, the idea is
        carried on there. Twice is once."""
        if not rules.runs(by, row.programme):
            raise PermissionDenied
        return services.ask_for_mentor(by=by, idea=row, now=now, **said)

    @action(detail=False, methods=["post"])
    @shows(step_bodies.ScreeningStepsSerializer, takes=step_bodies.ScreeningSerializer)
    def screening(self, request):
        """One step for many ideas of a programme: each result says what became of it, or why nothing."""
        said = dict(self.said(takes=step_bodies.ScreeningSerializer))
        if not rules.runs(request.user, said["programme"]):
            raise PermissionDenied
        take = services.look_at if said.pop("only_look") else services.screen
        said["ideas"] = self.reached().filter(pk__in=said["ideas"]).values_list("pk", flat=True)
        with transaction.atomic():
            steps = take(by=request.user, now=timezone.now(), **said)
        return Json(written({"results": step_bodies.ScreeningStepSerializer(steps, many=True).data}))

    @action(detail=True)
    @shows(step_bodies.IdeaChangesSerializer)
    def changes(self, request, pk=None):
        """Its way: every state that it had, the first one first."""
        row = self.get_object()
        steps = list(row.changes.all())
        if not rules.may_record_ideas(request.user, row.programme):
            for step in steps:
                step.by_id = None
        return Json(written({"results": step_bodies.IdeaChangeSerializer(steps, many=True).data}))

    @action(detail=True)
    @shows(IdeaFilesSerializer)
    def files(self, request, pk=None):
        """The files that hang on it, all of them. Their content: `idea-files/7/content/`."""
        rows = self.get_object().files.there_for(request.user)
        return Json(written({"results": IdeaFileSerializer(rows, many=True).data}))

    @action(detail=True)
    @shows(bodies.SimilarsSerializer)
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
    @shows(bodies.IdeaTextsSerializer)
    def texts(self, request, pk=None):
        """All versions of its words, the newest first."""
        versions = self.get_object().texts.order_by("-version")
        return Json(written({"results": bodies.IdeaTextSerializer(versions, many=True).data}))
