"""What no job can do to the others: go on for ever, or take all the memory.

Code that never comes back, not even to Python, cannot be asked to stop. So in a worker's process (Celery's
prefork, where one job runs at a time) an alarm of the operating system is set while a job runs, and set anew
at each word that the job says of itself: a process that was silent until the alarm ends at once, the worker
makes another, and the sweep finds the row. It ends before its lease does, so that nobody does the same job
beside it; a process that stood still meanwhile ends when it wakes. What takes more memory than it may have
is refused it, and fails in words. In the one-process server, whose jobs are threads, nothing of this holds.
"""

import resource
import signal

from django.conf import settings

MARGIN = 0.9  # of the lease: the process is gone before anybody takes its job for dead


class Leash:
    is_held = False

    def hold(self) -> None:
        """From now on this process is on the leash. Called in each process of a worker."""
        self.is_held = True
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        most, (_soft, hard) = settings.JOB_MEMORY * 2**20, resource.getrlimit(resource.RLIMIT_DATA)
        if hard != resource.RLIM_INFINITY:
            most = min(most, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (most, hard))

    def renew(self, lease: float) -> None:
        """So many seconds until whoever was not heard of is taken for dead."""
        if self.is_held:
            signal.setitimer(signal.ITIMER_REAL, lease * MARGIN)

    def let_go(self) -> None:
        if self.is_held:
            signal.setitimer(signal.ITIMER_REAL, 0)


leash = Leash()
