"""The measured half of bench_ideas, in processes of their own; each prints one line of JSON.

`python -m bench.listing make` fills the database with programmes of 186, 2,000 and 20,000 ideas, each judged
by three; `… time` measures their pages, and beside each the bare query of its rows.
"""

import json
import statistics
import sys
import time

import django

from bench.exporting import opened, queries_of, world

SIZES = (186, 2_000, 20_000)
RUNS = 7
PAGES = {
    "list": {},
    "by score": {"sort": "-score"},
    "search": {"q": "susara 17"},
    "API": {"limit": "50"},
}


def make() -> dict:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    tenant = None
    for n in SIZES:
        tenant = world(f"n{n}", n, tenant)
    return {}


def timings() -> dict:
    """By page and size: seconds of the page and of its bare query (medians of alternate runs); queries."""
    found = {}
    for name, asked in PAGES.items():
        for n in SIZES:
            client, programme = opened(f"n{n}")
            address = "/api/v1/ideas/" if name == "API" else f"/programmes/{programme.code}/ideas/"
            said = asked | ({"programme": programme.code} if name == "API" else {})

            def page(client=client, address=address, said=said):
                assert client.get(address, said).status_code == 200

            bare = bare_query(programme, asked)
            page(), bare()
            times = {"page": [], "bare": []}
            for _ in range(RUNS):
                for kind, work in (("page", page), ("bare", bare)):
                    began = time.perf_counter()
                    work()
                    times[kind].append(time.perf_counter() - began)
            medians = {kind: statistics.median(each) for kind, each in times.items()}
            found[f"{name} {n}"] = medians | {"queries": queries_of(page)}
    return found


def bare_query(programme, asked: dict):
    """What the database cannot do without: the rows of a page in this order, with what it shows of each."""
    from ideas.models import Idea
    from ideas.views.ideas import PAGE

    ideas = Idea.objects.filter(programme=programme)
    for word in asked.get("q", "").split():
        ideas = ideas.filter(text__text_key__contains=word)
    ideas = ideas.with_reviews() if "sort" in asked else ideas
    keys = ideas.order_by("-score" if "sort" in asked else "number").values_list("pk", flat=True)

    keys = keys[: int(asked.get("limit", PAGE))]

    def work():
        shown = Idea.objects.filter(pk__in=list(keys)).with_reviews().with_nominators()
        list(shown.values_list("number", "text__title", "state", "sector", "asked", "judged", "score"))
        ideas.order_by().count()

    return work


if __name__ == "__main__":
    django.setup()
    print(json.dumps({"make": make, "time": timings}[sys.argv[1]]()))
