"""Settings. Everything has a default that works on a bare machine; the environment changes it.

The variables are listed, with their meaning, in `.env.example`.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.management.utils import get_random_secret_key
from django.utils.translation import gettext_lazy as _

from config.refusals import refuse_weak_secrets

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var")))
DATA_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = env.bool("DEBUG", default=False)


def _own_secret() -> str:
    """A secret of this installation's own, made once: no default key exists."""
    path = DATA_DIR / "secret_key"
    if not path.exists():
        try:
            with open(path, "x", opener=lambda p, flags: __import__("os").open(p, flags, 0o600)) as file:
                file.write(get_random_secret_key() + get_random_secret_key())
        except FileExistsError:  # another process of the same start was quicker
            pass
    return path.read_text().strip()


SECRET_KEY = env.str("SECRET_KEY", default="") or _own_secret()
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

# Served over TLS: cookies are bound to it. The embedded default speaks plain HTTP on this machine only.
SECURE = env.bool("SECURE", default=False)
refuse_weak_secrets(
    key=SECRET_KEY,
    key_is_given=bool(env.str("SECRET_KEY", default="")),
    fallbacks=SECRET_KEY_FALLBACKS,
    database_url=env.str("DATABASE_URL", default=""),
    secure=SECURE,
)
ALLOWED_HOSTS = [
    name.strip() for name in env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
]
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)  # each appends to X-Forwarded-For
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "desk",  # before staticfiles: its runserver brings the worker and the mail sink along
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_filters",
    "django_htmx",
    "rules.apps.AutodiscoverRulesConfig",
    "rest_framework",
    "drf_spectacular",
    "lib",
    "accounts",
    "jobs",
    "people",
    "training",
    "mentoring",
    "ideas",
    "outcomes",
    "reminders",
    "config",
]

MIDDLEWARE = [
    "lib.addresses.behind_proxies",
    "accounts.middleware.named_in_the_log",
    "lib.api.front.front",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.authentication.by_token",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.readers_own",
    "lib.refusing.not_only_a_number",
    "config.policy.PolicyMiddleware",
    "accounts.replaying.OnceMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.demo_people",
                "desk.context.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "lib.templatetags.look",
            ],
        },
    }
]

# --- records -------------------------------------------------------------------------------------

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'rasadnik.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # WAL lets readers go on while one writes; IMMEDIATE takes the write lock at BEGIN, so that two
    # writers wait instead of failing; FULL keeps what was accepted when the power goes.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=268435456;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # a list of 20,000 ideas takes 0.9 s; compiling its query first takes 4 s more
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

# Stored files: a folder, or a bucket of S3-compatible storage when one is named. Nothing of it is public:
# a file is handed out by the room that knows who may have it (accounts.files).
MEDIA_ROOT = DATA_DIR / "files"
S3_BUCKET = env.str("S3_BUCKET", default="")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if S3_BUCKET:
    from botocore.config import Config

    S3_ENDPOINT = env.str("S3_ENDPOINT", default="")
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": S3_ENDPOINT or None,  # none: Amazon's own
            "region_name": env.str("S3_REGION", default="us-east-1"),
            "access_key": env.str("S3_ACCESS_KEY", default=""),
            "secret_key": env.str("S3_SECRET_KEY", default=""),
            "default_acl": None,  # as the bucket says: private
            "file_overwrite": True,  # each name is made once: no need to ask whether it is free
            "client_config": Config(
                signature_version="s3v4",
                s3={"addressing_style": "path" if S3_ENDPOINT else "auto"},
                connect_timeout=5,
                read_timeout=30,
                retries={"max_attempts": 3, "mode": "standard"},
                # newer checksums are unknown to most servers that are not Amazon's
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        },
    }

# --- background work: the Job row is the record, the broker carries only "look at job 7" -----------

CELERY_BROKER_URL = REDIS_URL or "memory://localhost/"
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"socket_timeout": 5, "socket_connect_timeout": 2} if REDIS_URL else {"polling_interval": 0.1}
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_PUBLISH_RETRY = False  # a page never waits for the broker: the sweep finds the row
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"
SWEEP_SECONDS = env.int("SWEEP_SECONDS", default=30)
JOB_MEMORY = env.int("JOB_MEMORY", default=900)  # MiB that one process of a worker may take (jobs/leash.py)
CELERY_BEAT_SCHEDULE = {
    "jobs": {"task": "jobs.sweep", "schedule": SWEEP_SECONDS},
    "reminders": {"task": "reminders.sweep", "schedule": SWEEP_SECONDS},
    "offers": {"task": "mentoring.expire_offers", "schedule": SWEEP_SECONDS},
    "desks": {"task": "ideas.clear_desks", "schedule": 600},
    "ideas": {"task": "ideas.carry_on_assigned", "schedule": SWEEP_SECONDS},
    "audit": {"task": "accounts.seal_audit", "schedule": SWEEP_SECONDS},
    "answers": {"task": "accounts.sweep_answers", "schedule": 3600},
    "imports": {"task": "desk.sweep_imports", "schedule": 3600},
    "applications": {"task": "desk.sweep_applications", "schedule": SWEEP_SECONDS},
}

# --- mail ------------------------------------------------------------------------------------------

EMAIL_BACKEND = "lib.mail.Backend"
EMAIL_HOST = env.str("EMAIL_HOST", default="127.0.0.1")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
EMAIL_USE_SSL = env.bool("EMAIL_USE_SSL", default=False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Rasadnik <rasadnik@localhost>")
# "127.0.0.1:9000": gateways for short messages that may be in a private network, and without TLS
GATEWAY_HOSTS = env.list("GATEWAY_HOSTS", default=[])

# --- sign-in ---------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "accounts.adapter.Adapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # for the reason given at ACCOUNT_EMAIL_VERIFICATION
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by the organisation, to an address it knows
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignIn",
    "request_login_code": "accounts.forms.RequestCode",
    "confirm_login_code": "accounts.forms.ConfirmCode",
}
# six codes of three tries each: at most 18 guesses an hour at one account
ACCOUNT_RATE_LIMITS = {"request_login_code": "20/m/ip,3/m/key,6/h/key"}
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE else "http"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# --- languages -------------------------------------------------------------------------------------

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = env.str("LANGUAGE_CODE", default="en")  # of commands, and where nobody says another
LANGUAGES = [("en", _("English")), ("sr-latn", _("Serbian (Latin)")), ("sr", _("Serbian (Cyrillic)"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]

# --- pages -----------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
# written by lib.assets: faces, one style sheet, one script; in the image they are made when it is built
ASSETS_DIR = Path(env.str("ASSETS_DIR", default=str(DATA_DIR / "assets")))
ASSETS_DIR.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static", ASSETS_DIR]
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000  # three years of sessions, each a line that may be changed
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_HTTPONLY = True
if SECURE:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    LANGUAGE_COOKIE_NAME = "__Host-language"
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_SSL_REDIRECT = env.bool("SSL_REDIRECT", default=True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_REDIRECT_EXEMPT = [r"^healthz(/sweeps)?$"]

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "config.apidoc.schema.Described",
    "EXCEPTION_HANDLER": "lib.api.refusals.refuse",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Rasadnik",
    "DESCRIPTION": "Programmes, sessions, ideas, mentoring and summaries.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.apidoc.schema.finish",
    ],
    "ENUM_NAME_OVERRIDES": {
        "AssignmentState": "mentoring.models.Assignment.State",
        "AssignmentEnd": "mentoring.api.assignment_bodies.ENDS",
        "AssignmentFirstState": "mentoring.api.assignment_bodies.FIRST",
        "AssignmentStep": "mentoring.api.assignment_bodies.STEPS",
        "GoalState": "mentoring.models.Goal.State",
        "EnrolmentState": "training.models.Enrolment.State",
        "EnrolmentFirstState": "training.api.enrolments.FIRST",
        "EligibilityKind": "training.models.EligibilityRule.Kind",
        "Fold": "training.models.Fold",
        "Function": "mentoring.models.Function",
        "HintAnswer": "mentoring.models.Hint.Answer",
        "IdeaState": "ideas.models.Idea.State",
        "ImportKind": "desk.importing.api.KIND_CHOICES",
        "IntroductionKind": "mentoring.models.Introduction.Kind",
        "IntroductionCame": "mentoring.models.Introduction.Came",
        "FigureState": "outcomes.api.FIGURE_STATES",
        "IssueState": "outcomes.models.Issue.State",
        "ResultKind": "outcomes.models.Result.Kind",
        "QuestionKind": "outcomes.models.Question.Kind",
        "WaveKind": "outcomes.models.Wave.Kind",
        "InvitationState": "outcomes.models.Invitation.State",
        "InvitationMode": "outcomes.models.Invitation.Mode",
        "AnswerEvidence": "outcomes.models.Answer.Evidence",
        "ContactWay": "outcomes.models.Contact.Way",
        "ContactOutcome": "outcomes.models.Contact.Outcome",
        "ResultAttribution": "outcomes.models.Result.Attribution",
        "CostKind": "outcomes.models.Cost.Kind",
        "GrantState": "outcomes.models.Grant.State",
        "JobState": "jobs.models.Job.State",
        "Language": "accounts.models.User.Language",
        "MatchingRule": "mentoring.api.matching.RULES",
        "MarkStatus": "training.models.Status",
        "MeetingPlace": "mentoring.models.Meeting.Place",
        "NoteLayer": "mentoring.models.Note.Layer",
        "ComparedSays": "ideas.models.Compared.Says",
        "PreferenceSays": "mentoring.models.Preference.Says",
        "RankingMethod": "ideas.models.Selection.Method",
        "CandidateState": "mentoring.models.MentorApplication.State",
        "MentorReach": "mentoring.models.Mentor.Reach",
        "MentorState": "mentoring.models.Mentor.State",
        "NeedPlace": "mentoring.models.Need.Place",
        "OrganisationKind": "people.models.Organisation.Kind",
        "PartnerRole": "people.models.Partner.Role",
        "ProgrammeRole": "people.models.Membership.Role",
        "ReminderState": "reminders.models.Reminder.State",
        "HeadcountHow": "training.models.Headcount.How",
        "ChosenWay": "reminders.models.Preference.WAYS",
        "ReminderHow": "reminders.models.Reminder.How",
        "ReminderWay": "reminders.models.Channel",
        "ReminderRhythm": "reminders.models.Rhythm",
        "ReviewTaskState": "ideas.models.ReviewTask.State",
        "RowKind": "outcomes.api.ROW_KINDS",
        "RuleKind": "reminders.models.Rule.Kind",
        "Sector": "people.api.book.SECTORS",
    },
}

# --- what this installation is ---------------------------------------------------------------------

POSTBOX_DIR = DATA_DIR / "postbox"
SHARED_DATA = Path(env.str("SHARED_DATA", default=str(BASE_DIR.parent / "shared" / "data")))
DISCLOSURE_FLOOR = 5  # no setting lowers it

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "lib.logs.Json" if env.bool("LOG_JSON", default=False) else "lib.logs.Line"},
    },
    "filters": {"refusals": {"()": "lib.logs.Refusals"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["refusals"]}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
    # Django's own handlers would write each of its lines a second time, in as many lines as a typed text has
    "loggers": {
        "django": {"handlers": [], "level": env.str("LOG_LEVEL", default="WARNING")},
        "mail.log": {"level": "WARNING"},  # the demo's mail sink tells whole letters, and codes stand in them
    },
}
