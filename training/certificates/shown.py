"""What the public check page says of a certificate: that it is valid, and what its holder chose. No more."""

from lib import clock
from lib.scripts import to_cyrillic
from training.certificates import content
from training.hours import sides
from training.models import CertificateEdition
from training.papers.diploma import span
from training.register.sheet import duration

VALID, REVOKED, NOT_OURS = "valid", "revoked", "not_ours"


def shown(edition: CertificateEdition | None) -> dict:
    """Plain facts, the same for people and for programs. `edition` is the one whose address was asked; what
    is told is told of the newest. Minutes are whole, days ISO dates; what was not chosen is not a key."""
    if edition is None:
        return {"state": NOT_OURS}
    row = edition.certificate
    newest = row.editions.last()
    programme = row.enrolment.programme
    said = newest.said
    facts = {
        "state": REVOKED if row.revoked_at else VALID,
        "number": row.number,
        "issuer": said.get("issuer", programme.tenant.name),
        "programme": said["programme"]["titles"] if said else {programme.language: programme.name},
        "edition": edition.edition,
        "newest_edition": newest.edition,
    }
    if row.revoked_at:
        here = clock.local(row.revoked_at, programme.zone)
        return facts | {"revoked_on": here.date().isoformat()}
    return facts | _chosen(said, row.shows if said else [])


def _chosen(said: dict, shows: list[str]) -> dict:
    facts = {}
    if "name" in shows:
        facts["name"] = said["name"]
    if "hours" in shows:
        facts["hours"] = _hours(said["hours"])
    if "modules" in shows:
        facts["modules"] = [_module(row, shows) for row in said["modules"]]
    if "dates" in shows:
        facts["dates"] = {"first": said["first"], "last": said["last"], "issued_on": said["issued_on"]}
    return facts


def _hours(hours: dict) -> dict:
    """The numbers of the rule, each of which a reader can work out again."""
    met, wanted = sides(hours["attended"], hours["planned"], hours["share"])
    return {
        "attended_minutes": hours["attended"],
        "planned_minutes": hours["planned"],
        "completes_from_per_cent": hours["share"],
        "completes_from_minutes": hours["needed"],
        "meets": met >= wanted,
    }


def _module(row: dict, shows: list[str]) -> dict:
    facts = {"titles": row["titles"]}
    if "hours" in shows:
        facts |= {"attended_minutes": row["attended"], "planned_minutes": row["planned"]}
    if "dates" in shows:
        facts |= {"first": row["first"], "last": row["last"]}
    return facts


# --- the same in the reader's words


def in_words(facts: dict, language: str) -> dict:
    """For the page: titles in the reader's language as far as they were written in it."""
    words = {"programme_said": _told(facts.get("programme", {}), language)}
    if hours := facts.get("hours"):
        numbers = {
            "attended": hours["attended_minutes"],
            "planned": hours["planned_minutes"],
            "share": hours["completes_from_per_cent"],
            "needed": hours["completes_from_minutes"],
        }
        words["rule"] = content.rule_said(numbers)
    if dates := facts.get("dates"):
        words["days"] = span(dates["first"], dates["last"]) if dates["first"] else ""
        words["issued_on"] = span(dates["issued_on"], dates["issued_on"])
    if "revoked_on" in facts:
        words["revoked"] = span(facts["revoked_on"], facts["revoked_on"])
    words["parts"] = [_part(row, language) for row in facts.get("modules", [])]
    return words


def _part(row: dict, language: str) -> dict:
    attended = row.get("attended_minutes")
    return {
        "title": _told(row["titles"], language),
        "hours": "" if attended is None else duration(attended),
        "days": span(row["first"], row["last"]) if row.get("first") else "",
    }


def _told(titles: dict[str, str], language: str) -> str:
    if language in titles:
        return titles[language]
    if language == "sr" and "sr-latn" in titles:
        return to_cyrillic(titles["sr-latn"])
    return next(iter(titles.values()), "")
