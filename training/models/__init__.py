"""Sessions and who was there."""

from training.models.certificates import (
    Certificate,
    CertificateEdition,
    CheckInvitation,
    EvidencePack,
    Signatory,
)
from training.models.enrolments import (
    Application,
    EligibilityRule,
    Enrolment,
    EnrolmentQuerySet,
    Finding,
    Group,
    StateChange,
)
from training.models.headcounts import Headcount
from training.models.photos import Photo, PhotoSubject
from training.models.places import Venue
from training.models.register import Attendance, Mark, PaperSheet, RosterEntry, TurnedAway
from training.models.sessions import Fold, Module, Session, SessionChange, SessionLog, SessionTrainer
from training.models.statuses import Status

__all__ = [
    "Application",
    "Attendance",
    "Certificate",
    "CertificateEdition",
    "CheckInvitation",
    "EligibilityRule",
    "Enrolment",
    "EnrolmentQuerySet",
    "EvidencePack",
    "Finding",
    "Fold",
    "Group",
    "Headcount",
    "Mark",
    "Module",
    "PaperSheet",
    "Photo",
    "PhotoSubject",
    "RosterEntry",
    "Session",
    "SessionChange",
    "SessionLog",
    "SessionTrainer",
    "Signatory",
    "StateChange",
    "Status",
    "TurnedAway",
    "Venue",
]
