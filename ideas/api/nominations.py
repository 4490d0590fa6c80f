"""Who put which idea forward, which mentors were asked for, and which assignments carry ideas on."""

from django.core.exceptions import PermissionDenied

from ideas import rules, services
from ideas.api import idea_bodies as bodies
from ideas.api import step_bodies
from ideas.filters import AskedFilter, MentoredFilter, NominationFilter
from ideas.models import Asked, Mentored, Nomination
from lib.api import Resource


class NominationViewSet(Resource):
    """Who put which idea forward. A reviewer sees nobody while a blind round asks her to judge. Adding one
    says that somebody else puts the same idea forward; of one person it is one, however often."""

    serializer_class = bodies.NominationSerializer
    writes = bodies.NominationSaidSerializer
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

    serializer_class = bodies.MentoredSerializer
    filterset_class = MentoredFilter
    queryset = Mentored.objects.none()
    programme = "idea__programme"

    def get_queryset(self):
        return Mentored.objects.visible_to(self.request.user)


class AskedViewSet(Resource):
    """Which needs for a mentor were made of which ideas."""

    serializer_class = step_bodies.NeedAskedSerializer
    filterset_class = AskedFilter
    queryset = Asked.objects.none()
    programme = "idea__programme"

    def get_queryset(self):
        return Asked.objects.visible_to(self.request.user).select_related("need")
