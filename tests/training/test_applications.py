"""The public form, what keeps machines out of it, and the link that confirms."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from people.models import Consent, Enterprise, Person
from tests.factories import (
    NOW,
    TODAY,
    make_application,
    make_eligibility,
    make_enrolment,
    make_enterprise,
    make_funding,
    make_organisation,
    make_person,
    today_there,
)
from training import services
from training.eligibility import applying
from training.models import Application, EligibilityRule, Enrolment, Finding

Kind = EligibilityRule.Kind


@pytest.fixture
def open_now(world):
    today = today_there()
    world.programme.applies_from, world.programme.applies_until = today, today + timedelta(days=10)
    world.programme.save()
    return world.programme


def address(programme, name="apply") -> str:
    return reverse(f"training:{name}", args=[programme.tenant.slug, programme.code])


def filled(programme, **more) -> dict:
    """What a person sends who took half a minute."""
    began = applying.opened(programme, timezone.now() - timedelta(seconds=30))
    plain = {"operation": uuid4(), "began": began, "name": "Đurđa Đorđević", "email": "djurdja@example.org"}
    return plain | {"language": "sr-latn", "agree_taking_part": "on"} | more


def confirm(row: Application, now=None):
    return services.confirm_application(pk=row.pk, revision=row.revision, now=now or timezone.now())


def test_what_she_writes_is_kept_and_nothing_else_happens(client, open_now):
    answer = client.post(address(open_now), filled(open_now, born="1984", phone=" 064 1 ", enterprise="Džem"))
    assert (answer.status_code, answer.url) == (302, address(open_now, "apply_sent"))
    row = Application.objects.get()
    assert (row.email, row.language, row.confirmed_at) == ("djurdja@example.org", "sr-latn", None)
    assert row.said == {
        "name": "Đurđa Đorđević",
        "phone": "064 1",
        "born": 1984,
        "enterprise": "Džem",
        "consents": [{"purpose": "taking_part", "funding": None, "version": "application-1/en"}],
    }
    assert (Person.objects.filter(email=row.email).count(), Enrolment.objects.count()) == (0, 0)


def test_the_form_is_open_half_open_and_says_when(client, open_now):
    today = today_there()
    for first, after, said in (
        (today, today + timedelta(days=1), "Apply for Start-up"),
        (today + timedelta(days=1), None, "Applications open on"),
        (today - timedelta(days=5), today, "Applications closed on"),
        (today, None, "Apply for Start-up"),
    ):
        open_now.applies_from, open_now.applies_until = first, after
        open_now.save()
        answer = client.get(address(open_now))
        assert (answer.status_code, said in answer.text) == (200, True), said
    open_now.applies_from, open_now.applies_until = today + timedelta(days=1), None
    open_now.save()
    assert client.post(address(open_now), filled(open_now)).status_code == 409
    open_now.applies_from = None
    open_now.save()
    assert client.get(address(open_now)).status_code == 404
    assert Application.objects.count() == 0


def test_only_what_a_rule_needs_is_asked(client, open_now):
    plain = client.get(address(open_now)).text
    asked = ("established", "sex", "sector", "cluster", "region", "share", "business_municipality")
    assert [name for name in asked if f'name="{name}"' in plain] == []
    for kind, more in (
        (Kind.ESTABLISHED_WITHIN, {"years": 3}),
        (Kind.SECTOR, {"values": ["A"]}),
        (Kind.CLUSTER, {}),
        (Kind.REGION, {"values": ["Belgrade"]}),
        (Kind.WOMAN_OWNED, {"values": ["half"]}),
        (Kind.QUESTION, {"question": "Six days?", "question_sr": "Šest dana?"}),
    ):
        make_eligibility(open_now, kind=kind, **{"values": []} | more)
    whole = client.get(address(open_now)).text
    assert [name for name in asked if f'name="{name}"' in whole] == list(asked)
    serbian = client.get(address(open_now), headers={"Accept-Language": "sr-Cyrl,sr"})
    assert "Шест дана?" in serbian.text


def test_a_trap_and_a_hurry_are_refused_in_words_and_can_be_tried_again(client, open_now):
    began = applying.opened(open_now, timezone.now())
    answer = client.post(address(open_now), filled(open_now, began=began))
    assert (answer.status_code, "quicker than anybody reads" in answer.text) == (422, True)
    assert f'value="{began}"' in answer.text  # so that the next try is slow enough
    answer = client.post(address(open_now), filled(open_now, website="http://spam"))
    assert (answer.status_code, "trap for machines" in answer.text) == (422, True)
    old = applying.opened(open_now, timezone.now() - timedelta(days=1))
    for stale in (old, "1-2-3.forged", ""):
        answer = client.post(address(open_now), filled(open_now, began=stale))
        assert answer.status_code == 422
        assert "Đurđa Đorđević" in answer.text
    fresh = re.search(r'name="began" value="([^"]+)"', answer.text)[1]
    applying.check_opened(fresh, open_now, timezone.now() + timedelta(seconds=4))
    assert Application.objects.count() == 0


def test_the_answer_is_the_same_whether_or_not_the_address_is_known(client, open_now):
    make_person(open_now.tenant, email="known@example.org", name="Ana")
    answers = [
        client.post(address(open_now), filled(open_now, email=email), follow=True)
        for email in ("known@example.org", "unknown@example.org")
    ]
    texts = [re.sub(r'csrfmiddlewaretoken" value="\w+"', "", one.text) for one in answers]
    assert texts[0] == texts[1]


def test_the_same_form_twice_is_one_application_and_other_words_kill_the_old_link(client, open_now):
    sent = filled(open_now)
    client.post(address(open_now), sent)
    client.post(address(open_now), sent)
    row = Application.objects.get()
    assert row.revision == 1
    old = applying.token_of(row)
    client.post(address(open_now), sent | {"email": "mistyped@example.org"})
    row.refresh_from_db()
    assert (Application.objects.count(), row.email, row.revision) == (1, "mistyped@example.org", 2)
    answer = client.post(reverse("training:application_confirm", args=[old]))
    assert (answer.status_code, "A newer letter was sent" in answer.text) == (410, True)
    assert Enrolment.objects.count() == 0


def test_asking_again_raises_the_revision_and_two_at_one_mailbox_are_two(client, open_now):
    client.post(address(open_now), filled(open_now))
    client.post(address(open_now), filled(open_now, name="ЂУРЂА Ђорђевић"))
    client.post(address(open_now), filled(open_now, name="Marko"))
    assert list(Application.objects.values_list("said__name", "revision")) == [
        ("ЂУРЂА Ђорђевић", 2),
        ("Marko", 1),
    ]


def test_tries_are_counted_by_the_address_that_our_proxies_tell(client, open_now, settings):
    answers = [
        client.post(
            address(open_now),
            filled(open_now, email=f"a{n}@example.org"),
            headers={"X-Forwarded-For": f"10.0.{n}.1"},
        ).status_code
        for n in range(applying.FROM_ONE_ADDRESS + 2)
    ]
    assert answers == [302] * applying.FROM_ONE_ADDRESS + [429] * 2
    settings.TRUSTED_PROXIES = 1
    far = {"X-Forwarded-For": "1.2.3.4, 203.0.113.9"}
    assert client.post(address(open_now), filled(open_now), headers=far).status_code == 302


def test_one_mailbox_gets_five_letters_an_hour_from_wherever_they_are_asked(client, open_now):
    answers = []
    for n in range(applying.TO_ONE_MAILBOX + 1):
        sent = filled(open_now, email="Ana@example.org" if n % 2 else "ana@example.org", name=f"Ana {n}")
        answers.append(client.post(address(open_now), sent, REMOTE_ADDR=f"192.0.2.{n}"))
    assert [one.status_code for one in answers] == [302] * applying.TO_ONE_MAILBOX + [429]
    assert answers[-1]["Retry-After"] == "3600"


def test_too_large_a_form_is_refused(client, open_now):
    answer = client.post(address(open_now), filled(open_now, name="x" * applying.LARGEST))
    assert (answer.status_code, Application.objects.count()) == (413, 0)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""), ("email", "no address"), ("born", "1850"), ("born", "2190"), ("language", "xx"),
        ("agree_taking_part", ""), ("operation", "x"), ("registered", "perhaps"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field_and_the_rest_is_kept(client, open_now, field, value):
    answer = client.post(address(open_now), filled(open_now, phone="064 555", **{field: value}))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert 'value="064 555"' in answer.text


def test_confirming_makes_person_enterprise_enrolment_consents_and_findings(client, open_now):
    funding = make_funding(open_now)
    cluster = make_organisation(open_now.tenant, kind="cluster")
    make_eligibility(open_now, kind=Kind.ESTABLISHED_WITHIN, years=3, values=[])
    make_eligibility(open_now, kind=Kind.CLUSTER, values=[])
    ask = make_eligibility(open_now, kind=Kind.QUESTION, question="Six days?", values=[])
    client.post(
        address(open_now),
        filled(
            open_now, born="1984", enterprise="Džem", established="2019-05-01", registered="registered",
            cluster=str(cluster.pk), agree_photo="on",
            **{f"q{ask.pk}": "yes", f"agree_funder_{funding.pk}": "on"},
        ),
    )  # fmt: skip
    link = reverse("training:application_confirm", args=[applying.token_of(Application.objects.get())])
    assert "Yes, I apply" in client.get(link).text
    assert Enrolment.objects.count() == 0  # looking changes nothing
    assert "Your application is in" in client.post(link).text
    row = Application.objects.get()
    enrolment = row.enrolment
    assert (enrolment.state, enrolment.applied_on) == ("applied", today_there(row.created_at))
    assert (enrolment.person.name, enrolment.person.born, enrolment.person.language) == (
        "Đurđa Đorđević",
        1984,
        "sr-latn",
    )
    assert (enrolment.enterprise.established, enrolment.enterprise.registered) == (
        date(2019, 5, 1),
        "registered",
    )
    assert enrolment.enterprise.ownerships.get().person == enrolment.person
    assert enrolment.enterprise.cluster_memberships.get().cluster == cluster
    given = Consent.objects.filter(person=enrolment.person).values_list("purpose", "funding", "text_version")
    assert set(given) == {
        ("taking_part", None, "application-1/en"),
        ("photo", None, "application-1/en"),
        ("funder", funding.pk, "application-1/en"),
    }
    found = Finding.objects.filter(enrolment=enrolment).values_list("rule__kind", "outcome")
    assert dict(found) == {"established_within": "not_met", "cluster": "met", "question": "met"}
    again = client.get(link)
    assert (again.status_code, "You confirmed this already" in again.text) == (200, True)
    assert "You confirmed this already" in client.post(link).text
    assert (Enrolment.objects.count(), Consent.objects.count()) == (1, 3)


def applied(programme, **said) -> Application:
    said = {"name": "Đurđa Đorđević", "born": 1984} | said
    return make_application(programme, email="djurdja@example.org", said=said, created_at=timezone.now())


def test_the_same_mailbox_name_and_year_is_the_same_person_whatever_the_script(open_now):
    known = make_person(
        open_now.tenant, name="Ђурђа Ђорђевић", born=1984, email="Djurdja@example.org", phone=""
    )
    row, _first = confirm(applied(open_now, phone="064", sex="male"))
    assert row.enrolment.person == known
    known.refresh_from_db()
    assert (known.phone, known.sex) == ("064", "female")  # what was unknown is filled, what was known stays


@pytest.mark.parametrize(
    "other", [{"born": 1985}, {"born": None}, {"name": "Đurđa Ilić"}, {"email": "other@example.org"}]
)
def test_whoever_differs_in_one_is_somebody_new(open_now, other):
    same = {"name": "Đurđa Đorđević", "born": 1984, "email": "djurdja@example.org"}
    known = make_person(open_now.tenant, **same | other)
    assert confirm(applied(open_now))[0].enrolment.person != known


def test_somebody_of_another_organisation_is_never_found(open_now):
    make_person(name="Đurđa Đorđević", born=1984, email="djurdja@example.org")
    assert confirm(applied(open_now))[0].enrolment.person.tenant == open_now.tenant


def test_whoever_was_joined_to_another_row_is_that_one(open_now):
    kept = make_person(open_now.tenant, name="Đurđa D.")
    make_person(
        open_now.tenant, name="Đurđa Đorđević", born=1984, email="djurdja@example.org", joined_to=kept
    )
    assert confirm(applied(open_now))[0].enrolment.person == kept


def test_applying_twice_is_one_enrolment_also_without_a_year(open_now):
    first, _ = confirm(applied(open_now, born=None))
    second, _ = confirm(applied(open_now, born=None))
    assert (second.enrolment, second.confirmed_at is None) == (None, False)
    assert Enrolment.objects.get() == first.enrolment


def test_who_withdrew_or_was_declined_can_apply_again_and_who_is_in_stays_in(open_now):
    person = make_person(open_now.tenant, name="Đurđa Đorđević", born=1984, email="djurdja@example.org")
    one = make_enrolment(open_now, person=person, state="withdrawn", reason="ill")
    confirm(applied(open_now))
    one.refresh_from_db()
    assert (one.state, one.changes.last().by) == ("applied", None)
    Enrolment.objects.update(state="enrolled")
    confirm(applied(open_now))
    one.refresh_from_db()
    assert one.state == "enrolled"


def test_nobody_takes_the_enterprise_of_somebody_else_by_its_name(open_now):
    theirs = make_enterprise(open_now.tenant, name="Džem", municipality="Požega")
    make_person(open_now.tenant).ownerships.create(enterprise=theirs)
    row, _ = confirm(applied(open_now, enterprise="Džem", business={"municipality": "Požega"}))
    assert row.enrolment.enterprise != theirs
    nobodys = make_enterprise(open_now.tenant, name="Vez", municipality="Bor")
    other = make_application(
        open_now, said={"name": "Zora", "enterprise": "ВЕЗ", "business": {"municipality": "Бор"}},
        created_at=timezone.now(),
    )  # fmt: skip
    assert confirm(other)[0].enrolment.enterprise == nobodys
    assert Enterprise.objects.count() == 3


def test_after_a_week_the_link_is_dead_and_the_sweep_takes_it(client, open_now):
    row = make_application(open_now, created_at=NOW)
    week = NOW + timedelta(days=7)
    with pytest.raises(ValidationError, match="not confirmed within a week"):
        confirm(row, week)
    link = reverse("training:application_confirm", args=[applying.token_of(row)])
    assert client.get(link).status_code == client.post(link).status_code == 410
    done = make_application(open_now, created_at=NOW, confirmed_at=NOW)
    assert services.forget_applications(now=week - timedelta(seconds=1)) == 0
    assert services.forget_applications(now=week) == 1
    assert list(Application.objects.all()) == [done]
    assert client.get(link).status_code == 404


def test_a_forged_link_and_one_of_another_purpose_are_none_of_ours(client, open_now):
    from lib import signing

    row = make_application(open_now, created_at=timezone.now())
    for token in ("x", "1-1-1.forged", signing.sign("training.wall", row.pk, row.revision)):
        assert client.post(reverse("training:application_confirm", args=[token])).status_code == 404
    assert Enrolment.objects.count() == 0


def test_pages_of_staff_are_for_staff_of_the_programme(client, world):
    from tests.factories import make_coordinator, make_programme

    one = make_enrolment(world.programme, state="applied", applied_on=TODAY)
    rule = make_eligibility(world.programme, kind=Kind.QUESTION, question="Six days?", values=[])
    services.check_eligibility(by=world.coordinator, programme=world.programme, now=NOW)
    finding = one.findings.get()
    code = [world.programme.code]
    gets = [reverse(f"training:{name}", args=code) for name in ("applicant_list", "eligibility_list")]
    posts = [
        reverse("training:applicant_decide", args=code),
        reverse("training:eligibility_check", args=code),
        reverse("training:eligibility_create", args=code),
        reverse("training:eligibility_edit", args=[rule.pk]),
        reverse("training:eligibility_remove", args=[rule.pk]),
        reverse("training:finding_except", args=[finding.pk]),
        reverse("training:finding_answer", args=[finding.pk]),
    ]
    stranger = make_coordinator(make_programme())
    for user, read, write in ((stranger, 404, 404), (world.trainer, 200, 403)):
        client.force_login(user)
        assert [client.get(url).status_code for url in gets] == [read] * 2
        assert [client.post(url).status_code for url in posts] == [write] * 7


def test_a_coordinator_decides_on_several_and_sees_first_who_does_not_fit(client, world, plan):
    plan()
    make_eligibility(world.programme)  # women
    people = [
        make_person(world.programme.tenant, name=n, sex=s) for n, s in (("Ana", "female"), ("Marko", "male"))
    ]
    ana, marko = [
        services.enrol(by=world.coordinator, programme=world.programme, person=p, state="applied", now=NOW)
        for p in people
    ]
    client.force_login(world.coordinator)
    url = reverse("training:applicant_decide", args=[world.programme.code])
    chosen = {"enrolment": [ana.pk, marko.pk], "state": "enrolled", "reason": ""}
    answer = client.post(url, chosen)
    assert "1 does not fit; 1 would be decided on" in answer.text
    assert "“Sex: female” is not met (male)" in answer.text
    assert list(Enrolment.objects.values_list("state", flat=True)) == ["applied", "applied"]
    client.post(url, chosen | {"sure": "yes"})
    assert [Enrolment.objects.get(pk=one.pk).state for one in (ana, marko)] == ["enrolled", "applied"]
    assert "Say why" in client.post(url, {"enrolment": [marko.pk], "state": "declined"}).text
    client.post(url, {"enrolment": [marko.pk], "state": "declined", "reason": "a man", "sure": "yes"})
    assert marko.changes.last().reason == "a man"
    stranger = make_enrolment(state="applied")
    assert client.post(url, {"enrolment": [stranger.pk], "state": "enrolled"}).status_code == 422


def test_the_list_is_narrowed_by_outcome(client, world):
    make_eligibility(world.programme)
    for name, sex in (("Ana", "female"), ("Marko", "male"), ("Zora", None)):
        person = make_person(world.programme.tenant, name=name, sex=sex)
        services.enrol(
            by=world.coordinator, programme=world.programme, person=person, state="applied", now=NOW
        )
    client.force_login(world.coordinator)
    url = reverse("training:applicant_list", args=[world.programme.code])
    for wanted, names in (("met", ["Ana"]), ("not_met", ["Marko"]), ("unknown", ["Zora"]), ("excepted", [])):
        rows = client.get(url, {"eligibility": wanted}).context["rows"]
        assert [row.person.name for row in rows] == names


def test_rules_are_kept_by_hand(client, world):
    client.force_login(world.coordinator)
    new = reverse("training:eligibility_create", args=[world.programme.code])
    for kind, said in (
        ("established_within", {"years": 3}),
        ("sex", {"values": ["female"]}),
        ("municipality", {"values": "Požega\nArilje\n"}),
        ("question", {"question": "Six days?", "wanted": "no"}),
        ("woman_owned", {"values": "half"}),
        ("cluster", {}),
    ):
        assert client.get(f"{new}?kind={kind}").status_code == 200
        assert client.post(f"{new}?kind={kind}", said).status_code == 302, kind
    rows = EligibilityRule.objects.values_list("kind", "values", "years", "wanted")
    assert list(rows) == [
        ("established_within", [], 3, True),
        ("sex", ["female"], None, True),
        ("municipality", ["Požega", "Arilje"], None, True),
        ("question", [], None, False),
        ("woman_owned", ["half"], None, True),
        ("cluster", [], None, True),
    ]
    rule = EligibilityRule.objects.get(kind="municipality")
    edit = reverse("training:eligibility_edit", args=[rule.pk])
    assert "Arilje" in client.get(edit).text
    client.post(edit, {"values": "Bor"})
    rule.refresh_from_db()
    assert rule.values == ["Bor"]
    assert client.get(f"{new}?kind=gone").status_code == 404


def test_her_page_shows_every_rule_the_fact_and_the_history(client, world):
    make_eligibility(world.programme)
    person = make_person(world.programme.tenant, sex="male")
    one = services.enrol(
        by=world.coordinator, programme=world.programme, person=person, state="applied", now=NOW
    )
    client.force_login(world.coordinator)
    page = reverse("training:enrolment_detail", args=[one.pk])
    said = client.get(page).text
    assert "Sex: female" in said and "✕ not met" in said
    found = one.findings.get()
    client.post(reverse("training:finding_except", args=[found.pk]), {"reason": "the only baker in town"})
    said = client.get(page).text
    assert f"Exception by {world.coordinator}" in said and "the only baker in town" in said
    client.post(reverse("training:finding_except", args=[found.pk]), {"take_back": "yes"})
    found.refresh_from_db()
    assert found.excepted_at is None
