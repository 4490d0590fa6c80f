"""What people declare, what coordinators answer to hints, and the pages of both."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import AuditEntry
from mentoring import services
from mentoring.conflicts import may_judge
from mentoring.models import Declared, Hint
from tests.factories import (
    NOW,
    TODAY,
    make_administrator,
    make_coordinator,
    make_declared,
    make_enrolment,
    make_hint,
    make_mentor,
    make_person,
    make_programme,
    make_trainer,
    make_user,
)
from tests.taken import rows

pytestmark = pytest.mark.django_db
HERS = reverse("mentoring:declaration_list")


@pytest.fixture
def programme():
    return make_programme()


@pytest.fixture
def mentor(programme):
    user = make_user(programme.tenant)
    person = make_person(user=user, name="Vesna Petrović", municipality="Niš")
    return make_mentor(programme, person=person).person


@pytest.fixture
def person(programme):
    person = make_person(programme.tenant, name="Петровић Ана", municipality="Niš")
    return make_enrolment(programme, person=person).person


def declare(mentor, person, **said):
    said = {"words": "She is my cousin", "now": NOW} | said
    return services.declare(by=mentor.user, person=mentor, about=person, **said)


def trail() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))


def test_what_is_declared_stands_until_it_is_withdrawn(mentor, person):
    row = declare(mentor, person, since=TODAY)
    assert [c.kind for c in may_judge(person, mentor, TODAY)] == ["declared"]
    for _twice in range(2):
        services.withdraw(by=mentor.user, declared=row, now=NOW + timedelta(days=2))
    days = [TODAY, TODAY + timedelta(days=1), TODAY + timedelta(days=2)]
    assert [len(may_judge(mentor, person, day)) for day in days] == [1, 1, 0]
    assert (row.withdrawn_by, trail()) == (mentor.user, ["declare", "withdraw"])


def test_two_taps_declare_once_and_after_withdrawing_anew(mentor, person):
    first, again = declare(mentor, person), declare(mentor, person, words="  She is my  cousin ")
    assert first == again
    services.withdraw(by=mentor.user, declared=first, now=NOW)
    assert declare(mentor, person) != first


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"words": "  "}, "words"),
        ({"since": TODAY + timedelta(days=1)}, "since"),
        ({"words": "x" * 301}, "words"),
    ],
)
def test_what_is_declared_badly_is_refused_in_words(mentor, person, said, field):
    with pytest.raises(ValidationError) as refused:
        declare(mentor, person, **said)
    assert list(refused.value.message_dict) == [field]
    assert Declared.objects.count() == 0


def test_nobody_declares_about_herself_nor_about_a_stranger(mentor):
    for other in (mentor, make_person()):
        with pytest.raises(ValidationError):
            declare(mentor, other)


def answer(programme, one, other, said, by=None):
    return services.answer_hint(by=by, programme=programme, person=one, other=other, answer=said, now=NOW)


def test_a_hint_is_answered_once_and_the_answer_can_change(programme, mentor, person):
    by = make_coordinator(programme)
    first = answer(programme, mentor, person, "strangers", by)
    assert answer(programme, person, mentor, "strangers", by) == first  # either may be named first
    assert may_judge(mentor, person, TODAY) == []
    assert answer(programme, mentor, person, "related", by) == first
    assert [c.kind for c in may_judge(mentor, person, TODAY)] == ["related"]
    assert trail() == ["answer hint", "answer hint"]


def test_where_nothing_hints_nothing_is_answered(programme, mentor):
    other = make_enrolment(programme).person
    for said in ("related", "perhaps"):
        with pytest.raises(ValidationError):
            answer(programme, mentor, other, said)
    assert Hint.objects.count() == 0


def test_a_mentor_finds_somebody_by_name_in_the_other_script_declares_and_withdraws(client, mentor, person):
    client.force_login(mentor.user)
    page = client.get(HERS, {"q": "petrovic a"})
    assert page.context["matches"] == [person]
    said = {"about": person.pk, "words": "She is my cousin", "since": ""}
    assert client.post(f"{HERS}?q=petrovic", said).status_code == 302
    row = Declared.objects.get()
    assert (row.person, row.about, row.by, row.since) == (mentor, person, mentor.user, None)
    assert "She is my cousin" in client.get(HERS).content.decode()
    client.post(reverse("mentoring:declaration_withdraw", args=[row.pk]))
    assert Declared.objects.standing().count() == 0


def test_a_form_half_filled_says_what_is_missing_and_keeps_the_rest(client, mentor, person):
    client.force_login(mentor.user)
    page = client.post(f"{HERS}?q=petrovic", {"words": "She is my cousin"})
    assert (page.status_code, list(page.context["form"].errors)) == (400, ["about"])
    assert "She is my cousin" in page.content.decode()


def test_she_finds_only_people_of_her_programmes(client, mentor, person):
    elsewhere = make_programme(mentor.tenant)
    other = make_enrolment(elsewhere, person=make_person(mentor.tenant, name="Lena Petrović")).person
    applied = make_person(mentor.tenant, name="Mila Petrović")
    make_enrolment(mentor.memberships.get().programme, person=applied, state="applied")
    client.force_login(mentor.user)
    assert client.get(HERS, {"q": "petrov"}).context["matches"] == [person]
    for stranger in (other, applied):
        assert client.post(HERS, {"about": stranger.pk, "words": "x"}).status_code == 400
    client.force_login(make_trainer(elsewhere))
    assert client.get(HERS, {"q": "petrov"}).context["matches"] == [other]


def test_nobody_withdraws_what_somebody_else_declared(client, programme, mentor, person):
    row = make_declared(mentor, person)
    for user in (make_coordinator(programme), make_administrator(programme.tenant), make_trainer(programme)):
        client.force_login(user)
        assert client.post(reverse("mentoring:declaration_withdraw", args=[row.pk])).status_code == 404
    assert Declared.objects.standing().count() == 1


def listed(client, programme, **query):
    return client.get(reverse("mentoring:conflict_list", args=[programme.code]), query)


def test_the_coordinator_sees_conflicts_hints_and_what_is_missing(client, programme, mentor, person):
    make_declared(mentor, make_enrolment(programme).person, words="We share a flat", since=TODAY)
    client.force_login(make_coordinator(programme))
    board = listed(client, programme).context["board"]
    assert [one.conflict.words for one in board.conflicts] == ["She declared: We share a flat"]
    assert [(one.mentor, one.person) for one in board.hints] == [(mentor, person)]
    assert len(board.missing) == 3


def test_the_list_is_narrowed_by_name_and_by_what_it_bars(client, programme, mentor, person):
    make_hint(programme, mentor, person, answer="related")
    client.force_login(make_coordinator(programme))
    for query, n in (({}, 1), ({"q": "петровић"}, 1), ({"q": "jović"}, 0), ({"bars": "mentor"}, 1)):
        assert len(listed(client, programme, **query).context["page"].object_list) == n
    assert listed(client, programme, bars="no purpose").status_code == 200


def test_two_buttons_answer_a_hint(client, programme, mentor, person):
    client.force_login(make_coordinator(programme))
    said = {"person": mentor.pk, "other": person.pk, "answer": "related"}
    url = reverse("mentoring:hint_answer", args=[programme.code])
    page = client.post(url, said, follow=True)
    assert (page.context["board"].hints, [row.answer for row in page.context["answered"]]) == (
        [],
        ["related"],
    )
    for wrong in ({"answer": "perhaps"}, {"other": make_person(mentor.tenant).pk}, {"other": ""}):
        page = client.post(url, said | wrong, follow=True)
        assert [str(message) for message in page.context["messages"]] == [
            "Choose one of the pairs on this page."
        ]
    assert Hint.objects.get().answer == "related"


def test_for_strangers_there_is_no_such_list(client, programme, mentor, person):
    other = make_programme()
    client.force_login(make_coordinator(other))
    assert listed(client, programme).status_code == 404
    url = reverse("mentoring:hint_answer", args=[programme.code])
    assert client.post(url, {"person": mentor.pk}).status_code == 404
    row = make_declared(mentor, person)
    assert client.post(reverse("mentoring:declaration_withdraw", args=[row.pk])).status_code == 404
    client.force_login(mentor.user)
    assert listed(client, programme).status_code == 403


def test_the_list_costs_the_same_for_one_as_for_three(client, programme, mentor, django_assert_num_queries):
    client.force_login(make_coordinator(programme))
    listed(client, programme)
    for _size in (1, 3):
        for name in ("Ana", "Mila"):
            person = make_person(programme.tenant, name=f"{name} Petrović", municipality="Niš")
            make_enrolment(programme, person=person)
            make_declared(mentor, person)
        with django_assert_num_queries(19):
            listed(client, programme)


def test_the_list_is_taken_along_with_its_hints(client, programme, mentor, person):
    make_declared(mentor, make_enrolment(programme).person, since=TODAY)
    client.force_login(make_coordinator(programme))
    found = rows(client, "mentoring:conflict_export", programme.code)
    assert [(row["kind"], row["is_hint"], row["mentoring"]) for row in found] == [
        ("declared", False, True),
        ("family", True, False),
    ]


def api(client, method, path, **said):
    return getattr(client, method)(f"/api/v1/{path}", said, content_type="application/json")


def test_the_api_declares_withdraws_and_answers(client, programme, mentor, person):
    client.force_login(mentor.user)
    made = api(client, "post", "declarations/", about=person.pk, words="She is my cousin")
    assert (made.status_code, made.json()["person"]) == (201, mentor.pk)
    pk = made.json()["id"]
    coordinator = make_coordinator(programme)
    client.force_login(coordinator)
    assert [row["id"] for row in client.get("/api/v1/declarations/?is_standing=true").json()["results"]] == [
        pk
    ]
    assert api(client, "post", f"declarations/{pk}/withdrawal/").status_code == 404
    said = {"programme": programme.code, "person": person.pk, "other": mentor.pk, "answer": "strangers"}
    hint = api(client, "post", "hints/", **said)
    assert (hint.status_code, hint.json()["answer"]) == (201, "strangers")
    changed = api(client, "patch", f"hints/{hint.json()['id']}/", answer="related")
    assert changed.json()["answer"] == "related"
    outsider = make_person(programme.tenant)
    assert api(client, "post", "hints/", **said | {"other": outsider.pk}).status_code == 400
    client.force_login(mentor.user)
    assert api(client, "post", f"declarations/{pk}/withdrawal/").json()["withdrawn_at"] is not None
    client.force_login(make_coordinator(make_programme()))
    assert client.get(f"/api/v1/declarations/{pk}/").status_code == 404
    assert client.get(f"/api/v1/hints/{hint.json()['id']}/").status_code == 404
