"""Pages of costs, grants and narratives: per currency, unknown stays unknown, what is unread is settled."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from outcomes import services
from tests.factories import (
    NOW,
    TODAY,
    make_coordinator,
    make_enrolment,
    make_funder,
    make_funding,
    make_member,
    make_person,
    make_programme,
    make_report,
    make_trainer,
)
from tests.fixtures.browser import LAPTOP, PHONE, axe, overflow
from tests.journeys.sweep import SMALL
from tests.taken import everywhere, rows

pytestmark = pytest.mark.django_db
COSTS, GRANTS, TOLD = "outcomes:cost_list", "outcomes:grant_list", "outcomes:narrative_list"
PERIOD = {"start": "2025-01-01", "end": "2025-03-31"}


@pytest.fixture
def programme():
    return make_programme()


@pytest.fixture
def by(programme):
    return make_coordinator(programme)


@pytest.fixture
def funding(programme):
    return make_funding(programme, currency="EUR")


def sign_in(client, user):
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def text(answer) -> str:
    return answer.content.decode()


def cost(by, funding, kind, name, amount, currency="EUR", **said):
    plain = {"kind": kind, "name": name, "amount": Decimal(amount), "currency": currency}
    return services.save_cost(by=by, funding=funding, **plain | said)


def unread(funding, words="about 500", **said):
    return funding.costs.create(kind="spent", name="Hall", as_written=words, **said)


# --- costs -------------------------------------------------------------------------------------------


def test_the_way_in_leads_to_the_funding_or_says_that_there_is_none(client, by, programme):
    sign_in(client, by)
    for route in ("outcomes:costs_of", "outcomes:narratives_of"):
        assert "No funding pays for this programme yet" in text(
            client.get(reverse(route, args=[programme.code]))
        )
    funding = make_funding(programme)
    for route, shown in (("outcomes:costs_of", COSTS), ("outcomes:narratives_of", TOLD)):
        assert client.get(reverse(route, args=[programme.code])).url == reverse(shown, args=[funding.pk])


def test_planned_stands_beside_spent_in_each_currency_by_itself(client, by, programme, funding):
    cost(by, funding, "planned", "Trainers", 1000)
    cost(by, funding, "spent", "Trainers", "1250.50")
    cost(by, funding, "spent", "Hall", 300, is_eligible=False)
    cost(by, funding, "planned", "Hall", 50000, "RSD")
    sign_in(client, by)
    page = client.get(reverse(COSTS, args=[funding.pk]))
    assert [(one.name, one.currency, one.difference) for one in page.context["lines"]] == [
        ("Hall", "EUR", None), ("Hall", "RSD", None), ("Trainers", "EUR", Decimal("-250.50")),
    ]  # fmt: skip
    shown = text(page)
    for words in (
        "3 budget lines",
        "-250.50",
        "1,250.50",
        "125 % of the plan",
        "300 of it the funder does not pay",
    ):
        assert words in shown, words


def test_one_currency_says_it_in_the_heading(client, by, funding):
    cost(by, funding, "planned", "Trainers", 1000)
    cost(by, funding, "spent", "Trainers", 400)
    sign_in(client, by)
    assert "400 of 1,000 EUR are spent" in text(client.get(reverse(COSTS, args=[funding.pk])))


def test_one_is_added_and_corrected_with_a_reason(client, by, programme, funding):
    sign_in(client, by)
    url = reverse("outcomes:cost_create", args=[funding.pk])
    assert 'value="EUR"' in text(client.get(url))
    said = {"kind": "spent", "name": "Hall", "amount": "120", "currency": "eur", "is_eligible": "on"}
    wrong = client.post(url, said | {"currency": "XYZ"})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["currency"])
    wrong = client.post(url, said | {"amount": ""})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["amount"])
    assert client.post(url, said | {"programme": programme.pk}).url == reverse(COSTS, args=[funding.pk])
    row = funding.costs.get()
    assert (row.amount, row.currency, row.programme, row.is_eligible) == (120, "EUR", programme, True)
    edit = reverse("outcomes:cost_edit", args=[row.pk])
    wrong = client.post(edit, said | {"amount": "130"})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["reason"])
    assert client.post(edit, said | {"amount": "130", "reason": "A digit was wrong"}).status_code == 302
    row.refresh_from_db()
    assert (row.amount, row.note) == (130, "A digit was wrong")


def test_what_could_not_be_read_is_listed_and_settled(client, by, funding):
    row = unread(funding, "<b>about 500</b>")
    sign_in(client, by)
    page = text(client.get(reverse(COSTS, args=[funding.pk])))
    assert ("1 amount could not be read" in page, "<b>about 500</b>" in page) == (True, False)
    edit = reverse("outcomes:cost_edit", args=[row.pk])
    assert "How much is “&lt;b&gt;about 500" in text(client.get(edit))
    said = {"kind": "spent", "name": "Hall", "amount": "500", "currency": "EUR", "reason": "By the invoice"}
    assert client.post(edit, said).status_code == 302
    row.refresh_from_db()
    assert (row.amount, row.currency) == (500, "EUR")
    assert "could not be read" not in text(client.get(reverse(COSTS, args=[funding.pk])))


def test_costs_are_narrowed_and_taken_along(client, by, funding):
    cost(by, funding, "planned", "Trainers", 1000)
    cost(by, funding, "spent", "Trainers", 400)
    unread(funding)
    sign_in(client, by)
    url = reverse(COSTS, args=[funding.pk])
    for asked, n in (({}, 3), ({"q": "train"}, 2), ({"kind": "spent"}, 2), ({"q": "x"}, 0)):
        assert len(client.get(url, asked).context["page"].object_list) == n, asked
    route = "outcomes:cost_export"
    assert everywhere(client, route, str(funding.pk), column="name") == ["Hall", "Trainers", "Trainers"]
    taken = rows(client, route, str(funding.pk), q="hall")
    assert [(row["amount"], row["as_written"]) for row in taken] == [(None, "about 500")]


# --- grants ------------------------------------------------------------------------------------------


def test_a_grant_in_two_currencies_stands_in_both(client, by, programme):
    person = make_person(programme.tenant, name="Mila Nova")
    hers = make_enrolment(programme, person=person)
    sign_in(client, by)
    url = reverse("outcomes:grant_create", args=[programme.code])
    said = {"enrolment": hers.pk, "state": "granted", "purpose": "Oven", "day": "2025-03-01"}
    for amount in ("a lot", "500"):  # no amount; of no currency
        wrong = client.post(url, said | {"amounts": amount})
        assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["amounts"])
    wrong = client.post(url, said | {"amounts": ""})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["amounts"])
    assert client.post(url, said | {"amounts": "122 gbp + 83.41 EUR"}).status_code == 302
    row = programme.grants.get()
    told = [(one.currency, one.amount) for one in row.amounts.all()]
    assert told == [("EUR", Decimal("83.41")), ("GBP", 122)]
    page = client.get(reverse(GRANTS, args=[programme.code]))
    assert [(one.currency, one.grants, one.amount) for one in page.context["given"]] == [
        ("EUR", 1, Decimal("83.41")), ("GBP", 1, 122),
    ]  # fmt: skip
    assert ("1 grant" in text(page), "Mila Nova" in text(page)) == (True, True)
    edit = reverse("outcomes:grant_edit", args=[row.pk])
    assert "83.41 EUR + 122.00 GBP" in text(client.get(edit))
    assert client.post(edit, said | {"amounts": "90 EUR", "state": "paid"}).status_code == 302
    told = [(one.currency, one.amount) for one in row.amounts.all()]
    assert (told, programme.grants.get().state) == ([("EUR", 90)], "paid")


def test_unread_grants_are_listed_and_settled_and_unsaid_ones_counted(client, by, programme):
    row = programme.grants.create(purpose="Oven", as_written="ca. 500", source="s", source_id="7")
    programme.grants.create(purpose="Jars", state="asked")
    sign_in(client, by)
    page = text(client.get(reverse(GRANTS, args=[programme.code])))
    assert ("1 amount could not be read" in page, "Of 1 nobody said how much." in page) == (True, True)
    edit = reverse("outcomes:grant_edit", args=[row.pk])
    assert "In the sheet it says: “ca. 500”" in text(client.get(edit))
    assert client.post(edit, {"state": "granted", "amounts": "500 EUR", "purpose": "Oven"}).status_code == 302
    assert "could not be read" not in text(client.get(reverse(GRANTS, args=[programme.code])))
    for asked, n in (({}, 2), ({"q": "jar"}, 1), ({"state": "asked"}, 1), ({"q": "x"}, 0)):
        found = client.get(reverse(GRANTS, args=[programme.code]), asked).context["page"].object_list
        assert len(found) == n, asked
    route = "outcomes:grant_export"
    assert everywhere(client, route, programme.code, column="purpose") == ["Jars", "Oven"]


# --- narratives --------------------------------------------------------------------------------------


def test_a_period_is_told_also_what_went_wrong(client, by, funding):
    report = make_report(funding, start=date(2025, 1, 1), end=date(2025, 4, 1), name="First quarter")
    sign_in(client, by)
    page = text(client.get(reverse(TOLD, args=[funding.pk])))
    assert ("1 report has no text yet" in page, report.name in page) == (True, True)
    url = reverse("outcomes:narrative_create", args=[funding.pk])
    assert 'value="2025-03-31"' in text(client.get(url, PERIOD))
    said = PERIOD | {
        "happened": "Two groups.",
        "went_wrong": "Few came.",
        "changes_next": "We ask about hours.",
    }
    assert client.post(url, PERIOD).context["form"].errors.keys() == {"happened"}
    assert client.post(url, said | {"end": "2024-12-01"}).context["form"].errors.keys() == {"end"}
    assert client.post(url, said | {"indicator": "XX-9"}).context["form"].errors.keys() == {"indicator"}
    assert client.post(url, said).url == reverse(TOLD, args=[funding.pk])
    again = client.post(url, said)
    assert (again.status_code, "There is a text for this period already." in text(again)) == (422, True)
    assert client.post(url, said | {"indicator": "OP-01", "happened": "Thirty."}).status_code == 302
    page = text(client.get(reverse(TOLD, args=[funding.pk])))
    for words in ("1 period is told", "Few came.", "We ask about hours.", "The whole", "OP-01", "Thirty."):
        assert words in page, words
    assert "has no text yet" not in page
    whole = funding.narratives.get(indicator="")
    assert (whole.start, whole.end, whole.by) == (date(2025, 1, 1), date(2025, 4, 1), by)
    edit = reverse("outcomes:narrative_edit", args=[whole.pk])
    assert client.post(edit, said | {"went_wrong": "The hall was cold."}).status_code == 302
    whole.refresh_from_db()
    assert (whole.went_wrong, whole.end) == ("The hall was cold.", date(2025, 4, 1))
    told = everywhere(client, "outcomes:narrative_export", str(funding.pk), column="went_wrong")
    assert told == ["The hall was cold.", "Few came."]


# --- who, and how many questions ---------------------------------------------------------------------


def test_nobody_else_reads_or_writes(client, by, programme, funding):
    one = cost(by, funding, "spent", "Hall", 5)
    grant = services.save_grant(by=by, programme=programme, amounts=[(Decimal(5), "EUR")])
    told = services.save_narrative(
        by=by, funding=funding, start=date(2025, 1, 1), end=TODAY, happened="x", now=NOW
    )
    addresses = [
        *(
            reverse(name, args=[programme.code])
            for name in ("outcomes:costs_of", "outcomes:narratives_of", GRANTS)
        ),
        *(reverse(name, args=[funding.pk]) for name in (COSTS, TOLD, "outcomes:cost_create")),
        reverse("outcomes:narrative_create", args=[funding.pk]),
        reverse("outcomes:cost_export", args=[funding.pk, "csv"]),
        reverse("outcomes:narrative_export", args=[funding.pk, "csv"]),
        reverse("outcomes:grant_export", args=[programme.code, "csv"]),
        reverse("outcomes:grant_create", args=[programme.code]),
        reverse("outcomes:cost_edit", args=[one.pk]),
        reverse("outcomes:grant_edit", args=[grant.pk]),
        reverse("outcomes:narrative_edit", args=[told.pk]),
    ]
    who = [
        (make_trainer(programme), 403),
        (make_member(programme, "mentor"), 403),
        (make_funder(programme, funding=funding), 403),
        (make_coordinator(make_programme(programme.tenant)), 404),
        (make_coordinator(make_programme()), 404),
    ]
    for user, status in who:
        sign_in(client, user)
        assert {client.get(url).status_code for url in addresses} == {status}
    sign_in(client, who[-1][0])
    for url in addresses[5:7] + addresses[10:]:
        assert client.post(url, {}).status_code == 404


def test_a_coordinator_who_funds_another_programme_keeps_only_her_own(client, by, programme, funding):
    elsewhere = make_programme(programme.tenant)
    theirs = make_funding(elsewhere)
    make_member(elsewhere, "funder", funding=theirs, person=by.person)
    row = theirs.costs.create(kind="spent", name="Hall", amount=5, currency="EUR")
    sign_in(client, by)
    for url in (
        reverse(COSTS, args=[theirs.pk]),
        reverse(TOLD, args=[theirs.pk]),
        reverse("outcomes:cost_edit", args=[row.pk]),
        f"/api/v1/costs/{row.pk}/",
    ):
        assert client.get(url).status_code == 404, url
    assert client.get("/api/v1/costs/").json()["results"] == []


@pytest.mark.parametrize("n", [1, 3])
def test_the_pages_cost_the_same_for_one_and_for_three(
    client, by, programme, funding, n, django_assert_num_queries
):
    for number in range(n):
        cost(by, funding, "spent", f"Line {number}", 5, programme=programme)
        unread(funding, source="s", source_id=f"{number}")
        hers = make_enrolment(programme)
        services.save_grant(
            by=by, programme=programme, enrolment=hers, funding=funding, amounts=[(Decimal(5), "EUR")]
        )
        programme.grants.create(enrolment=hers, as_written="?")
        days = {"start": date(2025, number + 1, 1), "end": date(2025, 12, 1)}
        services.save_narrative(by=by, funding=funding, happened="x", now=NOW, **days)
        make_report(funding, start=date(2024, 1, 1), end=date(2024, number + 2, 1))
    sign_in(client, by)
    client.get(reverse(COSTS, args=[funding.pk]))
    for route, of, queries in (
        (COSTS, funding.pk, 12), (GRANTS, programme.code, 11), (TOLD, funding.pk, 11),
    ):  # fmt: skip
        with django_assert_num_queries(queries):
            client.get(reverse(route, args=[of]))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("size", "language"), [(PHONE, "en"), (LAPTOP, "en"), (PHONE, "sr-latn"), (LAPTOP, "sr")]
)
def test_they_can_be_read_by_everybody(open_page, size, language):
    programme = make_programme()
    by, funding = make_coordinator(programme), make_funding(programme, currency="EUR")
    make_funding(programme)
    cost(by, funding, "planned", "Predavači", 12000)
    cost(by, funding, "spent", "Predavači", 12500, day=date(2025, 3, 1))
    cost(by, funding, "planned", "Sala", 250000, "RSD")
    hall = unread(funding)
    hers = make_enrolment(programme, person=make_person(programme.tenant, name="Đurđa Đorđević"))
    two = [(Decimal("122"), "GBP"), (Decimal("83.41"), "EUR")]
    grant = services.save_grant(by=by, programme=programme, enrolment=hers, amounts=two, purpose="Peć")
    programme.grants.create(as_written="oko 500", purpose="Tegle")
    texts = {"happened": "Dve grupe su počele.", "went_wrong": "Malo ih je došlo.", "changes_next": "Pitamo."}
    told = services.save_narrative(
        by=by, funding=funding, start=date(2025, 1, 1), end=date(2025, 4, 1), now=NOW, **texts
    )
    make_report(funding)
    services.lock_period(by=by, programme=programme, start=date(2024, 1, 1), end=date(2024, 7, 1), now=NOW)
    lock = services.lock_period(
        by=by, programme=programme, start=date(2024, 7, 1), end=date(2025, 1, 1), now=NOW
    )
    services.unlock_period(by=by, lock=lock, reason="Dve tabele su kasnile.", now=NOW)
    by.language = language
    by.save()
    page = open_page(size=size, language=language, user=by)
    for route, of in (
        (COSTS, funding.pk),
        ("outcomes:cost_edit", hall.pk),
        (GRANTS, programme.code),
        ("outcomes:grant_edit", grant.pk),
        (TOLD, funding.pk),
        ("outcomes:narrative_edit", told.pk),
        ("outcomes:lock_list", programme.code),
        ("outcomes:lock_edit", programme.locks.get(unlocked_at=None).pk),
    ):
        page.goto(reverse(route, args=[of]))
        assert (axe(page), overflow(page), page.evaluate(SMALL)) == ([], 0, []), route
