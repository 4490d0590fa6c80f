"""Office hours: slots that mentors open and people book."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from rest_framework import serializers

from lib.api import Resource, noun
from lib.api.narrowed import Narrowed, Said, example
from mentoring import services
from mentoring.filters_slots import SlotsFilter
from mentoring.models import Meeting, Slot
from people.models import Programme
from training.models import Enrolment

HELD = {
    "mentor": 5,
    "programme": "start-up-2025",
    "day": "2025-03-20",
    "start": "17:00:00",
    "end": "17:30:00",
    "fold": 0,
    "zone": "Europe/Belgrade",
    "place": "online",
    "where": "https://meet.example/vesna",
    "is_open": False,
}


@example(
    id=21, **HELD, mentor_name="Vesna Vesić", starts_at="2025-03-20T16:00:00Z",
    ends_at="2025-03-20T16:30:00Z", booked_by=31, booked_at="2025-03-15T09:00:00Z",
    about="Price of a jar", cancelled_at=None, cancelled_reason="", revision=2,
)  # fmt: skip
class SlotSerializer(serializers.ModelSerializer):
    programme = serializers.SlugRelatedField(slug_field="code", read_only=True)
    mentor_name = serializers.CharField(source="mentor.person.name", read_only=True)

    class Meta:
        model = Slot
        fields = [
            "id", "mentor", "mentor_name", "programme", "day", "start", "end", "fold", "zone", "starts_at",
            "ends_at", "place", "where", "is_open", "booked_by", "booked_at", "about", "cancelled_at",
            "cancelled_reason", "revision",
        ]  # fmt: skip
        read_only_fields = fields


@example(**HELD)
class SlotSaidSerializer(Said):
    """One slot. For a series send several to `bulk/`."""

    programme = serializers.SlugRelatedField(slug_field="code", queryset=Programme.objects.none())
    place = serializers.ChoiceField(choices=Meeting.Place.choices, default=Meeting.Place.ONLINE)
    zone = serializers.CharField(
        max_length=40, required=False, help_text="The programme's where nothing is said."
    )
    fold = serializers.IntegerField(
        min_value=0,
        max_value=1,
        required=False,
        help_text="Needed only where clocks show a time twice: 0 the first, 1 the second.",
    )

    class Meta:
        model = Slot
        fields = ["mentor", "programme", "day", "start", "end", "fold", "zone", "place", "where", "is_open"]


@example(enrolment=31, about="Price of a jar", instead=20)
class BookingSerializer(Narrowed, serializers.Serializer):
    enrolment = serializers.PrimaryKeyRelatedField(queryset=Enrolment.objects.none())
    about = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    instead = serializers.PrimaryKeyRelatedField(
        queryset=Slot.objects.none(),
        required=False,
        allow_null=True,
        default=None,
        help_text="The slot that she moves from: it is given back in the same step.",
    )


@example(reason="I am ill")
class SlotCancellationSerializer(serializers.Serializer):
    reason = serializers.CharField(
        max_length=300, required=False, allow_blank=True, default="", help_text="Needed where it is booked."
    )


class SlotViewSet(Resource):
    """Office hours in wall time and zone. Of many bookings at once one wins, the others are refused."""

    serializer_class = SlotSerializer
    writes = SlotSaidSerializer
    filterset_class = SlotsFilter
    queryset = Slot.objects.none()
    programme = "programme"

    def get_queryset(self):
        rows = Slot.objects.visible_to(self.request.user)
        return rows.select_related("programme__tenant", "mentor__person", "booked_by__person")

    def add(self, said, *, by, now):
        runs = by.has_perm("mentoring.assign", said["programme"])
        is_hers = said["mentor"].person.user_id == by.pk
        if not (runs or (is_hers and by.has_perm("mentoring.hold_slots", said["programme"]))):
            raise PermissionDenied
        return services.open_slots(by=by, now=now, **said)[0]

    @noun(BookingSerializer)
    def bookings(self, row, said, *, by, now):
        """Book it for somebody who takes part, or move her there from another slot."""
        if not by.has_perm("mentoring.book_for", said["enrolment"]):
            raise PermissionDenied
        services.book_slot(by=by, slot=row, now=now, **said)

    @noun(None)
    def release(self, row, said, *, by, now):
        """Give a booked slot back: it is free again."""
        if row.booked_by is None or not by.has_perm("mentoring.book_for", row.booked_by):
            if not by.has_perm("mentoring.keep_slot", row):
                raise PermissionDenied
            raise serializers.ValidationError([_("A mentor cancels her slot, and says why.")])
        services.release_slot(by=by, slot=row, now=now)

    @noun(SlotCancellationSerializer)
    def cancellation(self, row, said, *, by, now):
        """The mentor has no time after all. Booked, it needs a reason."""
        if not by.has_perm("mentoring.keep_slot", row):
            raise PermissionDenied
        services.cancel_slot(by=by, slot=row, now=now, **said)
