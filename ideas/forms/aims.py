"""What ideas of a programme may serve: the list that it keeps."""

from ideas.models import Aim
from lib.forms import ServedForm


class AimForm(ServedForm):
    class Meta:
        model = Aim
        fields = ["name", "name_sr"]
