"""The measured half of bench_export, in processes of their own; each prints one line of JSON.

`python -m bench.exporting make FEW MANY` fills the database, `… time` measures seconds and queries,
`… memory KIND` what a long list of that kind adds to a process that has just written a short one.
"""

import csv
import io
import json
import resource
import statistics
import sys
import time
import uuid

import django

RUNS = 5
KINDS = ("csv", "json", "xlsx")
ADDRESS = "/programmes/{}/ideas/export.{}"


def make(few: str, many: str) -> dict:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    tenant = world("few", int(few))
    world("many", int(many), tenant)
    return {}


def memory(kind: str) -> dict:
    """MiB by which the peak of this process grew."""
    taken(*opened("few"), kind)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sent = taken(*opened("many"), kind)
    return {"bytes": sent, "added": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak) / 1024}


def timings() -> dict:
    """Medians of alternate runs, and how many queries a short and a long list take."""
    few, many = opened("few"), opened("many")
    work = {kind: lambda kind=kind: taken(*many, kind) for kind in ("csv", "json")}
    work |= {"plain": lambda: plain(*many), "copy": lambda: copied(*many)}
    seconds = {name: [] for name in work}
    for _ in range(RUNS):
        for name, function in work.items():
            seconds[name].append(clocked(function))
    found = {name: statistics.median(times) for name, times in seconds.items()}
    found["xlsx"] = clocked(lambda: taken(*many, "xlsx"))
    counted = {kind: [queries(*few, kind), queries(*many, kind)] for kind in KINDS}
    return {"seconds": found, "queries": counted}


def clocked(function) -> float:
    began = time.perf_counter()
    function()
    return time.perf_counter() - began


def taken(client, programme, kind: str) -> int:
    """The list through its address, each piece dropped as it comes; how many bytes."""
    answered = client.get(ADDRESS.format(programme.code, kind))
    assert answered.status_code == 200, answered.status_code
    return sum(len(piece) for piece in answered.streaming_content)


def queries(client, programme, kind: str) -> int:
    return queries_of(lambda: taken(client, programme, kind))


def queries_of(work) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as found:
        work()
    return len(found)


# --- limits ------------------------------------------------------------------------------------------


def the_query(client, programme):
    """The same columns in the same order, as the page's address asks for them."""
    from accounts.models import User
    from ideas import exports
    from ideas.models import Idea
    from ideas.views.ideas import SORTS

    user = User.objects.get(pk=client.session["_auth_user_id"])
    ideas = Idea.objects.visible_to(user).filter(programme=programme).standing()
    ideas = ideas.with_reviews().with_sight_of(user)
    rows = exports.with_aims(ideas.with_nominators()).order_by(*SORTS["number"])
    return rows.values_list(*exports.ideas(programme).paths)


def plain(client, programme) -> None:
    """What Python cannot do without: each row from the database to a csv writer."""
    out = io.StringIO()
    writer = csv.writer(out)
    for row in the_query(client, programme).iterator(chunk_size=2000):
        writer.writerow(row)
        if out.tell() > 65_536:
            out.seek(0)
            out.truncate()


def copied(client, programme) -> None:
    """What the database cannot do without: it writes the CSV itself."""
    import psycopg
    from django.db import connection

    sql, parameters = the_query(client, programme).query.sql_with_params()
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        said = psycopg.ClientCursor(connection.connection).mogrify(sql, parameters)
        with cursor.copy(f"COPY ({said}) TO STDOUT WITH (FORMAT csv)") as pieces:
            for _piece in pieces:
                pass


# --- the ideas ---------------------------------------------------------------------------------------


def opened(code: str):
    """Its coordinator's browser, and the programme."""
    from django.test import Client

    from people.models import Membership

    member = Membership.objects.select_related("programme", "person__user").get(
        programme__code=code, role=Membership.Role.COORDINATOR
    )
    client = Client()
    client.force_login(member.person.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client, member.programme


def world(code: str, n: int, tenant=None):
    """A programme with `n` ideas, each put forward by one of 500 people and judged by three of 30."""
    from django.db import connection
    from django.utils import timezone

    from tests import factories as make

    tenant = tenant or make.make_tenant()
    programme = make.make_programme(tenant, code=code)
    make.make_coordinator(programme)
    now = timezone.now()
    people = [make.make_enrolment(programme) for _ in range(min(n, 500))]
    round_ = make.make_round(programme)
    seats = [make.make_seat(round_) for _ in range(30)]
    for begin in range(0, n, 5000):
        fill(programme, people, seats, range(begin, min(n, begin + 5000)), now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return tenant


def fill(programme, people, seats, numbers: range, now) -> None:
    from ideas.models import Idea, IdeaText, Nomination, Review, ReviewTask

    states, sectors = [state for state in Idea.State.values if state != "unknown"], "ACGIJMPQS"
    made = Idea.objects.bulk_create(
        Idea(
            programme=programme, number=n + 1, state=states[n % len(states)],
            sector=sectors[n % len(sectors)], stage=Idea.Stage.values[n % 4], created_at=now,
        )
        for n in numbers
    )  # fmt: skip
    texts = IdeaText.objects.bulk_create(written(idea) for idea in made)
    for idea, text in zip(made, texts, strict=True):
        idea.text = text
    Idea.objects.bulk_update(made, ["text"], batch_size=1000)
    Nomination.objects.bulk_create(
        Nomination(operation=uuid.uuid4(), idea=idea, enrolment=people[n % len(people)], at=now)
        for n, idea in enumerate(made)
    )
    tasks = ReviewTask.objects.bulk_create(
        ReviewTask(seat=seats[(n + k * 11) % 30], idea=idea, place=n, state="done", state_at=now)
        for n, idea in enumerate(made)
        for k in range(3)
    )
    Review.objects.bulk_create(
        Review(
            task=task, score=f"{1 + n % 40 / 10:.3f}", comment="Dobra zamisao, slaba cena.", handed_in_at=now
        )
        for n, task in enumerate(tasks)
    )


def written(idea):
    from ideas.models import IdeaText

    title = f"Sušara za voće i povrće broj {idea.number}"
    summary = "Zajednička sušara za pet sela, sa hladnjačom i prodajom na pijaci u gradu. " * 2
    return IdeaText(
        idea=idea, title=title, summary=summary, problem="Voće propada posle berbe; nema ko da ga otkupi.",
        customer="Prodavnice zdrave hrane u Nišu i Beogradu", language="sr-latn",
        title_key=title.lower(), text_key=f"{title} {summary}".lower(),
    )  # fmt: skip


if __name__ == "__main__":
    django.setup()
    told, *rest = sys.argv[1:]
    print(json.dumps({"make": make, "time": timings, "memory": memory}[told](*rest)))
