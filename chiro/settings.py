"""Settings of the whole site: one file, every choice of an installation read from the environment.

`docs/operations.md` lists the variables; a test keeps that list and this file the same. Without any
variable the site runs on http://127.0.0.1:8000 for one computer. An `https://` address in
`PUBLIC_BASE_URL` switches on everything that a public site needs.
"""

import sqlite3
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.csp import CSP

from chiro import environment, languages, secret_key, sqlite_modes, starting

BASE_DIR = Path(__file__).resolve().parent.parent
env = environment.Environment()

# --- Where this installation lives -----------------------------------------------------------

DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "data")))
PUBLIC_BASE_URL = env.str("PUBLIC_BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
PUBLIC_HOST = urlsplit(PUBLIC_BASE_URL).hostname or ""
LOOPBACK_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
HTTPS = env.bool("CHIRO_HTTPS", default=PUBLIC_BASE_URL.startswith("https://"))
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
# Backups are encrypted with a key that lies outside DATA_DIR; best on other disks, both.
BACKUP_DIR = Path(env.str("BACKUP_DIR", default=str(DATA_DIR / "backups")))
BACKUP_KEY_FILE = Path(
    env.str("BACKUP_KEY_FILE", default=str(DATA_DIR.with_name(f"{DATA_DIR.name}-backup.key")))
)

DEBUG = env.bool("DEBUG", default=False)
MAINTENANCE = env.bool("MAINTENANCE", default=False)
starting.refuse_unusable(DATA_DIR)
SECRET_KEY = env.str("SECRET_KEY", default="") or secret_key.read_or_create(DATA_DIR / "secret_key")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[PUBLIC_HOST] if HTTPS else [PUBLIC_HOST, *LOOPBACK_HOSTS]
)

# --- Applications ----------------------------------------------------------------------------

INSTALLED_APPS = [
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "chiro.practice",
    "screening",
    "exercises",
    "crispy_forms",
    "simple_history",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    # The first two wrap all others, so that a refusal by any of them carries their headers too.
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "chiro.practice.middleware.PrivateResponses",
    "chiro.practice.watching.AnswerSupervisors",
    "chiro.practice.watching.CountRequests",
    "chiro.practice.middleware.CompressPages",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "chiro.practice.middleware.ReadPracticeOnce",
    "chiro.practice.middleware.TurnAwayLate",
    "chiro.practice.middleware.Maintenance",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "chiro.practice.middleware.SpeakTheirLanguage",
    "chiro.practice.middleware.RefuseUnsuitableBodies",
    "django.middleware.common.CommonMiddleware",
    "chiro.practice.middleware.RefuseControlCharacters",
    "chiro.practice.middleware.LimitLostLinks",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "chiro.practice.middleware.StaffSessionLimits",
    "chiro.practice.middleware.AuditContext",
    "allauth.account.middleware.AccountMiddleware",
    "chiro.practice.middleware.RequireSecondFactor",
    "screening.kiosk_mode.KioskSessions",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "chiro.urls"
WSGI_APPLICATION = "chiro.wsgi.application"

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
            ],
        },
    },
]

CRISPY_ALLOWED_TEMPLATE_PACKS = ("clinic",)
CRISPY_TEMPLATE_PACK = "clinic"
CRISPY_FAIL_SILENTLY = False

# --- Database --------------------------------------------------------------------------------

DATABASES = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'chiro.sqlite3'}")
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = sqlite_modes.options(sqlite3.sqlite_version_info)
    # Opening costs as much as a page's queries; a file that was replaced is noticed this late.
    DATABASES["default"]["CONN_MAX_AGE"] = 10
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {
        "min_size": 1,
        "max_size": 8,
        "timeout": 15,
        "reconnect_timeout": 5,  # Then the next visitor tries anew: no pause grows.
    }
    # Whoever waits longer for a lock is told that the page is not saved, as on SQLite; and no
    # answer is acknowledged before it is on disk, whatever the server's own default is.
    DATABASES["default"]["OPTIONS"]["options"] = (
        f"-c lock_timeout={sqlite_modes.LOCK_TIMEOUT_SECONDS}s -c synchronous_commit=on"
    )

# Counts of tries, shared by every process and every server; `migrate` makes the table.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
    }
}

# Requests that come within this time of each other read the practice's profile once. A change shows
# at once in the process that made it, and this much later in the others.
PRACTICE_KEPT_SECONDS = 1.0

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Staff: who they are and how long they stay signed in -------------------------------------

AUTH_USER_MODEL = "practice.User"
AUTHENTICATION_BACKENDS = ["chiro.practice.permissions.RoleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
# Without it a password alone opens the records: only for trying things out on one computer.
STAFF_SECOND_FACTOR = env.bool("STAFF_SECOND_FACTOR", default=HTTPS)
ACCOUNT_ADAPTER = "chiro.practice.second_factor.Accounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,6/15m/key"}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
MFA_ADAPTER = "chiro.practice.second_factor.Factors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_RECOVERY_CODE_DIGITS = 10
STAFF_IDLE_SECONDS = 60 * env.int("STAFF_IDLE_MINUTES", default=15)
STAFF_SESSION_SECONDS = 12 * 60 * 60

# --- Cookies, transport and browser rules ----------------------------------------------------

SESSION_ENGINE = "chiro.practice.session_rows"
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
SESSION_COOKIE_AGE = 14 * 24 * 60 * 60
SESSION_COOKIE_SECURE = HTTPS
PLAN_COOKIE_NAME = "__Host-plan" if HTTPS else "plan"
PLAN_COOKIE_AGE = 60 * 60
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "chiro.practice.views.csrf_failure"

SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
# "no-referrer" would make browsers send "Origin: null", which the CSRF check refuses.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 262_144
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
DATA_UPLOAD_MAX_NUMBER_FILES = 1
# Where a form brings a picture of an exercise, and how long its body may be then.
PICTURE_UPLOADS = "/admin/exercises/practiceexercise/"
PICTURE_UPLOAD_BYTES = 2_300_000

# --- Language and time -----------------------------------------------------------------------

LANGUAGE_CODE = languages.ENGLISH
LANGUAGES = [(language.code, language.name) for language in languages.installed()]
LOCALE_PATHS = [languages.FOLDER]
# What yields the words of the core that a patient reads, for the catalogues.
PATIENT_WORDS = [
    "screening.wording.words",
    "screening.forms.identity.words",
    "exercises.wording.words",
    "exercises.handout.words",
]
USE_I18N = True
TIME_ZONE = env.str("TIME_ZONE", default="America/Los_Angeles")
USE_TZ = True

# --- Static files ----------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
FONTS_DIR = BASE_DIR / "static" / "fonts"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False

# --- Work after the response, and mail -------------------------------------------------------

# Called with each submitted screening, inside the transaction that stores it.
AFTER_SUBMIT = ["exercises.services.planning.draft_plan", "exercises.services.starter.make"]
# Called with each screening that a chiropractor cleared, inside that transaction.
AFTER_CLEAR = ["exercises.services.planning.draft_plan"]

# Commands that run after migrations, for what is worked out from stored rows. Where nothing was
# migrated they run with --when-needed, which finishes what was cut off.
AFTER_UPGRADE = ["refill_queue"]

# "process": papers that nobody waits for are made beside the requests. "database": they wait in a
# table for `manage.py work`, of which any number may run anywhere.
TASKS_BACKEND = env.str("TASKS_BACKEND", default="process")
BACKENDS = {
    "process": "chiro.practice.after_response.AfterResponse",
    "database": "django_tasks_db.DatabaseBackend",
}
PAPERS_BY_WORKER = TASKS_BACKEND == "database"
if PAPERS_BY_WORKER:
    INSTALLED_APPS.append("django_tasks_db")
TASKS = {
    "default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"},
    "papers": {"BACKEND": BACKENDS[TASKS_BACKEND]},
}

MAIL_HOST = env.str("MAIL_HOST", default="")
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="noreply@localhost")
ADMINS: list[str] = []  # Error mail would carry answers and links.
MAILERS: dict[
    str, dict[str, object]
] = {}  # Where no mail server is named, a public site sends nothing, and says so.
if MAIL_HOST:
    MAILERS["default"] = {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": MAIL_HOST,
            "port": env.int("MAIL_PORT", default=465),
            "username": env.str("MAIL_USER", default=""),
            "password": env.str("MAIL_PASSWORD", default=""),
            "use_ssl": True,
            "timeout": 15,
        },
    }
elif not HTTPS:
    MAILERS["default"] = {"BACKEND": "django.core.mail.backends.console.EmailBackend"}

# Outgoing mail waits in a table. After the commit it is tried at once, beside the answer to the
# browser; `manage.py send_outbox` tries what is left.
OUTBOX_TRY_AT_ONCE = True

# --- For supervisors --------------------------------------------------------------------------

# Who may see numbers: whoever sends this token or, where there is none, this computer itself.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

# --- Logs: one JSON object a line, identifiers only -------------------------------------------

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
DEFAULT_EXCEPTION_REPORTER_FILTER = "chiro.practice.redaction.HideRequestData"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"event": {"()": "chiro.practice.redaction.EventFormatter"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "event"},
    },
    # Libraries speak up only when something is wrong: they may quote what they work on.
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        name: {"level": LOG_LEVEL} for name in ("chiro", "screening", "exercises", "gunicorn")
    }
    # Django's own handlers would print or mail requests as they came.
    | {name: {"handlers": [], "propagate": True} for name in ("django", "django.server")},
}
