"""Every address of the house, room by room. Who may open it stands in config/policy.txt."""

from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("config.api")),  # first: scripts ask most often
    path("", include("training.urls")),  # its programmes/new/ is no programme's code
    path("", include("desk.urls")),
    path("", include("accounts.urls")),
    path("", include("jobs.urls")),
    path("", include("people.urls")),
    path("", include("mentoring.urls")),
    path("", include("ideas.urls")),
    path("", include("outcomes.urls")),
    path("", include("reminders.urls")),
    path("accounts/", include("allauth.urls")),
]
