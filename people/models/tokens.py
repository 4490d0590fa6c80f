"""Where a token reaches."""

from django.db import models

from accounts.models import Token
from people.models.programmes import Programme


class TokenProgramme(models.Model):
    """A programme that a token is limited to. A token that is not for all programmes and has none of these
    reaches nothing."""

    token = models.ForeignKey(Token, models.CASCADE, related_name="programmes")
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "programme"], name="token_programme_once")]

    def __str__(self) -> str:
        return f"{self.token}: {self.programme}"
