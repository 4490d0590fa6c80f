from django.urls import path

from people import beneficiary_views, frame_views, token_views

app_name = "people"
urlpatterns = [
    path("account/tokens/", token_views.token_list, name="token_list"),
    path("account/tokens/new/", token_views.token_create, name="token_create"),
    path("account/tokens/<int:token>/revocation/", token_views.token_revoke, name="token_revoke"),
    path("programmes/<str:programme>/frame/", frame_views.frame, name="frame"),
    path("programmes/<str:programme>/edit/", frame_views.programme_edit, name="programme_edit"),
    path("programmes/<str:programme>/partners/new/", frame_views.partner_create, name="partner_create"),
    path("partners/<int:partner>/removal/", frame_views.partner_remove, name="partner_remove"),
    path("programmes/<str:programme>/clusters/new/", frame_views.clustering_create, name="clustering_create"),
    path("clusterings/<int:clustering>/ending/", frame_views.clustering_end, name="clustering_end"),
    path("organisations/<int:organisation>/edit/", frame_views.organisation_edit, name="organisation_edit"),
    path("fundings/<int:funding>/logo/", frame_views.funding_logo, name="funding_logo"),
    path(
        "programmes/<str:programme>/beneficiaries/",
        beneficiary_views.beneficiary_list,
        name="beneficiary_list",
    ),
    path(
        "programmes/<str:programme>/beneficiaries/export.<str:format>",
        beneficiary_views.beneficiary_export,
        name="beneficiary_export",
    ),
]
