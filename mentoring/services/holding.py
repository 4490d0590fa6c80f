"""One writer at a time in a programme's mentoring."""

from people.models import Programme


def hold(programme: Programme) -> None:
    """One assignment at a time in a programme, until the transaction ends: of two taps the second finds the
    first, and two coordinators do not fill the same last place. (SQLite has one writer at a time anyway.)"""
    Programme.objects.select_for_update(no_key=True).only("pk").get(pk=programme.pk)
