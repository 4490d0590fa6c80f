"""The API's addresses: each room lists its resources in `api.py`."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from ideas.api import IdeaViewSet, ReviewViewSet, RoundViewSet
from mentoring.api import AssignmentViewSet, MeetingViewSet
from outcomes.api import IssueViewSet, ReportViewSet
from people.api import ProgrammeViewSet
from reminders.api import ReminderViewSet
from training.api import EnrolmentViewSet, MarkViewSet, SessionViewSet
from training.persons import MetPersonViewSet

router = SimpleRouter(trailing_slash=True)
router.register("assignments", AssignmentViewSet, basename="assignments")
router.register("meetings", MeetingViewSet, basename="meetings")
router.register("reminders", ReminderViewSet, basename="reminders")
router.register("reports", ReportViewSet, basename="reports")
router.register("issues", IssueViewSet, basename="issues")
router.register("sessions", SessionViewSet, basename="sessions")
router.register("enrolments", EnrolmentViewSet, basename="enrolments")
router.register("marks", MarkViewSet, basename="marks")
router.register("ideas", IdeaViewSet, basename="ideas")
router.register("reviews", ReviewViewSet, basename="reviews")
router.register("rounds", RoundViewSet, basename="rounds")
router.register("programmes", ProgrammeViewSet, basename="programmes")
router.register("persons", MetPersonViewSet, basename="persons")

app_name = "api"
urlpatterns = [path("schema/", SpectacularAPIView.as_view(), name="schema"), *router.urls]
