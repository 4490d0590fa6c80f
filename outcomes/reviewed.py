"""How far the review of an issue is: what was said, by whom, and what the reader of its page may do next."""

from dataclasses import dataclass

from accounts.models import User
from outcomes.document import anchor, key_of
from outcomes.models import Issue, IssueStep
from outcomes.services.reviewing import others_who_may, submitter_of

State, Kind = Issue.State, IssueStep.Kind


@dataclass(frozen=True)
class Said:
    """One line of what was said. `of`: the figure's name, `url` where it stands on the page."""

    step: IssueStep
    of: str = ""
    url: str = ""


@dataclass(frozen=True)
class Review:
    said: list[Said]
    may_submit: bool
    may_approve: bool
    may_return: bool
    may_release: bool
    waits_for_another: bool  # she gave it to be reviewed, and there is somebody else to approve it

    @property
    def last(self) -> IssueStep | None:
        """The step that brought it where it is; a comment brings it nowhere."""
        return next((one.step for one in reversed(self.said) if one.step.kind != Kind.COMMENT), None)


def reviewed(issue: Issue, user: User) -> Review:
    names = {key_of(one): one["name"] for one in issue.document["figures"]}
    steps = issue.steps.select_related("by__person")
    in_review = issue.state == State.REVIEW
    waits = in_review and submitter_of(issue) == user.pk and others_who_may(issue, user).exists()
    return Review(
        said=[_said(step, names) for step in steps],
        may_submit=issue.state in (State.DRAFT, State.RETURNED),
        may_approve=in_review and not waits,
        may_return=issue.state in (State.REVIEW, State.APPROVED),
        may_release=issue.state == State.APPROVED,
        waits_for_another=waits,
    )


def _said(step: IssueStep, names: dict[str, str]) -> Said:
    if step.figure not in names:
        return Said(step)
    return Said(step, names[step.figure], f"#d-{anchor(step.figure)}")
