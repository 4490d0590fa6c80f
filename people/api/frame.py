"""The frame: projects, programmes, who carries and pays for them, whom they support."""

from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied

from lib.api import Resource
from lib.api.narrowed import Said, example
from people import rules, services
from people.access import access
from people.api.book import SHOP, EnterpriseSaidSerializer
from people.filters import (
    BeneficiaryFilter,
    FundingFilter,
    PartnerFilter,
    ProgrammeFilter,
    ProjectFilter,
)
from people.models import Beneficiary, Enterprise, Funding, Organisation, Partner, Programme, Project

FRAME = {"code": "rural-2025", "name": "Rural start-ups 2025", "name_sr": "Seoski biznisi 2025."}


@example(id=1, **FRAME)
class ProjectSerializer(serializers.ModelSerializer):
    class Meta:
        model = Project
        fields = ["id", "code", "name", "name_sr"]


@example(**FRAME)
class ProjectSaidSerializer(Said):
    class Meta:
        model = Project
        fields = ["code", "name", "name_sr"]


class ProjectViewSet(Resource):
    """The funded frames that programmes belong to."""

    serializer_class = ProjectSerializer
    writes = ProjectSaidSerializer
    filterset_class = ProjectFilter
    queryset = Project.objects.none()
    programme = ""

    def get_queryset(self):
        return Project.objects.visible_to(self.request.user)

    def add(self, said, *, by, now):
        rules.insist(by, "keep_frame")
        return services.save_project(by=by, tenant=by.tenant, **said)

    def change(self, row, said, *, by, now):
        rules.insist(by, "keep_frame")
        return services.save_project(by=by, project=row, tenant=row.tenant, **said)


EDITION = {
    "code": "start-up-2025",
    "name": "Start-up training 2025",
    "name_sr": "Obuka za preduzetnice 2025.",
    "short_name": "Start-up",
    "project": "rural-2025",
    "participants": "women",
    "start": "2025-02-01",
    "end": "2025-07-01",
    "zone": "Europe/Belgrade",
    "completion_share": 80,
    "description": "Two modules of three days.",
    "description_sr": "Dva modula od po tri dana.",
    "country": "RS",
    "language": "sr-latn",
    "second_language": "en",
    "capacity": 30,
    "applies_from": "2024-12-01",
    "applies_until": "2025-01-15",
}


TEXTS = (
    "description", "description_sr", "country", "language", "second_language", "capacity", "applies_from",
    "applies_until",
)  # fmt: skip


@example(id=2, **EDITION)
class ProgrammeSerializer(serializers.ModelSerializer):
    project = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)

    class Meta:
        model = Programme
        fields = [
            "id", "code", "name", "name_sr", "short_name", "project", "participants", "start", "end", "zone",
            "completion_share", *TEXTS,
        ]  # fmt: skip


@example(**EDITION)
class ProgrammeSaidSerializer(Said):
    project = serializers.SlugRelatedField(
        slug_field="code", queryset=Project.objects.none(), required=False, allow_null=True
    )

    class Meta:
        model = Programme
        fields = [
            "code", "name", "name_sr", "short_name", "project", "participants", "start", "end", "zone",
            "completion_share", *TEXTS,
        ]  # fmt: skip


class ProgrammeViewSet(Resource):
    """Editions of training, mentoring or an event. `end` and `applies_until` are the day after the last."""

    serializer_class = ProgrammeSerializer
    writes = ProgrammeSaidSerializer
    filterset_class = ProgrammeFilter
    queryset = Programme.objects.none()
    lookup_field = "code"
    programme = "pk"

    def get_queryset(self):
        return Programme.objects.visible_to(self.request.user).select_related("project")

    def add(self, said, *, by, now):
        rules.insist(by, "keep_frame")
        return services.save_programme(by=by, tenant=by.tenant, **said)

    def change(self, row, said, *, by, now):
        rules.insist(by, "change_programme", row)
        return services.save_programme(by=by, programme=row, tenant=row.tenant, **said)


CARRIES = {"project": "rural-2025", "organisation": 4, "role": "partner"}


@example(id=6, **CARRIES)
class PartnerSerializer(serializers.ModelSerializer):
    project = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = Partner
        fields = ["id", "project", "organisation", "role"]


@example(**CARRIES)
class PartnerSaidSerializer(Said):
    project = serializers.SlugRelatedField(slug_field="code", queryset=Project.objects.none())
    fixed = ("project",)

    class Meta:
        model = Partner
        fields = ["project", "organisation", "role"]


class PartnerViewSet(Resource):
    """Organisations that carry a project together with the tenant."""

    serializer_class = PartnerSerializer
    writes = PartnerSaidSerializer
    filterset_class = PartnerFilter
    queryset = Partner.objects.none()
    programme = ""

    def get_queryset(self):
        return Partner.objects.visible_to(self.request.user).select_related("project__tenant")

    def add(self, said, *, by, now):
        rules.insist(by, "keep_frame")
        return services.save_partner(by=by, **said)

    def change(self, row, said, *, by, now):
        rules.insist(by, "keep_frame")
        return services.save_partner(by=by, partner=row, **said)


SUPPORTS = {"project": "rural-2025", "enterprise": 9, "proposed_by": 4, "proposed_on": "2025-01-20"}


@example(id=8, enterprise_name="Džem Đurđa", **SUPPORTS)
class BeneficiarySerializer(serializers.ModelSerializer):
    project = serializers.SlugRelatedField(slug_field="code", read_only=True)
    enterprise_name = serializers.CharField(source="enterprise.name", read_only=True)

    class Meta:
        model = Beneficiary
        fields = ["id", "project", "enterprise", "enterprise_name", "proposed_by", "proposed_on"]


def proposers(user):
    """Whom she may propose for: a partner's own organisation; staff name any of the address book."""
    may = access(user)
    if may.is_administrator or may.programmes("coordinator"):
        return Organisation.objects.visible_to(user)
    return Organisation.objects.filter(pk__in=may.partners)


def projects_of(user):
    may = access(user)
    if may.is_administrator:
        return Project.objects.visible_to(user)
    return Project.objects.filter(programmes__in=may.programmes("coordinator", "partner")).distinct()


@example(project="rural-2025", new_enterprise=SHOP, proposed_by=4, proposed_on="2025-01-20")
class BeneficiarySaidSerializer(Said):
    """An enterprise of the address book, or `new_enterprise`, one that nobody wrote down yet."""

    project = serializers.SlugRelatedField(slug_field="code", queryset=Project.objects.none())
    enterprise = serializers.PrimaryKeyRelatedField(queryset=Enterprise.objects.none(), required=False)
    new_enterprise = EnterpriseSaidSerializer(required=False)
    sources = {"project": projects_of, "proposed_by": proposers}

    class Meta:
        model = Beneficiary
        fields = ["project", "enterprise", "new_enterprise", "proposed_by", "proposed_on"]


class BeneficiaryViewSet(Resource):
    """Enterprises that a project supports, and who proposed them. A partner sees and proposes its own."""

    serializer_class = BeneficiarySerializer
    writes = BeneficiarySaidSerializer
    filterset_class = BeneficiaryFilter
    queryset = Beneficiary.objects.none()
    programme = ""

    def get_queryset(self):
        return Beneficiary.objects.visible_to(self.request.user).select_related("project", "enterprise")

    def add(self, said, *, by, now):
        if not rules.may_propose(by, said["project"]):
            raise PermissionDenied
        return services.propose_beneficiary(by=by, **said)


PAYS = {
    "project": "rural-2025",
    "funder": 5,
    "code": "bridge",
    "language": "en",
    "start": "2025-01-01",
    "end": "2026-01-01",
    "threshold": 5,
    "woman_owned": "half",
    "wording": "With the support of the Bridge Fund.",
    "disclaimer": "It does not answer for what is said here.",
    "programmes": ["start-up-2025"],
}


@example(id=7, **PAYS)
class FundingSerializer(serializers.ModelSerializer):
    project = serializers.SlugRelatedField(slug_field="code", read_only=True)
    programmes = serializers.SlugRelatedField(slug_field="code", many=True, read_only=True)

    class Meta:
        model = Funding
        fields = [
            "id", "project", "funder", "code", "language", "start", "end", "threshold", "woman_owned",
            "wording", "disclaimer", "programmes",
        ]  # fmt: skip


@example(**PAYS)
class FundingSaidSerializer(Said):
    project = serializers.SlugRelatedField(slug_field="code", queryset=Project.objects.none())
    programmes = serializers.SlugRelatedField(
        slug_field="code", many=True, required=False, queryset=Programme.objects.none()
    )
    fixed = ("project", "funder")

    class Meta:
        model = Funding
        fields = [
            "project", "funder", "code", "language", "start", "end", "threshold", "woman_owned", "wording",
            "disclaimer", "programmes",
        ]  # fmt: skip


class FundingViewSet(Resource):
    """A funder's share in a project, and the programmes that it pays for. A funder sees her own."""

    serializer_class = FundingSerializer
    writes = FundingSaidSerializer
    filterset_class = FundingFilter
    queryset = Funding.objects.none()
    programme = "programmes"

    def get_queryset(self):
        rows = Funding.objects.visible_to(self.request.user)
        return rows.select_related("project__tenant").prefetch_related("programmes")

    def add(self, said, *, by, now):
        rules.insist(by, "keep_frame")
        return services.save_funding(by=by, **said)

    def change(self, row, said, *, by, now):
        rules.insist(by, "keep_frame")
        return services.save_funding(by=by, funding=row, **said)
