from django.urls import path

from desk import postbox_views, views
from desk.first_run import views as first_run
from desk.importing import views as imports

app_name = "desk"
urlpatterns = [
    path("", views.today, name="today"),
    path("programmes/", views.programme_list, name="programme_list"),
    path("programmes/export.<str:format>", views.programme_export, name="programme_export"),
    path("programmes/<str:programme>/", views.programme, name="programme"),
    path("post-box/", postbox_views.postbox_list, name="postbox_list"),
    path("post-box/<int:letter>/", postbox_views.postbox_letter, name="postbox_letter"),
    path("post-box/<int:letter>/page/", postbox_views.postbox_page, name="postbox_page"),
    path("post-box/<int:letter>/parts/<int:part>/", postbox_views.postbox_part, name="postbox_part"),
    path("programmes/<str:programme>/imports/", imports.import_list, name="import_list"),
    path("programmes/<str:programme>/imports/new/", imports.import_create, name="import_create"),
    path("imports/<int:import_>/", imports.import_detail, name="import_detail"),
    path("imports/<int:import_>/sheet/", imports.import_sheet, name="import_sheet"),
    path("imports/<int:import_>/columns/", imports.import_columns, name="import_columns"),
    path("imports/<int:import_>/values/", imports.import_values, name="import_values"),
    path("imports/<int:import_>/preview/", imports.import_preview, name="import_preview"),
    path("imports/<int:import_>/marked/", imports.import_marked, name="import_marked"),
    path("imports/<int:import_>/confirmation/", imports.import_confirm, name="import_confirm"),
    path("imports/<int:import_>/cancellation/", imports.import_stop, name="import_stop"),
    path("imports/<int:import_>/undoing/", imports.import_undo, name="import_undo"),
    path("imports/<int:import_>/removal/", imports.import_discard, name="import_discard"),
    path("setup/", first_run.set_up, name="setup"),
    path("healthz", views.health, name="health"),
    path("healthz/sweeps", views.health_of_sweeps, name="health_of_sweeps"),
]
