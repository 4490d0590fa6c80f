"""A person's own calendar for scripts: its secret address, and a new one."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from rest_framework import serializers

from lib.api import Resource, noun
from lib.api.narrowed import Said, example
from people.models import Person
from reminders import services
from reminders.calendar import addresses
from reminders.models import Feed


@example(
    id=3,
    person=17,
    address="https://rasadnik.example/calendar/1-17-1.KxYw3f.ics",
    revision=1,
    at="2025-03-11T17:00:00Z",
    read_at=None,
)
class FeedSerializer(serializers.ModelSerializer):
    address = serializers.SerializerMethodField(help_text="A secret: who knows it reads her dates.")

    class Meta:
        model = Feed
        fields = ["id", "person", "address", "revision", "at", "read_at"]
        read_only_fields = fields

    def get_address(self, row: Feed) -> str:
        return addresses.feed_url(row)


@example()
class FeedSaidSerializer(Said):
    """Nothing is to be said: it is yours."""

    class Meta:
        model = Feed
        fields: list[str] = []


class FeedViewSet(Resource):
    """Your own calendar: an address that calendar programs read. There is one at most, and it is nobody
    else's to see."""

    serializer_class = FeedSerializer
    writes = FeedSaidSerializer
    filterset_fields: list[str] = []
    queryset = Feed.objects.none()

    def get_queryset(self):
        return Feed.objects.visible_to(self.request.user).select_related("person__tenant")

    def add(self, said, *, by, now):
        """Made once: asked for again, it is the same."""
        person = Person.objects.filter(user=by, joined_to=None).select_related("tenant").first()
        if person is None:
            raise ValidationError(_("Nobody in the address book signs in as you."))
        return services.feed_of(by=by, person=person, now=now)

    @noun()
    def renewal(self, row, said, *, by, now):
        """A new address: the old one is nobody's from now on."""
        services.renew_feed(by=by, person=row.person, now=now)
