"""A query written once gives what the ORM gives, on both databases."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Token, User
from lib.prepared import Prepared
from tests.factories import make_user

pytestmark = pytest.mark.django_db
COLUMNS = ("pk", "user__email", "user__is_active", "verbs", "expires_at", "revoked_at")


def ask(digest):
    return Token.objects.filter(digest=digest).values_list(*COLUMNS)


def test_the_same_rows_of_the_same_types(django_assert_num_queries):
    prepared, user = Prepared(ask), make_user()
    for word in "ab":
        Token.objects.create(
            user=user,
            name=word,
            digest=word,
            verbs=["x:read", word],
            expires_at=timezone.now() + timedelta(days=1),
        )
    for word in ("a", "b", "none", "a' or 1=1 --"):
        with django_assert_num_queries(1):
            found = prepared(word)
        assert found == list(ask(word))
        assert [[type(v) for v in row] for row in found] == [[type(v) for v in row] for row in ask(word)]
    assert len(prepared("a")) == 1


def test_a_query_that_takes_more_than_it_is_given_is_refused():
    with pytest.raises(ValueError, match="takes"):
        Prepared(lambda key: User.objects.filter(email=key, name="x").values_list("pk"))("a")
