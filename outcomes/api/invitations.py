"""Who is asked and how it went, over the API."""

from rest_framework import serializers

from lib.api import Resource, noun
from lib.api.narrowed import example
from outcomes import links, rules, services
from outcomes.filters_asking import InvitationFilter
from outcomes.models import Invitation

ASKED = {
    "id": 31,
    "programme": "start-up-2025",
    "wave": "f6",
    "enrolment": 12,
    "state": "answered",
    "state_at": "2025-12-03T18:20:00Z",
    "reason": "",
    "mode": "link",
    "begun_at": "2025-12-03T18:12:00Z",
    "answered_at": "2025-12-03T18:20:00Z",
    "is_late": False,
    "source": "",
    "source_id": "",
}


@example(**ASKED)
class AskedInvitationSerializer(serializers.ModelSerializer):
    """`wave` is its code in the programme. `enrolment` is null of a file that names nobody. No answer is not
    "no": a question without an answer is unknown."""

    programme = serializers.CharField(source="wave.programme.code", read_only=True)
    wave = serializers.CharField(source="wave.code", read_only=True)
    mode = serializers.ChoiceField(choices=Invitation.Mode.choices, allow_blank=True, read_only=True)

    class Meta:
        model = Invitation
        fields = list(ASKED)
        read_only_fields = fields


@example(mode="phone")
class InvitationHandInSerializer(serializers.Serializer):
    mode = serializers.ChoiceField(choices=Invitation.Mode.choices, required=False)


@example(reason="She has no time.")
class AskedReasonSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True)


@example(link="https://rasadnik.example/answer/1-31-2.c2lnbmF0dXJl/")
class AnswerLinkSerializer(serializers.Serializer):
    """Whoever has it answers as her, until another is asked for."""

    link = serializers.URLField(read_only=True)


class InvitationViewSet(Resource):
    """Who is asked in a wave, and how it went."""

    serializer_class = AskedInvitationSerializer
    filterset_class = InvitationFilter
    queryset = Invitation.objects.none()
    programme = "wave__programme"

    def get_queryset(self):
        rows = Invitation.objects.visible_to(self.request.user)
        return rows.select_related("wave__programme__tenant")

    @noun(InvitationHandInSerializer)
    def hand_in(self, row, said, *, by, now):
        """Her answers are complete. Twice is once."""
        rules.insist(by, "keep_answers", row.wave.programme)
        services.hand_in(by=by, invitation=row, now=now, **said)

    @noun(AskedReasonSerializer)
    def refusal(self, row, said, *, by, now):
        """She does not want to answer; what she had begun is taken away."""
        rules.insist(by, "keep_answers", row.wave.programme)
        services.refuse(by=by, invitation=row, now=now, **said)

    @noun(AskedReasonSerializer)
    def unreachability(self, row, said, *, by, now):
        """Nobody could reach her."""
        rules.insist(by, "keep_answers", row.wave.programme)
        services.unreachable(by=by, invitation=row, now=now, **said)

    @noun(AskedReasonSerializer)
    def withdrawal(self, row, said, *, by, now):
        """She withdrew her consent: her link is dead, and she is left out of who was asked."""
        rules.insist(by, "keep_answers", row.wave.programme)
        services.take_consent_back(by=by, invitation=row, now=now, **said)

    @noun()
    def restoration(self, row, said, *, by, now):
        """She may be asked again."""
        rules.insist(by, "keep_answers", row.wave.programme)
        services.restore(by=by, invitation=row, now=now)

    @noun(None, shows=AnswerLinkSerializer)
    def link(self, row, said, *, by, now):
        """A new link on which she answers without an account; the one of before is dead."""
        rules.insist(by, "keep_answers", row.wave.programme)
        return {"link": links.answer_url(services.renew_link(by=by, invitation=row))}
