from jobs.models import Job
from lib.filters import Filters


class JobFilter(Filters):
    class Meta:
        model = Job
        fields = ["kind", "state"]
