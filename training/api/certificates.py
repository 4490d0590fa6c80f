"""Certificates, and who signs them."""

from django.db.models import IntegerField, OuterRef, QuerySet, Subquery
from rest_framework import serializers

from lib.api import Resource, noun
from lib.api.narrowed import Narrowed, Said, example
from people.models import Programme
from training import rules, services
from training.certificates import content
from training.filters import CertificateFilter, SignatoryFilter
from training.models import Certificate, CertificateEdition, CheckInvitation, Enrolment, Signatory


@example(
    id=12, number="STARTUP-2025-0012", programme="start-up-2025", enrolment=31, edition=1,
    issued_at="2025-06-20T10:00:00Z", shows=["name", "hours"], revoked_at=None,
)  # fmt: skip
class CertificateSerializer(serializers.ModelSerializer):
    programme = serializers.CharField(source="enrolment.programme.code", read_only=True)
    edition = serializers.IntegerField(read_only=True)
    issued_at = serializers.DateTimeField(read_only=True)

    class Meta:
        model = Certificate
        fields = ["id", "number", "programme", "enrolment", "edition", "issued_at", "shows", "revoked_at"]
        read_only_fields = fields


@example(enrolment=31)
class CertificateSaidSerializer(Narrowed, serializers.Serializer):
    enrolment = serializers.PrimaryKeyRelatedField(queryset=Enrolment.objects.none())


@example(reason="The hours of one day were counted twice")
class RevocationSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=300)


@example(shows=["name", "hours"])
class ChoiceSerializer(serializers.Serializer):
    shows = serializers.ListField(
        child=serializers.ChoiceField(choices=[(name, name) for name in content.SHOWS]), max_length=4
    )


ASKED = {"email": "loans@bank.example", "language": "en"}


@example(**ASKED)
class CheckInvitationSaidSerializer(serializers.ModelSerializer):
    """Whom to ask, and in which language. Nobody is asked twice about one certificate."""

    class Meta:
        model = CheckInvitation
        fields = ["email", "language"]


@example(id=4, certificate=12, at="2025-06-21T09:00:00Z", **ASKED)
class CheckInvitationSerializer(serializers.ModelSerializer):
    class Meta:
        model = CheckInvitation
        fields = ["id", "certificate", "email", "language", "at"]
        read_only_fields = fields


def with_edition(rows: QuerySet) -> QuerySet:
    """Number and moment of the newest edition."""
    last = CertificateEdition.objects.filter(certificate=OuterRef("pk")).order_by("-edition")
    return rows.annotate(
        edition=Subquery(last.values("edition")[:1], output_field=IntegerField()),
        issued_at=Subquery(last.values("at")[:1]),
    )


class CertificateViewSet(Resource):
    """That somebody completed a programme: a number, editions, and what its public check page may say.

    Adding one is refused, with the numbers, while the rule of the programme is not met.
    """

    serializer_class = CertificateSerializer
    writes = CertificateSaidSerializer
    filterset_class = CertificateFilter
    queryset = Certificate.objects.none()
    programme = "enrolment__programme"

    def get_queryset(self):
        rows = Certificate.objects.visible_to(self.request.user)
        if self.action in ("choice", "invitations"):
            rows = rows.shown_by(self.request.user)
        rows = with_edition(rows)
        return rows.select_related("enrolment__programme__tenant", "enrolment__person")

    def add(self, said, *, by, now):
        rules.insist(by, "issue_certificate", said["enrolment"].programme)
        return services.issue_certificate(by=by, now=now, **said)

    @noun(None)
    def edition(self, row, said, *, by, now):
        """Issue it again under its number: what is so now, as the next edition."""
        rules.insist(by, "issue_certificate", row.enrolment.programme)
        services.reissue_certificate(by=by, certificate=row, now=now)

    @noun(RevocationSerializer)
    def revocation(self, row, said, *, by, now):
        """The check page says from then on that it was revoked, and when; never why."""
        rules.insist(by, "issue_certificate", row.enrolment.programme)
        services.revoke_certificate(by=by, certificate=row, now=now, **said)

    @noun(ChoiceSerializer)
    def choice(self, row, said, *, by, now):
        """What the check page may say: the holder's own choice, or on her word."""
        services.choose_what_shows(by=by, certificate=row, **said)

    @noun(CheckInvitationSaidSerializer, shows=CheckInvitationSerializer, status=201)
    def invitations(self, row, said, *, by, now):
        """Ask somebody to check it: the letter says no more than the holder lets the check page say."""
        return services.invite_to_check(by=by, certificate=row, now=now, **said)


SIGNS = {"programme": "start-up-2025", "name": "Jelena Jelić", "role": "Director", "role_sr": "direktorka"}


@example(id=3, position=1, **SIGNS)
class SignatorySerializer(serializers.ModelSerializer):
    programme = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = Signatory
        fields = ["id", "programme", "name", "role", "role_sr", "position"]
        read_only_fields = fields


@example(position=1, **SIGNS)
class SignatorySaidSerializer(Said):
    programme = serializers.SlugRelatedField(slug_field="code", queryset=Programme.objects.none())
    fixed = ("programme",)

    class Meta:
        model = Signatory
        fields = ["programme", "name", "role", "role_sr", "position"]


class SignatoryViewSet(Resource):
    """Who signs the certificates of a programme, in the order of `position`; four at most."""

    serializer_class = SignatorySerializer
    writes = SignatorySaidSerializer
    filterset_class = SignatoryFilter
    queryset = Signatory.objects.none()
    programme = "programme"

    def get_queryset(self):
        return Signatory.objects.visible_to(self.request.user).select_related("programme__tenant")

    def add(self, said, *, by, now):
        rules.insist(by, "issue_certificate", said["programme"])
        return services.save_signatory(by=by, **said)

    def change(self, row, said, *, by, now):
        rules.insist(by, "issue_certificate", row.programme)
        services.save_signatory(by=by, signatory=row, **said)

    def remove(self, row, *, by, now):
        rules.insist(by, "issue_certificate", row.programme)
        services.remove_signatory(by=by, signatory=row)
