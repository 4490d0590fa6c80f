"""The kinds of reminders, by the name that a rule has. What a kind answers: `reminders.kinds.due.Kind`."""

from reminders.kinds.applications import ApplicationUnconfirmed, MentorUnconfirmed
from reminders.kinds.attendance import AttendanceLow
from reminders.kinds.certificates import CertificateCheck, CertificateReady
from reminders.kinds.changes import SessionChanged
from reminders.kinds.decisions import DecisionMade
from reminders.kinds.due import Kind
from reminders.kinds.enrolments import Enrolled, PlaceFree, Waitlisted
from reminders.kinds.goals import GoalDue
from reminders.kinds.ideas import IdeaReceived
from reminders.kinds.invitations import MentorFound, MentorInvited
from reminders.kinds.meetings import MeetingNotLogged, MeetingToConfirm
from reminders.kinds.offers import OfferWaiting
from reminders.kinds.questionnaires import QuestionsClosing, QuestionsOpen
from reminders.kinds.reports import ReportDue, ReportReady
from reminders.kinds.reviews import ReviewDue, ReviewOverdue, ReviewWaiting
from reminders.kinds.sessions import SessionToday, SessionTomorrow
from reminders.kinds.slots import BookingOverForMentor, BookingOverForPerson
from reminders.kinds.upcoming import MeetingUpcoming
from reminders.models import Rule

KINDS: dict[str, Kind] = {
    Rule.Kind.SESSION_TOMORROW: SessionTomorrow(),
    Rule.Kind.SESSION_TODAY: SessionToday(),
    Rule.Kind.SESSION_CHANGED: SessionChanged(),
    Rule.Kind.ENROLLED: Enrolled(),
    Rule.Kind.WAITLISTED: Waitlisted(),
    Rule.Kind.PLACE_FREE: PlaceFree(),
    Rule.Kind.ATTENDANCE_LOW: AttendanceLow(),
    Rule.Kind.CERTIFICATE_READY: CertificateReady(),
    Rule.Kind.CERTIFICATE_CHECK: CertificateCheck(),
    Rule.Kind.IDEA_RECEIVED: IdeaReceived(),
    Rule.Kind.REVIEW_WAITING: ReviewWaiting(),
    Rule.Kind.REVIEW_DUE: ReviewDue(),
    Rule.Kind.REVIEW_OVERDUE: ReviewOverdue(),
    Rule.Kind.DECISION: DecisionMade(),
    Rule.Kind.MEETING_UPCOMING: MeetingUpcoming(),
    Rule.Kind.MEETING_NOT_LOGGED: MeetingNotLogged(),
    Rule.Kind.MEETING_TO_CONFIRM: MeetingToConfirm(),
    Rule.Kind.GOAL_DUE: GoalDue(),
    Rule.Kind.OFFER_WAITING: OfferWaiting(),
    Rule.Kind.BOOKING_OVER: BookingOverForPerson(),
    Rule.Kind.BOOKING_OVER_MENTOR: BookingOverForMentor(),
    Rule.Kind.MENTOR_FOUND: MentorFound(),
    Rule.Kind.MENTOR_INVITED: MentorInvited(),
    Rule.Kind.APPLICATION_UNCONFIRMED: ApplicationUnconfirmed(),
    Rule.Kind.MENTOR_UNCONFIRMED: MentorUnconfirmed(),
    Rule.Kind.REPORT_DUE: ReportDue(),
    Rule.Kind.REPORT_READY: ReportReady(),
    Rule.Kind.QUESTIONS_OPEN: QuestionsOpen(),
    Rule.Kind.QUESTIONS_CLOSING: QuestionsClosing(),
}
