"""What a matching run is computed from, frozen when it is asked for: keys and values, nobody's name.

A run may try what is not so yet: {"capacities": [[mentor, n]], "lifted": [[enrolment, mentor, rule]]}, the
rule by its kind in `fit.BARRIERS`. What it tries stands in its facts under `tried`.
"""

from collections import defaultdict
from copy import deepcopy
from datetime import date, datetime

from lib import clock, fingerprints
from mentoring import conflicts
from mentoring.models import Assignment, Mentor, Need, Offer, Preference
from people.models import Programme
from training.models import Enrolment

State = Assignment.State
TAKING = (State.PROPOSED, State.OFFERED, *Assignment.ALIVE)  # they take one of a mentor's places
HAS_HERS = (*TAKING, State.COMPLETED)  # whoever has one of these looks for no mentor
GUIDED = (*HAS_HERS, State.ENDED)  # the pair is not put together twice
NOT_CONFLICTS = {"mentors"}  # guided before: a rule of its own here

Facts = dict


def gather(programme: Programme, now: datetime) -> Facts:
    """Everybody of the programme who looks for a mentor, its mentors, and what stands between them. A
    constant number of queries; the same records give the same facts, whatever their order."""
    today = clock.local(now, programme.zone).date()
    people, mentors, absent = _looking(programme), *_mentors(programme, today)
    loads, guided = _assigned(programme)
    said = _preferences(people, mentors)
    who, whom = {row.pk for row in people}, {row.pk for row in mentors}
    return {
        "programme": programme.code,
        "today": today.isoformat(),
        "people": _people(people, said),
        "mentors": _guides(programme, mentors, loads, said),
        "conflicts": _conflicts(people, mentors, today),
        "guided": sorted([one, other] for one, other in guided if one in who and other in whom),
        "absent": absent,
        "tried": {"capacities": [], "lifted": []},
    }


def fingerprint(facts: Facts, weights: dict, pinned: list, result: dict | None = None) -> str:
    """Of everything that a run follows from, and of what followed. The day alone changes nothing, nor who
    could not be asked, nor since when a conflict stands."""
    known = {name: facts[name] for name in ("people", "mentors", "guided", "tried")}
    known["conflicts"] = [row[:3] for row in facts["conflicts"]]
    what = [known, weights, sorted(map(list, pinned))] + ([result] if result is not None else [])
    return fingerprints.fingerprint(what)


def trying(facts: Facts, tried: dict) -> Facts:
    """The same facts as they would be: other capacities, rules that do not bind for a pair. Whom it does not
    know it leaves out."""
    found = deepcopy(facts)
    mentors = {row["mentor"]: row for row in found["mentors"]}
    people = {row["enrolment"]: row for row in found["people"]}
    capacities = {m: n for m, n in tried.get("capacities", ()) if m in mentors}
    lifted = {(e, m, kind) for e, m, kind in tried.get("lifted", ()) if e in people and m in mentors}
    for mentor, capacity in capacities.items():
        mentors[mentor]["capacity"] = capacity
    free = {kind: {(e, m) for e, m, k in lifted if k == kind} for _e, _m, kind in lifted}
    found["conflicts"] = [c for c in found["conflicts"] if (c[0], c[1]) not in free.get("conflict", ())]
    found["guided"] = [g for g in found["guided"] if tuple(g) not in free.get("guided", ())]
    for enrolment, mentor in free.get("no", ()):
        people[enrolment]["noes"] = [m for m in people[enrolment]["noes"] if m != mentor]
        mentors[mentor]["noes"] = [e for e in mentors[mentor]["noes"] if e != enrolment]
    found["tried"] = {
        "capacities": sorted(map(list, capacities.items())),
        "lifted": sorted(map(list, lifted)),
    }
    return found


def _looking(programme: Programme) -> list[Enrolment]:
    rows = Enrolment.objects.filter(programme=programme, person__joined_to=None).taking_part()
    has_hers = Assignment.objects.filter(programme=programme, state__in=HAS_HERS)
    rows = rows.exclude(pk__in=has_hers.order_by().values("enrolment")).order_by("pk")
    return list(rows.select_related("person", "enterprise"))


def _mentors(programme: Programme, today: date) -> tuple[list[Mentor], list]:
    """Those of the programme who may be asked; and who may not be now: [mentor, state, until]."""
    members = programme.memberships.filter(role="mentor").order_by().values("person")
    rows = Mentor.objects.filter(person__in=members).select_related("person").order_by("pk")
    here, absent = [], []
    for row in rows:
        is_away = row.away_until is not None and row.away_until > today
        if row.state == Mentor.State.ACTIVE and not is_away:
            here.append(row)
        else:
            absent.append([row.pk, row.state, row.away_until.isoformat() if is_away else None])
    return here, absent


def _assigned(programme: Programme) -> tuple[dict[int, int], set[tuple[int, int]]]:
    """How many each mentor guides or is proposed for; who guides or guided whom."""
    loads, guided = defaultdict(int), set()
    rows = Assignment.objects.filter(programme=programme, state__in=GUIDED).order_by()
    for enrolment, mentor, state in rows.values_list("enrolment", "mentor", "state"):
        guided.add((enrolment, mentor))
        loads[mentor] += state in TAKING
    return loads, guided


def _preferences(people: list[Enrolment], mentors: list[Mentor]) -> dict[tuple, list[int]]:
    """By (side, what she says, key of who says it): of whom, sorted."""
    found, mentor_side = defaultdict(list), Preference.Side.MENTOR
    rows = Preference.objects.filter(enrolment__in=people, mentor__in=mentors).order_by()
    for side, says, enrolment, mentor in rows.values_list("side", "says", "enrolment", "mentor"):
        who, whom = (mentor, enrolment) if side == mentor_side else (enrolment, mentor)
        found[str(side), str(says), who].append(whom)
    return {key: sorted(whom) for key, whom in found.items()}


def _people(people: list[Enrolment], said: dict) -> list[dict]:
    """One row a person: what her newest need says, else what is known of her."""
    needs = {row.enrolment_id: row for row in Need.objects.filter(enrolment__in=people).order_by("pk")}
    found = []
    for row in people:
        need, person = needs.get(row.pk), row.person
        sector = (need and need.sector) or (row.enterprise.sector if row.enterprise else "")
        found.append(
            {
                "enrolment": row.pk,
                "need": need and need.pk,
                "sector": sector or "",
                "functions": sorted(set(need.functions)) if need else [],
                "language": _language((need and need.language) or person.language),
                "place": need.place if need else Need.Place.EITHER.value,
                "municipality": person.municipality,
                "region": person.region,
                "windows": _windows(need.windows if need else []),
                "wishes": said.get(("entrepreneur", "wish", row.pk), []),
                "noes": said.get(("entrepreneur", "no", row.pk), []),
            }
        )
    return found


def _guides(programme: Programme, mentors: list[Mentor], loads: dict, said: dict) -> list[dict]:
    offers = {row.mentor_id: row for row in Offer.objects.filter(programme=programme)}
    found = []
    for row in mentors:
        offer = offers.get(row.pk)
        found.append(
            {
                "mentor": row.pk,
                "sectors": sorted(set(row.sectors)),
                "functions": sorted(set(row.functions)),
                "languages": sorted({_language(code) for code in row.languages}),
                "reach": row.reach,
                "municipality": row.person.municipality,
                "region": row.person.region,
                "on_premises": row.on_premises,
                "online": row.online,
                "capacity": offer.capacity if offer else None,
                "load": loads.get(row.pk, 0),
                "windows": _windows(offer.windows if offer else []),
                "wishes": said.get(("mentor", "wish", row.pk), []),
                "noes": said.get(("mentor", "no", row.pk), []),
            }
        )
    return found


def _conflicts(people: list[Enrolment], mentors: list[Mentor], today: date) -> list[list]:
    """[enrolment, mentor, kind, since]: the facts that forbid it, each kind once, with the earliest day."""
    of_person, of_mentor = {e.person_id: e.pk for e in people}, {m.person_id: m.pk for m in mentors}
    stand = conflicts.between(
        [m.person for m in mentors], [e.person for e in people], today, purpose="mentor"
    )
    found: dict[tuple, str] = {}
    for (judge, person), rows in stand.items():
        for one in rows:
            if one.is_hint or one.kind in NOT_CONFLICTS:
                continue
            key = of_person[person], of_mentor[judge], one.kind
            since = one.since.isoformat() if one.since else ""
            found[key] = min(found.get(key, since), since)
    return [[*key, since or None] for key, since in sorted(found.items())]


def _windows(windows: list[dict]) -> list[dict]:
    kept = [{name: one[name] for name in ("weekday", "start", "end")} for one in windows]
    return sorted(kept, key=lambda one: (one["weekday"], one["start"], one["end"]))


def _language(code: str) -> str:
    """Serbian is one language, whatever its letters."""
    return code.split("-")[0]
