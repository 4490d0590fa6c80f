from django.urls import path

from people import token_views

app_name = "people"
urlpatterns = [
    path("account/tokens/", token_views.token_list, name="token_list"),
    path("account/tokens/new/", token_views.token_create, name="token_create"),
    path("account/tokens/<int:token>/revocation/", token_views.token_revoke, name="token_revoke"),
]
