"""Costs of fundings and grants of programmes over the API. Amounts are per currency, never added across."""

from rest_framework import serializers

from lib.api import Resource
from lib.api.narrowed import Said, example
from outcomes import rules, services
from outcomes.filters_results import CostsFilter, GrantsFilter
from outcomes.models import Cost, Grant, GrantAmount
from people.models import Funding, Programme

SPENT = {
    "funding": 7,
    "programme": "start-up-2025",
    "module": None,
    "kind": "spent",
    "name": "Trainers",
    "day": "2025-05-30",
    "amount": "1250.00",
    "currency": "EUR",
    "is_eligible": True,
    "note": "",
    "source": "",
    "source_id": "",
}
COST = list(SPENT)


@example(id=9, **SPENT, as_written="", at="2025-06-02T09:00:00Z")
class CostSerializer(serializers.ModelSerializer):
    """Of an amount that could not be read there is `as_written` only: it counts for nothing."""

    programme = serializers.CharField(source="programme.code", read_only=True, allow_null=True, default=None)

    class Meta:
        model = Cost
        fields = ["id", *COST, "as_written", "at"]
        read_only_fields = fields


@example(**SPENT)
class CostSaidSerializer(Said):
    funding = serializers.PrimaryKeyRelatedField(queryset=Funding.objects.none())
    programme = serializers.SlugRelatedField(
        slug_field="code", queryset=Programme.objects.none(), required=False, allow_null=True
    )
    reason = serializers.CharField(
        max_length=300, required=False, help_text="Why it is corrected: an amount needs one."
    )
    fixed = ("funding", "source", "source_id")
    sources = {"funding": rules.kept_fundings}

    class Meta:
        model = Cost
        fields = [*COST, "reason"]


class CostViewSet(Resource):
    """What a funding costs, planned or spent. Corrected with a reason, never deleted."""

    serializer_class = CostSerializer
    writes = CostSaidSerializer
    filterset_class = CostsFilter
    queryset = Cost.objects.none()
    programme = "funding__programmes"

    def get_queryset(self):
        fundings = rules.kept_fundings(self.request.user).order_by()
        rows = Cost.objects.visible_to(self.request.user).filter(funding__in=fundings)
        return rows.select_related("funding__project__tenant", "programme")

    def add(self, said, *, by, now):
        rules.insist(by, "keep_money", said["funding"])
        return services.save_cost(by=by, **said)

    def change(self, row, said, *, by, now):
        rules.insist(by, "keep_money", row.funding)
        services.save_cost(by=by, cost=row, **said)


AMOUNTS = [{"amount": "122.00", "currency": "GBP"}, {"amount": "83.41", "currency": "EUR"}]
GIVEN = {
    "programme": "start-up-2025",
    "funding": 7,
    "enrolment": 31,
    "state": "granted",
    "purpose": "Oven",
    "day": "2025-06-10",
    "country": "Serbia",
    "source": "",
    "source_id": "",
}
GRANT = list(GIVEN)


@example(**AMOUNTS[0])
class GrantAmountSerializer(serializers.ModelSerializer):
    class Meta:
        model = GrantAmount
        fields = ["amount", "currency"]
        read_only_fields = fields


@example(**AMOUNTS[0])
class GrantAmountSaidSerializer(serializers.Serializer):
    amount = serializers.DecimalField(max_digits=18, decimal_places=2, min_value=0)
    currency = serializers.CharField(max_length=3)


@example(id=5, **GIVEN, amounts=AMOUNTS, as_written="", at="2025-06-10T09:00:00Z")
class GrantSerializer(serializers.ModelSerializer):
    """Of an amount that could not be read there is `as_written` only: it counts for nothing."""

    programme = serializers.SlugRelatedField(slug_field="code", read_only=True)
    amounts = GrantAmountSerializer(many=True, read_only=True)

    class Meta:
        model = Grant
        fields = ["id", *GRANT, "amounts", "as_written", "at"]
        read_only_fields = fields


@example(**GIVEN, amounts=AMOUNTS)
class GrantSaidSerializer(Said):
    """`amounts` are all of them, one a currency; left out they stay as they are."""

    programme = serializers.SlugRelatedField(slug_field="code", queryset=Programme.objects.none())
    amounts = GrantAmountSaidSerializer(many=True, required=False, max_length=20)
    fixed = ("programme", "source", "source_id")

    class Meta:
        model = Grant
        fields = [*GRANT, "amounts"]

    def validate_amounts(self, said):
        return [(one["amount"], one["currency"]) for one in said]


class GrantViewSet(Resource):
    """Money given on to somebody who takes part, one amount a currency."""

    serializer_class = GrantSerializer
    writes = GrantSaidSerializer
    filterset_class = GrantsFilter
    queryset = Grant.objects.none()
    programme = "programme"

    def get_queryset(self):
        rows = Grant.objects.visible_to(self.request.user).select_related("programme__tenant")
        return rows.prefetch_related("amounts")

    def add(self, said, *, by, now):
        rules.insist(by, "keep_grants", said["programme"])
        return services.save_grant(by=by, **said)

    def change(self, row, said, *, by, now):
        rules.insist(by, "keep_grants", row.programme)
        services.save_grant(by=by, grant=row, **said)
