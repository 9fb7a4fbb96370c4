"""Tests of docs/learn/laying-out-an-app.md."""

import importlib
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask, session
from flask.cli import NoAppException, locate_app

KEY = "the key of these tests"
# No product has one of these. The last has 5,000 digits, more than Python turns into a number.
NUMBERS = ["0", "3", "99", "-1", "x", "9" * 400, "9" * 5000]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """Each test works in an empty folder, from which modules can be imported, and forgets them afterwards."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("SECRET_KEY", KEY)
    known = set(sys.modules)
    yield
    for name in set(sys.modules) - known:
        if name.split(".")[0] in ("shop", "my-shop", "site_to_find"):
            del sys.modules[name]


@pytest.fixture
def client(load):
    """A customer of main.py."""
    return load("main.py").test_client()


@pytest.fixture
def shop(folder, tmp_path):
    """The package in the empty folder, as somebody would copy it."""
    shutil.copytree(folder / "shop", tmp_path / "shop", ignore=shutil.ignore_patterns("__pycache__"))
    importlib.invalidate_caches()
    return importlib.import_module("shop")


@pytest.fixture
def make(shop):
    """Make an app with its tables: `make(DATABASE="first.db")`."""

    def make(**config):
        app = shop.create_app(config)
        with app.app_context():
            shop.database.create_tables()
        return app

    return make


@pytest.fixture
def traced(make, shop):
    """Order a basket, and get the first word of each statement that reaches SQLite."""

    def traced(numbers):
        statements = []
        with make().app_context():
            shop.database.connection().set_trace_callback(statements.append)
            shop.models.place_order("a basket", numbers)
        return [statement.split()[0] for statement in statements]

    return traced


@pytest.fixture
def routes(tmp_path):
    """Whether `flask routes` finds the app in a file: `routes("app.py")`."""

    def routes(name, **environment):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("from flask import Flask\napp = Flask(__name__)\n")
        result = run("-m", "flask", "routes", **environment)
        assert ("Could not locate a Flask application" in result.stderr) is bool(result.returncode)
        return result.returncode == 0

    return routes


@pytest.fixture
def restarted(folder, tmp_path):
    """A customer's pages in a second process, after they ordered apples and chose bread in the first."""
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    shopping = "client.post('/basket/1'); client.post('/order'); client.post('/basket/2')"
    client = "from main import app; client = app.test_client()"
    before = run("-c", f"{client}; {shopping}; print(client.get_cookie('session').value)")
    look = "print(client.get('/').text, client.get('/basket').text)"
    return run("-c", f"{client}; client.set_cookie('session', '{before.stdout.strip()}'); {look}").stdout


@pytest.fixture
def find(tmp_path):
    """What `flask --app site_to_find`, or `site_to_find:name`, would run, given the text of that file."""

    def find(text, name=None):
        (tmp_path / "site_to_find.py").write_text(f"from flask import Flask\n{text}\n")
        importlib.invalidate_caches()
        sys.modules.pop("site_to_find", None)
        return locate_app("site_to_find", name)

    return find


def run(*arguments, **environment):
    """Run Python in a process of its own."""
    command = [sys.executable, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | environment)


def change(statement):
    """Change the database of main.py, as its owner might."""
    with sqlite3.connect("instance/shop.db") as database:
        database.execute(statement)
    database.close()


@pytest.mark.parametrize("file", ["main.py", "shop/__init__.py"])
def test_main_and_the_package_give_the_same_app(load, file):
    app = load(file)
    app.test_cli_runner().invoke(args=["init-db"])
    client = app.test_client()
    client.post("/basket/1")
    assert "Apples, 3" in client.get("/basket").text
    client.post("/order")
    assert "Orders of all customers: 1" in client.get("/").text


def test_baskets_are_separate_and_orders_are_counted_together(load):
    app = load("main.py")
    first, second = app.test_client(), app.test_client()
    first.post("/basket/1")
    assert "Apples" in first.get("/basket").text
    assert "Your basket is empty." in second.get("/basket").text
    first.post("/order")
    assert "Orders of all customers: 1" in second.get("/").text


def test_the_session_contains_numbers_and_no_prices(client):
    client.post("/basket/1")
    client.post("/basket/2")
    with client.session_transaction() as stored:
        assert set(stored) == {"basket", "numbers"}
        assert stored["numbers"] == [1, 2]


def test_a_basket_shows_the_price_of_today(client):
    client.post("/basket/1")
    change("UPDATE products SET price = 5 WHERE name = 'Apples'")
    assert "Apples, 5" in client.get("/basket").text
    change("DELETE FROM products WHERE name = 'Apples'")
    assert "Your basket is empty." in client.get("/basket").text


@pytest.mark.process
def test_orders_and_baskets_are_still_there_after_a_restart(restarted):
    assert "Orders of all customers: 1" in restarted
    assert "Total: 4" in restarted


def test_without_a_key_the_app_does_not_start(shop, monkeypatch):
    monkeypatch.delenv("SECRET_KEY")
    for config in (None, {"SECRET_KEY": "a key"}):
        with pytest.raises(KeyError, match="SECRET_KEY"):
            shop.create_app(config)


def test_the_environment_overrides_the_factory_and_a_test_overrides_both(shop, monkeypatch):
    assert Path(shop.create_app().config["DATABASE"]).name == "shop.db"
    monkeypatch.setenv("FLASK_DATABASE", "elsewhere.db")
    assert shop.create_app().config["DATABASE"] == "elsewhere.db"
    assert shop.create_app({"DATABASE": "test.db"}).config["DATABASE"] == "test.db"


def test_the_cookie_is_secure_httponly_and_same_site(client):
    (cookie,) = client.post("/basket/1").headers.getlist("Set-Cookie")
    assert cookie.endswith("; Secure; HttpOnly; Path=/; SameSite=Lax")


def test_the_database_is_in_the_instance_folder(shop, tmp_path, monkeypatch):
    monkeypatch.chdir("/")
    app = shop.create_app()
    assert Path(app.instance_path) == tmp_path / "instance"
    assert app.test_cli_runner().invoke(args=["init-db"]).output == "The database is ready.\n"
    assert (tmp_path / "instance/shop.db").is_file()


def test_making_an_app_does_not_touch_the_database(shop, tmp_path):
    client = shop.create_app().test_client()
    assert not (tmp_path / "instance").exists()
    assert client.get("/").status_code == 500


@pytest.mark.process
def test_the_commands_make_the_database_and_find_the_app(shop):
    for _ in range(2):
        made = run("-m", "flask", "--app", "shop", "init-db")
        assert made.stdout == "The database is ready.\n", made.stderr
    assert "shop.order" in run("-m", "flask", "--app", "shop", "routes").stdout


def test_making_the_tables_again_keeps_the_orders(client):
    client.post("/basket/1")
    client.post("/order")
    change("UPDATE products SET price = 5 WHERE name = 'Apples'")
    result = client.application.test_cli_runner().invoke(args=["init-db"])
    assert result.exit_code == 0
    page = client.get("/").text
    assert "Orders of all customers: 1" in page
    assert "Apples, 5" in page


def test_a_request_opens_one_connection_and_closes_it(make, shop):
    app = make()
    with app.test_request_context():
        first = shop.database.connection()
        assert shop.database.connection() is first
    with app.test_request_context():
        assert shop.database.connection() is not first
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        first.execute("SELECT 1")


def test_each_app_finds_its_own_database(make):
    first, second = make(DATABASE="first.db"), make(DATABASE="second.db")
    assert first is not second
    customer = first.test_client()
    customer.post("/basket/1")
    customer.post("/order")
    assert "Orders of all customers: 1" in customer.get("/").text
    assert "Orders of all customers: 0" in second.test_client().get("/").text


def test_a_blueprint_does_nothing_until_an_app_registers_it(shop):
    app = Flask("empty", static_folder=None)
    assert list(app.url_map.iter_rules()) == []
    app.register_blueprint(shop.views.shop)
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert endpoints == {"shop.index", "shop.basket", "shop.add", "shop.order"}


def test_an_append_to_a_stored_list_is_not_noticed(client):
    client.application.add_url_rule("/append", "append", lambda: session["numbers"].append(2) or str(session.modified))
    client.post("/basket/1")
    assert client.get("/append").text == "False"
    with client.session_transaction() as stored:
        assert stored["numbers"] == [1]


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_that_no_product_has_is_rejected(client, number):
    client.post("/basket/1")
    response = client.post(f"/basket/{number}")
    assert response.status_code == 404
    if number == "99":
        assert client.get(f"/basket/{number}").status_code == 405
    assert response.headers.getlist("Set-Cookie") == []
    with client.session_transaction() as stored:
        assert stored["numbers"] == [1]


def test_a_basket_has_room_for_twenty_products(client):
    for _ in range(20):
        assert client.post("/basket/1").status_code in (302, 303)
    response = client.post("/basket/1")
    assert response.status_code == 400
    assert "A basket has room for 20 products." in response.text
    with client.session_transaction() as stored:
        assert stored["numbers"] == [1] * 20


def test_a_failed_order_keeps_the_basket(client):
    client.post("/basket/1")
    change("ALTER TABLE orders RENAME TO others")
    assert client.post("/order").status_code == 500
    change("ALTER TABLE others RENAME TO orders")
    assert "Total: 3" in client.get("/basket").text


def test_a_basket_is_ordered_once_even_with_an_old_cookie(client):
    client.post("/basket/1")
    cookie = client.get_cookie("session").value
    client.post("/order")
    for _ in range(3):
        client.set_cookie("session", cookie)
        client.post("/order")
    assert "Orders of all customers: 1" in client.get("/").text
    client.post("/basket/1")
    client.post("/order")
    assert "Orders of all customers: 2" in client.get("/").text


def test_prices_are_read_in_the_transaction_that_stores_the_order(traced):
    assert traced([1, 2, 2]) == ["BEGIN", "SELECT", "INSERT", "COMMIT"]


def test_templates_escape_what_the_database_contains(client):
    change("UPDATE products SET name = '<b>Apples</b>'")
    client.post("/basket/1")
    for path in ("/", "/basket"):
        page = client.get(path).text
        assert "&lt;b&gt;Apples&lt;/b&gt;" in page
        assert "<b>" not in page


def test_flask_knows_the_folders_templates_static_and_instance(shop, tmp_path):
    app = shop.create_app()
    assert app.template_folder == "templates"
    assert app.static_folder == str(tmp_path / "shop/static")
    assert app.instance_path == str(tmp_path / "instance")


@pytest.mark.parametrize(
    "text",
    [
        "app = Flask(__name__)",
        "application = Flask(__name__)",
        "bakery = Flask(__name__)",
        "def create_app(): return Flask(__name__)",
        "def make_app(): return Flask(__name__)",
    ],
)
def test_flask_finds_an_app_or_a_factory(find, text):
    assert isinstance(find(text), Flask)


def test_an_app_named_app_comes_before_others_and_an_app_before_a_factory(find):
    assert find("bakery, app = Flask('bakery'), Flask('app')").name == "app"
    assert find("bakery = Flask('bakery')\ndef create_app(): return Flask('made')").name == "bakery"


def test_flask_does_not_find_a_factory_with_another_name(find):
    factory = "def myapp(): return Flask(__name__)"
    with pytest.raises(NoAppException, match="Failed to find Flask application or factory in module 'site_to_find'"):
        find(factory)
    assert isinstance(find(factory, "myapp"), Flask)


def test_flask_does_not_call_a_factory_that_needs_an_argument(find):
    factory = "def create_app(database): return Flask(database)"
    with pytest.raises(NoAppException, match="could not call it without arguments"):
        find(factory)
    assert find(factory, "create_app('shop.db')").name == "shop.db"


def test_flask_does_not_choose_between_two_apps(find):
    apps = "shop, bakery = Flask('shop'), Flask('bakery')"
    with pytest.raises(NoAppException, match="Detected multiple Flask applications"):
        find(apps)
    assert find(apps, "bakery").name == "bakery"


def test_the_base_template_shows_the_basket_on_every_page(client):
    client.post("/basket/1")
    for path, title in {"/": "Shop", "/basket": "Basket"}.items():
        page = client.get(path).text
        assert f"<title>{title}</title>" in page
        assert '<a href="/basket">Basket</a>\n  (1)' in page


def test_ordering_empties_the_session_and_an_empty_basket_is_not_ordered(client):
    client.post("/basket/1")
    for _ in range(2):
        client.post("/order")
        assert client.get_cookie("session") is None
        assert "Orders of all customers: 1" in client.get("/").text


LOOKED_FOR = {
    "app.py": True,
    "wsgi.py": True,
    "app/__init__.py": True,
    "wsgi/__init__.py": True,
    "main.py": False,
    "application.py": False,
    "shop/__init__.py": False,
}


@pytest.mark.process
@pytest.mark.parametrize(("name", "found"), LOOKED_FOR.items())
def test_without_app_flask_imports_wsgi_or_app(routes, name, found):
    assert routes(name) is found
    assert routes(name, FLASK_APP=name.partition(".")[0].partition("/")[0])


def test_wrong_keeps_the_old_price(load):
    client = load("wrong.py").test_client()
    for path in ("/", "/price"):
        assert client.post(path).location == "/"
    assert "Price: 5. To pay: 3." in client.get("/").text
