"""The measured part of `bench_duplicates` that needs a database: what is like one new idea, beside a pg_trgm
GiST probe of the same texts in the same database; prints JSON."""

import json
import os
import statistics
import sys
import time
from pathlib import Path

import django

PROBES = 60
INDEX = "create index probed_trgm on probed using gist (t gist_trgm_ops(siglen=256))"
PROBE = "select id from probed where t %% %s limit 20"


def main(_folder: Path, sizes: list[int]) -> dict:
    from django.db import connection

    from bench.bench_duplicates import planted_texts

    found = {}
    with connection.cursor() as cursor:
        cursor.execute("create extension if not exists pg_trgm")
        for n in sizes:
            texts, planted = planted_texts(n)
            probes = [texts[copy] for _source, copy in sorted(planted)[:PROBES]]
            programme = _programme(texts)
            _table(cursor, texts)
            found[n] = _measured(cursor, programme, probes)
    return found


def _programme(texts: list[tuple[str, str]]):
    from ideas.models import Idea, IdeaText
    from tests.factories import make_programme

    programme = make_programme()
    ideas = [Idea(programme=programme, number=n) for n in range(1, len(texts) + 1)]
    Idea.objects.bulk_create(ideas, batch_size=2_000)
    rows = [
        IdeaText(idea=idea, title=title, summary=summary)
        for idea, (title, summary) in zip(ideas, texts, strict=True)
    ]
    IdeaText.objects.bulk_create(rows, batch_size=2_000)
    for idea, row in zip(ideas, rows, strict=True):
        idea.text = row
    Idea.objects.bulk_update(ideas, ["text"], batch_size=2_000)
    return programme


def _table(cursor, texts: list[tuple[str, str]]) -> None:
    cursor.execute("drop table if exists probed")
    cursor.execute("create table probed (id int primary key, t text)")
    rows = [(at, f"{title}. {rest}") for at, (title, rest) in enumerate(texts)]
    cursor.executemany("insert into probed values (%s, %s)", rows)
    cursor.execute(INDEX)
    cursor.execute("analyze probed, ideas_idea, ideas_ideatext")
    cursor.execute("set pg_trgm.similarity_threshold = 0.45")
    cursor.execute("set enable_seqscan = off")


def _measured(cursor, programme, probes: list[tuple[str, str]]) -> dict:
    """The two ways in turn, in milliseconds; the shelf is warm, as after the first question."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from ideas import duplicates

    cursor.execute("set enable_seqscan = on")
    started = time.perf_counter()
    duplicates.similar(programme, *probes[0])
    first = time.perf_counter() - started
    times: dict[str, list[float]] = {"ours": [], "gist": []}
    for title, rest in probes:
        started = time.perf_counter()
        duplicates.similar(programme, title, rest)
        times["ours"].append(time.perf_counter() - started)
        cursor.execute("set enable_seqscan = off")
        started = time.perf_counter()
        cursor.execute(PROBE, [f"{title}. {rest}"])
        cursor.fetchall()
        times["gist"].append(time.perf_counter() - started)
        cursor.execute("set enable_seqscan = on")
    with CaptureQueriesContext(connection) as asked:
        duplicates.similar(programme, *probes[0])
    told = {name: 1000 * statistics.median(each) for name, each in times.items()}
    return told | {"queries": len(asked), "first": 1000 * first}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    print(json.dumps(main(Path(sys.argv[1]), [int(word) for word in sys.argv[2:]])))
