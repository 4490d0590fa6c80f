"""Plans: many sessions in one go. `dry_run` shows what would come of it, clashes too, and writes nothing."""

from django.db.models import Count
from django.utils.translation import gettext as _
from rest_framework import serializers

from lib.api import Resource, noun
from lib.api.narrowed import Narrowed, example
from people.models import Person, Programme
from training import rules, services
from training.api.sessions import BreaksField, trainers_of
from training.models import Fold, Session, Venue
from training.planning import closed_days
from training.planning.proposing import Proposal, Shift, Wishes, propose
from training.planning.templates import BY_KEY
from training.services.planning import copied, next_number
from training.services.previews import examine, moved, session_of

TEMPLATES = [(key, template.name) for key, template in BY_KEY.items()]
ON_A_DAY = {"dry_run": True, "confirmed": False}


@example(id=1, code="start-up-2025", modules=2, sessions=6)
class PlanSerializer(serializers.ModelSerializer):
    modules = serializers.IntegerField(source="module_count", read_only=True)
    sessions = serializers.IntegerField(source="session_count", read_only=True)

    class Meta:
        model = Programme
        fields = ["id", "code", "modules", "sessions"]
        read_only_fields = fields


class DaySerializer(serializers.Serializer):
    """Days, or two with the last one: both are meant."""

    first = serializers.DateField()
    last = serializers.DateField(required=False)
    why = serializers.CharField(max_length=100, required=False, allow_blank=True)

    def validate(self, said):
        last = said.get("last", said["first"])
        if not 0 <= (last - said["first"]).days <= closed_days.LONGEST:
            raise serializers.ValidationError(
                {"last": [_("The last day lies before the first, or too far away.")]}
            )
        return said


@example(
    template="two-modules", starts=["2025-03-10", "2025-04-07"], start="09:30:00", end="16:30:00",
    breaks=[["13:00", "13:45"]], count=3, weekdays=[0, 1, 2, 3, 4], venues=[4], trainers=[11],
    closed=[{"first": "2025-03-11", "why": "fair"}], terms=[], holidays=True, agenda="", agenda_sr="",
    **ON_A_DAY,
)  # fmt: skip
class WishesSerializer(Narrowed, serializers.Serializer):
    """What the wizard asks: first days (or terms), hours, places; the template gives what is not said."""

    template = serializers.ChoiceField(choices=TEMPLATES)
    starts = serializers.ListField(child=serializers.DateField(), required=False, max_length=40)
    terms = DaySerializer(many=True, required=False)
    start = serializers.TimeField(required=False)
    end = serializers.TimeField(required=False)
    breaks = BreaksField(required=False)
    count = serializers.IntegerField(min_value=1, max_value=100, required=False)
    weekdays = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6), required=False, max_length=7
    )
    venues = serializers.PrimaryKeyRelatedField(many=True, required=False, queryset=Venue.objects.none())
    trainers = serializers.PrimaryKeyRelatedField(many=True, required=False, queryset=Person.objects.none())
    closed = DaySerializer(many=True, required=False)
    holidays = serializers.BooleanField(default=True)
    agenda = serializers.CharField(required=False, allow_blank=True, max_length=10000)
    agenda_sr = serializers.CharField(required=False, allow_blank=True, max_length=10000)
    dry_run = serializers.BooleanField(default=False)
    confirmed = serializers.BooleanField(default=False)
    sources = {"trainers": trainers_of}


class WhereSerializer(Narrowed, serializers.Serializer):
    sessions = serializers.PrimaryKeyRelatedField(
        many=True, allow_empty=False, queryset=Session.objects.none()
    )
    fold = serializers.ChoiceField(choices=Fold.choices, required=False)
    dry_run = serializers.BooleanField(default=False)
    confirmed = serializers.BooleanField(default=False)


@example(sessions=[7, 8], days=7, start="17:00:00", **ON_A_DAY)
class MoveSerializer(WhereSerializer):
    """By so many days, to another time of day (which keeps the length unless an end is given), or both."""

    days = serializers.IntegerField(min_value=-3660, max_value=3660, default=0)
    start = serializers.TimeField(required=False)
    end = serializers.TimeField(required=False)


@example(sessions=[7, 8], first_day="2025-09-01", into="start-up-2025", as_modules=True, **ON_A_DAY)
class CopySerializer(WhereSerializer):
    """The first of them on `first_day`, the others as far apart as they are."""

    first_day = serializers.DateField()
    into = serializers.SlugRelatedField(slug_field="code", required=False, queryset=Programme.objects.none())
    as_modules = serializers.BooleanField(default=False)


PLANNED = {
    "session": None, "module": "Module 1", "title": "Day 1", "day": "2025-03-10", "start": "09:30:00",
    "end": "16:30:00", "venue": 4, "refusals": [],
    "clashes": ["Library of Arilje is taken: “Prices”, March 10, 2025 09:00–12:00."],
}  # fmt: skip


class PlannedSerializer(serializers.Serializer):
    session = serializers.IntegerField(allow_null=True)
    module = serializers.CharField(allow_null=True)
    title = serializers.CharField()
    day = serializers.DateField()
    start = serializers.TimeField(allow_null=True)
    end = serializers.TimeField(allow_null=True)
    venue = serializers.IntegerField(allow_null=True)
    refusals = serializers.ListField(child=serializers.CharField())
    clashes = serializers.ListField(child=serializers.CharField())


class SkippedSerializer(serializers.Serializer):
    day = serializers.DateField()
    why = serializers.CharField()


@example(sessions=[PLANNED], skipped=[{"day": "2025-03-11", "why": "fair"}])
class OutcomeSerializer(serializers.Serializer):
    """The sessions as they are now, or would be; days that were left out."""

    sessions = PlannedSerializer(many=True)
    skipped = SkippedSerializer(many=True)


class PlanViewSet(Resource):
    """What is planned in each programme. Its nouns plan, move and copy many sessions, all or none."""

    serializer_class = PlanSerializer
    filterset_fields = ["code"]
    queryset = Programme.objects.none()
    programme = "pk"

    def get_queryset(self):
        counts = {
            "module_count": Count("modules", distinct=True),
            "session_count": Count("sessions", distinct=True),
        }
        return Programme.objects.visible_to(self.request.user).select_related("tenant").annotate(**counts)

    @noun(WishesSerializer, shows=OutcomeSerializer)
    def sessions(self, row, said, *, by, now):
        """Modules and sessions from a template; holidays of the programme's country are left out."""
        rules.insist(by, "plan_session", row)
        dry_run, confirmed = said.pop("dry_run"), said.pop("confirmed")
        trainers = said.pop("trainers", ())
        proposal = _proposal(row, said)
        if dry_run:
            seen = examine([session_of(row, line) for line in proposal.lines], reader=by, trainers=trainers)
            return _outcome(seen, proposal)
        made = services.plan_sessions(
            by=by, programme=row, proposal=proposal, trainers=trainers, now=now, confirmed=confirmed
        )
        return _outcome(examine(made, reader=by), proposal)

    @noun(MoveSerializer, shows=OutcomeSerializer)
    def moves(self, row, said, *, by, now):
        """Wall time is kept over clock changes."""
        rules.insist(by, "plan_session", row)
        rows, fold = _mine(row, said["sessions"]), said.get("fold")
        shift = Shift(said["days"], said.get("start"), said.get("end"))
        if said["dry_run"]:
            there = [moved(one, shift, fold) for one in rows if one.day]
            return _outcome(examine(there, reader=by, apart=[one.pk for one in rows]))
        done = services.move_series(
            by=by, sessions=rows, shift=shift, fold=fold, now=now, confirmed=said["confirmed"]
        )
        return _outcome(examine(done, reader=by))

    @noun(CopySerializer, shows=OutcomeSerializer)
    def copies(self, row, said, *, by, now):
        """Into this programme or another that you run; modules are copied if you say so, or elsewhere."""
        into = said.get("into", row)
        rules.insist(by, "plan_session", row)
        rules.insist(by, "plan_session", into)
        rows, fold = _mine(row, said["sessions"]), said.get("fold")
        days = [one.day for one in rows if one.day]
        if said["dry_run"] and days:
            away = (said["first_day"] - min(days)).days
            return _outcome(examine(copied([one for one in rows if one.day], away, into, fold), reader=by))
        made = services.copy_series(
            by=by, sessions=rows, first_day=said["first_day"], into=into, as_modules=said["as_modules"],
            fold=fold, now=now, confirmed=said["confirmed"],
        )  # fmt: skip
        return _outcome(examine(made, reader=by))


def _mine(programme: Programme, sessions: list[Session]) -> list[Session]:
    """Those of this programme, with what is needed to look at them."""
    rows = programme.sessions.filter(pk__in=[one.pk for one in sessions]).order_by("day", "start", "pk")
    found = list(rows.select_related("programme__tenant", "module", "venue"))
    if len(found) != len({one.pk for one in sessions}):
        raise serializers.ValidationError({"sessions": [_("This session belongs to another programme.")]})
    return found


def _proposal(programme: Programme, said: dict) -> Proposal:
    template = BY_KEY[said["template"]]
    terms = [(one["first"], one.get("last", one["first"])) for one in said.get("terms", ())]
    starts = said.get("starts", [])
    name = "terms" if template.has_terms else "starts"
    days = [day for term in terms for day in term] if template.has_terms else starts
    if not days:
        raise serializers.ValidationError({name: [_("Say at least one.")]})
    years = range(min(days).year, max(days).year + 3)
    closed = closed_days.of_country(programme.country, years) if said["holidays"] else {}
    for one in said.get("closed", ()):
        span = closed_days.days(one["first"], one.get("last", one["first"]))
        closed |= dict.fromkeys(span, one.get("why") or _("closed"))
    own = {
        n: said[n]
        for n in ("start", "end", "count", "weekdays", "venues", "agenda", "agenda_sr")
        if n in said
    }
    plain = {
        "start": template.start,
        "end": template.end,
        "count": template.count,
        "weekdays": template.weekdays,
    }
    plain |= {"breaks": said.get("breaks", []), "name": programme.name, "name_sr": programme.name_sr}
    wishes = Wishes(starts=starts, terms=terms, closed=closed, **plain | own)
    return propose(template, wishes, next_number(programme))


def _outcome(seen: list, proposal: Proposal | None = None) -> dict:
    named = {part.number: part.name for part in proposal.parts} if proposal else {}
    parts = [named.get(line.part) for line in proposal.lines] if proposal else [None] * len(seen)
    rows = [
        {
            "session": one.session.pk,
            "module": one.session.module.title if one.session.module else part,
            "title": one.session.heading,
            **{name: getattr(one.session, name) for name in ("day", "start", "end")},
            "venue": one.session.venue_id,
            "refusals": one.refusals,
            "clashes": [clash.words for clash in one.clashes],
        }
        for one, part in zip(seen, parts, strict=True)
    ]
    return {"sessions": rows, "skipped": [vars(one) for one in proposal.skipped] if proposal else []}
