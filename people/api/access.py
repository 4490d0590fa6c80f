"""What opens a programme to a person, what she agreed to, and what was done."""

from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied

from accounts.models import AuditEntry
from lib.api import Resource, noun
from lib.api.narrowed import Said, example
from people import rules, services
from people.access import access
from people.api.book import HER, PersonSaidSerializer
from people.filters import AuditFilter, ConsentFilter, MembershipFilter
from people.models import Consent, Funding, Membership, Organisation, Person, Programme


@example(
    id=12, programme="start-up-2025", person=17, name=HER["name"], role="trainer", funding=None, partner=None
)
class MembershipSerializer(serializers.ModelSerializer):
    programme = serializers.SlugRelatedField(slug_field="code", read_only=True)
    name = serializers.CharField(source="person.name", read_only=True)

    class Meta:
        model = Membership
        fields = ["id", "programme", "person", "name", "role", "funding", "partner"]


@example(programme="start-up-2025", new_person=HER, role="trainer")
class MembershipSaidSerializer(Said):
    """Somebody of the address book, or `new_person`, whom nobody wrote down yet. A funder's role names her
    `funding`, a partner's the organisation that she speaks for."""

    programme = serializers.SlugRelatedField(slug_field="code", queryset=Programme.objects.none())
    person = serializers.PrimaryKeyRelatedField(queryset=Person.objects.none(), required=False)
    new_person = PersonSaidSerializer(required=False)
    funding = serializers.PrimaryKeyRelatedField(
        queryset=Funding.objects.none(), required=False, allow_null=True
    )
    partner = serializers.PrimaryKeyRelatedField(
        queryset=Organisation.objects.none(), required=False, allow_null=True
    )

    class Meta:
        model = Membership
        fields = ["programme", "person", "new_person", "role", "funding", "partner"]


class MembershipViewSet(Resource):
    """Who has which role in a programme. Who takes part is enrolled: that is another resource."""

    serializer_class = MembershipSerializer
    writes = MembershipSaidSerializer
    filterset_class = MembershipFilter
    queryset = Membership.objects.none()
    programme = "programme"

    def get_queryset(self):
        rows = Membership.objects.visible_to(self.request.user)
        return rows.select_related("programme__tenant", "person")

    def add(self, said, *, by, now):
        if not rules.may_give_role(by, said["programme"], said["role"]):
            raise PermissionDenied
        person = services.known_or_new(
            by=by,
            tenant=said["programme"].tenant,
            person=said.pop("person", None),
            new_person=said.pop("new_person", None),
        )
        return services.add_membership(by=by, person=person, **said)

    def remove(self, row, *, by, now):
        if not rules.may_give_role(by, row.programme, row.role):
            raise PermissionDenied
        services.end_membership(by=by, membership=row)


AGREED = {
    "programme": "start-up-2025",
    "person": 17,
    "purpose": "taking_part",
    "funding": None,
    "text_version": "2025-01",
    "given_at": "2025-02-03T10:15:00+01:00",
}


@example(id=21, **AGREED, withdrawn_at=None)
class ConsentSerializer(serializers.ModelSerializer):
    programme = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = Consent
        fields = [
            "id", "programme", "person", "purpose", "funding", "text_version", "given_at", "withdrawn_at",
        ]  # fmt: skip


@example(**AGREED)
class ConsentSaidSerializer(Said):
    programme = serializers.SlugRelatedField(slug_field="code", queryset=Programme.objects.none())

    class Meta:
        model = Consent
        fields = ["programme", "person", "purpose", "funding", "text_version", "given_at"]


class ConsentViewSet(Resource):
    """What a person agreed to, in which wording, when. Withdrawing is a date, not a deletion."""

    serializer_class = ConsentSerializer
    writes = ConsentSaidSerializer
    filterset_class = ConsentFilter
    queryset = Consent.objects.none()
    programme = "programme"

    def get_queryset(self):
        return Consent.objects.visible_to(self.request.user).select_related("programme__tenant")

    def add(self, said, *, by, now):
        rules.insist(by, "change_programme", said["programme"])
        return services.record_consent(by=by, now=now, **said)

    @noun()
    def withdrawal(self, row, said, *, by, now):
        rules.insist(by, "change_programme", row.programme)
        services.withdraw_consent(by=by, consent=row, now=now)


@example(
    id=301, at="2025-03-12T09:00:00Z", by=3, verb="plan", object_type="training.session", object_id=7,
    fields=["day", "start", "title"], place=300,
)  # fmt: skip
class AuditEntrySerializer(serializers.ModelSerializer):
    class Meta:
        model = AuditEntry
        fields = ["id", "at", "by", "verb", "object_type", "object_id", "fields", "place"]


class AuditEntryViewSet(Resource):
    """Who did what to which row, when: ids and names of fields, never values. For the administrator."""

    serializer_class = AuditEntrySerializer
    filterset_class = AuditFilter
    queryset = AuditEntry.objects.none()
    programme = ""

    def get_queryset(self):
        rows = AuditEntry.objects.visible_to(self.request.user)
        return rows if access(self.request.user).is_administrator else rows.none()
