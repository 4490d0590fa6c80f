"""The measured half of bench_summary, in processes of their own; each prints one line of JSON.

`python -m bench.summing make SHARE` fills the database with that share of 3.2 million facts (100,000 people,
2 million marks on as many places of rosters, 200,000 ideas, 600,000 reviews, 300,000 answers); `… time`
measures our six tables beside the bare GROUP BYs of the same facts; `… memory` what they add to a process;
`… build` and `… build_memory` the same of a whole summary.
"""

import json
import resource
import statistics
import sys
import time
import uuid

import django

from bench import building

RUNS = 3
PROGRAMMES, SESSIONS, SEATS, QUESTIONS = 40, 5_000, 30, 10
UNCHECKED = {
    "postgresql": "set session_replication_role = replica; select setseed(0.5)",
    "sqlite": "pragma foreign_keys = off",
}
BARE = (
    """select p.region, a.status, count(*) from training_attendance a
       join training_rosterentry r on r.id = a.entry_id join training_enrolment e on e.id = r.enrolment_id
       join people_person p on p.id = e.person_id group by 1, 2""",
    """select s.programme_id, s.module_id, count(a.minutes), sum(a.minutes) from training_attendance a
       join training_rosterentry r on r.id = a.entry_id join training_session s on s.id = r.session_id
       where a.status in ('present', 'late', 'left_early', 'half_day') group by 1, 2""",
    """select i.sector, count(r.score), avg(r.score) from ideas_review r
       join ideas_reviewtask t on t.id = r.task_id join ideas_idea i on i.id = t.idea_id
       where r.handed_in_at is not null and r.score is not null group by 1""",
    """select i.state, p.region, count(distinct n.idea_id) from ideas_nomination n
       join ideas_idea i on i.id = n.idea_id join training_enrolment e on e.id = n.enrolment_id
       join people_person p on p.id = e.person_id group by 1, 2""",
    """select q.code, w.code, count(*), avg(a.number) from outcomes_answer a
       join outcomes_question q on q.id = a.question_id join outcomes_invitation i on i.id = a.invitation_id
       join outcomes_wave w on w.id = i.wave_id where a.number is not null group by 1, 2""",
    """select s.reviewer_id, count(*), avg(r.score) from ideas_review r
       join ideas_reviewtask t on t.id = r.task_id join ideas_seat s on s.id = t.seat_id
       where r.handed_in_at is not null and r.score is not null group by 1""",
)


def make(share: str) -> dict:
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(UNCHECKED[connection.vendor])
        fill(cursor, float(share), frame())
        cursor.execute("vacuum")
        cursor.execute("analyze")
    return {}


def frame() -> dict:
    """One row of each kind to be multiplied, and the few that all of them hang on."""
    from outcomes.models import Answer, Edition, Invitation, Question, Questionnaire, Wave
    from tests import factories as f

    first = f.make_programme(code="p0")
    programmes = [first] + [f.make_programme(first.tenant, code=f"p{n}") for n in range(1, PROGRAMMES)]
    building.owed(programmes)
    waves = []
    for programme in programmes:
        asked = Questionnaire.objects.create(programme=programme, code="after", name="After")
        edition = Edition.objects.create(questionnaire=asked, number=1)
        waves += [
            Wave.objects.create(programme=programme, edition=edition, kind="follow_up", months=months).pk
            for months in (3, 6, 12)
        ]
    questions = [
        Question.objects.create(tenant=first.tenant, code=f"q{n}", kind="number").pk for n in range(QUESTIONS)
    ]
    round_ = f.make_round(first)
    seats = [f.make_seat(round_, f.make_person(first.tenant), cap=None).pk for _number in range(SEATS)]
    entry = f.make_entry(f.make_session(first, module=f.make_module(first)), f.make_enrolment(first))
    attendance = f.make_attendance(entry)
    idea = f.make_idea(first)
    nomination = f.make_nomination(idea, entry.enrolment)
    review = f.make_review(f.make_task(f.make_seat(round_, f.make_person(first.tenant)), idea))
    invitation = Invitation.objects.create(wave_id=waves[0], enrolment=entry.enrolment)
    answer = Answer.objects.create(invitation=invitation, question_id=questions[0], number=1)
    return {
        "programmes": [programme.pk for programme in programmes], "waves": waves, "seats": seats,
        "questions": questions, "person": entry.enrolment.person, "enrolment": entry.enrolment,
        "session": entry.session, "entry": entry, "attendance": attendance, "idea": idea,
        "nomination": nomination, "task": review.task, "review": review, "invitation": invitation,
        "answer": answer,
    }  # fmt: skip


def fill(cursor, share: float, made: dict) -> None:
    """As many as are wanted of each, with numbers from 1,000,000 on; `g` counts from 0."""
    people, marks, ideas, reviews, answers = (
        int(n * share) for n in (100_000, 2_000_000, 200_000, 600_000, 300_000)
    )
    per = SESSIONS // PROGRAMMES
    words = Words(_connection().vendor)
    chance = words.chance
    programme = words.pick(made["programmes"], f"g %% {PROGRAMMES}")
    place = f"(g %% {people})"
    session = (
        f"1000000 + {place} %% {PROGRAMMES} + {PROGRAMMES} * (({place} * 7 + g / {people} * 6) %% {per})"
    )
    region = words.pick(["north", "south", "east", "west", "centre", "abroad"], chance(6))
    state = words.pick(["nominated", "in_mentoring", "launched", "stopped"], chance(4))
    status = words.pick([*["present"] * 4, "late", "absent", "excused"], chance(7))
    _many(cursor, made["person"], people, region=region, source_id="''")
    _many(
        cursor,
        made["enrolment"],
        people,
        programme_id=programme,
        person_id="1000000 + g",
        row_code="'B' || g",
    )
    _many(cursor, made["session"], SESSIONS, programme_id=programme, code_revision="1")
    _many(cursor, made["entry"], marks, enrolment_id=f"1000000 + {place}", session_id=session)
    _many(
        cursor,
        made["attendance"],
        marks,
        entry_id="1000000 + g",
        status=status,
        minutes=chance(180),
    )
    _many(cursor, made["idea"], ideas, number="10 + g", text_id="null", source_id="''",
          sector=words.pick(list("ABCDEFGHIJ"), chance(10)), state=state,
          programme_id=programme)  # fmt: skip
    _many(cursor, made["nomination"], ideas, idea_id="1000000 + g", operation=words.uuid,
          enrolment_id=f"1000000 + {place}")  # fmt: skip
    _many(cursor, made["task"], reviews, idea_id=f"1000000 + g %% {ideas}",
          seat_id=words.pick(made["seats"], f"(g + g / {ideas}) %% {SEATS}"))  # fmt: skip
    _many(cursor, made["review"], reviews, task_id="1000000 + g", score=f"{chance(101)} / 10.0")
    _many(cursor, made["invitation"], answers // 3, enrolment_id=f"1000000 + {place}",
          wave_id=words.pick(made["waves"], f"3 * (g %% {PROGRAMMES}) + g / {PROGRAMMES} %% 3"))  # fmt: skip
    _many(cursor, made["answer"], answers, invitation_id="1000000 + g / 3", number=chance(100_000),
          question_id=words.pick(made["questions"], f"g %% {QUESTIONS}"))  # fmt: skip


class Words:
    """How one says it in the SQL of each database."""

    def __init__(self, vendor: str):
        self.is_sqlite = vendor == "sqlite"
        self.uuid = "lower(hex(randomblob(16)))" if self.is_sqlite else "gen_random_uuid()"

    def chance(self, n: int) -> str:
        """A whole number from 0, below n."""
        return f"abs(random() %% {n})" if self.is_sqlite else f"floor(random() * {n})::int"

    def pick(self, items: list, place: str) -> str:
        """One of them, by its place from 0."""
        if self.is_sqlite:
            return f"json_extract('{json.dumps(items)}', '$[' || ({place}) || ']')"
        return f"(array[{','.join(map(repr, items))}])[1 + {place}]"

    def counting(self, count: int) -> str:
        """`g` from 0, so many."""
        if self.is_sqlite:
            more = f"select 0 union all select g + 1 from s where g + 1 < {count}"
            return f"(with recursive s(g) as ({more}) select g from s)"
        return f"generate_series(0, {count - 1}) g"


def _many(cursor, row, count: int, **differing: str) -> None:
    """Copies of a row, with what differs said in SQL."""
    names, said, values = ["id"], ["1000000 + g"], []
    for field in row._meta.concrete_fields:
        if field.primary_key:
            continue
        names.append(f'"{field.column}"')
        if field.column in differing:
            said.append(differing[field.column])
        else:
            said.append("%s")
            values.append(field.get_db_prep_save(getattr(row, field.attname), _connection()))
    columns, picked, source = ", ".join(names), ", ".join(said), Words(_connection().vendor).counting(count)
    cursor.execute(f"insert into {row._meta.db_table} ({columns}) select {picked} from {source}", values)


def _connection():
    from django.db import connection

    return connection


def ours() -> float:
    """All six tables as the page shows them; a sum of what is in them."""
    from outcomes.tables import KINDS, laid_out
    from people.models import Programme

    programmes = Programme.objects.filter(code__startswith="p")
    return sum(len(laid_out(code, programmes).rows) for code in KINDS)


def bare() -> int:
    with _connection().cursor() as cursor:
        found = 0
        for sql in BARE:
            cursor.execute(sql)
            found += len(cursor.fetchall())
        return found


def timings() -> dict:
    """Seconds of each, medians of alternate runs."""
    ours(), bare()
    times = {"ours": [], "bare": []}
    for _ in range(RUNS):
        for name, work in (("bare", bare), ("ours", ours)):
            began = time.perf_counter()
            work()
            times[name].append(time.perf_counter() - began)
    return {name: statistics.median(each) for name, each in times.items()}


def memory() -> dict:
    """MiB by which the peak of this process grew, the libraries read before."""
    import pandas  # noqa: F401

    bare()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ours()
    return {"added": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024}


def facts() -> dict:
    """How many rows there are of what is counted."""
    from ideas.models import Idea, Review
    from outcomes.models import Answer
    from training.models import Attendance, Enrolment

    models = (Enrolment, Attendance, Idea, Review, Answer)
    return {"rows": sum(model.objects.count() for model in models), "run": str(uuid.uuid4())}


if __name__ == "__main__":
    django.setup()
    doors = {
        "make": make,
        "facts": facts,
        "time": timings,
        "memory": memory,
        "build": lambda: building.timings(bare),
        "build_memory": lambda: building.memory(bare),
    }
    print(json.dumps(doors[sys.argv[1]](*sys.argv[2:])))
