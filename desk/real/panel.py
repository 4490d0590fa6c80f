"""A panel that judged real grant applications: 72 of them, 26 reviewers, 216 reviews, low numbers are good.

S. Gallo (2021), "Grant peer review scoring data with criteria scores", figshare, CC BY 4.0."""

from pathlib import Path

from desk.real import load, run

FILE, CODE = Path("reviews_aibs") / "aibs_reviews.csv", "aibs"
MAPS = (
    ("persons", "persons_applicants"),
    ("enrolments", "enrolments_applicants"),
    ("persons", "persons_panel"),
    ("mentors", "mentors_panel"),
    ("ideas", "ideas_applications"),
    ("reviews", "reviews"),
)


def load_all(data: Path) -> list[dict]:
    """The file is loaded as what it is: applicants, panel, applications, reviews. The reports."""
    run("programme", CODE, "--organisation", "AIBS", "--name", "Grant review", "--zone", "UTC")
    return [load(kind, data / FILE, CODE, columns=columns) for kind, columns in MAPS]
