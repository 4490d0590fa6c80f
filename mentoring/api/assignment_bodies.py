"""What is said of assignments and shown of them."""

from django.utils.translation import gettext as _
from rest_framework import serializers

from lib.api.narrowed import Narrowed, Said, example
from mentoring.models import Assignment, AssignmentChange, Mentor, Need
from people.models import Programme
from training.models import Enrolment

State = Assignment.State
ENDS = [(state.value, state.label) for state in (State.COMPLETED, State.ENDED)]
FIRST = [(state.value, state.label) for state in (State.PROPOSED, State.ACTIVE)]
STEPS = [
    (s.value, s.label) for s in (State.ACTIVE, State.PAUSED, State.COMPLETED, State.ENDED, State.DECLINED)
]
GUIDES = {
    "programme": "start-up-2025",
    "mentor": 5,
    "enrolment": 31,
    "need": 2,
    "agreed_hours": 25,
    "share_on_premises": 75,
    "start": "2025-03-15",
    "conflict_accepted": "",
}


@example(
    id=9, **GUIDES, mentor_name="Vesna Vesić", person_name="Đurđa Đorđević", state="active",
    state_at="2025-03-15T09:00:00Z", reason="", offered_until=None, goes_on_from=None, end=None,
)  # fmt: skip
class AssignmentSerializer(serializers.ModelSerializer):
    programme = serializers.SlugRelatedField(slug_field="code", read_only=True)
    mentor_name = serializers.CharField(source="mentor.person.name", read_only=True)
    person_name = serializers.CharField(source="enrolment.person.name", read_only=True)

    class Meta:
        model = Assignment
        fields = [
            "id", "programme", "mentor", "mentor_name", "enrolment", "person_name", "need", "agreed_hours",
            "share_on_premises", "state", "state_at", "reason", "offered_until", "goes_on_from", "start",
            "end", "conflict_accepted",
        ]  # fmt: skip
        read_only_fields = fields


@example(**GUIDES, state="active")
class AssignmentSaidSerializer(Said):
    """A conflict of interest on record refuses it, unless `conflict_accepted` says why all the same. One that
    is proposed waits for its offer. `need` is her newest where it is left out. Hours and share change later
    on, too."""

    programme = serializers.SlugRelatedField(slug_field="code", queryset=Programme.objects.none())
    need = serializers.PrimaryKeyRelatedField(queryset=Need.objects.none(), required=False, allow_null=True)
    agreed_hours = serializers.IntegerField(min_value=1, max_value=500, required=False, allow_null=True)
    share_on_premises = serializers.IntegerField(
        min_value=0, max_value=100, required=False, allow_null=True, help_text="Per cent of the hours."
    )
    state = serializers.ChoiceField(choices=FIRST, required=False)
    fixed = ("programme", "mentor", "enrolment", "need", "start", "conflict_accepted", "state")

    class Meta:
        model = Assignment
        fields = [
            "programme", "mentor", "enrolment", "need", "agreed_hours", "share_on_premises", "start", "state",
            "conflict_accepted",
        ]  # fmt: skip

    def validate(self, data):
        """As on the page: one of the programme's mentors, for somebody who takes part."""
        if self.instance is not None:
            return data
        programme = data["programme"]
        if not Mentor.objects.active_in(programme).filter(pk=data["mentor"].pk).exists():
            raise serializers.ValidationError({"mentor": _("She is no mentor of this programme.")})
        if data["enrolment"].state not in Enrolment.TAKING_PART:
            raise serializers.ValidationError({"enrolment": _("She does not take part in this programme.")})
        if data.get("need") and data["need"].enrolment_id != data["enrolment"].pk:
            raise serializers.ValidationError({"need": _("This need is somebody else's.")})
        return data


@example(until="2025-03-22T18:00:00Z", beside=False)
class OfferingSerializer(serializers.Serializer):
    until = serializers.DateTimeField(help_text="After that it expires by itself.")
    beside = serializers.BooleanField(
        default=False, help_text="Offer it although another mentor guides her or is asked."
    )


@example(accept=False, reason="I travel until May", away_until="2025-05-05")
class OfferAnswerSerializer(serializers.Serializer):
    accept = serializers.BooleanField(help_text="A no needs a reason.")
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=300)
    away_until = serializers.DateField(
        required=False, allow_null=True, help_text="With a no: until when she takes nobody."
    )


@example(state="paused", reason="She gave birth")
class StepSerializer(serializers.Serializer):
    state = serializers.ChoiceField(choices=STEPS, help_text="Declined takes a proposal or an offer back.")
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=300)


@example(state="ended", reason="She moved away", end="2025-05-20")
class EndingSerializer(serializers.Serializer):
    state = serializers.ChoiceField(choices=ENDS)
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=300)
    end = serializers.DateField(required=False, help_text="The last day; today where nothing is said.")


@example(mentor=6, reason="Vesna is ill", until=None, conflict_accepted="")
class HandingOverSerializer(Narrowed, serializers.Serializer):
    mentor = serializers.PrimaryKeyRelatedField(queryset=Mentor.objects.none())
    reason = serializers.CharField(max_length=300)
    until = serializers.DateTimeField(
        required=False, allow_null=True, help_text="Ask her first, until then; null: she goes on at once."
    )
    conflict_accepted = serializers.CharField(required=False, allow_blank=True, default="", max_length=300)


@example(mentor=6, until="2025-03-22T18:00:00Z", conflict_accepted="")
class OfferingOnSerializer(Narrowed, serializers.Serializer):
    mentor = serializers.PrimaryKeyRelatedField(queryset=Mentor.objects.none())
    until = serializers.DateTimeField()
    conflict_accepted = serializers.CharField(required=False, allow_blank=True, default="", max_length=300)


STEP = {"state": "declined", "at": "2025-03-16T08:00:00Z", "reason": "I travel until May", "by": None}


@example(**STEP)
class AssignmentChangeSerializer(serializers.ModelSerializer):
    by = serializers.CharField(source="by.name", default=None, read_only=True, allow_null=True)

    class Meta:
        model = AssignmentChange
        fields = ["state", "at", "reason", "by"]
        read_only_fields = fields


@example(results=[STEP])
class AssignmentChangesSerializer(serializers.Serializer):
    results = AssignmentChangeSerializer(many=True)
