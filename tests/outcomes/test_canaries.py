"""A withheld value is in no output whatever: tests/outcomes/canaries.py holds what is looked for."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from config.policy import routes, table
from outcomes import disclosure, services
from outcomes.disclosure import Shown, Table
from outcomes.models import Issue
from outcomes.paper import _data
from outcomes.payload import build, canonical
from outcomes.released import Ledger
from reminders import services as reminders
from reminders.calendar.addresses import feed_url
from reminders.models import Rule
from tests import factories as f
from tests.outcomes.canaries import (
    GATED,
    NEVER,
    NOW,
    REVIEW,
    TOLD,
    aviary,
    issued,
)
from tests.outcomes.searching import Canary, heard, of_answer, of_html, of_json

pytestmark = pytest.mark.django_db
NOT_OF_RECORDS = {"api:page", "api:schema"}  # they describe the API, to everybody the same
DOCUMENT = ("issue_detail", "issue_json", "issue_xlsx", "issue_pdf", "api")


def of_document(client, user, issue) -> dict[str, str]:
    """One issue as page, files, in the API, and what its paper is made of."""
    client.force_login(user)
    addresses = {name: reverse(f"outcomes:{name}", args=[issue.pk]) for name in DOCUMENT[:4]}
    addresses["api"] = reverse("api:issues-detail", args=[issue.pk])
    answers = {name: client.get(address) for name, address in addresses.items()}
    assert {answer.status_code for answer in answers.values()} == {200}
    found = {name: of_answer(answer) for name, answer in answers.items()}
    return found | {"data of the paper": of_json(_data(issue, False))}


def addresses_of(world, issue) -> list[str]:
    """Every address that config/policy.txt opens to a funder, filled with what is hers; of what is open to
    whoever is signed in, what needs no record. A new kind of address must be given a value here."""
    patterns, found = dict(routes()), []
    named = {"programme": world.programme.code, "issue": issue.pk, "funding": world.funding.pk}
    named["report"], named["target"] = world.report.pk, world.funding.targets.get().pk
    for line in table().values():
        roles = {"funder", "entrepreneur"} if line.method == "GET" else set()
        parts = set(patterns[line.route].pattern.regex.groupindex)
        if not roles & set(line.roles) or ("funder" not in line.roles and parts):
            continue
        if line.route in NOT_OF_RECORDS:
            continue
        formats = ("csv", "xlsx", "json") if "format" in parts else ("",)
        if "pk" in parts:
            named["pk"] = named[line.route.removeprefix("api:").split("-")[0].removesuffix("s")]
        for format_ in formats:
            values = named | {"format": format_}
            found.append(reverse(line.route, kwargs={name: values[name] for name in parts}))
    return found


def refused_to_her(world, draft) -> list[str]:
    """Addresses that are none of hers, and questions that cannot be answered: she reads the refusal."""
    rows = reverse("outcomes:figure_rows", args=[draft.pk, "OC-07"])
    api = reverse("api:issues-list")
    return [
        rows,
        *(reverse(f"outcomes:{name}", args=[draft.pk]) for name in DOCUMENT[:4]),
        reverse("api:issues-detail", args=[draft.pk]),
        reverse("api:issues-figures", args=[draft.pk, "OC-07"]),
        reverse("outcomes:report_list", args=[world.programme.code]),
        reverse("outcomes:figure_list", args=[world.programme.code]),
        f"{api}?payload__document__people=women&ordering=payload",
        f"{api}?cursor=OC-07&format=xml",
        f"{reverse('api:reports-list')}?funding={world.funding.pk}9",
    ]


def all_of_hers(client, world, issue) -> dict[str, str]:
    """Whatever she can open, and whatever she is refused."""
    draft = services.add_issue(by=None, report=world.report, job=None, built=build(world.report, now=NOW))
    client.force_login(world.funder)
    found = {}
    for address in [*addresses_of(world, issue), *refused_to_her(world, draft)]:
        answer = client.get(address)
        assert answer.status_code < 500, address
        found[f"{answer.status_code} {address}"] = of_answer(answer)
    return found


@pytest.mark.parametrize("language", ["en", "sr-latn"])
def test_what_is_withheld_is_in_no_output_of_the_document(client, language):
    world = aviary(language)
    issue = issued(world)
    for user in (world.funder, world.coordinator):  # what is frozen is withheld from staff too
        outputs = of_document(client, user, issue)
        beside = (REVIEW,) if user == world.funder else ()
        assert heard(GATED + NEVER + beside, outputs) == []
        assert [where for where, text in outputs.items() if not TOLD.sings(text)] == []
    assert heard((*GATED, *NEVER, REVIEW), {"payload": of_json(issue.payload)}) == []
    assert "Kanarinac" not in canonical(issue.payload).decode()


def test_without_the_gate_every_canary_is_in_every_output(client, monkeypatch):
    """So the search can fail: the gate is taken out, nothing else."""
    world = aviary()
    monkeypatch.setattr(disclosure, "guard", lambda value, threshold: value)
    monkeypatch.setattr(disclosure, "collapse", open_wide)
    outputs = of_document(client, world.funder, issued(world))
    silent = [
        f"{one.name}: {where}" for one in GATED for where, text in outputs.items() if not one.sings(text)
    ]
    assert silent == []


def open_wide(groups, threshold) -> Table:
    cells = [cell for group in groups for cell in group if cell.count]
    return Table(
        tuple(Shown(cell.key, cell.count, keys=frozenset({cell.key}), rows=cell.rows) for cell in cells)
    )


def test_a_funder_finds_it_at_no_address_that_is_open_to_her(client):
    world = aviary()
    issue = issued(world)
    outputs = all_of_hers(client, world, issue)
    opened = [where for where in outputs if where.startswith("200")]
    assert len(opened) > 30
    assert any(f"/issues/{issue.pk}/" in where for where in opened)
    assert heard((*GATED, *NEVER, REVIEW), outputs) == []


def test_the_search_finds_the_names_where_staff_may_read_them(client):
    """So the search for names can fail too."""
    world = aviary()
    issue = issued(world)
    client.force_login(world.coordinator)
    names = of_html(client.get(reverse("outcomes:figure_rows", args=[issue.pk, "OP-01"])).content)
    assert NEVER[0].sings(names)
    about = of_html(client.get(reverse("outcomes:result_list", args=[world.programme.code])).content)
    assert heard(NEVER, {"results": about})


def test_no_letter_and_no_calendar_says_it(client, smtp_sink):
    """The day on which a report is due, an issue that is ready to be looked at, and her own calendar."""
    world = aviary()
    for kind in (Rule.Kind.REPORT_DUE, Rule.Kind.REPORT_READY):
        f.make_rule(world.programme, kind=kind, at_hour=9, after_days=7)
    reminders.plan(datetime(2026, 2, 20, 9, tzinfo=UTC))
    reminders.send_due(datetime(2026, 2, 22, 9, tzinfo=UTC))
    draft = issued(world)
    Issue.objects.filter(pk=draft.pk).update(state=Issue.State.DRAFT, issued_at=None)
    reminders.plan(draft.built_at + timedelta(minutes=1))
    reminders.send_due(draft.built_at + timedelta(minutes=2))
    letters = {one.subject: "\n".join(map(str, of_letter(one.message))) for one in smtp_sink.received}
    assert len(letters) == 2
    feed = reminders.feed_of(person=world.funder.person, now=NOW)
    calendar = client.get(urlsplit(feed_url(feed)).path)
    assert calendar.status_code == 200
    assert heard((*GATED, *NEVER, REVIEW), letters | {"calendar": of_answer(calendar)}) == []


def of_letter(message) -> list[str]:
    parts = [part for part in message.walk() if part.get_content_maintype() == "text"]
    texts = [part.get_content() for part in parts]
    return [message["Subject"], *texts, *(of_html(one.encode()) for one in texts)]


# --- what is withheld for what its reader has already


def test_what_is_carried_over_hides_what_it_is_now(client, monkeypatch):
    """16 of 21 were told; one more closed, and 15 of 21 would tell of her."""
    world = aviary(closed=5)
    issued(world)
    now = Canary("the share since then", numbers=(71.4, 71.43, 28.6), percents=(71, 29))
    woman = world.women[0]
    answers = woman.invitations.get(wave=world.waves["f6"]).answers.filter(question__code="operating")
    answers.update(choice="no")
    later = issued(world, now=NOW + timedelta(days=1))
    outputs = of_document(client, world.funder, later)
    assert heard([now], outputs) == []
    assert all("76" in text for text in outputs.values())  # as it stood
    monkeypatch.setattr(Ledger, "tells", lambda self, new: False)
    outputs = of_document(client, world.funder, issued(world, now=NOW + timedelta(days=2)))
    assert len(heard([now], outputs)) == len(outputs)
