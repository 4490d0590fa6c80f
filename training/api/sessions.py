"""Sessions: planned, moved, cancelled, kept, closed."""

from uuid import uuid4

from rest_framework import serializers

from lib.api import Resource, noun
from lib.api.narrowed import Narrowed, Said, example
from people.models import Person, Programme
from training import rules, services
from training.api.enrolments import EnrolmentSerializer
from training.api.marks import ResultsSerializer
from training.filters import NoteFilter, SessionFilter
from training.models import Enrolment, Session, SessionLog

PLANNED = {
    "programme": "start-up-2025",
    "module": 3,
    "title": "What does a jar cost?",
    "title_sr": "Koliko košta tegla?",
    "kind": "workshop",
    "day": "2025-03-12",
    "start": "10:00:00",
    "end": "14:00:00",
    "zone": "Europe/Belgrade",
    "break_minutes": 30,
    "minutes": 210,
    "venue": 4,
    "trainers": [11],
    "agenda": "",
    "agenda_sr": "",
    "breaks": [["12:00", "12:30"]],
    "fold": None,
    "by_invitation": False,
    "capacity": None,
}


@example(
    id=7, **PLANNED, series=None, starts_at="2025-03-12T09:00:00Z",
    ends_at="2025-03-12T13:00:00Z", revision=1, cancelled_at=None, closed_at=None,
)  # fmt: skip
class SessionSerializer(serializers.ModelSerializer):
    programme = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = Session
        fields = [
            "id", "programme", "module", "title", "title_sr", "kind", "day", "start", "end", "zone",
            "break_minutes", "minutes", "venue", "trainers", "agenda", "agenda_sr", "breaks", "fold",
            "by_invitation", "capacity", "series", "starts_at", "ends_at", "revision", "cancelled_at",
            "closed_at",
        ]  # fmt: skip
        read_only_fields = fields


def trainers_of(user):
    programmes = Programme.objects.visible_to(user)
    return Person.objects.filter(
        memberships__role="trainer", memberships__programme__in=programmes
    ).distinct()


class BreaksField(serializers.ListField):
    """Pairs of local times: [["12:00", "12:30"]]."""

    def __init__(self, **kwargs):
        one = serializers.RegexField(r"^([01]\d|2[0-3]):[0-5]\d$")
        pair = serializers.ListField(child=one, min_length=2, max_length=2)
        super().__init__(child=pair, max_length=20, **kwargs)


@example(**PLANNED)
class SessionSaidSerializer(Said):
    """Without a day it is not scheduled; start and end are given both or neither, in local time. `breaks` are
    local times and say how long they are; `fold` says which, where a time happens twice. People of its roster
    who are expected elsewhere at that time refuse it, unless that is `confirmed`."""

    programme = serializers.SlugRelatedField(slug_field="code", queryset=Programme.objects.none())
    trainers = serializers.PrimaryKeyRelatedField(many=True, required=False, queryset=Person.objects.none())
    breaks = BreaksField(required=False)
    confirmed = serializers.BooleanField(required=False, write_only=True)
    sources = {"trainers": trainers_of}
    fixed = ("programme",)

    class Meta:
        model = Session
        fields = [
            "programme", "module", "title", "title_sr", "kind", "day", "start", "end", "zone",
            "break_minutes", "minutes", "venue", "trainers", "agenda", "agenda_sr", "breaks", "fold",
            "by_invitation", "capacity", "confirmed",
        ]  # fmt: skip


@example(confirmed=False)
class RestoredSerializer(serializers.Serializer):
    """People of its roster who are expected elsewhere then refuse it, unless that is `confirmed`."""

    confirmed = serializers.BooleanField(required=False)


@example(operation="0192f0a4-7c1e-7d3a-9c55-2f1b8f6f0001", text="Eleven jars were costed.")
class NoteSaidSerializer(serializers.Serializer):
    """Send your own `operation`, and a repeated request is one note."""

    operation = serializers.UUIDField(default=uuid4)
    text = serializers.CharField(max_length=5000)


@example(id=15, session=7, by=3, at="2025-03-12T13:05:00Z", text="Eleven jars were costed.")
class NoteSerializer(serializers.ModelSerializer):
    class Meta:
        model = SessionLog
        fields = ["id", "session", "by", "at", "text"]
        read_only_fields = fields


@example(enrolments=[31, 32])
class RosterSaidSerializer(Narrowed, serializers.Serializer):
    """Whom to put on the roster; without any, everybody who takes part in the programme."""

    enrolments = serializers.PrimaryKeyRelatedField(
        many=True, required=False, queryset=Enrolment.objects.none()
    )


@example(added=2)
class AddedSerializer(serializers.Serializer):
    added = serializers.IntegerField(help_text="How many are new on the roster.")


@example(operation="0192f0a4-7c1e-7d3a-9c55-2f1b8f6f0002", name="Mila Milić", phone="+381 64 000 0002")
class WalkInSerializer(serializers.Serializer):
    """Somebody who came unannounced. Send your own `operation`, and a repeated request is one person."""

    operation = serializers.UUIDField(default=uuid4)
    name = serializers.CharField(max_length=200)
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True)


@example(operation="0192f0a4-7c1e-7d3a-9c55-2f1b8f6f0003")
class RestSerializer(serializers.Serializer):
    operation = serializers.UUIDField(default=uuid4)


class SessionViewSet(Resource):
    """Sittings of a programme. Moving one raises its revision, which is what reminders compare."""

    serializer_class = SessionSerializer
    writes = SessionSaidSerializer
    filterset_class = SessionFilter
    queryset = Session.objects.none()
    programme = "programme"

    def get_queryset(self):
        rows = Session.objects.visible_to(self.request.user)
        return rows.select_related("programme__tenant", "module", "venue").prefetch_related("trainers")

    def add(self, said, *, by, now):
        rules.insist(by, "plan_session", said["programme"])
        confirmed = said.pop("confirmed", False)
        return services.plan_session(by=by, confirmed=confirmed, **said)

    def change(self, row, said, *, by, now):
        rules.insist(by, "plan_session", row.programme)
        confirmed = said.pop("confirmed", False)
        services.change_session(by=by, session=row, now=now, confirmed=confirmed, **said)

    @noun()
    def cancellation(self, row, said, *, by, now):
        """It does not take place. What was marked stays on record and counts in no hours. Twice is once."""
        rules.insist(by, "plan_session", row.programme)
        services.cancel_session(by=by, session=row, now=now)

    @noun(RestoredSerializer)
    def restoration(self, row, said, *, by, now):
        """It was cancelled by mistake and takes place after all. Refused once its time is over, and where
        its place or a trainer is taken since. Twice is once."""
        rules.insist(by, "plan_session", row.programme)
        services.restore_session(by=by, session=row, now=now, **{"confirmed": False} | said)

    @noun()
    def closure(self, row, said, *, by, now):
        """The register is done. Who is not marked stays unknown. Twice is once."""
        rules.insist(by, "keep_register", row.programme)
        services.close_session(by=by, session=row, now=now)

    @noun(NoteSaidSerializer, shows=NoteSerializer, status=201)
    def notes(self, row, said, *, by, now):
        """Write a note into the session's log. The same operation is the same note."""
        rules.insist(by, "keep_register", row.programme)
        return services.write_log(by=by, session=row, now=now, **said)

    @noun(RosterSaidSerializer, shows=AddedSerializer)
    def roster(self, row, said, *, by, now):
        """Put people on the roster. Marks that were kept for somebody who did not stand on it count now."""
        rules.insist(by, "keep_register", row.programme)
        chosen = said.get("enrolments")
        return {"added": services.fill_roster(by=by, session=row, enrolments=chosen)}

    @noun(WalkInSerializer, shows=EnrolmentSerializer, status=201, path="walk-ins")
    def walk_ins(self, row, said, *, by, now):
        """Somebody came unannounced: person, enrolment, place on the roster and mark in one step."""
        rules.insist(by, "keep_register", row.programme)
        return services.add_walk_in(by=by, session=row, now=now, **said)

    @noun(RestSerializer, shows=ResultsSerializer, path="rest-present")
    def rest_present(self, row, said, *, by, now):
        """Everybody on the roster who is not marked yet is present."""
        rules.insist(by, "keep_register", row.programme)
        results = services.mark_rest_present(by=by, session=row, now=now, **said)
        return {"results": [result._asdict() for result in results]}


class NoteViewSet(Resource):
    """What trainers wrote of their sessions. Writing one: POST to the session's `notes/`."""

    serializer_class = NoteSerializer
    filterset_class = NoteFilter
    queryset = SessionLog.objects.none()
    programme = "session__programme"

    def get_queryset(self):
        return SessionLog.objects.visible_to(self.request.user)
