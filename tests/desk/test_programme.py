"""One programme on one page: the sentence, the days, the bars; and who may see what of it."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from desk import timeline
from desk.calendar import Calendar
from desk.programme import overview
from ideas.duplicates import proposals
from ideas.models import Idea
from people.models import Membership, Partner, Programme
from tests.factories import (
    NOW,
    TODAY,
    make_administrator,
    make_assignment,
    make_attendance,
    make_compared,
    make_coordinator,
    make_enrolment,
    make_enterprise,
    make_entry,
    make_funder,
    make_funding,
    make_idea,
    make_join,
    make_member,
    make_mentor,
    make_module,
    make_nomination,
    make_organisation,
    make_programme,
    make_review,
    make_round,
    make_seat,
    make_session,
    make_task,
    make_trainer,
    make_user,
    make_venue,
    today_there,
)
from training.models import Status

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def page_of(programme, user=None, now=NOW):
    return overview(user or make_coordinator(programme), programme, now)


def heading(programme, now=NOW) -> str:
    return page_of(programme, now=now).heading.replace("\N{NO-BREAK SPACE}", " ")


def plan(programme, *days, **fields):
    module = make_module(programme, number=fields.pop("number", 1))
    return [make_session(programme, module=module, day=TODAY + timedelta(days=n), **fields) for n in days]


# --- the sentence -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ((-1, 0, 1), "Today is day 2 of 3 of module 1"),
        ((1, 2), "Module 1 starts tomorrow"),
        ((4, 5), "Module 1 starts in 4 days"),
        ((-100, -99), "The last session was on 3 December 2024"),
        ((), "No session has a date yet"),
    ],
)
def test_the_sentence_says_where_the_programme_stands(days, sentence):
    programme = make_programme()
    plan(programme, *days)
    assert Calendar(programme, NOW).sentence == sentence


def test_the_heading_adds_what_waits():
    programme = make_programme()
    plan(programme, 4)
    assert heading(programme) == "Module 1 starts in 4 days; nothing waits for you"
    make_session(programme, day=TODAY - timedelta(days=1))
    assert heading(programme) == "Module 1 starts in 4 days; 1 session waits for its note"


def test_without_modules_the_next_session_is_named():
    programme = make_programme()
    make_session(programme, day=TODAY + timedelta(days=2))
    assert heading(programme) == "The next session starts in 2 days; nothing waits for you"


def test_the_line_above_has_name_dates_and_funders():
    programme = make_programme(
        name="Start-up", name_sr="Почетнице", start=date(2025, 3, 6), end=date(2025, 3, 19)
    )
    make_funding(
        programme, funder=make_organisation(programme.tenant, name="German Agency (GIZ)", name_sr="ГИЗ")
    )
    assert page_of(programme).kicker == "Start-up · 6–18 March 2025 · GIZ"
    with translation.override("sr"):
        assert page_of(programme).kicker == "Почетнице · 6–18. марта 2025. · ГИЗ"


def test_where_and_with_whom():
    programme = make_programme()
    tenant = programme.tenant
    make_session(programme, venue=make_venue(tenant, name="Hall", address="Volgina 15"))
    Partner.objects.create(project=programme.project, organisation=make_organisation(tenant, name="House"))
    first = make_organisation(tenant, name="First", name_sr="Prvi")
    Partner.objects.create(project=programme.project, organisation=first, role=Partner.Role.INITIATOR)
    make_funding(programme, funder=make_organisation(tenant, name="RAS"))
    part = make_funding(programme, funder=make_organisation(tenant, name="GIZ"))
    make_module(programme, number=2, name="Growth").fundings.add(part)
    make_funding(make_programme(tenant))
    union = make_organisation(tenant, name="Union", kind="cluster")
    cluster = make_organisation(tenant, name="Weavers", kind="cluster", umbrella=union)
    firm = make_enrolment(programme, enterprise=make_enterprise(tenant)).enterprise
    firm.cluster_memberships.create(cluster=cluster)
    firm.cluster_memberships.create(cluster=union, end=TODAY)  # it left
    assert page_of(programme).facts == [
        ("Where", ["Hall · Volgina 15"]),
        ("Carried by", ["First, initiator", "House"]),
        ("Paid for by", ["RAS: the whole programme", "GIZ: Growth"]),
        ("Clusters", ["Weavers, 1 enterprise, member of Union"]),
    ]


@pytest.mark.parametrize(
    ("language", "english", "serbian", "text", "is_other"),
    [
        ("en", "Two modules", "Dva modula", "Two modules", False),
        ("sr-latn", "Two modules", "Dva modula", "Dva modula", False),
        ("sr", "Two modules", "Dva modula", "Два модула", False),
        ("sr", "Two modules", "", "Two modules", True),
        ("en", "", "Dva modula", "Dva modula", True),
        ("en", "", "", "", False),
    ],
)
def test_it_is_described_in_the_readers_language_or_says_that_it_is_not(
    client, language, english, serbian, text, is_other
):
    programme = make_programme(description=english, description_sr=serbian)
    user = make_coordinator(programme)
    user.language = language
    user.save()
    with translation.override(language):
        assert (programme.described.text, programme.described.is_other) == (text, is_other)
        note = translation.gettext("This text was not given in your language.")
    client.force_login(user, backend=BACKEND)
    page = client.get(reverse("desk:programme", args=[programme.code])).content.decode()
    assert (note in page, text in page) == (is_other, True)


# --- the days -----------------------------------------------------------------------------------------


def test_bars_say_how_many_were_there_and_labels_the_average():
    programme = make_programme()
    held, coming = plan(programme, -2, 3)
    entries = [make_entry(held) for _ in range(4)]
    for entry, status in zip(entries, ["present", "late", "left_early", "absent"], strict=True):
        make_attendance(entry, status=Status(status))
    make_entry(coming)
    drawn = page_of(programme).timeline
    assert [(bar["state"], bar.get("count"), bar["height"]) for bar in drawn["bars"]] == [
        ("held", 3, 58),
        ("planned", None, 78),
    ]
    assert [span["label"] for span in drawn["spans"]] == ["Module 1 · 3 of 4 on average"]
    assert drawn["said"] == "2 sessions, 1 of them held"
    assert drawn["today"]["label"] == "today, 12 March"


def test_a_session_that_nobody_marked_is_drawn_as_unknown_not_as_empty():
    programme = make_programme()
    make_entry(plan(programme, -2)[0])
    (bar,) = page_of(programme).timeline["bars"]
    assert (bar["state"], bar.get("count")) == ("planned", None)


def test_sessions_without_a_day_are_counted_and_not_drawn():
    programme = make_programme()
    make_session(programme, day=None, start=None, end=None)
    page = page_of(programme)
    assert (page.timeline, page.undated) == (None, 1)


def test_days_lie_where_time_puts_them_but_never_closer_than_the_gap():
    day = date(2025, 1, 1)
    axis = timeline.Axis([day, day + timedelta(days=1), day + timedelta(days=100)], 5)
    assert axis.places == [0, 5, 95]
    assert axis.place(day + timedelta(days=1)) == 5
    assert axis.place(day + timedelta(days=50)) == pytest.approx(5 + 90 * 49 / 99)


def test_days_at_the_end_are_pushed_back_inside():
    day = date(2025, 1, 1)
    axis = timeline.Axis([day] + [day + timedelta(days=n) for n in (98, 99, 100)], 10)
    assert axis.places == [0, 70, 80, 90]


@pytest.mark.parametrize(("days", "drawn"), [(0, True), (9, True), (16, True), (17, False), (400, False)])
def test_today_is_drawn_only_near_the_programme(days, drawn):
    """Nine days of sessions: a week of margin."""
    bars = [timeline.Bar(TODAY, None, 1), timeline.Bar(TODAY + timedelta(days=9), None, 1)]
    today = timeline.Label(TODAY + timedelta(days=days), "today")
    assert ("today" in timeline.draw(bars, [], [], today)) is drawn


def test_labels_that_would_run_into_each_other_are_shortened_or_left_out():
    bars = [timeline.Bar(TODAY + timedelta(days=n), None, 1) for n in (0, 4, 5, 100)]
    long = "A label that is far too long"
    labels = [timeline.Label(bar.day, long, "Short") for bar in bars]
    drawn = timeline.draw(bars, labels, [], None)
    assert [(span["x"], span["label"]) for span in drawn["spans"]] == [
        ("0%", "Short"),
        ("3.9%", "Short"),
        ("7.8%", long),
        ("96.1%", "Short"),
    ]


# --- the bars -----------------------------------------------------------------------------------------


def test_the_funnel_of_people_counts_each_person_once():
    programme = make_programme(participants=Programme.Participants.WOMEN)
    make_enrolment(programme, state="applied")
    make_enrolment(programme, state="withdrawn")
    idle, active = make_enrolment(programme), make_enrolment(programme, state="completed")
    for n in (-2, -1):
        session = make_session(programme, day=TODAY + timedelta(days=n))
        make_attendance(make_entry(session, active))
        make_attendance(make_entry(session, idle), status=Status.ABSENT)
    make_idea(programme, enrolments=[active])
    make_idea(programme, enrolments=[active, idle])
    make_assignment(enrolment=active)
    make_assignment(enrolment=idle, state="declined")
    funnel = page_of(programme).funnels[0]
    assert funnel.title == "Women so far"
    assert [(row["label"], row["value"], row["total"]) for row in funnel.rows] == [
        ("Applied", 4, 4),
        ("Enrolled", 2, 4),
        ("Attending", 1, 4),
        ("Nominating", 2, 4),
        ("With a mentor", 1, 4),
    ]
    people = reverse("training:enrolment_list", args=[programme.code])
    assert [row["url"] for row in funnel.rows] == [
        people,
        f"{people}?part=taking-part",
        f"{people}?part=attending",
        reverse("ideas:idea_list", args=[programme.code]),
        reverse("mentoring:assignment_list", args=[programme.code]),
    ]


def test_the_funnel_of_ideas_counts_reviews_by_the_round_that_asked():
    programme = make_programme(end=TODAY - timedelta(days=1))
    round_ = make_round(programme, coverage=2)
    seats = [make_seat(round_), make_seat(round_)]
    full = make_idea(programme, title="Wool", state=Idea.State.SHORTLISTED)
    for seat in seats:
        make_review(make_task(seat, full))
    make_review(make_task(seats[0], make_idea(programme, title="Honey", state=Idea.State.IN_REVIEW)))
    make_idea(programme, title="Fruit", state=Idea.State.LAUNCHED)
    funnel = page_of(programme).funnels[1]
    assert funnel.title == "Ideas"
    assert [(row["label"], row["value"]) for row in funnel.rows] == [
        ("Nominated", 3),
        ("Fully reviewed", 1),
        ("Carried on", 1),
    ]
    assert funnel.note == {}


def test_ideas_that_sound_alike_stand_for_fewer_and_a_changed_text_is_seen():
    programme = make_programme()
    for title in ("Sušara za voće u zadruzi", "Сушара за воће у задрузи", "Susara za voce u zadruzi", "Med"):
        make_idea(programme, title=title)
    note = page_of(programme).funnels[1].note
    assert (note["said"], note["link"]) == (
        "4 ideas stand for about 2 different ones:",
        "1 group to compare",
    )
    make_idea(programme, title="Med!")
    assert page_of(programme).funnels[1].note["link"] == "2 groups to compare"


def test_what_is_joined_counts_once_and_what_is_not_the_same_twice():
    programme = make_programme()
    titles = ("Sušara za voće u zadruzi", "Сушара за воће у задрузи", "Med od lipe", "Мед од липе")
    one, same, honey, other = (make_idea(programme, title=title) for title in titles)
    make_join(same, one)
    make_compared(honey, other)
    note = page_of(programme).funnels[1].note
    assert (note["said"], note["link"]) == ("4 ideas stand for about 3 different ones:", "what is joined")
    assert note["url"].endswith("?show=joined")


def test_pairs_are_computed_once_until_something_changes(django_assert_num_queries):
    programme = make_programme()
    make_idea(programme)
    cache.clear()
    with django_assert_num_queries(2):
        proposals.known(programme)
    with django_assert_num_queries(1):
        proposals.known(programme)


# --- who sees what ------------------------------------------------------------------------------------


def test_a_trainer_sees_people_but_no_reviews_and_no_list_that_is_closed_to_her():
    programme = make_programme()
    make_idea(programme)
    people, ideas = page_of(programme, make_trainer(programme)).funnels
    assert people.rows[-1]["url"] == ""
    assert [row["label"] for row in ideas.rows] == ["Nominated", "Carried on"]


def test_a_mentor_sees_the_days_and_her_own_work_only():
    programme = make_programme()
    mentor = make_mentor(programme)
    plan(programme, 3)
    make_task(make_seat(make_round(programme), mentor.person))
    page = page_of(programme, mentor.person.user)
    assert (page.funnels, [item.what for item in page.items]) == ([], ["1 idea waits for your review"])


@pytest.fixture
def programme():
    return make_programme()


def status(user, url) -> int:
    client = Client()
    if user:
        client.force_login(user, backend=BACKEND)
    return client.get(url).status_code


def test_who_may_open_the_page(programme):
    url = reverse("desk:programme", args=[programme.code])
    partner = make_member(programme, Membership.Role.PARTNER, partner=make_organisation(programme.tenant))
    found = {
        "coordinator": status(make_coordinator(programme), url),
        "administrator": status(make_administrator(programme.tenant), url),
        "trainer": status(make_trainer(programme), url),
        "mentor": status(make_mentor(programme).person.user, url),
        "partner": status(partner, url),
        "funder": status(make_funder(programme), url),
        "nobody": status(make_user(programme.tenant), url),
        "anonymous": status(None, url),
        "of another programme": status(make_coordinator(make_programme(programme.tenant)), url),
        "of another tenant": status(make_administrator(), url),
    }
    assert found == {
        "coordinator": 200,
        "administrator": 200,
        "trainer": 200,
        "mentor": 200,
        "partner": 403,
        "funder": 403,
        "nobody": 403,
        "anonymous": 302,
        "of another programme": 404,
        "of another tenant": 404,
    }


def test_pairs_are_for_those_who_run_it(programme):
    make_idea(programme, title="Sušara za voće u zadruzi")
    make_idea(programme, title="Сушара за воће у задрузи")
    url = reverse("ideas:duplicate_list", args=[programme.code])
    both = make_trainer(programme)  # coordinates another programme, so the table lets her in
    Membership.objects.create(
        person=both.person, programme=make_programme(programme.tenant), role="coordinator"
    )
    client = Client()
    client.force_login(make_coordinator(programme), backend=BACKEND)
    assert "1 group of ideas may be one idea" in client.get(url).content.decode()
    assert [status(make_trainer(programme), url), status(both, url)] == [403, 403]
    assert status(make_administrator(), url) == 404


def test_the_list_has_her_programmes_with_counts(programme):
    coordinator = make_coordinator(programme)
    make_enrolment(programme)
    make_enrolment(programme, state="applied")
    make_nomination(make_idea(programme), make_enrolment(programme))
    make_programme(programme.tenant)
    client = Client()
    client.force_login(coordinator, backend=BACKEND)
    (row,) = client.get(reverse("desk:programme_list")).context["page"].object_list
    assert (row, row.people, row.idea_count) == (programme, 2, 1)
    assert status(make_funder(programme), reverse("desk:programme_list")) == 403


@pytest.mark.parametrize("language", ["en", "sr-latn", "sr"])
def test_pages_render_in_each_language(programme, language):
    plan(programme, -1, 3)
    make_session(programme, day=None, start=None, end=None)
    coordinator = make_coordinator(programme, language=language)
    urls = [reverse("desk:programme", args=[programme.code]), reverse("desk:programme_list")]
    assert [status(coordinator, url) for url in urls] == [200, 200]


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_cost_the_same_whatever_they_show(programme, count, django_assert_num_queries):
    coordinator = make_coordinator(programme)
    round_ = make_round(
        programme, opens_at=timezone.now() - timedelta(days=1), closes_at=timezone.now() + timedelta(9)
    )
    today = today_there()
    for n in range(count):
        module = make_module(programme, venue=make_venue(programme.tenant))
        for day in (today - timedelta(days=1 + n), today + timedelta(days=1 + n)):
            make_entry(make_session(programme, module=module, day=day, venue=make_venue(programme.tenant)))
        make_task(make_seat(round_))
        make_funding(programme)
        make_assignment(enrolment=make_enrolment(programme))
        Membership.objects.create(
            person=coordinator.person, programme=make_programme(programme.tenant), role="coordinator"
        )
    client = Client()
    client.force_login(coordinator, backend=BACKEND)
    cache.clear()
    with django_assert_num_queries(34):
        client.get(reverse("desk:programme", args=[programme.code]))
    with django_assert_num_queries(6):
        client.get(reverse("desk:programme_list"))


def test_health_says_ok_to_everybody_and_nothing_else(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_the_api_lists_what_she_may_see(programme):
    coordinator = make_coordinator(programme)
    make_programme()
    client = Client()
    client.force_login(coordinator, backend=BACKEND)
    assert [row["code"] for row in client.get("/api/v1/programmes/").json()["results"]] == [programme.code]
    assert client.get(f"/api/v1/programmes/{programme.code}/").json()["project"] == programme.project.code
    assert client.get(f"/api/v1/programmes/{make_programme().code}/").status_code == 404
    names = [row["name"] for row in client.get("/api/v1/persons/?q=ana+anic").json()["results"]]
    assert names == [coordinator.name]
    found = [
        status(user, "/api/v1/persons/") for user in (make_trainer(programme), make_funder(programme), None)
    ]
    assert found == [403, 403, 401]
