"""The API's addresses: each room lists its resources in `api`. The name of a resource is also what a token's
verbs call it."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from config.apidoc.views import page, schema
from desk.importing.api import ImportViewSet
from ideas import api as ideas
from jobs import api as jobs
from mentoring import api as mentoring
from outcomes import api as outcomes
from people import api as people
from reminders import api as reminders
from training import api as training

RESOURCES = {
    # people
    "persons": training.MetPersonViewSet,
    "organisations": people.OrganisationViewSet,
    "enterprises": people.EnterpriseViewSet,
    "ownerships": training.MetOwnershipViewSet,
    "affiliations": training.MetAffiliationViewSet,
    "clusterings": people.ClusterMembershipViewSet,
    "projects": people.ProjectViewSet,
    "programmes": outcomes.DefinedProgrammeViewSet,
    "partners": people.PartnerViewSet,
    "beneficiaries": people.BeneficiaryViewSet,
    "fundings": people.FundingViewSet,
    "memberships": training.MetMembershipViewSet,
    "consents": training.MetConsentViewSet,
    # training
    "venues": training.VenueViewSet,
    "modules": training.ModuleViewSet,
    "sessions": training.SessionViewSet,
    "plans": training.PlanViewSet,
    "notes": training.NoteViewSet,
    "enrolments": training.EnrolmentViewSet,
    "eligibility-rules": training.EligibilityRuleViewSet,
    "findings": training.FindingViewSet,
    "applications": training.ApplicationViewSet,
    "roster": training.RosterViewSet,
    "marks": training.MarkViewSet,
    "attendance": training.AttendanceViewSet,
    "photos": training.PhotoViewSet,
    "packs": training.PackViewSet,
    "headcounts": training.HeadcountViewSet,
    "twins": training.TwinViewSet,
    "certificates": training.CertificateViewSet,
    "signatories": training.SignatoryViewSet,
    "groups": training.GroupViewSet,
    # mentoring
    "mentors": mentoring.MentorViewSet,
    "offers": mentoring.OfferViewSet,
    "needs": mentoring.NeedViewSet,
    "preferences": mentoring.PreferenceViewSet,
    "candidates": mentoring.CandidateViewSet,
    "assignments": mentoring.AssignmentViewSet,
    "goals": mentoring.GoalViewSet,
    "meetings": mentoring.MeetingViewSet,
    "pair-notes": mentoring.PairNoteViewSet,
    "slots": mentoring.SlotViewSet,
    "introductions": mentoring.IntroductionViewSet,
    "declarations": mentoring.DeclaredViewSet,
    "hints": mentoring.HintViewSet,
    "matching-runs": mentoring.MatchingRunViewSet,
    "proposals": mentoring.ProposalViewSet,
    # ideas
    "ideas": ideas.IdeaViewSet,
    "idea-files": ideas.IdeaFileViewSet,
    "nominations": ideas.NominationViewSet,
    "mentored": ideas.MentoredViewSet,
    "asked": ideas.AskedViewSet,
    "joins": ideas.JoinViewSet,
    "compared": ideas.ComparedViewSet,
    "aims": ideas.AimViewSet,
    "rounds": ideas.RoundViewSet,
    "criteria": ideas.CriterionViewSet,
    "seats": ideas.SeatViewSet,
    "reviews": ideas.ReviewViewSet,
    "comments": ideas.CommentViewSet,
    "selections": ideas.SelectionViewSet,
    "decisions": ideas.DecisionViewSet,
    "assigning-runs": ideas.AssigningRunViewSet,
    # outcomes
    "reports": outcomes.ReportViewSet,
    "targets": outcomes.TargetViewSet,
    "logframe-lines": outcomes.LogframeLineViewSet,
    "issues": outcomes.IssueViewSet,
    "issue-steps": outcomes.IssueStepViewSet,
    "results": outcomes.ResultViewSet,
    "evidence": outcomes.EvidenceViewSet,
    "costs": outcomes.CostViewSet,
    "grants": outcomes.GrantViewSet,
    "period-locks": outcomes.PeriodLockViewSet,
    "narratives": outcomes.NarrativeViewSet,
    "indicators": outcomes.IndicatorViewSet,
    "questions": outcomes.AskedQuestionViewSet,
    "wordings": outcomes.AskedWordingViewSet,
    "questionnaires": outcomes.QuestionnaireViewSet,
    "editions": outcomes.EditionViewSet,
    "items": outcomes.ItemViewSet,
    "waves": outcomes.WaveViewSet,
    "invitations": outcomes.InvitationViewSet,
    "answers": outcomes.AnswerViewSet,
    "contacts": outcomes.ContactViewSet,
    # reminders
    "reminders": reminders.ReminderViewSet,
    "rules": reminders.RuleViewSet,
    "rule-texts": reminders.RuleTextViewSet,
    "quiet-hours": reminders.QuietHoursViewSet,
    "feeds": reminders.FeedViewSet,
    "choices": reminders.ChoiceViewSet,
    "gateways": reminders.GatewayViewSet,
    # background work, the trail
    "jobs": jobs.JobViewSet,
    "audit": people.AuditEntryViewSet,
    "imports": ImportViewSet,
}

router = SimpleRouter(trailing_slash=True)
for name, viewset in RESOURCES.items():
    router.register(name, viewset, basename=name)

app_name = "api"
urlpatterns = [path("", page, name="page"), path("schema/", schema, name="schema"), *router.urls]
