"""What a person chose, for her own scripts."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from rest_framework import serializers

from lib.api import Resource
from lib.api.narrowed import Said, example
from people.models import Person
from reminders import services
from reminders.models import Preference, Rule


@example(id=5, kind="session_tomorrow", channel="email", rhythm="daily", at="2025-03-11T17:00:00Z")
class OwnChoiceSerializer(serializers.ModelSerializer):
    kind = serializers.ChoiceField(Rule.Kind.choices, allow_blank=True, read_only=True)
    channel = serializers.ChoiceField(Preference.WAYS, allow_blank=True, read_only=True)

    class Meta:
        model = Preference
        fields = ["id", "kind", "channel", "rhythm", "at"]
        read_only_fields = fields


@example(kind="session_tomorrow", channel="email", rhythm="daily")
class OwnChoiceSaidSerializer(Said):
    fixed = ("kind",)

    class Meta:
        model = Preference
        fields = ["kind", "channel", "rhythm"]
        extra_kwargs = {
            "kind": {"help_text": "Empty: all that have no choice of their own."},
            "channel": {"help_text": "Empty: as the rule says."},
        }


class ChoiceViewSet(Resource):
    """Your own choices of what reaches you, one for each kind of reminder. What is essential always comes."""

    serializer_class = OwnChoiceSerializer
    writes = OwnChoiceSaidSerializer
    filterset_fields = ["kind"]
    queryset = Preference.objects.none()

    def get_queryset(self):
        return Preference.objects.visible_to(self.request.user).select_related("person__tenant")

    def add(self, said, *, by, now):
        """For a kind that has one already it is changed."""
        person = Person.objects.filter(user=by, joined_to=None).select_related("tenant").first()
        if person is None:
            raise ValidationError(_("Nobody in the address book signs in as you."))
        said = {"kind": "", "channel": "", "rhythm": "at_once"} | said
        return services.choose(by=by, person=person, now=now, **said)

    def change(self, row, said, *, by, now):
        now_so = {"channel": row.channel, "rhythm": row.rhythm}
        services.choose(by=by, person=row.person, kind=row.kind, now=now, **now_so | said)

    def remove(self, row, *, by, now):
        services.unchoose(by=by, person=row.person, kind=row.kind)
