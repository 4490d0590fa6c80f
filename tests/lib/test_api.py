"""The handler and the pages, through DRF's own request cycle on Django's own tables."""

from datetime import date, time

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.utils import translation
from rest_framework import exceptions, generics, serializers
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from lib.api import Keyset, refuse
from lib.clock import instant
from lib.scripts import to_cyrillic


def answer(error):
    class View(APIView):
        authentication_classes = permission_classes = ()

        def get(self, request):
            raise error

        def get_exception_handler(self):
            return refuse

    return View.as_view()(APIRequestFactory().get("/"))


@pytest.mark.parametrize(
    ("error", "body", "codes"),
    [
        (ValidationError("No."), {"non_field_errors": ["No."]}, {"non_field_errors": ["invalid"]}),
        (
            ValidationError("%(n)s is too many.", code="many", params={"n": 6}),
            {"non_field_errors": ["6 is too many."]},
            {"non_field_errors": ["many"]},
        ),
        (
            ValidationError({"start": ValidationError("Gone.", code="gap"), "__all__": "Both."}),
            {"start": ["Gone."], "non_field_errors": ["Both."]},
            {"start": ["gap"], "non_field_errors": ["invalid"]},
        ),
        (
            ValidationError(["One.", "Two."]),
            {"non_field_errors": ["One.", "Two."]},
            {"non_field_errors": ["invalid"] * 2},
        ),
    ],
)
def test_a_refusal_of_a_service_answers_400_in_its_own_words(error, body, codes):
    response = answer(error)
    assert (response.status_code, response.data) == (400, body)
    assert exceptions.ValidationError(response.data).get_codes() == codes


def test_it_says_the_same_words_as_a_form_in_each_language():
    said = {}
    for language in ("en", "sr-latn", "sr"):
        with translation.override(language):
            with pytest.raises(ValidationError) as refused:
                instant(date(2027, 3, 28), time(2, 30), "Europe/Belgrade")
            response = answer(refused.value)
            assert (response.status_code, response.data) == (
                400,
                {"non_field_errors": refused.value.messages},
            )
            said[language] = str(response.data["non_field_errors"][0])
    assert len(set(said.values())) == 3
    assert said["en"].startswith("02:30 does not exist on 28 March 2027")
    assert to_cyrillic(said["sr-latn"]).replace("Еуропе/Белграде", "Europe/Belgrade") == said["sr"]


def test_other_errors_answer_as_always():
    assert answer(exceptions.PermissionDenied()).status_code == 403
    with pytest.raises(ZeroDivisionError):
        answer(ZeroDivisionError())


class _Types(serializers.ModelSerializer):
    class Meta:
        model = ContentType
        fields = ["id"]


class _List(generics.ListAPIView):
    queryset, serializer_class, pagination_class = ContentType.objects.all(), _Types, Keyset
    authentication_classes = permission_classes = filter_backends = ()


def _pages():
    url, seen = "/?", []
    while url:
        data = _List.as_view()(APIRequestFactory().get(url)).data
        seen.append([row["id"] for row in data["results"]])
        url = data["next"]
    return seen


@pytest.mark.django_db
def test_pages_go_on_after_the_last_row_without_counting(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(Keyset, "page_size", 7)
    ids = sorted(ContentType.objects.values_list("id", flat=True), reverse=True)
    pages = _pages()
    assert sum(pages, []) == ids
    assert [len(page) for page in pages[:-1]] == [7] * (len(pages) - 1)
    with django_assert_num_queries(1) as asked:
        _List.as_view()(APIRequestFactory().get("/")).render()
    assert "COUNT" not in asked.captured_queries[0]["sql"].upper()


@pytest.mark.django_db
def test_a_row_that_arrives_meanwhile_moves_nothing(monkeypatch):
    monkeypatch.setattr(Keyset, "page_size", 3)
    first = _List.as_view()(APIRequestFactory().get("/")).data
    ContentType.objects.create(app_label="late", model="late")
    second = _List.as_view()(APIRequestFactory().get(first["next"])).data
    ids = sorted(ContentType.objects.exclude(app_label="late").values_list("id", flat=True), reverse=True)
    assert [row["id"] for row in first["results"] + second["results"]] == ids[:6]
