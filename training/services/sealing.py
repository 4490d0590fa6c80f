"""The only door by which marks come into the database."""

from django.db.models import F

from training.models import Mark, Session
from training.register import chain


def append(session: Session, marks: list[Mark]) -> None:
    """Write new marks of this session, sealed into its chain in the order given.

    `session` is held by `locked`: two writers would seal onto the same head. Raises IntegrityError when an
    operation is there already.
    """
    head = chain.seal(session.chain_head, marks)
    Mark.objects.bulk_create(marks)
    length = F("chain_length") + len(marks)
    Session.objects.filter(pk=session.pk).update(chain_head=head, chain_length=length)
    session.chain_head, session.chain_length = head, session.chain_length + len(marks)
