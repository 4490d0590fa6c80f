"""Assignments: proposed, offered, answered, begun, handed over, ended. The same services as on the pages."""

from django.core.exceptions import PermissionDenied
from rest_framework.decorators import action

from lib import clock
from lib.api import Resource, noun
from lib.api.bodies import Json, written
from lib.api.narrowed import shows
from mentoring import services
from mentoring.api import assignment_bodies as bodies
from mentoring.filters import AssignmentsFilter
from mentoring.models import Assignment
from mentoring.services.holding import hold


class AssignmentViewSet(Resource):
    """Who guides whom, with agreed hours and a state. A mentor sees what she was asked about; an entrepreneur
    who guides or guided her."""

    serializer_class = bodies.AssignmentSerializer
    writes = bodies.AssignmentSaidSerializer
    filterset_class = AssignmentsFilter
    queryset = Assignment.objects.none()
    programme = "programme"

    def get_queryset(self):
        rows = Assignment.objects.visible_to(self.request.user)
        return rows.select_related("programme__tenant", "mentor__person", "enrolment__person")

    def claimed(self):
        """The programme before the row, as the services take them: no two writers wait for each other."""
        hold(self.get_object().programme)
        return super().claimed()

    def _insist(self, row: Assignment, what: str = "mentoring.end_assignment") -> None:
        if not self.request.user.has_perm(what, row):
            raise PermissionDenied

    def add(self, said, *, by, now):
        if not by.has_perm("mentoring.assign", said["programme"]):
            raise PermissionDenied
        said = {"need": services.newest_need(said["enrolment"])} | said
        return services.assign(by=by, now=now, **said)

    def change(self, row, said, *, by, now):
        self._insist(row)
        services.change_agreement(by=by, assignment=row, **said)

    @noun(bodies.OfferingSerializer)
    def offer(self, row, said, *, by, now):
        """Ask the mentor who is proposed; she hears of it by e-mail."""
        self._insist(row)
        services.offer(by=by, assignment=row, now=now, **said)

    @noun(bodies.OfferAnswerSerializer)
    def answer_to_offer(self, row, said, *, by, now):
        """The mentor's yes or no, by herself or written down by who runs the programme."""
        self._insist(row, "mentoring.answer")
        services.answer_offer(by=by, assignment=row, now=now, **said)

    @noun(bodies.OfferingOnSerializer, shows=bodies.AssignmentSerializer, status=201)
    def offering_on(self, row, said, *, by, now):
        """Ask another mentor about what one declined or left unanswered. Answers with the new assignment."""
        self._insist(row)
        return services.offer_on(by=by, assignment=row, now=now, **said)

    @noun(bodies.StepSerializer)
    def state(self, row, said, *, by, now):
        """Begin it, pause it, go on, complete or end it, take it back."""
        self._insist(row)
        services.change_assignment_state(by=by, assignment=row, now=now, **said)

    @noun(bodies.EndingSerializer)
    def ending(self, row, said, *, by, now):
        """Complete it, or end it before that, which needs a reason. The meetings stay."""
        self._insist(row)
        end = said.pop("end", None) or clock.local(now, row.programme.zone).date()
        services.end_assignment(by=by, assignment=row, end=end, now=now, **said)

    @noun(bodies.HandingOverSerializer, shows=bodies.AssignmentSerializer, status=201)
    def handing_over(self, row, said, *, by, now):
        """Give it to another mentor. Answers with the new assignment; meetings and goals stay here."""
        self._insist(row)
        return services.hand_over(by=by, assignment=row, now=now, **said)

    @action(detail=True)
    @shows(bodies.AssignmentChangesSerializer)
    def changes(self, request, pk=None):
        """Every step that it took, the first one first."""
        rows = self.get_object().changes.select_related("by")
        return Json(written({"results": bodies.AssignmentChangeSerializer(rows, many=True).data}))
