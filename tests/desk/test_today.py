"""Today, for each role: what waits, in order, and the sentence that says it."""

from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from desk.today import today
from ideas.models import Idea, ReviewTask
from jobs.models import Job
from outcomes.models import Issue
from people.models import Beneficiary, Membership
from reminders.models import Reminder
from tests.factories import (
    NOW,
    TODAY,
    make_administrator,
    make_assignment,
    make_attendance,
    make_coordinator,
    make_enrolment,
    make_enterprise,
    make_entry,
    make_funder,
    make_funding,
    make_idea,
    make_meeting,
    make_member,
    make_mentor,
    make_organisation,
    make_person,
    make_programme,
    make_report,
    make_review,
    make_round,
    make_rule,
    make_seat,
    make_session,
    make_slot,
    make_task,
    make_trainer,
    make_user,
    make_venue,
    today_there,
)
from training.models import Enrolment, SessionLog

pytestmark = pytest.mark.django_db
YESTERDAY = TODAY - timedelta(days=1)


def rows(user, now=NOW) -> list[tuple]:
    """What waits, as the page says it: when, what, why, what to do."""
    return [(item.when, item.what, item.why, item.act) for item in today(user, now).items]


def heading(user, now=NOW) -> str:
    return today(user, now).heading.replace("\N{NO-BREAK SPACE}", " ")


def write_note(session):
    return SessionLog.objects.create(operation=uuid4(), session=session, text="Went well.")


# --- sessions ----------------------------------------------------------------------------------------


def test_nothing_waits_for_somebody_without_a_role():
    user = make_user()
    assert (rows(user), heading(user)) == ([], "Nothing waits for you today")


def test_a_trainer_has_todays_session_first_and_its_register_as_the_one_filled_button():
    programme = make_programme()
    trainer = make_trainer(programme)
    venue = make_venue(programme.tenant, address="Kraljice Marije 14")
    late = make_session(programme, trainers=[trainer], day=YESTERDAY, title="Business model, day 1")
    session = make_session(
        programme, trainers=[trainer], title="Business model, day 2", start=time(10, 40), venue=venue
    )
    make_entry(session)
    page = today(trainer, NOW)
    assert rows(trainer) == [
        (
            "in 40 minutes",
            "Business model, day 2",
            "10:40–14:00 · Kraljice Marije 14 · 1 on the roster",
            "Open the register",
        ),
        (
            "1 day late",
            "Session log, 11 March",
            "Business model, day 1 · the note is missing",
            "Write the note",
        ),
    ]
    assert [item.first for item in page.items] == [True, False]
    assert [item.act_url for item in page.items] == [
        reverse("training:register", args=[session.pk]),
        reverse("training:session_detail", args=[late.pk]),
    ]
    assert heading(trainer) == "Today: Business model, day 2 at 10:40; 1 session waits for its note"


@pytest.mark.parametrize(
    ("now", "when", "said"),
    [
        (datetime.fromisoformat("2025-03-12T07:59:00+01:00"), "today 10:00", "Today: Prices at 10:00"),
        (datetime.fromisoformat("2025-03-12T09:59:30+01:00"), "in 1 minute", "Today: Prices at 10:00"),
        (datetime.fromisoformat("2025-03-12T10:00:00+01:00"), "now", "Now: Prices, until 14:00"),
        (datetime.fromisoformat("2025-03-12T13:59:59+01:00"), "now", "Now: Prices, until 14:00"),
    ],
)
def test_a_session_of_today_until_its_end(now, when, said):
    programme = make_programme()
    trainer = make_trainer(programme)
    make_session(programme, trainers=[trainer], title="Prices")
    assert [row[:2] for row in rows(trainer, now)] == [(when, "Prices")]
    assert heading(trainer, now) == f"{said}; nothing else waits for you"


def test_a_session_is_unfinished_from_its_end_until_marks_note_and_closing_are_there():
    programme = make_programme()
    coordinator = make_coordinator(programme)
    session = make_session(programme, day=YESTERDAY, title="Prices")
    entries = [make_entry(session), make_entry(session)]
    said = [row[1:] for row in rows(coordinator)]
    assert said == [
        (
            "Session log, 11 March",
            "Prices · 2 of 2 are not marked, the note is missing",
            "Open the register",
        )
    ]
    for entry in entries:
        make_attendance(entry)
    write_note(session)
    assert [row[1:] for row in rows(coordinator)] == [
        (
            "Register, 11 March",
            "Prices · everybody is marked, the register is not closed",
            "Open the register",
        )
    ]
    assert heading(coordinator) == "1 register is not finished"
    session.closed_at = NOW
    session.save()
    assert rows(coordinator) == []


def test_a_cancelled_session_and_one_of_a_season_ago_wait_for_nothing():
    programme = make_programme()
    coordinator = make_coordinator(programme)
    make_session(programme, day=YESTERDAY, cancelled_at=NOW)
    make_session(programme, day=TODAY - timedelta(days=91))
    make_session(programme, day=None, start=None, end=None)
    assert rows(coordinator) == []


def test_many_unfinished_sessions_become_one_row_each_counted():
    programme = make_programme()
    coordinator = make_coordinator(programme)
    for days in range(1, 8):
        make_session(programme, day=TODAY - timedelta(days=days))
    assert [row[:2] for row in rows(coordinator)] == [
        ("7 days late", "Session log, 5 March"),
        ("6 days late", "Session log, 6 March"),
        ("5 days late", "Session log, 7 March"),
        ("4 days late", "4 more sessions lack their note or marks"),
    ]
    assert heading(coordinator) == "7 sessions wait for their note"


def test_a_trainer_is_not_asked_for_the_sessions_of_another():
    programme = make_programme()
    trainer = make_trainer(programme)
    make_session(programme, day=YESTERDAY, trainers=[make_trainer(programme)])
    assert rows(trainer) == []


# --- what waits for a coordinator ---------------------------------------------------------------------


def test_ideas_with_fewer_reviews_than_the_round_asks_for():
    programme = make_programme()
    coordinator = make_coordinator(programme)
    round_ = make_round(programme, coverage=2, closes_at=NOW + timedelta(days=3))
    busy, idle = make_seat(round_), make_seat(round_)
    full = make_task(busy)
    make_review(full)
    make_review(make_task(idle, full.idea))  # two reviews: enough
    short = make_task(busy)
    make_review(short)
    make_task(idle, short.idea)
    served = make_idea(programme, state=Idea.State.IN_REVIEW)
    make_task(busy, served, state=ReviewTask.State.CONFLICT)
    make_task(idle, served)
    decided = make_idea(programme, state=Idea.State.SHORTLISTED)
    make_task(idle, decided)
    assert rows(coordinator) == [
        ("until 15 March", "2 ideas have fewer than 2 reviews", "1 needs another reviewer", "Assign")
    ]
    assert heading(coordinator) == "2 ideas lack reviews"


def test_reviewers_who_have_not_begun_are_counted():
    programme = make_programme()
    round_ = make_round(programme, coverage=2)
    idea = make_idea(programme, state=Idea.State.IN_REVIEW)
    make_review(make_task(make_seat(round_), idea))
    make_task(make_seat(round_), idea)
    assert [row[2:] for row in rows(make_coordinator(programme))] == [("1 mentor has not begun", "See who")]


def test_an_assignment_is_silent_after_21_days_without_a_meeting():
    programme = make_programme()
    coordinator = make_coordinator(programme)
    start = TODAY - timedelta(days=60)
    silent = make_assignment(enrolment=make_enrolment(programme), start=start)
    make_meeting(silent, day=TODAY - timedelta(days=22))
    make_meeting(
        make_assignment(enrolment=make_enrolment(programme), start=start), day=TODAY - timedelta(days=21)
    )
    make_assignment(enrolment=make_enrolment(programme), start=start, state="paused")
    make_assignment(enrolment=make_enrolment(programme), start=start, state="ended")
    pair = f"the longest: {silent.mentor.person} and {silent.enrolment.person}"
    assert rows(coordinator) == [
        ("since 18 February", "1 assignment without a meeting for 21 days", pair, "Ask them")
    ]


def test_summaries_due_within_a_month_or_late_until_one_is_issued():
    programme = make_programme()
    coordinator = make_coordinator(programme)
    funder = make_organisation(programme.tenant, name="GIZ")
    funding = make_funding(programme, funder=funder)
    spans = [(TODAY - timedelta(days=n), TODAY + timedelta(days=n)) for n in range(1, 5)]
    make_report(funding, name="Late", due=TODAY - timedelta(days=2), start=spans[0][0], end=spans[0][1])
    soon = make_report(
        funding, name="Soon", due=TODAY + timedelta(days=30), start=spans[1][0], end=spans[1][1]
    )
    make_report(funding, name="Far", due=TODAY + timedelta(days=31), start=spans[2][0], end=spans[2][1])
    done = make_report(funding, name="Done", due=TODAY, start=spans[3][0], end=spans[3][1])
    make_issue(done, state=Issue.State.ISSUED, issued_at=NOW)
    make_issue(soon)
    assert rows(coordinator) == [
        ("2 days late", "Late", "GIZ · not built yet", "Build it"),
        ("until 11 April", "Soon", "GIZ · a draft is ready to be read", "Read it"),
    ]
    assert heading(coordinator) == "2 summaries are due"


def test_a_summary_in_review_waits_for_everybody_but_who_gave_it_and_returned_for_her():
    programme = make_programme()
    giver, reader = make_coordinator(programme), make_coordinator(programme)
    funding = make_funding(programme, funder=make_organisation(programme.tenant, name="GIZ"))
    report = make_report(funding, name="Spring", due=TODAY)
    issue = make_issue(report, state=Issue.State.REVIEW)
    issue.steps.create(kind="submitted", by=giver, at=NOW)
    assert [row[1:] for row in rows(reader)] == [("Spring", "issue 1 · GIZ", "Read and approve")]
    assert heading(reader) == "1 summary waits to be read by you"
    assert rows(giver) == [("until tonight", "Spring", "GIZ · it is in review", "Read it")]
    issue.steps.create(kind="returned", by=reader, at=NOW, text="Look at the hours.")
    Issue.objects.filter(pk=issue.pk).update(state=Issue.State.RETURNED)
    assert [row[1:] for row in rows(giver)] == [
        ("Spring", "issue 1 · GIZ · it was returned to you with comments", "Read the comments")
    ]
    assert rows(reader) == [("until tonight", "Spring", "GIZ · it was returned with comments", "Read it")]
    make_issue(report, number=2, state=Issue.State.APPROVED)
    assert rows(giver) == [("until tonight", "Spring", "GIZ · approved: it can be issued", "Issue it")]


def test_mails_that_did_not_go_are_counted_by_what_became_of_them():
    programme = make_programme()
    coordinator = make_coordinator(programme)
    rule = make_rule(programme)
    states = ["failed", "failed", "uncertain", "held", "sent", "planned", "dropped"]
    for number, state in enumerate(states):
        make_reminder(rule, subject_id=number, state=state, due_at=NOW - timedelta(days=number))
    make_reminder(rule, subject_id=99, state="failed", due_at=NOW - timedelta(days=91))
    why = "2 were refused · 1 may have arrived · 1 waits for your word"
    assert rows(coordinator) == [("since 9 March", "4 mails did not go", why, "Mend")]


def test_failed_work_is_shown_to_who_asked_for_it_until_it_is_asked_for_again():
    programme = make_programme()
    coordinator, other = make_coordinator(programme), make_coordinator(programme)
    make_job(coordinator, "a", reason="The disk is full.", ended_at=NOW - timedelta(days=1))
    make_job(coordinator, "b", ended_at=NOW - timedelta(days=8))
    make_job(coordinator, "c", ended_at=NOW - timedelta(days=1))
    make_job(coordinator, "c", state=Job.State.DONE, ended_at=NOW)
    title = Job.objects.first().title
    assert rows(coordinator) == [("since 11 March", f"Not done: {title}", "The disk is full.", "Look")]
    assert rows(other) == []


def test_what_is_late_stands_before_what_has_a_term_and_the_rest_comes_last():
    programme = make_programme()
    coordinator = make_coordinator(programme)
    make_reminder(make_rule(programme), subject_id=1, state="failed", due_at=NOW)
    make_report(make_funding(programme), name="Interim", due=TODAY + timedelta(days=2))
    make_session(programme, day=YESTERDAY)
    make_session(programme, title="Prices")
    assert [row[1] for row in rows(coordinator)] == [
        "Prices",
        "Session log, 11 March",
        "Interim",
        "1 mail did not go",
    ]
    assert heading(coordinator) == "Now: Prices, until 14:00; 3 things wait for you"


def test_an_administrator_has_what_waits_in_her_tenant_and_in_no_other():
    programme = make_programme()
    administrator = make_administrator(programme.tenant)
    make_session(programme, day=YESTERDAY, title="Prices")
    make_session(make_programme(), day=YESTERDAY)
    assert [row[1:3] for row in rows(administrator)] == [
        ("Session log, 11 March", "Prices · the note is missing")
    ]


# --- mentor, funder, partner, entrepreneur ------------------------------------------------------------


def test_a_mentors_reviews_with_deadline_and_minutes():
    programme = make_programme()
    mentor = make_mentor(programme)
    round_ = make_round(programme, closes_at=NOW + timedelta(days=2))
    seat = make_seat(round_, mentor.person)
    tasks = [make_task(seat) for _ in range(3)]
    make_review(tasks[0])
    closed = make_seat(make_round(programme, opens_at=NOW - timedelta(days=9), closes_at=NOW), mentor.person)
    make_task(closed)  # the round is over: too late
    user = mentor.person.user
    assert rows(user) == [
        ("until 14 March", "2 ideas wait for your review", "about 10 minutes", "Review the next")
    ]
    assert today(user, NOW).items[0].act_url == reverse("ideas:review_next", args=[round_.pk])
    assert heading(user) == "2 ideas wait for your review"


def test_a_mentor_sees_whom_she_guides_and_is_asked_for_the_meeting_that_is_not_logged():
    programme = make_programme()
    mentor = make_mentor(programme)
    start = TODAY - timedelta(days=40)
    ana, mila = (
        make_enrolment(programme, person=make_person(programme.tenant, name=n)) for n in ("Ana", "Mila")
    )
    make_meeting(make_assignment(mentor, ana, start=start), day=TODAY - timedelta(days=30), minutes=90)
    make_meeting(make_assignment(mentor, mila, start=start, agreed_hours=None), day=YESTERDAY)
    user = mentor.person.user
    assert rows(user) == [
        ("since 10 February", "Ana", "the last meeting in the log was on 10 February", "Log a meeting")
    ]
    section, hours = today(user, NOW).sections
    assert (hours.title, hours.rows) == ("Your office hours", [])
    assert [(row.what, row.when, row.why) for row in section.rows] == [
        ("Ana", "1.5 of 10 h", "met on 10 February"),
        ("Mila", "1 h", "met on 11 March"),
    ]
    assert heading(user) == "1 entrepreneur waits to hear from you"


def test_a_funder_reads_the_newest_issued_edition_of_her_own_reports():
    programme = make_programme()
    funding = make_funding(programme)
    funder = make_funder(programme, funding=funding)
    report = make_report(funding, name="Impact summary", start=date(2025, 2, 1), end=date(2025, 3, 1))
    make_issue(report, state=Issue.State.ISSUED, issued_at=NOW - timedelta(days=9))
    make_issue(report, number=2, state=Issue.State.ISSUED, issued_at=NOW - timedelta(days=1))
    make_issue(report, number=3)  # a draft
    other = make_report(make_funding(programme), name="Not hers")
    make_issue(other, state=Issue.State.ISSUED, issued_at=NOW)
    assert rows(funder) == [("11 Mar 2025", "Impact summary", "1–28 February 2025 · issue 2", "Read")]
    assert heading(funder) == "1 summary is ready for you"


def test_a_funder_to_whom_nothing_was_issued_is_told_so():
    funder = make_funder(make_programme())
    assert (rows(funder), heading(funder)) == ([], "No summary has been issued to you yet")


def test_a_partner_sees_the_enterprises_that_it_proposed_and_no_others():
    programme = make_programme(short_name="Start-up")
    partner, other = make_organisation(programme.tenant), make_organisation(programme.tenant)
    user = make_member(programme, Membership.Role.PARTNER, partner=partner)
    hers, idle, foreign = (make_enterprise(programme.tenant, name=n) for n in ("Hotel", "Law", "Wool"))
    for enterprise, by in ((hers, partner), (idle, partner), (foreign, other)):
        Beneficiary.objects.create(project=programme.project, enterprise=enterprise, proposed_by=by)
    make_assignment(enrolment=make_enrolment(programme, enterprise=hers))
    make_enrolment(make_programme(programme.tenant), enterprise=idle)  # of another project: not its matter
    (section,) = today(user, NOW).sections
    assert [(row.what, row.why) for row in section.rows] == [
        ("Hotel", "enrolled in Start-up · with a mentor"),
        ("Law", "not in a programme yet"),
    ]
    assert heading(user) == "You proposed 2 enterprises; 1 of them has taken part"


def test_an_entrepreneur_sees_her_sessions_hours_ideas_and_mentor():
    programme = make_programme(short_name="Start-up")
    user = make_user(programme.tenant)
    mine = make_enrolment(programme, person=make_person(user=user))
    session = make_session(programme, title="Finance", day=TODAY + timedelta(days=4))
    make_entry(session, mine)
    make_attendance(make_entry(make_session(programme, day=YESTERDAY), mine))
    make_entry(make_session(programme, title="Not hers", day=TODAY + timedelta(days=5)))
    make_idea(programme, title="Sušara", enrolments=[mine])
    make_idea(programme, title="Not hers", enrolments=[make_enrolment(programme)])
    mentor = make_assignment(enrolment=mine).mentor
    found = {s.title: [(row.what, row.when, row.why) for row in s.rows] for s in today(user, NOW).sections}
    assert found == {
        "Your sessions": [("Finance", "Sun 16 Mar", "10:00–14:00")],
        "Your hours": [("Start-up", "4 of 8 h", "you can still reach 80 % · 10 February – 10 April 2025")],
        "Your ideas": [("Sušara", "nominated", "")],
        "Your mentor": [(str(mentor.person), "not met yet", "")],
    }
    assert heading(user) == "Next: Finance on 16 March at 10:00"


def test_office_hours_are_one_tap_away_for_both():
    pair = make_assignment(enrolment=make_enrolment(person=make_person(user=make_user())))
    slot = make_slot(pair.mentor, booked_by=pair.enrolment, about="Prices")
    make_slot(pair.mentor, start=time(19), end=time(20))
    book, held = (
        reverse("mentoring:slot_book", args=[pair.enrolment_id]),
        reverse("mentoring:slot_list", args=[pair.programme.code]),
    )
    hers = {section.title: section for section in today(pair.enrolment.person.user, NOW).sections}
    assert (hers["Your mentor"].more, hers["Your mentor"].more_url) == ("Book a time", book)
    assert [(row.what, row.day, row.url, row.why) for row in hers["Booked with a mentor"].rows] == [
        (str(pair.mentor), "2025-03-13", book, "17:00–17:30 · online")
    ]
    (mentors,) = [one for one in today(pair.mentor.person.user, NOW).sections if "office" in one.title]
    assert (mentors.more, mentors.more_url) == ("All of them", held)
    assert [(row.what, row.url) for row in mentors.rows] == [(str(slot.booked_by.person), held)]


def test_whom_nobody_guides_finds_what_is_open_to_everybody():
    enrolment = make_enrolment(person=make_person(user=make_user()))
    mentor = make_mentor(enrolment.programme)
    make_slot(mentor)
    user = enrolment.person.user
    assert today(user, NOW).sections == []
    make_slot(mentor, start=time(19), end=time(20), is_open=True)
    (section,) = today(user, NOW).sections
    assert [(row.url, row.why) for row in section.rows] == [
        (reverse("mentoring:slot_book", args=[enrolment.pk]), "1 time is free")
    ]


def test_a_mentor_of_two_programmes_is_led_to_each_and_to_none_that_is_over():
    one = make_programme()
    mentor = make_mentor(one)
    two = make_programme(one.tenant, short_name="Second")
    over = make_programme(one.tenant, end=TODAY)
    for programme in (two, over):
        Membership.objects.create(person=mentor.person, programme=programme, role="mentor")
    (section,) = today(mentor.person.user, NOW).sections
    found = {row.url for row in section.rows}
    assert found == {reverse("mentoring:slot_list", args=[p.code]) for p in (one, two)}


def test_several_roles_are_one_day():
    programme = make_programme()
    mentor = make_mentor(programme)
    user = mentor.person.user
    Membership.objects.create(person=mentor.person, programme=programme, role="trainer")
    make_session(programme, trainers=[mentor.person], day=YESTERDAY)
    make_task(make_seat(make_round(programme), mentor.person))
    Enrolment.objects.create(programme=programme, person=mentor.person, row_code="X1", state="enrolled")
    make_idea(programme, title="Mine", enrolments=[mentor.person.enrolments.get()])
    assert [row[1] for row in rows(user)] == ["Session log, 11 March", "1 idea waits for your review"]
    assert [section.title for section in today(user, NOW).sections] == ["Your office hours", "Your ideas"]


# --- the page -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "sr-latn", "sr"])
def test_the_page_renders_in_each_language(client, language):
    programme = make_programme(start=None, end=None)
    coordinator = make_coordinator(programme, language=language)
    day = today_there() - timedelta(days=1)
    make_session(programme, day=day, title="Prices")
    client.force_login(coordinator, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.get("/")
    with translation.override(language):
        expected = today(coordinator, timezone.now()).heading
    assert answer.status_code == 200
    assert f"<h1>{expected}</h1>" in answer.content.decode()


def test_who_is_not_signed_in_is_sent_to_the_sign_in_page(client):
    answer = client.get("/")
    assert (answer.status_code, answer.url) == (302, "/accounts/login/?next=/")


@pytest.mark.parametrize("count", [1, 3])
def test_a_coordinators_day_costs_the_same_whatever_waits(count, django_assert_num_queries):
    """Of 2 programmes with `count` of everything each."""
    first = make_programme()
    programmes = [first, make_programme(first.tenant)]
    coordinator = make_coordinator(first)
    Membership.objects.create(person=coordinator.person, programme=programmes[1], role="coordinator")
    now = timezone.now()
    for programme in programmes:
        _fill(programme, count, now)
    client = Client()
    client.force_login(coordinator, backend="allauth.account.auth_backends.AuthenticationBackend")
    with django_assert_num_queries(23):
        assert client.get("/").status_code == 200
    assert len(today(coordinator, now).items) == 2 * (2 * count + 3)


def _fill(programme, count, now):
    today_ = today_there(now)
    rule = make_rule(programme)
    round_ = make_round(programme, opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=5))
    for number in range(count):
        make_entry(make_session(programme, day=today_ - timedelta(days=2 + number)))
        make_entry(make_session(programme, day=today_ + timedelta(days=2 + number)))
        make_task(make_seat(round_))
        make_assignment(
            enrolment=make_enrolment(programme), start=today_ - timedelta(days=50), programme=programme
        )
        make_reminder(rule, subject_id=number, state="failed", due_at=now)
        make_report(make_funding(programme), due=today_ + timedelta(days=3))


def make_issue(report, number=1, **fields) -> Issue:
    return Issue.objects.create(report=report, number=number, payload={}, fingerprint="f", **fields)


def make_reminder(rule, **fields) -> Reminder:
    plain = {"subject_type": "training.session", "subject_revision": 1}
    return Reminder.objects.create(rule=rule, person=make_person(rule.programme.tenant), **plain | fields)


def make_job(by, digest, state=Job.State.FAILED, **fields) -> Job:
    kind = "outcomes.build_issue"
    return Job.objects.create(
        tenant=by.tenant, by=by, kind=kind, parameters_hash=digest, state=state, **fields
    )


def test_who_is_short_of_hours_waits_while_something_can_be_done():
    programme = make_programme()
    coordinator = make_coordinator(programme)
    past = [make_session(programme, day=TODAY - timedelta(days=n)) for n in (1, 2)]
    ahead = make_session(programme, day=TODAY + timedelta(days=2))
    for minutes in (0, 100, 240):
        enrolment = make_enrolment(programme)
        for session in (*past, ahead):
            make_entry(session, enrolment)
        for entry in enrolment.roster.filter(session__in=past):
            make_attendance(entry, status="late" if minutes else "absent", minutes=minutes)
    [item] = [item for item in today(coordinator, NOW).items if item.kind == "hours"]
    assert (item.what, item.why, item.count) == (
        "2 people are under 80 % so far",
        "2 can no longer reach it",
        2,
    )
    assert item.url == f"/programmes/{programme.code}/people/?hours=under"
    assert [i for i in today(coordinator, NOW + timedelta(days=9)).items if i.kind == "hours"] == []
