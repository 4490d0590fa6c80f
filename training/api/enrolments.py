"""Who takes part."""

from rest_framework import serializers

from lib.api import Resource, noun
from lib.api.narrowed import Said, example
from people.api import PersonSaidSerializer
from people.api.book import HER
from people.models import Person, Programme
from people.services import known_or_new
from training import rules, services
from training.filters import EnrolmentsFilter
from training.models import Enrolment
from training.persons import met_by

FIRST = [(state.value, state.label) for state in Enrolment.State][:3]  # applied, waitlisted, enrolled


@example(
    id=31, programme="start-up-2025", person=17, name=HER["name"], enterprise=9, state="enrolled",
    state_at="2025-02-10T08:00:00Z", reason="", applied_on="2025-02-03", row_code="A1", walk_in=False,
    group="mentoring",
)  # fmt: skip
class EnrolmentSerializer(serializers.ModelSerializer):
    programme = serializers.SlugRelatedField(slug_field="code", read_only=True)
    name = serializers.CharField(source="person.name", read_only=True)
    group = serializers.SlugRelatedField(
        slug_field="code", read_only=True, allow_null=True, help_text="The group that she is compared in."
    )

    class Meta:
        model = Enrolment
        fields = [
            "id", "programme", "person", "name", "enterprise", "state", "state_at", "reason", "applied_on",
            "row_code", "walk_in", "group",
        ]  # fmt: skip
        read_only_fields = fields


@example(
    programme="start-up-2025", new_person=HER, enterprise=9, state="applied", applied_on="2025-02-03",
    reason="",
)  # fmt: skip
class EnrolmentSaidSerializer(Said):
    """Somebody of the address book, or `new_person`, whom nobody wrote down yet."""

    programme = serializers.SlugRelatedField(slug_field="code", queryset=Programme.objects.none())
    person = serializers.PrimaryKeyRelatedField(queryset=Person.objects.none(), required=False)
    new_person = PersonSaidSerializer(required=False)
    state = serializers.ChoiceField(choices=FIRST, default=Enrolment.State.ENROLLED)
    sources = {"person": met_by}

    class Meta:
        model = Enrolment
        fields = ["programme", "person", "new_person", "enterprise", "state", "applied_on", "reason"]


@example(state="withdrawn", reason="Found a job")
class EnrolmentMoveSerializer(serializers.Serializer):
    state = serializers.ChoiceField(choices=Enrolment.State)
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=300)


@example(group="mentoring")
class EnrolmentGroupSerializer(serializers.Serializer):
    group = serializers.CharField(
        allow_blank=True, max_length=40, help_text="A group's code; empty takes her out of any."
    )


class EnrolmentViewSet(Resource):
    """Entrepreneurs in programmes, each with a state that has its date and reason."""

    serializer_class = EnrolmentSerializer
    writes = EnrolmentSaidSerializer
    filterset_class = EnrolmentsFilter
    queryset = Enrolment.objects.none()
    programme = "programme"

    def get_queryset(self):
        rows = Enrolment.objects.visible_to(self.request.user)
        return rows.select_related("programme__tenant", "person", "group")

    def add(self, said, *, by, now):
        programme = said.pop("programme")
        rules.insist(by, "change_enrolment", programme)
        person = known_or_new(
            by=by,
            tenant=programme.tenant,
            person=said.pop("person", None),
            new_person=said.pop("new_person", None),
        )
        return services.enrol(by=by, programme=programme, person=person, now=now, **said)

    @noun(EnrolmentMoveSerializer)
    def state(self, row, said, *, by, now):
        """Another state, with today's date and your name. What she attended stays hers, whatever the state.
        Withdrawing and declining need a reason."""
        rules.insist(by, "change_enrolment", row.programme)
        services.set_enrolment_state(by=by, enrolment=row, now=now, **said)

    @noun(EnrolmentGroupSerializer)
    def group(self, row, said, *, by, now):
        """Another group of those who are compared in the programme, or none."""
        rules.insist(by, "change_enrolment", row.programme)
        services.set_group(by=by, enrolment=row, **said)
