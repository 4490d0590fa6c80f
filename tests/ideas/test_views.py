import uuid
from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from ideas import services
from ideas.models import Idea, Nomination, Review, ReviewTask, Round
from tests.factories import (
    make_assignment,
    make_coordinator,
    make_declared,
    make_enrolment,
    make_funder,
    make_idea,
    make_mentor,
    make_person,
    make_programme,
    make_review,
    make_seat,
    make_session,
    make_task,
)
from training.register.codes import short_code_of, token_of


def url(name, *args):
    return reverse(f"ideas:{name}", args=args)


def posted(criteria, values, comment=""):
    return {f"criterion-{c.pk}": value for c, value in zip(criteria, values, strict=False)} | {
        "comment": comment
    }


@pytest.fixture
def routes(world):
    """Every route of the room that has an object of one programme in its address: (method, address)."""
    session = make_session(world.programme)
    task, idea, code = world.tasks[0][0].pk, world.ideas[0].pk, world.programme.code
    return {
        "idea_list": ("get", url("idea_list", code)),
        "idea_detail": ("get", url("idea_detail", idea)),
        "idea_edit": ("get", url("idea_edit", idea)),
        "idea_state": ("post", url("idea_state", idea)),
        "idea_carry_on": ("post", url("idea_carry_on", idea)),
        "idea_create": ("get", url("idea_create", session.pk)),
        "idea_similar": ("get", url("idea_similar", session.pk)),
        "round_create": ("get", url("round_create", code)),
        "round_detail": ("get", url("round_detail", world.round.pk)),
        "review_next": ("get", url("review_next", world.round.pk)),
        "review": ("get", url("review", task)),
        "review_draft": ("post", url("review_draft", task)),
        "review_conflict": ("post", url("review_conflict", task)),
        "review_refusal": ("post", url("review_refusal", task)),
    }


def statuses(client, routes, user=None):
    if user:
        client.force_login(user)
    return {name: getattr(client, method)(address).status_code for name, (method, address) in routes.items()}


# --- strangers


def test_nobody_who_is_not_signed_in_comes_in(client, routes):
    for method, address in routes.values():
        answer = getattr(client, method)(address)
        assert (answer.status_code, answer.url) == (302, f"{reverse('account_login')}?next={address}")


def test_for_another_tenant_nothing_exists(client, routes):
    """A coordinator and a mentor of somebody else, between them every role that the routes name."""
    other = make_programme()
    coordinator, mentor = make_coordinator(other), make_mentor(other).person.user
    hers = {"review_next", "review_draft", "review_conflict", "review_refusal"}
    assert statuses(client, {k: v for k, v in routes.items() if k not in hers}, coordinator) == {
        name: 404 for name in routes if name not in hers
    }
    assert statuses(client, {k: routes[k] for k in hers}, mentor) == dict.fromkeys(hers, 404)


def test_a_funder_has_no_business_here(client, routes, world):
    found = statuses(client, routes, make_funder(world.programme))
    assert found.pop("idea_detail") == 404  # anybody signed in may see what she nominated: this she did not
    assert found == dict.fromkeys(found, 403)


def test_a_mentor_judges_and_changes_nothing_else(client, routes, world):
    found = statuses(client, routes, world.mentors[0])
    assert found == {
        "idea_list": 200, "idea_detail": 200, "review": 200, "review_next": 302,
        "idea_edit": 403, "idea_state": 403, "idea_carry_on": 403, "idea_create": 403, "idea_similar": 403,
        "round_create": 403, "round_detail": 403,
        "review_draft": 302, "review_conflict": 200, "review_refusal": 200,
    }  # fmt: skip


def test_a_mentor_of_the_programme_does_not_see_the_desk_of_another(client, routes, world):
    client.force_login(make_mentor(world.programme).person.user)
    assert client.get(routes["review"][1]).status_code == 404
    assert client.get(routes["idea_detail"][1]).status_code == 404
    assert client.get(routes["review_next"][1]).status_code == 404


def test_a_coordinator_reads_but_does_not_judge(client, routes, world):
    client.force_login(world.coordinator)
    assert client.get(routes["review"][1]).status_code == 200
    assert client.post(routes["review"][1]).status_code == 403
    assert client.post(routes["review_draft"][1]).status_code == 403


def test_a_trainer_records_and_does_not_decide(client, routes, world):
    found = statuses(client, routes, world.trainer)
    assert [
        found[name] for name in ("idea_list", "idea_detail", "idea_edit", "idea_create", "idea_similar")
    ] == [200] * 5
    assert [found[name] for name in ("idea_state", "idea_carry_on", "round_create", "round_detail")] == [
        403
    ] * 4


# --- the review desk


def test_the_desk_hands_in_and_goes_on(client, world):
    client.force_login(world.mentors[0])
    first, second = world.tasks[0]
    answer = client.get(url("review_next", world.round.pk))
    assert answer.url == url("review", first.pk)
    answer = client.post(url("review", first.pk), posted(world.criteria, "543", "Da"))
    assert answer.url == url("review_next", world.round.pk)
    assert client.get(answer.url).url == url("review", second.pk)
    client.post(url("review", second.pk), posted(world.criteria, "111"))
    answer = client.get(url("review_next", world.round.pk))
    assert answer.status_code == 200
    assert "All done. Thank you." in answer.content.decode()
    assert (answer.context["done"], answer.context["waiting"]) == (2, 0)


def test_sent_twice_is_handed_in_once(client, world):
    client.force_login(world.mentors[0])
    task = world.tasks[0][0]
    for values in ("543", "111"):
        answer = client.post(url("review", task.pk), posted(world.criteria, values))
        assert answer.url == url("review_next", world.round.pk)
    assert str(Review.objects.get().score) == "4.300"


def test_the_bar_says_where_she_is(client, world, now):
    seat = world.seats[0]
    for place in range(3):
        make_review(make_task(seat), handed_in_at=now - timedelta(minutes=30 - 4 * place))
    client.force_login(world.mentors[0])
    shown = client.get(url("review", world.tasks[0][0].pk)).context
    assert (shown["place"], shown["done"], shown["total"], shown["minutes"]) == (4, 3, 5, 10)


def test_a_pace_that_is_not_known_is_not_shown(client, world):
    client.force_login(world.mentors[0])
    answer = client.get(url("review", world.tasks[0][0].pk))
    assert answer.context["minutes"] is None
    assert "left</p>" not in answer.content.decode()


def test_a_draft_is_saved_as_she_goes_and_comes_back(client, world):
    client.force_login(world.mentors[0])
    task = world.tasks[0][0]
    answer = client.post(
        url("review_draft", task.pk),
        posted(world.criteria, "4", "Pitati <b>"),
        headers={"HX-Request": "true"},
    )
    at = timezone.localtime(Review.objects.get().saved_at, ZoneInfo("Europe/Belgrade"))
    assert answer.content.decode() == f"saved {at:%H:%M}"
    page = client.get(url("review", task.pk)).content.decode()
    assert f'name="criterion-{world.criteria[0].pk}" value="4" checked' in page
    assert "Pitati &lt;b&gt;</textarea>" in page
    assert ReviewTask.objects.get(pk=task.pk).state == "waiting"


def test_a_draft_without_script_comes_back_to_the_idea(client, world):
    client.force_login(world.mentors[0])
    task = world.tasks[0][0]
    answer = client.post(url("review_draft", task.pk), posted(world.criteria, "4"))
    assert (answer.status_code, answer.url) == (302, url("review", task.pk))


def test_a_refused_draft_says_so_and_keeps_what_was_there(client, world):
    client.force_login(world.mentors[0])
    task = world.tasks[0][0]
    answer = client.post(
        url("review_draft", task.pk), posted(world.criteria, "9"), headers={"HX-Request": "true"}
    )
    assert answer.content.decode() == "Not saved: Criterion 1: 9 is outside 1 to 5."
    assert Review.objects.count() == 0


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ("54", "Give “Criterion 3” a score."),
        ("546", "Criterion 3: 6 is outside 1 to 5."),
        ("54x", "x is outside 1 to 5."),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_is_lost(client, world, values, words):
    client.force_login(world.mentors[0])
    answer = client.post(url("review", world.tasks[0][0].pk), posted(world.criteria, values, "Moj komentar"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert words in page.replace("&#x27;", "'")
    assert "Moj komentar</textarea>" in page
    assert f'name="criterion-{world.criteria[0].pk}" value="5" checked' in page
    assert Review.objects.count() == 0


def test_a_criterion_of_another_round_is_refused(client, world):
    other = make_task()
    stranger = other.seat.round.criteria.first()
    client.force_login(world.mentors[0])
    data = posted(world.criteria, "543") | {f"criterion-{stranger.pk}": "3", "criterion-abc": "3"}
    answer = client.post(url("review", world.tasks[0][0].pk), data)
    assert "This criterion is not part of the round" in answer.content.decode()
    assert Review.objects.count() == 0


def test_a_closed_round_takes_nothing_and_says_so(client, world, now):
    world.round.closes_at = now - timedelta(hours=1)
    world.round.save()
    client.force_login(world.mentors[0])
    task = world.tasks[0][0]
    answer = client.post(url("review", task.pk), posted(world.criteria, "543"), follow=True)
    assert "nothing can be changed any more" in answer.content.decode()
    assert "nothing can be changed any more" in client.get(url("review", task.pk)).content.decode()
    assert Review.objects.count() == 0


def test_a_conflict_takes_the_idea_off_her_desk(client, world):
    client.force_login(world.mentors[0])
    first, second = world.tasks[0]
    answer = client.post(url("review_conflict", first.pk), {"reason": "Kuma"})
    assert answer.url == url("review_next", world.round.pk)
    assert client.get(answer.url).url == url("review", second.pk)
    answer = client.post(url("review_refusal", second.pk), {"reason": " "})
    assert "Say in a few words why." in answer.content.decode()
    mine = ReviewTask.objects.filter(seat=world.seats[0]).order_by("pk")
    assert list(mine.values_list("state", flat=True)) == ["conflict", "waiting"]


def test_similar_ideas_stand_beside_it(client, world):
    make_idea(world.programme, title="Сушара за шљиве, заједничка")
    client.force_login(world.mentors[0])
    page = client.get(url("review", world.tasks[0][0].pk)).content.decode()
    assert "1 idea sounds alike." in page
    assert "Сушара за шљиве, заједничка" in page


# --- ideas


def test_a_list_finds_words_in_any_script_and_numbers(client, world):
    other = make_idea(world.programme, title="Доручак у кругу", summary="Сир из села", enrolments=[])
    client.force_login(world.coordinator)

    def found(q):
        return [i.pk for i in client.get(url("idea_list", world.programme.code), {"q": q}).context["page"]]

    assert found("DORUCAK") == found("doručak sir") == found("кругу") == [other.pk]
    assert found(f"#{other.number}") == found(f" {other.number} ") == [other.pk]
    assert found("nema toga") == []


def test_a_list_is_narrowed_and_sorted(client, world):
    make_review(world.tasks[0][1], values=(5, 5, 5))
    make_review(world.tasks[1][1], values=(1, 1, 1))
    make_review(world.tasks[0][0], values=(4, 4, 4))
    one, two = world.ideas
    three = make_idea(world.programme, sector="C", state="shortlisted")
    client.force_login(world.coordinator)

    def found(**asked):
        return list(client.get(url("idea_list", world.programme.code), asked).context["page"])

    assert found(sort="-score") == [one, two, three]
    assert found(sort="score") == [two, one, three]
    assert found(sort="-reviews") == [two, one, three]
    assert found(sort="-number") == [three, two, one]
    assert found(reviewed="none") == [three]
    assert found(reviewed="some") == [one]
    assert found(reviewed="all") == [two]
    assert found(state="shortlisted", sector="C") == [three]
    row = found()[1]
    assert (row.asked, row.judged, row.score, row.lowest, row.highest, row.nominators) == (2, 2, 3, 1, 5, 1)


@pytest.mark.parametrize(
    "asked", [{"sort": "drop table"}, {"page": "x"}, {"page": "99"}, {"state": "won"}, {"q": "\x00"}]
)
def test_an_address_that_makes_no_sense_is_still_a_page(client, world, asked):
    client.force_login(world.coordinator)
    assert client.get(url("idea_list", world.programme.code), asked).status_code == 200


def test_twenty_five_a_page(client, world):
    for _ in range(24):
        make_idea(world.programme)
    client.force_login(world.coordinator)
    page = client.get(url("idea_list", world.programme.code), {"page": 2}).context["page"]
    assert (len(page), page.start_index(), page.end_index()) == (1, 26, 26)


def test_who_comes_back_to_where_a_form_was_sent_finds_the_form(client, world):
    idea, code = make_idea(world.programme), world.programme.code
    client.force_login(world.coordinator)
    for sent, form, key in (
        ("idea_state", "idea_detail", idea.pk),
        ("idea_carry_on", "idea_detail", idea.pk),
        ("file_create", "idea_detail", idea.pk),
        ("idea_screen", "idea_list", code),
        ("duplicate_decide", "duplicate_list", code),
    ):
        answer = client.get(url(sent, key), {"q": "a"})
        assert (answer.status_code, answer["Location"]) == (302, f"{url(form, key)}?q=a")
        assert client.put(url(sent, key)).status_code == 405


def test_mentors_see_only_theirs(client, world):
    make_idea(world.programme)
    world.tasks[0][1].delete()
    client.force_login(world.mentors[0])
    assert list(client.get(url("idea_list", world.programme.code)).context["page"]) == [world.ideas[0]]


@pytest.mark.parametrize("more", [0, 2])
def test_the_list_takes_as_many_queries_for_one_as_for_three(client, world, more, django_assert_num_queries):
    Idea.objects.filter(pk=world.ideas[1].pk).update(programme=make_programme())
    for _ in range(more):
        idea = make_idea(world.programme, enrolments=[make_enrolment(world.programme)])
        make_review(make_task(make_seat(world.round), idea))
    client.force_login(world.coordinator)
    with django_assert_num_queries(10):
        answer = client.get(url("idea_list", world.programme.code))
    assert len(answer.context["page"]) == 1 + more


@pytest.mark.parametrize("more", [0, 2])
def test_the_idea_takes_as_many_queries_for_one_as_for_three(client, world, more, django_assert_num_queries):
    make_review(world.tasks[0][0])
    for _ in range(more):
        make_review(make_task(make_seat(world.round), world.ideas[0]))
        services.add_nominator(
            by=None, idea=world.ideas[0], enrolment=make_enrolment(world.programme),
            operation=uuid.uuid4(), now=timezone.now(),
        )  # fmt: skip
    client.force_login(world.coordinator)
    with django_assert_num_queries(34):
        client.get(url("idea_detail", world.ideas[0].pk))


@pytest.mark.parametrize("more", [0, 2])
def test_the_desk_takes_as_many_queries_for_one_as_for_three(client, world, more, django_assert_num_queries):
    for _ in range(more):
        make_task(world.seats[0], make_idea(world.programme))
    client.force_login(world.mentors[0])
    with django_assert_num_queries(11):
        client.get(url("review", world.tasks[0][0].pk))


@pytest.mark.parametrize("more", [0, 2])
def test_the_round_takes_as_many_queries_for_one_as_for_three(client, world, more, django_assert_num_queries):
    for _ in range(more):
        make_task(make_seat(world.round), world.ideas[0])
    client.force_login(world.coordinator)
    with django_assert_num_queries(24):
        client.get(url("round_detail", world.round.pk))


def test_a_state_is_changed_with_a_reason_or_refused_with_words(client, world):
    client.force_login(world.coordinator)
    address = url("idea_state", world.ideas[0].pk)
    answer = client.post(address, {"state": "declined", "reason": ""})
    assert "Say why: the entrepreneur may ask." in answer.content.decode()
    assert client.post(address, {"state": "in_mentoring"}).status_code == 200  # no state given by hand
    assert Idea.objects.get(pk=world.ideas[0].pk).state == "in_review"
    answer = client.post(address, {"state": "declined", "reason": "Postoji"})
    assert answer.url == url("idea_detail", world.ideas[0].pk)
    assert Idea.objects.get(pk=world.ideas[0].pk).state == "declined"


def test_a_conflict_of_interest_is_shown_where_an_idea_is_decided_on(client, world):
    make_declared(world.coordinator.person, world.enrolment.person, words="She is my aunt")
    client.force_login(world.coordinator)
    page = client.get(url("idea_detail", world.ideas[0].pk)).content.decode()
    assert page.count("She declared: She is my aunt") == 1
    address = url("idea_state", world.ideas[0].pk)
    answer = client.post(address, {"state": "shortlisted", "reason": ""}).content.decode()
    assert "Say why you decide on it all the same." in answer
    assert client.post(address, {"state": "shortlisted", "reason": "Two agreed"}).status_code == 302


def test_an_idea_is_carried_on_in_an_assignment_of_its_nominator(client, world):
    stranger = make_assignment(programme=world.programme)
    assignment = make_assignment(enrolment=world.enrolment)
    client.force_login(world.coordinator)
    address = url("idea_carry_on", world.ideas[0].pk)
    assert client.post(address, {"assignment": stranger.pk}).status_code == 200
    assert Idea.objects.get(pk=world.ideas[0].pk).state == "in_review"
    assert client.post(address, {"assignment": assignment.pk}).status_code == 302
    assert Idea.objects.get(pk=world.ideas[0].pk).state == "in_mentoring"


def test_other_words_keep_the_old_ones_on_the_page(client, world):
    client.force_login(world.trainer)
    address = url("idea_edit", world.ideas[0].pk)
    form = client.get(address).context["form"]
    answer = client.post(
        address, {"operation": form["operation"].value(), "title": "Sušara za jabuke"}, follow=True
    )
    page = answer.content.decode()
    assert "Sušara za jabuke" in page
    assert "Sušara za šljive" in page


# --- rounds


def test_a_round_is_opened_from_the_form(client, world, now):
    client.force_login(world.coordinator)
    address = url("round_create", world.programme.code)
    page = client.get(address).context
    Round.objects.filter(pk=world.round.pk).update(closes_at=now)  # its ideas are free for another one
    data = {"criteria-TOTAL_FORMS": "4", "criteria-INITIAL_FORMS": "3", "criteria-2-DELETE": "on"}
    data |= {"lowest": "1", "highest": "5", "step": "1", "better": "high"}
    for number, row in enumerate(page["criteria"].initial):
        data |= {f"criteria-{number}-{name}": value for name, value in row.items()}
    data |= {"opens_on": "2025-07-01", "last_day": "2025-07-14", "coverage": "1", "is_blind": "on"}
    data |= {"reviewers": [person.pk for person in world.people]}
    client.post(address, data)
    made = world.programme.rounds.order_by("number").last()
    assert [(c.name, c.weight) for c in made.criteria.all()] == [
        ("Customer need", 40),
        ("Feasible in 12 months", 35),
    ]
    assert [m.isoformat() for m in (made.opens_at, made.closes_at)] == [
        "2025-06-30T22:00:00+00:00", "2025-07-14T22:00:00+00:00",
    ]  # fmt: skip
    assert [seat.tasks.count() for seat in made.seats.all()] == [1, 1]


@pytest.mark.parametrize(
    "wrong",
    [{"last_day": "2025-06-30"}, {"coverage": "0"}, {"opens_on": "2025-02-29"}, {"criteria-0-weight": "0"}],
)
def test_a_round_that_makes_no_sense_is_refused(client, world, wrong):
    client.force_login(world.coordinator)
    address = url("round_create", world.programme.code)
    data = {"criteria-TOTAL_FORMS": "1", "criteria-INITIAL_FORMS": "0"}
    data |= {"criteria-0-name": "Need", "criteria-0-weight": "50"}
    data |= {
        "opens_on": "2025-07-01",
        "last_day": "2025-07-14",
        "coverage": "1",
        "reviewers": [world.people[0].pk],
    }
    answer = client.post(address, data | wrong)
    assert answer.status_code == 200
    assert 'class="errors"' in answer.content.decode()
    assert world.programme.rounds.count() == 1


def test_the_round_says_who_is_waited_for_and_why_reviews_are_missing(client, world, now):
    make_review(world.tasks[0][0])
    make_assignment(world.people[1].mentor, world.enrolment)
    ReviewTask.objects.filter(pk=world.tasks[1][0].pk).delete()
    client.force_login(world.coordinator)
    board = client.get(url("round_detail", world.round.pk)).context["board"]
    assert (board.ideas, board.asked, board.done, board.covered) == (2, 4, 1, 0)
    assert {(s.reviewer, s.done, s.waiting) for s in board.seats} == {
        (world.people[0], 1, 1),
        (world.people[1], 0, 1),
    }
    assert [(row.reviewer, row.words, row.ideas) for row in board.apart] == [
        (world.people[1], "Already her mentor.", 1)
    ]
    assert [(row.idea, row.on_desks, row.why) for row in board.short] == [
        (world.ideas[0], 1, "1 reviewer has a conflict of interest.")
    ]


# --- nominating


@pytest.fixture
def room(world, client, now):
    """A session that is on, and a phone on which she has checked in."""
    local = timezone.localtime(now, ZoneInfo("UTC"))
    session = make_session(
        world.programme, day=local.date(), zone="UTC", start=time(0, 0), end=time(23, 59), title="Dan 2"
    )
    kept = client.session
    kept["checked_in"] = {str(session.pk): world.enrolment.pk}
    kept.save()
    return session


def test_she_nominates_and_the_next_one_at_once(client, world, room):
    address = url("nominate", short_code_of(room))
    form = client.get(address).context["form"]
    answer = client.post(
        address, {"operation": form["operation"].value(), "title": "Med u saću"}, follow=True
    )
    idea = Idea.objects.get(text__title="Med u saću")
    assert f"Your idea is number {idea.number}." in answer.content.decode()
    assert answer.context["form"]["operation"].value() != form["operation"].value()
    nomination = idea.nominations.get()
    assert (nomination.enrolment, nomination.session, nomination.by) == (world.enrolment, room, None)


def test_a_double_tap_on_the_phone_is_one_idea(client, room):
    address = url("nominate", token_of(room))
    data = {"operation": str(uuid.uuid4()), "title": "Med u saću", "sector": "A"}
    for _ in range(2):
        assert client.post(address, data).status_code == 302
    assert Idea.objects.filter(text__title="Med u saću").count() == 1


@pytest.mark.parametrize(
    "data",
    [
        {"title": ""},
        {"title": "m" * 301},
        {"title": "Med", "operation": "x"},
        {"title": "Med", "sector": "ZZ"},
        {"title": "Med", "aims": "999"},
        {"title": "a\x00b"},
    ],
)
def test_a_bad_form_is_refused_with_what_was_typed(client, room, data):
    answer = client.post(
        url("nominate", short_code_of(room)), {"operation": str(uuid.uuid4()), "summary": "Ostaje"} | data
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "This was not saved yet" in page
    assert "Ostaje</textarea>" in page
    assert Idea.objects.count() == 2


def test_who_has_not_checked_in_is_sent_there_first(client, world, now):
    session = make_session(world.programme)
    for code in (short_code_of(session), "NOPE2", "x:y:z"):
        answer = client.get(url("nominate", code))
        there = f"{reverse('training:check_in', args=[code])}?next="
        assert (answer.status_code, answer.url.startswith(there)) == (302, True)
        assert (
            client.post(url("nominate", code), {"title": "Med", "operation": str(uuid.uuid4())}).status_code
            == 302
        )
        assert client.get(url("nominate_similar", code), {"title": "Sušara"}).status_code == 403
    assert Idea.objects.count() == 2


def test_who_checked_in_elsewhere_nominates_nothing_here(client, world, room):
    """The phone's session names an enrolment of another programme: it does not count."""
    kept = client.session
    kept["checked_in"] = {str(room.pk): make_enrolment().pk}
    kept.save()
    assert client.get(url("nominate", short_code_of(room))).status_code == 302


def test_titles_that_sound_alike_appear_without_names(client, room):
    page = client.get(
        url("nominate_similar", short_code_of(room)), {"title": "susara za sljive"}
    ).content.decode()
    assert "Sušara za šljive" in page
    assert "Pivo" not in page
    assert "Zlatiborac" not in page
    assert (
        client.get(url("nominate_similar", short_code_of(room)), {"title": "su"}).content.decode().strip()
        == ""
    )


def test_she_stands_with_an_idea_instead(client, world, room):
    address = url("nominate_join", short_code_of(room), world.ideas[1].pk)
    for _ in range(2):
        answer = client.post(address, {"operation": str(uuid.uuid4())})
        assert answer.url == url("nominate", short_code_of(room))
    assert Nomination.objects.filter(idea=world.ideas[1], enrolment=world.enrolment).count() == 1
    assert (
        f"You stand with idea number {world.ideas[1].number} now." in client.get(answer.url).content.decode()
    )


def test_she_cannot_stand_with_an_idea_of_elsewhere(client, room):
    address = url("nominate_join", short_code_of(room), make_idea().pk)
    assert client.post(address, {"operation": str(uuid.uuid4())}).status_code == 404


def test_a_form_without_its_operation_joins_nothing(client, world, room):
    answer = client.post(url("nominate_join", short_code_of(room), world.ideas[1].pk), {}, follow=True)
    assert "This form is not complete." in answer.content.decode()
    assert world.ideas[1].nominations.count() == 1


def test_one_phone_does_not_flood_the_list(client, room):
    address = url("nominate", short_code_of(room))
    for number in range(40):
        client.post(address, {"operation": str(uuid.uuid4()), "title": f"Zamisao {number}"})
    answer = client.post(address, {"operation": str(uuid.uuid4()), "title": "Zamisao 40"})
    assert "Too many at once from here." in answer.content.decode()
    assert Idea.objects.count() == 2 + 40


def test_a_trainer_types_an_idea_by_row_code_or_name(client, world):
    session = make_session(world.programme)
    mila = make_enrolment(
        world.programme, person=make_person(world.programme.tenant, name="Đurđa Šašić"), row_code="B07"
    )
    client.force_login(world.trainer)
    address = url("idea_create", session.pk)
    for who in ("b07", "B07 Đurđa Šašić", "djurdja sasic", "Ђурђа"):
        data = {"operation": str(uuid.uuid4()), "title": f"Zamisao od {who}", "who": who}
        assert client.post(address, data).status_code == 302
        nomination = Nomination.objects.latest("pk")
        assert (nomination.enrolment, nomination.session, nomination.by) == (mila, session, world.trainer)


def test_a_name_that_nobody_or_several_have_is_refused(client, world):
    session = make_session(world.programme)
    twins = [
        make_enrolment(
            world.programme, person=make_person(world.programme.tenant, name="Ana Ilić"), row_code=code
        )
        for code in ("C01", "C02")
    ]
    client.force_login(world.trainer)
    for who, words in (("Nepoznata", "Nobody here"), ("ana ilic", "take the row code: C01, C02")):
        answer = client.post(
            url("idea_create", session.pk), {"operation": str(uuid.uuid4()), "title": "Med", "who": who}
        )
        assert words in answer.content.decode()
    assert [twin.nominations.count() for twin in twins] == [0, 0]
