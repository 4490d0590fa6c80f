"""Which ideas of a whole programme say the same, beside the best listed method (blocking on shared pairs of
words, checked with rapidfuzz) on the same texts: processor time, memory added, recall and false pairs. A
check of one new idea, with its queries and the exact measure of the nearest, beside a pg_trgm GiST probe.

The texts are the limit's own: 215 letters each, 5 % of them copies with two to six words changed (a slip, a
word less, two swapped, a new one). Quality is printed too for the demonstration's planted pairs (slips, word
order, three ways of writing; translations are not recognised, and not among them) and for the directory of
4,128 companies, where 42 names stand for two companies or more. Each measurement is a process of its own.
"""

import csv
import json
import os
import random
import statistics
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import django

from bench.bench_matching import _apart as apart
from bench.doors import Figure
from bench.installed import installed

NAME = "duplicates"
SIZES = (186, 20_000, 200_000)
PROBED = (186, 2_000, 20_000)
ROOT = Path(__file__).resolve().parents[1]
COMPANIES = ROOT.parent / "shared/data/ideas_yc/yc_companies_2023-02-27.csv"
DIRECTORY = ROOT / "desk/demo/ideas.csv"
MOST_MIB = 6  # for a thousand texts
SYLLABLES = "ba ce di fo gu ha je ki lo mu na pe ri so tu va ze sha tro kli mar ven dor tas lin pol rek gra"
Texts = list[tuple[str, str]]
Pairs = set[tuple[int, int]]


def run(sizes=SIZES, probed=PROBED) -> Iterator[Figure]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    yield from _quality()
    for n in sizes:
        yield from _whole(n, 5 if n < 1_000 else 3 if n < 100_000 else 1)
    with installed() as project:
        words = ("-m", "bench.probing", str(project.folder), *(str(n) for n in probed))
        found = json.loads(project.python(*words))
    for n in probed:
        ours, limit = found[str(n)]["ours"], found[str(n)]["gist"]
        queries = found[str(n)]["queries"]
        first = found[str(n)]["first"]
        said = f"{ours:.1f} ms (the first one {first:.0f} ms), {queries} queries"
        print(f"  one new idea among {n}: {said}; GiST {limit:.1f} ms")
        assert queries == 2, "the queries grew"
    yield Figure(f"duplicates.probe.{n}.time-to-gist", limit / ours, 0.5)


def _whole(n: int, rounds: int) -> Iterator[Figure]:
    from ideas.duplicates import PROPOSED, blocks
    from ideas.duplicates.proposals import LOOSE

    texts, planted = planted_texts(n)

    def ours() -> list:
        found = blocks.alike(texts, LOOSE)
        return _score({(a, b) for a, b, value in found if value >= PROPOSED}, planted)

    def bare() -> list:
        return _score(_blocking([f"{title}. {rest}" for title, rest in texts]), planted)

    found = {"ours": [], "bare": []}
    for _round in range(rounds):
        for name, work in (("ours", ours), ("bare", bare)):
            found[name].append(apart(work))
    seconds = {name: statistics.median(each["s"] for each in runs) for name, runs in found.items()}
    mib = {name: max(each["mib"] for each in runs) for name, runs in found.items()}
    for name, runs in found.items():
        recall, extra = runs[0]["out"]
        spent = f"{seconds[name]:.3f} s, +{mib[name]:.0f} MiB"
        print(f"  {n}, {name}: {spent}, recall {recall:.4f}, false {extra}")
    recall, extra = found["ours"][0]["out"]
    yield Figure(f"duplicates.{n}.time-to-best-listed", seconds["bare"] / seconds["ours"], 1 / 1.5)
    yield Figure(f"duplicates.{n}.recall", recall, 0.99)
    yield Figure(f"duplicates.{n}.true-of-found", 1 - extra / max(1, len(planted) + extra), 0.999)
    if n >= 100_000:
        yield Figure(f"duplicates.{n}.memory", MOST_MIB * n / 1000 / mib["ours"], 1)


def _quality() -> Iterator[Figure]:
    from ideas.duplicates import PROPOSED, blocks

    print(f"  proposed from a likeness of {PROPOSED}")
    rows = list(csv.DictReader(DIRECTORY.open(encoding="utf-8")))
    place = {row["n"]: at for at, row in enumerate(rows)}
    planted = {tuple(sorted((place[r["n"]], place[r["twin_of"]]))) for r in rows if r["twin_of"]}
    found = _pairs(blocks.alike([(r["title"], r["summary"]) for r in rows], PROPOSED))
    true = len(found & planted)
    precision, recall = true / len(found), true / len(planted)
    print(f"  demonstration: {len(planted)} planted, precision {precision:.3f}, recall {recall:.3f}")
    yield Figure("duplicates.demonstration.precision", true / len(found), 1)
    yield Figure("duplicates.demonstration.recall", true / len(planted), 1)
    if COMPANIES.exists():
        yield from _companies(blocks, PROPOSED)


def _companies(blocks, at_least: float) -> Iterator[Figure]:
    """Nobody labelled them: pairs of one name are different companies, so each that is proposed is false; and
    one of twenty is planted again with words changed, so that there is something to find."""
    rows = list(csv.DictReader(COMPANIES.open(encoding="utf-8")))
    texts = [(r["company_name"], f"{r['short_description']} {r['long_description']}".strip()) for r in rows]
    found = _pairs(blocks.alike(texts, at_least))
    same = sum(texts[a][0].casefold() == texts[b][0].casefold() for a, b in found)
    names = defaultdict(list)
    for at, (name, _text) in enumerate(texts):
        names[name.casefold()].append(at)
    pairs = sum(len(group) * (len(group) - 1) // 2 for group in names.values())
    print(
        f"  directory: {len(texts)} companies, {len(found)} proposed; of {pairs} pairs with one name {same}"
    )
    for a, b in sorted(found):
        print(f"    {texts[a][0]} = {texts[b][0]}: {texts[a][1][:60]!r} {texts[b][1][:60]!r}")
    yield Figure("duplicates.directory.one-name-kept-apart", 1 - same / pairs, 1)
    dice, long = random.Random(4), [at for at, (_name, text) in enumerate(texts) if len(text) >= 80]
    chosen = dice.sample(long, len(texts) // 20)
    copies = [(texts[at][0], _changed(texts[at][1], dice)) for at in chosen]
    planted = {(at, len(texts) + n) for n, at in enumerate(chosen)}
    again = _pairs(blocks.alike(texts + copies, at_least))
    true = len(again & planted)
    print(f"  directory with {len(planted)} copies: {len(again)} proposed, recall {true / len(planted):.3f}")
    yield Figure("duplicates.directory.recall", true / len(planted), 0.99)


def planted_texts(n: int) -> tuple[Texts, Pairs]:
    """As the limit makes them: title and text, and the pairs of which one is an edited copy."""
    dice = random.Random(11)
    syllables = SYLLABLES.split()
    book = ["".join(dice.choice(syllables) for _ in range(dice.randint(1, 4))) for _ in range(6000)]
    dice = random.Random(n)
    words = dice.choices(book, [1 / (place + 5) for place in range(len(book))], k=n * 31)
    texts = [_sentences(words[at : at + 31]) for at in range(0, n * 31, 31)]
    half = max(5, n // 20)
    chosen = dice.sample(range(n), 2 * half)
    planted = set()
    for source, copy in zip(chosen[:half], chosen[half:], strict=True):
        texts[copy] = _changed(texts[source], dice, book)
        planted.add((min(source, copy), max(source, copy)))
    return [tuple(text.split(". ", 1)) if ". " in text else (text, "") for text in texts], planted


def _sentences(words: list[str]) -> str:
    title, first, second = words[:5], words[5:18], words[18:]
    return f"{' '.join(title).title()}. {' '.join(first).capitalize()}. {' '.join(second).capitalize()}."


def _changed(text: str, dice: random.Random, book: list[str] | None = None) -> str:
    words = text.split()
    for _edit in range(dice.randint(2, 6)):
        at, what = dice.randrange(len(words)), dice.randrange(4)
        if what == 0 and len(words[at]) > 3:
            words[at] = words[at][:2] + dice.choice("aeioux") + words[at][3:]
        elif what == 1 and len(words) > 10:
            words.pop(at)
        elif what == 2 and at + 1 < len(words):
            words[at], words[at + 1] = words[at + 1], words[at]
        else:
            words[at] = dice.choice(book or words)
    return " ".join(words)


def _blocking(texts: list[str]) -> Pairs:
    """The best listed method: texts that share a rare pair of words, checked with rapidfuzz."""
    from rapidfuzz import fuzz, utils

    split = [utils.default_process(text).split() for text in texts]
    shared = defaultdict(list)
    for at, words in enumerate(split):
        for two in set(zip(words, words[1:], strict=False)):
            shared[two].append(at)
    candidates = set()
    for places in shared.values():
        if 1 < len(places) <= 8:
            for x in range(len(places)):
                for y in range(x + 1, len(places)):
                    candidates.add((places[x], places[y]))
    joined = [" ".join(words) for words in split]
    return {(a, b) for a, b in candidates if fuzz.token_sort_ratio(joined[a], joined[b], score_cutoff=70)}


def _pairs(found: list[tuple[int, int, float]]) -> Pairs:
    return {(one, other) for one, other, _value in found}


def _score(found: Pairs, planted: Pairs) -> list:
    return [len(found & planted) / len(planted), len(found - planted)]
