"""What people declare about each other, and what coordinators answer to hints."""

import django_filters
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from lib.api import Resource, noun
from lib.api.narrowed import Said, example
from lib.filters import Filters, KeyFilter
from mentoring import services
from mentoring.conflicts.interests import known_to, mentors_of, taking_part
from mentoring.models import Declared, Hint
from people.models import Person, Programme
from training.persons import met_by


class DeclaredFilter(Filters):
    person = KeyFilter("person")
    about = KeyFilter("about")
    is_standing = django_filters.BooleanFilter(
        "withdrawn_at", lookup_expr="isnull", help_text=_("Whether it was not withdrawn.")
    )

    class Meta:
        model = Declared
        fields = ["person", "about", "is_standing"]


class HintFilter(Filters):
    programme = django_filters.CharFilter("programme__code", help_text=_("The programme's code."))

    class Meta:
        model = Hint
        fields = ["programme", "answer"]


DECLARES = {"about": 31, "words": "She is my cousin", "since": None}


@example(id=3, person=40, **DECLARES, at="2025-03-12T09:00:00Z", withdrawn_at=None)
class DeclaredSerializer(serializers.ModelSerializer):
    class Meta:
        model = Declared
        fields = ["id", "person", "about", "words", "since", "at", "withdrawn_at"]
        read_only_fields = fields


@example(**DECLARES)
class DeclaredSaidSerializer(Said):
    """About somebody of the programmes that you work in; the one who declares is yourself."""

    sources = {"about": known_to}

    class Meta:
        model = Declared
        fields = ["about", "words", "since"]


class DeclaredViewSet(Resource):
    """Conflicts of interest that people declared. They bar judging, mentoring and deciding, both ways, until
    they are withdrawn; nothing is deleted."""

    serializer_class = DeclaredSerializer
    writes = DeclaredSaidSerializer
    filterset_class = DeclaredFilter
    queryset = Declared.objects.none()

    def get_queryset(self):
        rows = Declared.objects.visible_to(self.request.user).select_related("person__tenant")
        is_hers = self.action == "withdrawal"  # only who declared it withdraws it
        return rows.filter(person__user_id=self.request.user.pk) if is_hers else rows

    def add(self, said, *, by, now):
        person = Person.objects.filter(user=by, joined_to=None).select_related("tenant").first()
        if person is None:
            raise ValidationError(_("Nobody in the address book signs in as you."))
        return services.declare(by=by, person=person, now=now, **said)

    @noun()
    def withdrawal(self, row, said, *, by, now):
        """It stands no more. Only who declared it withdraws it."""
        services.withdraw(by=by, declared=row, now=now)


ANSWERS = {"programme": "start-up-2025", "person": 31, "other": 40, "answer": "strangers"}


@example(id=2, **ANSWERS, at="2025-03-12T09:00:00Z", by=3)
class HintSerializer(serializers.ModelSerializer):
    programme = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = Hint
        fields = ["id", "programme", "person", "other", "answer", "at", "by"]
        read_only_fields = fields


@example(**ANSWERS)
class HintSaidSerializer(Said):
    """A mentor and somebody who takes part, of the same family name and municipality, either first."""

    programme = serializers.SlugRelatedField(slug_field="code", queryset=Programme.objects.none())
    sources = {"person": met_by, "other": met_by}
    fixed = ("programme", "person", "other")

    class Meta:
        model = Hint
        fields = ["programme", "person", "other", "answer"]


class HintViewSet(Resource):
    """Whether two of the same family name and municipality are related. Those who are bar each other; a hint
    that nobody answered bars nothing and stands on the page of conflicts."""

    serializer_class = HintSerializer
    writes = HintSaidSerializer
    filterset_class = HintFilter
    queryset = Hint.objects.none()
    programme = "programme"

    def get_queryset(self):
        rows = Hint.objects.visible_to(self.request.user)
        return rows.select_related("programme__tenant", "person", "other")

    def add(self, said, *, by, now):
        programme = said["programme"]
        if not by.has_perm("mentoring.assign", programme):
            raise PermissionDenied
        everybody = mentors_of(programme) | taking_part(programme)
        pair = {said["person"].pk, said["other"].pk}
        if everybody.filter(pk__in=pair).count() != len(pair):
            raise ValidationError(_("Choose a mentor and somebody who takes part in this programme."))
        return services.answer_hint(by=by, now=now, **said)

    def change(self, row, said, *, by, now):
        if not by.has_perm("mentoring.assign", row.programme):
            raise PermissionDenied
        said = {"answer": row.answer} | said
        services.answer_hint(
            by=by, programme=row.programme, person=row.person, other=row.other, now=now, **said
        )
