"""`manage.py verify_register`: is every mark as it was sealed, and attendance what the marks amount to?"""

from django.core.management.base import BaseCommand, CommandError

from people.models import Programme
from training.models import Session
from training.register.verifying import Counts, verify


class Command(BaseCommand):
    help = (
        "Walks the chain of marks of every session and names each row that was edited, removed or added in "
        "the database, and each attendance that is not what its marks amount to. Exit code 1 if there is one."
    )

    def add_arguments(self, parser):
        parser.add_argument("--programme", metavar="CODE", help="only this programme's sessions")

    def handle(self, *, programme: str | None, **options):
        sessions = Session.objects.all()
        if programme:
            if not Programme.objects.filter(code=programme).exists():
                raise CommandError(f"There is no programme {programme}.")
            sessions = sessions.filter(programme__code=programme)
        counts, wrong = Counts(), 0
        for line in verify(sessions, counts):
            wrong += 1
            self.stdout.write(line)
        self.stdout.write(
            f"{counts.sessions} sessions, {counts.marks} marks, {counts.attendance} attendances: "
            f"{wrong} do not fit; {counts.erased} reasons and {counts.unlinked} markers erased. "
            f"Seal of all: {counts.heads.hexdigest()}"
        )
        if wrong:
            raise SystemExit(1)
