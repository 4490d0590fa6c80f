"""What a reader is told of kinds and fields: short names, beside the meanings that the fields carry."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

KINDS: dict[str, Promise] = {
    "participants": gettext_lazy("People who take part"),
    "persons": gettext_lazy("People of the address book"),
    "enrolments": gettext_lazy("Who of them takes part"),
    "sessions": gettext_lazy("Sessions"),
    "attendance": gettext_lazy("Who was there"),
    "headcounts": gettext_lazy("Headcounts"),
    "mentors": gettext_lazy("Mentors"),
    "needs": gettext_lazy("What they ask a mentor for"),
    "assignments": gettext_lazy("Who mentors whom"),
    "meetings": gettext_lazy("Meetings of pairs"),
    "goals": gettext_lazy("Goals of pairs"),
    "ideas": gettext_lazy("Ideas"),
    "reviews": gettext_lazy("Reviews of ideas"),
    "answers": gettext_lazy("Answers to a questionnaire"),
    "results": gettext_lazy("Results"),
    "indicators": gettext_lazy("Lines of a logframe"),
    "targets": gettext_lazy("Targets"),
    "grants": gettext_lazy("Grants"),
    "costs": gettext_lazy("Costs"),
}
MEANT: dict[str, Promise] = {
    "participants": gettext_lazy(
        "Names and addresses of people; new ones are added, and all of them are enrolled."
    ),
    "persons": gettext_lazy("Names and addresses only; nobody is enrolled."),
    "enrolments": gettext_lazy("States of people who are in the address book already."),
    "sessions": gettext_lazy("Days, times, places and trainers."),
    "attendance": gettext_lazy(
        "A mark a row, or a column a session. A blank square is unknown, never absent."
    ),
    "headcounts": gettext_lazy("Numbers of people without names, by session or day."),
    "mentors": gettext_lazy("People of the address book who guide others, and what they offer."),
    "needs": gettext_lazy("What people who take part want help with; one need a person."),
    "assignments": gettext_lazy("Pairs of a mentor and somebody who takes part."),
    "meetings": gettext_lazy("When a mentor and somebody who takes part met, for how long, about what."),
    "goals": gettext_lazy("What a mentor and somebody who takes part agreed to reach."),
    "ideas": gettext_lazy("Business ideas, with who nominated them."),
    "reviews": gettext_lazy("What reviewers gave ideas, a row a review. A blank square is unknown."),
    "answers": gettext_lazy(
        "What a form was answered, a row an answered form, with names or without. Blank is unknown."
    ),
    "results": gettext_lazy("Agreements, contracts, registrations, jobs: what happened and can be shown."),
    "indicators": gettext_lazy("The lines of a funder's logframe, in the funder's words and order."),
    "targets": gettext_lazy("What a funding plans for a line of its logframe, or for one of our indicators."),
    "grants": gettext_lazy(
        "Money given on to people who take part. An amount that cannot be read is kept as it is written."
    ),
    "costs": gettext_lazy("What a funding planned and spent, a row a budget line. No currencies are mixed."),
}
FIELDS: dict[str, Promise] = {
    "wave": gettext_lazy("When it was asked"),
    "mode": gettext_lazy("How it was asked"),
    "row": gettext_lazy("Id of the row in the file"),
    "group": gettext_lazy("Group"),
    "better": gettext_lazy("Direction of the scale"),
    "comment": gettext_lazy("Comment"),
    "confidence": gettext_lazy("How sure she is"),
    "handed_in_at": gettext_lazy("Handed in"),
    "highest": gettext_lazy("Highest number"),
    "idea": gettext_lazy("Idea"),
    "lowest": gettext_lazy("Lowest number"),
    "recommendation": gettext_lazy("Recommendation"),
    "reviewer": gettext_lazy("Reviewer"),
    "round": gettext_lazy("Round"),
    "score": gettext_lazy("Overall score"),
    "scores": gettext_lazy("Criteria, a column each"),
    "step": gettext_lazy("Step of the scale"),
    "place": gettext_lazy("Where"),
    "next_step": gettext_lazy("Next step"),
    "topic": gettext_lazy("Topic"),
    "text": gettext_lazy("In words"),
    "share_on_premises": gettext_lazy("Share on the premises"),
    "remark": gettext_lazy("What came of it"),
    "offered_until": gettext_lazy("To be answered until"),
    "function": gettext_lazy("Business function"),
    "due": gettext_lazy("Until when"),
    "aims": gettext_lazy("Aims"),
    "agenda": gettext_lazy("Agenda"),
    "agreed_hours": gettext_lazy("Agreed hours"),
    "answers": gettext_lazy("Answers to the questions"),
    "applied_on": gettext_lazy("Day of application"),
    "bio": gettext_lazy("About her"),
    "bio_sr": gettext_lazy("About her, in Serbian"),
    "arrival": gettext_lazy("Came at"),
    "born": gettext_lazy("Year of birth"),
    "break_minutes": gettext_lazy("Breaks"),
    "capacity": gettext_lazy("People she takes"),
    "conflict_accepted": gettext_lazy("Why in spite of a conflict"),
    "country": gettext_lazy("Country"),
    "counts": gettext_lazy("Numbers, a column each"),
    "customer": gettext_lazy("Customer"),
    "day": gettext_lazy("Day"),
    "email": gettext_lazy("E-mail"),
    "end": gettext_lazy("End"),
    "enterprise": gettext_lazy("Enterprise"),
    "established": gettext_lazy("Enterprise established on"),
    "evidence": gettext_lazy("Evidence"),
    "functions": gettext_lazy("Helps with"),
    "hours": gettext_lazy("Hours offered"),
    "how": gettext_lazy("How it is known"),
    "id": gettext_lazy("Id in the file"),
    "kind": gettext_lazy("Kind"),
    "language": gettext_lazy("Language"),
    "languages": gettext_lazy("Languages"),
    "leaving": gettext_lazy("Left at"),
    "mark": gettext_lazy("Mark"),
    "marks": gettext_lazy("Marks of one session, a column each"),
    "mentor": gettext_lazy("Mentor"),
    "mentors": gettext_lazy("Mentors"),
    "minutes": gettext_lazy("Minutes"),
    "module": gettext_lazy("Module"),
    "municipality": gettext_lazy("Place"),
    "name": gettext_lazy("Full name"),
    "nominators": gettext_lazy("Nominated by"),
    "number": gettext_lazy("Number"),
    "of_what": gettext_lazy("Of what"),
    "on_premises": gettext_lazy("On the premises"),
    "online": gettext_lazy("Online"),
    "organisations": gettext_lazy("Works for"),
    "per": gettext_lazy("These hours are for"),
    "person": gettext_lazy("Person"),
    "phone": gettext_lazy("Telephone"),
    "problem": gettext_lazy("Problem"),
    "reach": gettext_lazy("How far she comes"),
    "reason": gettext_lazy("Reason"),
    "region": gettext_lazy("Region"),
    "sector": gettext_lazy("Sector"),
    "sectors": gettext_lazy("Sectors"),
    "session": gettext_lazy("Session"),
    "sex": gettext_lazy("Sex"),
    "stage": gettext_lazy("Stage"),
    "cluster": gettext_lazy("Cluster"),
    "note": gettext_lazy("Private note"),
    "start": gettext_lazy("Start"),
    "state": gettext_lazy("State"),
    "summary": gettext_lazy("Summary"),
    "title": gettext_lazy("Title"),
    "title_sr": gettext_lazy("Title in Serbian"),
    "trainers": gettext_lazy("Trainers"),
    "venue": gettext_lazy("Venue"),
    "zone": gettext_lazy("Time zone"),
    "windows": gettext_lazy("When she has time"),
    "wishes": gettext_lazy("Whom she would like to guide"),
    "funding": gettext_lazy("Funding"),
    "amount": gettext_lazy("Amount"),
    "line": gettext_lazy("Budget line"),
    "planned": gettext_lazy("Planned amount"),
    "spent": gettext_lazy("Spent amount"),
    "currency": gettext_lazy("Currency"),
    "eligible": gettext_lazy("The funder pays it"),
    "purpose": gettext_lazy("What for"),
    "countries": gettext_lazy("Countries"),
    "parties": gettext_lazy("Parties"),
    "attribution": gettext_lazy("How far it is the programme's doing"),
    "code": gettext_lazy("Code"),
    "wording": gettext_lazy("In the funder's words"),
    "level": gettext_lazy("Place in the results chain"),
    "parent": gettext_lazy("Stands under"),
    "unit": gettext_lazy("Unit"),
    "definition": gettext_lazy("Definition that counts it"),
    "version": gettext_lazy("Version of the definition"),
    "cumulative": gettext_lazy("Counted from the first day on"),
    "baseline": gettext_lazy("Baseline"),
    "baseline_on": gettext_lazy("Day of the baseline"),
    "value": gettext_lazy("Target"),
}
# what stands in the added column of the sheet that goes back
OUTCOMES: dict[str, Promise] = {
    "created": gettext_lazy("new"),
    "updated": gettext_lazy("changed"),
    "unchanged": gettext_lazy("stays as it is"),
    "refused": gettext_lazy("refused"),
    "left_out": gettext_lazy("left out"),
}


def kind_words(kind: str) -> str:
    return str(KINDS.get(kind, kind))


def looks_like(kind: str, n: int) -> str:
    """The guess as a sentence: "These look like 54 people who take part"."""
    words = {
        "participants": ngettext(
            "This looks like %(n)s person who takes part", "These look like %(n)s people who take part", n
        ),
        "persons": ngettext(
            "This looks like %(n)s person of the address book",
            "These look like %(n)s people of the address book",
            n,
        ),
        "enrolments": ngettext(
            "This looks like the state of %(n)s person who takes part",
            "These look like the states of %(n)s people who take part",
            n,
        ),
        "sessions": ngettext("This looks like %(n)s session", "These look like %(n)s sessions", n),
        "attendance": ngettext(
            "This looks like %(n)s row of a register", "These look like %(n)s rows of a register", n
        ),
        "headcounts": ngettext("This looks like %(n)s headcount", "These look like %(n)s headcounts", n),
        "mentors": ngettext("This looks like %(n)s mentor", "These look like %(n)s mentors", n),
        "assignments": ngettext(
            "This looks like %(n)s pair of a mentor and a person",
            "These look like %(n)s pairs of a mentor and a person",
            n,
        ),
        "needs": ngettext("This looks like %(n)s need", "These look like %(n)s needs", n),
        "meetings": ngettext("This looks like %(n)s meeting", "These look like %(n)s meetings", n),
        "goals": ngettext("This looks like %(n)s goal", "These look like %(n)s goals", n),
        "reviews": ngettext("This looks like %(n)s review", "These look like %(n)s reviews", n),
        "answers": ngettext("This looks like %(n)s answered form", "These look like %(n)s answered forms", n),
        "ideas": ngettext("This looks like %(n)s idea", "These look like %(n)s ideas", n),
        "results": ngettext("This looks like %(n)s result", "These look like %(n)s results", n),
        "indicators": ngettext(
            "This looks like %(n)s line of a logframe", "These look like %(n)s lines of a logframe", n
        ),
        "targets": ngettext("This looks like %(n)s target", "These look like %(n)s targets", n),
        "grants": ngettext("This looks like %(n)s grant", "These look like %(n)s grants", n),
        "costs": ngettext("This looks like %(n)s cost", "These look like %(n)s costs", n),
    }
    unknown = ngettext("%(n)s row: what is it?", "%(n)s rows: what are they?", n)
    return words.get(kind, unknown) % {"n": n}


def field_words(name: str) -> str:
    return str(FIELDS.get(name, name))


def counted(counts: dict, *, done: bool) -> str:
    """ "38 rows will be new, 4 will change, 12 stay as they are, 3 are refused"."""
    said = [
        (name, counts[name]) for name in ("created", "updated", "unchanged", "refused") if counts.get(name)
    ]
    if not said:
        return _("No row to bring in")
    (name, n), *others = said
    if name == "unchanged" and not others:
        words = ngettext("%(n)s row, and it is there already", "%(n)s rows, and all are there already", n)
        return words % {"n": n}
    first = (_first_done if done else _first)(name, n)
    return ", ".join([first, *((_more_done if done else _more)(name, n) for name, n in others)])


def _first(name: str, n: int) -> str:
    words = {
        "created": ngettext("%(n)s row will be new", "%(n)s rows will be new", n),
        "updated": ngettext("%(n)s row will change", "%(n)s rows will change", n),
        "unchanged": ngettext("%(n)s row stays as it is", "%(n)s rows stay as they are", n),
        "refused": ngettext("%(n)s row is refused", "%(n)s rows are refused", n),
    }
    return words[name] % {"n": n}


def _more(name: str, n: int) -> str:
    words = {
        "updated": ngettext("%(n)s will change", "%(n)s will change", n),
        "unchanged": ngettext("%(n)s stays as it is", "%(n)s stay as they are", n),
        "refused": ngettext("%(n)s is refused", "%(n)s are refused", n),
    }
    return words[name] % {"n": n}


def _first_done(name: str, n: int) -> str:
    words = {
        "created": ngettext("%(n)s row is new", "%(n)s rows are new", n),
        "updated": ngettext("%(n)s row was changed", "%(n)s rows were changed", n),
        "unchanged": ngettext("%(n)s row stayed as it was", "%(n)s rows stayed as they were", n),
        "refused": ngettext("%(n)s row was refused", "%(n)s rows were refused", n),
    }
    return words[name] % {"n": n}


def _more_done(name: str, n: int) -> str:
    words = {
        "updated": ngettext("%(n)s was changed", "%(n)s were changed", n),
        "unchanged": ngettext("%(n)s stayed as it was", "%(n)s stayed as they were", n),
        "refused": ngettext("%(n)s was refused", "%(n)s were refused", n),
    }
    return words[name] % {"n": n}
