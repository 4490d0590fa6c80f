from django.urls import path

from outcomes import views

app_name = "outcomes"
urlpatterns = [
    path("programmes/<str:programme>/outcomes/", views.report_list, name="report_list"),
    path(
        "programmes/<str:programme>/outcomes/export.<str:format>", views.report_export, name="report_export"
    ),
    path("reports/<int:report>/issues/", views.issue_build, name="issue_build"),
    path("issues/<int:issue>/", views.issue_detail, name="issue_detail"),
    path("issues/<int:issue>/summary.xlsx", views.issue_xlsx, name="issue_xlsx"),
    path("issues/<int:issue>/summary.json", views.issue_json, name="issue_json"),
    path("issues/<int:issue>/logo/", views.issue_logo, name="issue_logo"),
    path("issues/<int:issue>/release/", views.issue_release, name="issue_release"),
    path("issues/<int:issue>/figures/<str:figure>/", views.figure_rows, name="figure_rows"),
]
