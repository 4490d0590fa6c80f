"""Forty scripts in every text of an idea, on every page that shows it, in a real browser: none runs, and the
browser has nothing to report."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from ideas import services
from ideas.models import Criterion
from ideas.views.feedback import token_of
from tests.factories import (
    going_on,
    make_aim,
    make_coordinator,
    make_enrolment,
    make_entry,
    make_idea,
    make_mentor,
    make_organisation,
    make_person,
    make_programme,
    make_review,
    make_round,
    make_seat,
    make_selection,
    make_session,
    make_task,
)
from training.register.codes import short_code_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
PAYLOADS = [
    "<script>hit()</script>", "</script><script>hit()</script>", "<img src=x onerror=hit()>",
    "<svg onload=hit()>", "<svg><script>hit()</script></svg>", "<body onload=hit()>",
    "<iframe src=javascript:parent.hit()>", '"><script>hit()</script>', "'><script>hit()</script>",
    '" onmouseover="hit()" x="', "' onfocus='hit()' autofocus='", "<a href=javascript:hit()>x</a>",
    "javascript:hit()", "<input onfocus=hit() autofocus>", "<details open ontoggle=hit()>",
    "<video><source onerror=hit()></video>", "<audio src=x onerror=hit()>", "<marquee onstart=hit()>",
    "<object data=javascript:hit()>", "<embed src=javascript:hit()>",
    "<math><mi xlink:href=javascript:hit()>",
    "<form action=javascript:hit()><button>x</button></form>", "</textarea><script>hit()</script>",
    "</title><script>hit()</script>", "</style><script>hit()</script>", "--><script>hit()</script>",
    "]]><script>hit()</script>", "<style>@import 'javascript:hit()'</style>",
    "<div style=background:url(javascript:hit())>", "<link rel=stylesheet href=javascript:hit()>",
    "<meta http-equiv=refresh content=0;url=javascript:hit()>", "<base href=javascript:hit()//>",
    "{{ constructor.constructor('hit()')() }}", "{% include 'x' %}{{ settings.SECRET_KEY }}", "${hit()}",
    "<img src='x' data-hx-on:load='hit()' data-hx-get='/' data-hx-trigger='load'>",
    "<template><script>hit()</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=hit()>'>",
    "\u202e<script>hit()</script>", "＜script＞hit()＜/script＞<ScRiPt>hit()</sCrIpT>",
]  # fmt: skip
ALL = "\n".join(PAYLOADS)


@pytest.fixture
def world():
    programme = make_programme(name=PAYLOADS[0])
    now = timezone.now()
    person = make_person(programme.tenant, name=PAYLOADS[2])
    enrolment = make_enrolment(programme, person=person, row_code="A1")
    programme.aim = make_aim(programme, name=PAYLOADS[3])
    cluster = make_organisation(programme.tenant, kind="cluster", name=PAYLOADS[4])
    programme.ideas_made = [
        make_idea(
            programme, number=n, title=text, summary=ALL, problem=ALL, customer=text, note=ALL,
            cluster=cluster, reason=text, enrolments=[enrolment],
        )
        for n, text in enumerate(PAYLOADS, 1)
    ]  # fmt: skip
    idea = programme.ideas_made[2]
    idea.aims.add(programme.aim)
    programme.coordinator = make_coordinator(programme)
    services.attach(
        by=programme.coordinator, idea=idea, file=b"x", name="<img src=x onerror=hit()>.txt", now=now
    )
    services.set_idea_state(
        by=programme.coordinator, idea=idea, state="declined", reason=PAYLOADS[7], now=now
    )
    round = make_round(programme, opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1))
    mentor = make_mentor(programme)
    programme.task = make_task(make_seat(round, mentor.person), idea)
    programme.mentor = mentor.person.user
    programme.decision = _decided(programme, idea)
    programme.room = make_session(programme, title=PAYLOADS[5], **going_on())
    programme.row_code = enrolment.row_code
    make_entry(programme.room, enrolment)
    return programme


def _decided(programme, idea):
    """A round that is over, with scripts in its comments and in the reason."""
    desks = [make_seat(make_round(programme))]
    desks += [make_seat(desks[0].round) for _more in range(2)]
    for desk in desks:
        cleared = {"shared_comment": ALL, "cleared_at": timezone.now()}
        make_review(make_task(desk, idea), comment=ALL, **cleared)
    Criterion.objects.update(name=PAYLOADS[11], described={"1": {"en": PAYLOADS[12]}})
    decision = make_selection(desks[0].round).decisions.get()
    decision.reason = PAYLOADS[10]
    decision.save()
    return decision


def test_forty_scripts_in_every_text_never_run(world, open_page):
    assert len(PAYLOADS) == len(set(PAYLOADS)) == 40
    idea, code, hits = world.ideas_made[2].pk, world.code, []

    def look(page, name, *args, **query):
        page.goto(reverse(f"ideas:{name}", args=args) + "".join(f"?{k}={v}" for k, v in query.items()))
        page.wait_for_timeout(50)
        hits.append(page.evaluate("window.hits"))

    def opened(user):
        page = open_page(user=user)
        page.add_init_script("window.hits = 0; window.hit = () => { window.hits += 1 }")
        page.on("dialog", lambda dialog: hits.append(dialog.message))
        return page

    page = opened(world.coordinator)
    page.goto(reverse("ideas:idea_list", args=[code]) + "?page=2")
    hits.append(page.evaluate("window.hits"))
    seen = page.locator("tbody tr").count()
    look(page, "idea_list", code)
    assert page.locator("tbody tr").count() + seen == 40
    page.locator("input[name=idea]").nth(0).check()
    page.locator("input[name=idea]").nth(5).check()
    page.locator("[name=reason]").last.fill(PAYLOADS[9])
    page.get_by_role("button", name="Look what would happen").click()
    hits.append(page.evaluate("window.hits"))
    for key in [one.pk for one in world.ideas_made[:4]] + [world.ideas_made[37].pk]:
        look(page, "idea_detail", key)
    for name in ("idea_edit", "idea_ask"):
        look(page, name, world.ideas_made[6].pk)
    look(page, "aim_list", code)
    look(page, "aim_edit", world.aim.pk)
    look(page, "idea_create", world.room.pk)
    page.locator("#id_title").press_sequentially("script hit", delay=5)
    page.wait_for_timeout(700)
    look(page, "idea_paste", code)
    page.locator("#id_text").fill("\n".join(f"A1: {text}" for text in PAYLOADS))
    page.locator("button[name=look]").click()
    page.wait_for_timeout(50)
    hits.append(page.evaluate("window.hits"))
    look(page, "round_detail", world.task.seat.round_id)
    look(page, "round_comments", world.decision.selection.round_id)
    look(page, "round_ranking", world.decision.selection.round_id)
    look(page, "decision_feedback", world.decision.pk)
    look(opened(world.mentor), "review", world.task.pk)
    sheet = opened(None)
    look(sheet, "feedback", token_of(world.decision))
    assert PAYLOADS[0] in sheet.locator("main").inner_text()
    _on_a_phone(opened(None), world, hits)
    assert idea and set(hits) == {0}, hits


def _on_a_phone(page, world, hits):
    """She checks in, types scripts, is shown ideas that sound alike, sends, and is thanked."""
    code = short_code_of(world.room)
    page.goto(reverse("training:check_in", args=[code]))
    page.locator("[name=row_code]").fill(world.row_code)
    page.locator("main form button").first.click()
    page.goto(reverse("ideas:nominate", args=[code]))
    hits.append(page.evaluate("window.hits"))
    page.locator("#id_title").press_sequentially(PAYLOADS[0], delay=5)
    page.locator("#alike li").first.wait_for()
    assert PAYLOADS[0] in page.locator("#alike").inner_text()
    hits.append(page.evaluate("window.hits"))
    page.locator("#id_summary").fill(ALL[:200])
    page.get_by_role("button", name="Nominate").click()
    page.get_by_text("Thank you.").wait_for()
    hits.append(page.evaluate("window.hits"))


def test_exports_of_them_are_files(world, client):
    client.force_login(world.coordinator)
    for format in ("csv", "xlsx", "json"):
        answer = client.get(reverse("ideas:idea_export", args=[world.code, format]))
        assert answer.status_code == 200
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "html" not in answer["Content-Type"]
