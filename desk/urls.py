from django.urls import path

from desk import postbox_views, views

app_name = "desk"
urlpatterns = [
    path("", views.today, name="today"),
    path("programmes/", views.programme_list, name="programme_list"),
    path("programmes/<str:programme>/", views.programme, name="programme"),
    path("programmes/<str:programme>/alike/", views.alike_list, name="alike_list"),
    path("post-box/", postbox_views.postbox_list, name="postbox_list"),
    path("post-box/<int:letter>/", postbox_views.postbox_letter, name="postbox_letter"),
    path("post-box/<int:letter>/page/", postbox_views.postbox_page, name="postbox_page"),
    path("post-box/<int:letter>/parts/<int:part>/", postbox_views.postbox_part, name="postbox_part"),
    path("healthz", views.health, name="health"),
]
