"""The ranking of a round, how it was decided, and the comments that entrepreneurs may read."""

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from rest_framework.decorators import action

from ideas import rules, services
from ideas.api import deciding_bodies as bodies
from ideas.feedback import sheet
from ideas.filters_deciding import CommentFilter, DecisionFilter, SelectionFilter
from ideas.models import Decision, ReviewTask, Round, Selection
from ideas.ranking import ADJUSTED, MEAN, Choice
from ideas.ranking.again import check
from ideas.ranking.kept import ranked
from ideas.ranking.words import agreement_words, overlap_words
from ideas.services.deciding import sealed
from lib.api import Resource, noun
from lib.api.bodies import Json, written
from lib.api.narrowed import shows
from people.access import access


class Ranking:
    """What a round's resource says of the order of its ideas."""

    @action(detail=True)
    @shows(bodies.RankingSerializer)
    def ranking(self, request, pk=None):
        """Its ideas by the weighted mean, for who runs the programme and owes no review of them."""
        return self._ranking(MEAN)

    @action(detail=True, url_path="adjusted-ranking")
    @shows(bodies.RankingSerializer)
    def adjusted_ranking(self, request, pk=None):
        """Its ideas by the score that is adjusted for how strict their reviewers are."""
        return self._ranking(ADJUSTED)

    def _ranking(self, method: str):
        row = self.get_object()
        _insist(self.request.user, row)
        found = ranked(row, method)
        said = {"round": row.pk, "method": found.found["method"], "seen": found.seen}
        said |= {"decided": found.selection is not None, "icc": found.found["agreement"]["icc"]}
        said |= {"agreement": agreement_words(found.found), "remark": overlap_words(found.found)}
        return Json(written(said | {"results": found.found["ideas"]}))


def _insist(user, round: Round) -> None:
    if not rules.may_rank(user, round):
        raise PermissionDenied


class SelectionViewSet(Resource):
    """How rounds were decided, each once: method, cut-offs and a fingerprint of all that it rests on."""

    serializer_class = bodies.SelectionSerializer
    writes = bodies.SelectionSaidSerializer
    filterset_class = SelectionFilter
    queryset = Selection.objects.none()
    programme = "round__programme"

    def get_queryset(self):
        rows = Selection.objects.visible_to(self.request.user)
        return rows.select_related("round__programme__tenant").defer("ranking")

    def add(self, said, *, by, now):
        round = said.pop("round")
        _insist(by, round)
        names = ("method", "shortlisted", "waiting", "weighted")
        choice = Choice(**{name: said.pop(name) for name in names})
        by_hand = {one["idea"]: (one["verdict"], one["reason"]) for one in said.pop("by_hand")}
        return services.decide(by=by, round=round, choice=choice, exceptions=by_hand, now=now, **said)

    @action(detail=True)
    @shows(bodies.CheckSerializer)
    def check(self, request, pk=None):
        """Compute the decision again from what was frozen."""
        row = self.get_object()
        _insist(request.user, row.round)
        return Json(written(check(row, sealed(row, row.decisions.all()))._asdict()))


class DecisionViewSet(Resource):
    """What was decided on each idea. Of ideas that who asks still has to judge, nothing."""

    serializer_class = bodies.DecisionSerializer
    filterset_class = DecisionFilter
    queryset = Decision.objects.none()
    programme = "selection__round__programme"

    def get_queryset(self):
        user = self.request.user
        owed = ReviewTask.objects.waiting().filter(idea=OuterRef("idea"), seat__reviewer__user=user)
        rows = Decision.objects.visible_to(user).filter(~Exists(owed))
        return rows.select_related("selection__round__programme__tenant", "idea").defer("selection__ranking")

    @action(detail=True)
    @shows(bodies.FeedbackSerializer)
    def feedback(self, request, pk=None):
        """What its nominators read."""
        row = self.get_object()
        _insist(request.user, row.selection.round)
        found = sheet(row)
        said = {"reviews": found.reviews, "field": found.field, "comments": found.comments}
        said |= {"recommended": {str(words): n for words, n in found.recommended}}
        shown = bodies.FeedbackLineSerializer(found.lines, many=True).data
        return Json(written(said | {"lines": shown}))

    @noun(None, path="link-renewal")
    def link_renewal(self, row, said, *, by, now):
        """The link to its feedback sheet that was handed out is dead from now on."""
        _insist(by, row.selection.round)
        services.renew_feedback(by=by, decision=row, now=now)


class CommentViewSet(Resource):
    """Comments of reviews that are in, for who runs the programme: as written, and as the entrepreneurs may
    read them. Of ideas that who asks still has to judge, nothing."""

    serializer_class = bodies.CommentSerializer
    filterset_class = CommentFilter
    queryset = ReviewTask.objects.none()
    programme = "seat__round__programme"

    def get_queryset(self):
        user = self.request.user
        tasks = ReviewTask.objects.visible_to(user).with_sight_of(user).filter(is_open_to_her=True)
        if not access(user).is_administrator:
            tasks = tasks.filter(seat__round__programme__in=access(user).programmes("coordinator"))
        tasks = tasks.exclude(review__comment="")
        return tasks.select_related("seat__round__programme__tenant", "review")

    @noun(bodies.ClearingSerializer)
    def clearing(self, row, said, *, by, now):
        """The nominators may read these words; the reviewer's own stay as they are."""
        services.clear_comment(by=by, task=row, now=now, **said)

    @noun(None, path="taking-back")
    def taking_back(self, row, said, *, by, now):
        """Nobody outside reads the comment any more."""
        services.take_back_comment(by=by, task=row, now=now)
