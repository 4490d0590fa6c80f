"""What the bench of reminders puts into a database, and what it reads there at the end."""

ROWS = """
from datetime import date, time
from people.models import Person
from reminders.models import QuietHours, Rule
from tests import factories as make
from training.models import Enrolment, RosterEntry
count = {count}
programme = make.make_programme(code="start", start=date(2027, 3, 1), end=date(2027, 6, 1))
make.make_coordinator(programme, email="coordinator@example.org")
for kind in Rule.Kind.values:
    Rule.objects.create(programme=programme, kind=kind, is_on=kind == "session_tomorrow", at_hour=8)
QuietHours.objects.create(programme=programme, starts=time(8), ends=time(8))
session = make.make_session(programme, day=date(2027, 3, 11), start=time(22, 40), end=time(23, 40))
people = Person.objects.bulk_create([
    Person(
        tenant=programme.tenant, name=f"Mila Milic {{n}}", sex="female", born=1985,
        email=f"p{{n}}@example.org",
    )
    for n in range(count)
], batch_size=500)
enrolled = Enrolment.objects.bulk_create([
    Enrolment(programme=programme, person=person, state="enrolled", row_code=f"E{{n:05d}}")
    for n, person in enumerate(people)
], batch_size=500)
RosterEntry.objects.bulk_create([
    RosterEntry(session=session, enrolment=one, planned_minutes=60) for one in enrolled
], batch_size=500)
"""
READ = """
import json
from accounts.models import User
from reminders.models import Reminder
seen = set(
    Reminder.objects.visible_to(User.objects.get(email="coordinator@example.org"))
    .not_gone().values_list("pk", flat=True)
)
rows = [
    {"email": row.person.email, "state": row.state, "unsure": row.unsure, "attempts": row.attempts,
     "id": row.message_id, "reason": row.reason, "seen": row.pk in seen}
    for row in Reminder.objects.select_related("person")
]
print(json.dumps(rows))
"""
# in the shape of one small question, asked again and again
OPEN = "SELECT state, count(*) FROM reminders_reminder GROUP BY state"
WITHDRAW = (
    "UPDATE training_enrolment SET state = 'withdrawn' WHERE person_id = "
    "(SELECT id FROM people_person WHERE email = %s)"
)
