"""So many random walks, each by its own seed: `python -m tests.faults.reminding_runs FIRST LAST`."""

import json
import sys
from collections import Counter
from random import Random

import django

from tests.faults.reminding_smtp import Post


def run(post: Post, seed: int, *, most: int = 50):
    """One random run, of up to so many steps; roll back what it wrote."""
    from django.db import transaction

    from tests.faults.reminding_walk import Walk

    with transaction.atomic():
        chance = Random(seed)
        post.letters.clear()
        post.ids.clear()
        walk = Walk(post, chance)
        walk.plan()
        walk.add()
        for _number in range(chance.randint(5, most)):
            walk.step()
        walk.end()
        transaction.set_rollback(True)
    return walk


def main(first: int, last: int) -> None:
    """So many runs on the database of the environment; prints what came of them."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # nobody signs in
    counts, wrong = Counter(), {}
    with Post(first, delay=1, patience=3600, senders=list) as post:
        post.keeps = True
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", post.port
        for seed in range(first, last):
            walk = run(post, seed)
            counts += walk.counts
            if walk.wrong:
                wrong[seed] = walk.wrong
    print(json.dumps({"runs": last - first, "counts": counts, "wrong": wrong}))


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]), int(sys.argv[2]))
