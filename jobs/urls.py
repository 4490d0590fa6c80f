from django.urls import path

from jobs import views

app_name = "jobs"
urlpatterns = [
    path("jobs/", views.job_list, name="job_list"),
    path("jobs/export.<str:format>", views.job_export, name="job_export"),
    path("jobs/<int:job>/", views.job_detail, name="job_detail"),
    path("jobs/<int:job>/cancellation/", views.job_cancel, name="job_cancel"),
]
