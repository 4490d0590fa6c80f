"""The people of a programme, found by what a cell says: id, e-mail, row code, or name in any script."""

from django.utils.translation import gettext as _

from desk.loading.fields import Refused
from lib.folding import fold
from people.models import Person, Programme
from training.models import Enrolment


class Roll:
    """Read once, in two queries. Whoever was joined to somebody is found by what she was called before."""

    def __init__(self, programme: Programme, source: str):
        rows = Enrolment.objects.filter(programme=programme).select_related("person").order_by("pk")
        self.enrolments = {row.pk: row for row in rows}
        of_person = {row.person_id: row for row in self.enrolments.values()}
        joined = Person.objects.exclude(joined_to=None).filter(joined_to__enrolments__programme=programme)
        called = [(row, row.person) for row in self.enrolments.values()]
        called += [(of_person[person.joined_to_id], person) for person in joined]
        self._sure: dict[str, set[int]] = {}  # ids, addresses, row codes
        self._names: dict[str, set[int]] = {}
        for row, person in called:
            for key in (
                person.source == source and person.source_id,
                person.email.lower(),
                row.row_code.lower(),
            ):
                if key:
                    self._sure.setdefault(key, set()).add(row.pk)
            for key in {person.name_key, _any_order(person.name_key)} - {""}:
                self._names.setdefault(key, set()).add(row.pk)

    def key(self, said: str, born: int | None) -> int | str:
        """One key for one person, whatever she is called by."""
        found = self._found(said, born)
        return found[0].pk if len(found) == 1 else said

    def find(self, said: str, born: int | None = None, *, field: str = "person") -> Enrolment:
        """The one who is meant. Raises Refused when there is none, or more than one."""
        found = self._found(said, born)
        if len(found) == 1:
            return found[0]
        if found:
            words = _(
                "Several people of this programme are called so: give the row code, e-mail or year of birth."
            )
            raise Refused(words, field, said)
        words = _("Nobody in this programme is known by this id, e-mail, row code or name: enrol her first.")
        raise Refused(words, field, said)

    def _found(self, said: str, born: int | None) -> list[Enrolment]:
        if sure := self._sure.get(said) or self._sure.get(said.lower()):
            return [self.enrolments[pk] for pk in sure]
        key = fold(said)
        pks = self._names.get(key[:200]) or self._names.get(_any_order(key)) or ()
        found = [self.enrolments[pk] for pk in sorted(pks)]
        if born is not None:
            found = [row for row in found if row.person.born in (None, born)]
            exact = [row for row in found if row.person.born == born]
            found = exact or found
        return found


def _any_order(key: str) -> str:
    """Ana Petrović and Petrović Ana are one."""
    return " ".join(sorted(key.replace(",", " ").split()))
