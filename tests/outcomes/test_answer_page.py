"""The page of a link: it asks, keeps each answer, says calmly what is over, names nobody to a stranger."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format

from outcomes import links, services
from outcomes.models import Answer, Invitation
from tests.factories import make_coordinator, make_programme, make_trainer
from tests.fixtures.browser import PHONE, axe, overflow
from tests.outcomes.answered import sheet_of_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked():
    today = timezone.localdate()
    return sheet_of_all(opens=today - timedelta(days=5), closes=today + timedelta(days=5))


@pytest.fixture
def path(asked):
    return links.answer_link(asked.invitation)


def said(*codes, **values) -> dict:
    """What the form sends of these questions; `q_jobs="3"` is the field `q-jobs`."""
    values = {name.replace("q_", "q-", 1): value for name, value in values.items()}
    return {"asked": list(codes)} | values


def state(asked) -> str:
    return Invitation.objects.get(pk=asked.invitation.pk).state


def test_who_holds_the_link_reads_all_questions(client, path):
    page = client.get(path)
    assert page.status_code == 200
    words = page.content.decode()
    assert "Mila Nova, how is it going?" in words  # a name may begin with the surname: it stands whole
    assert words.count('name="asked"') == 7  # the day of registration is asked only of who is registered
    assert page["Referrer-Policy"] == "same-origin" and page["X-Robots-Tag"] == "noindex"
    assert "no-store" in page["Cache-Control"]


def test_looking_keeps_nothing(client, asked, path):
    client.get(path)
    assert state(asked) == "waiting"


def test_without_script_a_button_keeps_all_and_shows_what_is_asked_because_of_it(client, asked, path):
    form = said("registered", "jobs", q_registered="registered", q_jobs="2,5")
    assert client.post(path, form | {"save": "1"})["Location"] == f"{path}?saved#main"
    words = client.get(path).content.decode()
    assert 'id="q-registered-registered" value="registered" checked' in words
    assert 'id="q-registered_on-day"' in words and 'value="2.5"' in words
    assert state(asked) == "partial"


def test_a_question_that_was_not_on_the_page_is_left_alone(client, asked, path):
    client.post(path, said("jobs", q_jobs="3"))
    client.post(path, said("operating", **{"q-operating": "yes"}))
    assert sorted(Answer.objects.values_list("question__code", flat=True)) == ["jobs", "operating"]


def test_what_is_wrong_stands_beside_it_and_the_rest_is_kept(client, asked, path):
    form = said("operating", "jobs", **{"q-operating": "yes", "q-jobs": "a few", "hand_in": "1"})
    page = client.post(path, form | {"hand_in": "1"})
    assert page.status_code == 422
    words = page.content.decode()
    assert "Write a number, with digits only: 12 or 3,5." in words and 'value="a few"' in words
    assert state(asked) == "partial" and Answer.objects.get().choice == "yes"


def test_each_change_is_kept_and_only_what_changes_comes_back(client, asked, path):
    form = said("registered", "jobs", **{"q-registered": "registered", "q-jobs": "x"})
    page = client.post(path, form, headers={"HX-Request": "true"})
    words = page.content.decode()
    assert page.status_code == 200 and "1 answer is not kept yet" in words
    assert '<div id="ask-registered_on" data-hx-swap-oob="true">' in words
    assert '<div id="ask-jobs"' not in words and 'id="q-jobs-error" data-hx-swap-oob' in words


def test_a_day_that_is_being_typed_is_no_error(client, asked, path):
    client.post(path, said("registered", **{"q-registered": "registered"}))
    form = said("registered", "registered_on", **{"q-registered": "registered", "q-registered_on-day": "3"})
    page = client.post(path, form, headers={"HX-Request": "true"})
    assert "not kept" not in page.content.decode()
    assert client.post(path, form).status_code == 422


@pytest.mark.parametrize(
    ("before", "sent", "kept"),
    [(["books"], ["books", "none"], ["none"]), (["none"], ["none", "books"], ["books"])],
)
def test_none_of_these_and_the_others_exclude_each_other(client, asked, path, before, sent, kept):
    client.post(path, said("practices", **{"q-practices": before}))
    page = client.post(path, said("practices", **{"q-practices": sent}), headers={"HX-Request": "true"})
    assert list(Answer.objects.values_list("choice", flat=True)) == kept
    assert 'id="ask-practices" data-hx-swap-oob' in page.content.decode()


def test_handing_in_thanks_and_says_what_is_open(client, asked, path):
    answer = client.post(path, said("jobs", **{"q-jobs": "2"}) | {"hand_in": "1"})
    assert answer["Location"] == f"{path}?thanks"
    words = client.get(answer["Location"]).content.decode()
    assert "Thank you, Mila Nova" in words and "6 questions are still open." in words
    assert "we would like to know this" in words
    assert state(asked) == "answered"
    words = client.get(path).content.decode()
    today = date_format(timezone.localdate())
    assert f"You handed this in on {today}. You may still change it." in words


def test_a_serbian_sentence_with_a_day_has_one_dot(client, asked, path):
    """The day brings its own."""
    client.post(path, said("jobs", **{"q-jobs": "2"}) | {"hand_in": "1"})
    by = make_coordinator(asked.programme, language="sr-latn")
    later = sheet_of_all(opens=date(2100, 1, 1), closes=None)
    wave = reverse("outcomes:wave_list", args=[later.programme.code])
    interview = reverse("outcomes:invitation_interview", args=[asked.invitation.pk])
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "sr-latn"
    with translation.override("sr-latn"):
        today, opens = date_format(timezone.localdate()), date_format(date(2100, 1, 1), "SHORT_DATE_FORMAT")
    hers = client.get(path).content.decode()
    early = client.post(links.answer_link(later.invitation), said("jobs")).content.decode()
    client.force_login(by)
    keyed = client.get(interview).content.decode()
    client.force_login(make_coordinator(later.programme, language="sr-latn"))
    listed = client.get(wave).content.decode()
    assert f"Predali ste ovo {today} Još uvek možete da menjate odgovore." in hers
    assert f"Predato {today}" in keyed and f"Otvara se {opens}" in listed
    assert [".." in words for words in (hers, early, keyed, listed)] == [False] * 4


def test_nothing_at_all_is_not_handed_in(client, asked, path):
    page = client.post(path, said("jobs", **{"q-jobs": ""}) | {"hand_in": "1"})
    assert page.status_code == 422 and "Nothing is answered yet." in page.content.decode()


def test_she_may_refuse_and_come_back(client, asked, path):
    client.post(path, {"refuse": "1", "reason": "No time"})
    assert state(asked) == "refused"
    assert "We do not ask you this time" in client.get(path).content.decode()
    assert 'name="asked"' in client.get(f"{path}?again").content.decode()
    client.post(path, said("jobs", **{"q-jobs": "2"}))
    assert state(asked) == "partial"


def test_after_the_wave_closed_it_is_still_taken_and_marked(client):
    asked = sheet_of_all()  # of long ago
    path = links.answer_link(asked.invitation)
    assert "Your answers are still welcome" in client.get(path).content.decode()
    client.post(path, said("jobs", **{"q-jobs": "2"}) | {"hand_in": "1"})
    row = Invitation.objects.get()
    assert (row.state, row.is_late) == ("answered", True)


def test_before_it_opens_there_is_nothing_to_do(client):
    asked = sheet_of_all(opens=date(2100, 1, 1), closes=None)
    path = links.answer_link(asked.invitation)
    assert "We ask you this from 1 January 2100 on" in client.get(path).content.decode()
    client.post(path, said("jobs", **{"q-jobs": "2"}))
    assert state(asked) == "waiting"


def test_links_that_do_nothing_name_nobody(client, asked, path):
    by = make_coordinator(asked.programme)
    services.renew_link(by=by, invitation=asked.invitation)
    for method in (client.get, client.post):
        page = method(path)
        assert page.status_code == 410 and "Mila" not in page.content.decode()
        assert method("/answer/0-0-0.x/").status_code == 404
    fresh = links.answer_link(Invitation.objects.get())
    assert client.get(fresh).status_code == 200
    services.take_consent_back(by=by, invitation=asked.invitation, now=timezone.now())
    assert client.get(links.answer_link(Invitation.objects.get())).status_code == 410


@pytest.mark.parametrize(
    ("language", "heading"), [("sr-latn", "Šest meseci posle"), ("sr", "Шест месеци после")]
)
def test_it_speaks_her_language_until_she_chooses_another(client, asked, path, language, heading, settings):
    asked.her.language = language
    asked.her.save()
    assert heading in client.get(path).content.decode()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "Six months after" in client.get(path).content.decode()


def test_a_coordinator_keys_an_interview(client, asked):
    client.force_login(make_coordinator(asked.programme))
    path = reverse("outcomes:invitation_interview", args=[asked.invitation.pk])
    assert "How it is shown" in client.get(path).content.decode()
    form = said("jobs", **{"q-jobs": "2", "q-jobs-evidence": "document", "mode": "phone"})
    assert client.post(path, form | {"hand_in": "1"})["Location"] == path
    row = Invitation.objects.get()
    assert (row.state, row.mode, row.answers.get().evidence) == ("answered", "phone", "document")


def test_a_locked_period_is_refused_with_its_reason(client, asked):
    by = make_coordinator(asked.programme)
    client.force_login(by)
    today = timezone.localdate()
    asked.programme.locks.create(start=today - timedelta(days=9), end=today + timedelta(days=9))
    path = reverse("outcomes:invitation_interview", args=[asked.invitation.pk])
    page = client.post(path, said("jobs", **{"q-jobs": "2", "mode": "phone"}))
    assert page.status_code == 422 and "is locked: its facts stay as they are." in page.content.decode()


def test_what_came_of_it_and_attempts_are_noted(client, asked):
    client.force_login(make_coordinator(asked.programme))
    args = [asked.invitation.pk]
    client.post(reverse("outcomes:contact_create", args=args), {"way": "phone", "outcome": "no_answer"})
    client.post(reverse("outcomes:invitation_state", args=args), {"act": "unreachable", "reason": "Moved"})
    row = Invitation.objects.get()
    assert (row.state, row.reason, row.contacts.get().way) == ("unreachable", "Moved", "phone")
    client.post(reverse("outcomes:invitation_state", args=args), {"act": "no_such"})
    assert state(asked) == "unreachable"


@pytest.mark.parametrize("name", ["invitation_interview", "invitation_state", "contact_create"])
def test_keying_is_for_who_runs_the_programme(client, asked, name):
    path = reverse(f"outcomes:{name}", args=[asked.invitation.pk])
    client.force_login(make_trainer(asked.programme))
    assert client.post(path).status_code == 403
    client.force_login(make_coordinator(make_programme()))
    assert client.post(path).status_code == 404


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["en", "sr-latn", "sr"])
def test_a_heading_does_not_look_like_a_question(open_page, language):
    today = timezone.localdate()
    asked = sheet_of_all(opens=today - timedelta(days=5), closes=today + timedelta(days=5))
    first = asked.wave.edition.items.order_by("position").first()
    type(first).objects.filter(pk=first.pk).update(section="Your business", section_sr="Vaš biznis")
    asked.her.language = language
    asked.her.save()
    page = open_page(size=PHONE, language=language)
    page.goto(links.answer_link(asked.invitation))
    heading, question = page.locator("form h2").first, page.locator("form legend").first
    looks = "e => { const s = getComputedStyle(e); return [parseFloat(s.fontSize), s.color] }"
    (size, colour), (larger, other) = heading.evaluate(looks), question.evaluate(looks)
    assert size < larger and colour != other
    assert heading.bounding_box()["y"] < question.bounding_box()["y"]
    assert axe(page) == []
    assert overflow(page) == 0
