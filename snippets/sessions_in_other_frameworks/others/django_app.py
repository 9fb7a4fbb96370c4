import os
import time

from django.conf import settings
from django.contrib.auth import get_user_model, login, logout
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.urls import path
from django.utils.html import format_html
from django.views.decorators.http import require_GET, require_POST

settings.configure(
    SECRET_KEY=os.environ["SECRET_KEY"],
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": "django.sqlite3",
        }
    },
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
)
application = get_wsgi_application()
call_command("migrate", verbosity=0)

PAUSE = float(os.environ.get("PAUSE", "0"))
PAGE = """
<p>Visits: {{ visits }}. List: {{ items|join:", " }}</p>
<form method="post" action="/login">{% csrf_token %}
<input name="name" aria-label="Name"><button>Log in</button></form>
<form method="post" action="/add">{% csrf_token %}
<input name="item" aria-label="Item"><button>Add</button>
<button formaction="/append">Append</button></form>
<form method="post" action="/logout">{% csrf_token %}
<button>Log out</button></form>
"""


@require_GET
def index(request):
    visits = request.session.get("visits", 0) + 1
    request.session["visits"] = visits
    values = {"visits": visits, "items": request.session.get("items", [])}
    page = engines["django"].from_string(PAGE)
    return HttpResponse(page.render(values, request))


@require_GET
def who(request):
    name = request.user.get_username() or "nobody"
    return HttpResponse(format_html("<p>{}</p>", name))


@require_GET
def about(request):
    return HttpResponse("<p>This page doesn't use the session.</p>")


@require_POST
def log_in(request):
    name = request.POST["name"][:50]
    user, _ = get_user_model().objects.get_or_create(username=name)
    login(request, user)
    return redirect("/")


@require_POST
def add(request):
    items = request.session.get("items", [])
    time.sleep(PAUSE)
    request.session["items"] = [*items, request.POST["item"][:5000]][-9:]
    return redirect("/")


@require_POST
def append(request):
    # Django doesn't notice a change inside the list.
    items = request.session.setdefault("items", [])
    items.append(request.POST["item"][:5000])
    return redirect("/")


@require_POST
def log_out(request):
    logout(request)
    return redirect("/")


urlpatterns = [
    path("", index),
    path("who", who),
    path("about", about),
    path("login", log_in),
    path("add", add),
    path("append", append),
    path("logout", log_out),
]
