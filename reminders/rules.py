import rules

from accounts.models import User
from people.access import access
from people.models import Programme


@rules.predicate
def runs_programme(user: User, programme: Programme) -> bool:
    return access(user).runs(programme.pk, programme.tenant_id)


rules.add_perm("reminders.run", runs_programme)
