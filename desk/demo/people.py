"""Who signs in to the demo: one for each role, in different languages. The password is no secret."""

from typing import NamedTuple

PASSWORD = "rasadnik-demo"  # noqa: S105 - stated on the sign-in page


class SignIn(NamedTuple):
    """A person of the demo who has an account. `key` is her line in a CSV, where she has one."""

    role: str
    name: str
    email: str
    language: str
    key: str = ""
    organisation: str = ""

    @property
    def role_word(self) -> str:
        return f"{self.role}{f' ({self.organisation})' if self.organisation else ''}"


RAS, GIZ, HOUSE = "Development Agency", "GIZ", "Cluster House"

SIGN_INS = (
    SignIn("coordinator", "Milovanović Jasmina", "jasmina.milovanovic@primer.example", "en"),
    SignIn("trainer", "Veljković Ljubica", "ljubica.veljkovic@primer.example", "sr-latn", "m1"),
    SignIn("mentor", "Kovačević Ivana", "ivana.kovacevic@primer.example", "sr-latn", "m3"),
    SignIn("mentor", "Ranđelović Goran", "goran.randjelovic@primer.example", "sr", "m2", HOUSE),
    SignIn("entrepreneur", "Đokić Marijana", "marijana.djokic@primer.example", "sr-latn", "e41"),
    SignIn("partner", "Stojanov Kristina", "kristina.stojanov@primer.example", "sr-latn", "", HOUSE),
    SignIn("funder", "Keller Johanna", "johanna.keller@primer.example", "en", "", GIZ),
    SignIn("funder", "Obradović Slavica", "slavica.obradovic@primer.example", "sr-latn", "", RAS),
    SignIn("administrator", "Vuković Nada", "nada.vukovic@primer.example", "en"),
)
