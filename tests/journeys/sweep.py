"""Every page of the house, and what a browser can count on it."""

from itertools import product
from typing import NamedTuple

from django.urls import reverse

from config.policy import routes, table
from tests.fixtures.browser import LAPTOP, PHONE, axe, overflow
from tests.journeys.addressed import handed_in, values

SCREENS = ("desk:today", "training:register", "ideas:review", "desk:programme", "outcomes:issue_detail")
# answers that are no page to look at: files, data, fragments, mails as they came, and a check of health
NO_PAGES = {
    "desk:setup",  # is there while no organisation is: tests/desk/test_first_run_pages.py opens it
    "desk:health",
    "desk:health_of_sweeps",
    "desk:import_marked",
    "desk:postbox_page",
    "desk:postbox_part",
    "ideas:idea_similar",
    "ideas:nominate_similar",
    "ideas:session_count",
    "mfa_download_recovery_codes",
    "mentoring:slot_calendar",
    "outcomes:evidence_file",
    "outcomes:comparison_export",
    "outcomes:figure_export",
    "outcomes:figure_live_export",
    "outcomes:quality_export",
    "outcomes:table_export",
    "outcomes:issue_json",
    "ideas:file_detail",
    "outcomes:issue_logo",
    "outcomes:issue_pdf",
    "outcomes:issue_xlsx",
    "people:funding_logo",
    "reminders:calendar_feed",
    "training:badges",
    "training:certificate_all",
    "training:certificate_hers_pdf",
    "training:certificate_pdf",
    "training:headcount_file",
    "training:offline_state",
    "training:pack_file",
    "training:paper_file",
    "training:photo_file",
    "training:roster_json",
    "training:service_worker",
    "training:session_code_now",
    "training:session_sheet",
    "training:twin_count",
}
# of the programme that is over, which has more to show there
FOUNDED = {
    "people:beneficiary_list",
    "people:frame",
    "people:partner_create",
    "people:programme_edit",
    "training:certificate_list",
    "training:headcount_list",
    "training:pack_list",
    "training:photo_shown",
    "training:signatory_list",
    "training:group_list",
}
# which lead on to another page for whoever did not come by the way that leads to them
LEAD_ON = {
    "outcomes:invitation_state",  # back to the interview: they only take a press
    "outcomes:contact_create",
    "reminders:choices_calendar",  # back to the choices: it only takes a press
    "mentoring:mentor_own",
    "outcomes:costs_of",  # of the first funding
    "outcomes:logframe_of",
    "outcomes:narratives_of",
    "mentoring:run_compare",  # with nothing to compare with
    "mentoring:slot_meeting",  # of a time that is still to come
    "ideas:round_decision",  # of a round that is not decided
    "training:session_restore",  # one that is not cancelled
    "account_signup",
    "desk:import_detail",
    "account_confirm_login_code",
    "account_inactive",
    "account_email_verification_sent",
    "account_set_password",
    "ideas:review_next",
    "mfa_authenticate",
    "mfa_reauthenticate",
}
# and which are not there for whoever has no second factor
NOT_HERS = {"mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes"}
# a link that is wrong, on purpose: the page that says so
WRONG_LINKS = {"account_confirm_email", "account_reset_password_from_key"}
SIGNED_IN = ("account_email", "account_change_password", "account_reauthenticate", "account_logout")
BEST_SEEN_BY = {
    "outcomes:issue_detail": "funder",
    "training:register": "trainer",
    "jobs:job_detail": "coordinator",  # who asked for it
}
ROLES = ("coordinator", "trainer", "mentor", "funder", "entrepreneur", "administrator")


class Page(NamedTuple):
    route: str
    role: str | None  # None: not signed in
    path: str


def pages(demo) -> list[Page]:
    """One of each page that config/policy.txt names, for somebody who may open it; today for every role."""
    known = values(demo)
    patterns = dict(routes())
    found = [Page("desk:today", role, "/") for role in ROLES]
    for line in table().values():
        name = line.route
        if line.method != "GET" or name.startswith("api:") or name in NO_PAGES or name == "desk:today":
            continue
        named = patterns[name].pattern.regex.groupindex
        if "format" in named:  # a list taken along
            continue
        parts = {part: known[part] for part in named}
        if name in FOUNDED and "programme" in parts:
            parts["programme"] = demo.founding.code
        if name == "ideas:desk_list":
            parts["idea"] = demo.running.ideas.first().pk
        if name == "ideas:review_revise":
            parts["task"] = handed_in(demo).pk
        found.append(Page(name, _reader(line), reverse(name, kwargs=parts) + _asked(name, demo)))
    return found


def _asked(name: str, demo) -> str:
    """What has to be asked for, that the page is the whole page."""
    if name in ("training:series_move", "training:series_copy"):
        return f"?session={demo.running.sessions.order_by('day').last().pk}"
    return "?template=weekly" if name in ("training:programme_create", "training:programme_plan") else ""


def _reader(line) -> str | None:
    if line.route in SIGNED_IN:
        return "coordinator"
    if line.everybody:
        return None
    if "mentor" in line.roles and line.route.startswith("ideas:review"):
        return "mentor"
    return BEST_SEEN_BY.get(line.route) or next(r for r in (*ROLES, "entrepreneur") if r in _may(line))


def _may(line) -> set[str]:
    return (
        set(ROLES)
        if "entrepreneur" in line.roles and line.roles["entrepreneur"] == "any"
        else set(line.roles)
    )


# an inherited colour takes a frame for each step down the tree, even without motion
SETTLED = """async () => {
  for (let frame = 0; frame < 3 || (frame < 20 && document.getAnimations().length); frame += 1) {
    await new Promise(requestAnimationFrame);
  }
}"""
SMALL = """() => {
  const clipped = (one) => one && (getComputedStyle(one).clipPath !== "none" || clipped(one.parentElement));
  // a link inside a sentence is as high as its line (WCAG 2.5.8, "inline")
  const inSentence = (one) => one.tagName === "A" && getComputedStyle(one).display === "inline"
    && [...one.parentElement.childNodes].some((near) => near.nodeType === 3 && near.data.trim().length > 1);
  const kinds = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  return [...document.querySelectorAll(kinds)]
    .filter((one) => one.checkVisibility({checkOpacity: true, checkVisibilityCSS: true}) && !clipped(one))
    .map((one) => [one, (one.closest("label") ?? one).getBoundingClientRect()])
    .filter(([one, box]) => box.width > 0 && (box.width < 24 || box.height < 24) && !inSentence(one))
    .map(([one, box]) => `${Math.round(box.width)}x${Math.round(box.height)} ${one.outerHTML.slice(0, 120)}`);
}"""


def faults(page, *, schemes=("light",), sizes=(LAPTOP, PHONE)) -> list[str]:
    """What is wrong with the open page, at these sizes and in these schemes; no reload between them."""
    found = []
    for size, scheme in product(sizes, schemes):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.evaluate(SETTLED)
        said = [f"axe: {one}" for one in axe(page)]
        if over := overflow(page):
            said.append(f"overflow: {over} px")
        said += [f"small: {one}" for one in page.evaluate(SMALL)]
        found += [f"{size[0]} {scheme} {one}" for one in said]
    return found
