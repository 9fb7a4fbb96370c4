"""Proofs for docs/learn/laying-out-an-app.md."""

import importlib
import runpy
import shutil
import sqlite3
import subprocess
import sys

import pytest
from flask import Flask, current_app, session
from flask.cli import NoAppException, locate_app


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """Each test works in an empty folder, from which modules can be imported, and forgets them afterwards."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
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
def shop(folder, monkeypatch):
    """The package, as main.py imports it."""
    monkeypatch.syspath_prepend(folder)
    return importlib.import_module("shop")


@pytest.fixture
def find(tmp_path):
    """What `flask --app site_to_find`, or `site_to_find:name`, would run, given the text of that file."""

    def find(text, name=None):
        (tmp_path / "site_to_find.py").write_text(f"from flask import Flask\n{text}\n")
        importlib.invalidate_caches()
        sys.modules.pop("site_to_find", None)
        return locate_app("site_to_find", name)

    return find


@pytest.mark.parametrize("file", ["main.py", "shop/__init__.py"])
def test_main_and_the_package_give_the_same_app(load, file):
    client = load(file).test_client()
    client.post("/basket/1")
    assert "Apples, 3" in client.get("/basket").text
    client.post("/order")
    assert "Orders of all customers: 1" in client.get("/").text


def test_each_customer_has_a_basket_of_their_own(load):
    app = load("main.py")
    first, second = app.test_client(), app.test_client()
    first.post("/basket/1")
    assert "Apples" in first.get("/basket").text
    assert "Your basket is empty." in second.get("/basket").text


def test_orders_are_counted_for_all_customers_together(load):
    app = load("main.py")
    first, second = app.test_client(), app.test_client()
    first.post("/basket/1")
    first.post("/order")
    assert "Orders of all customers: 1" in second.get("/").text


def test_the_session_holds_numbers_and_no_prices(client):
    client.post("/basket/1")
    client.post("/basket/2")
    with client.session_transaction() as stored:
        assert dict(stored) == {"basket": [1, 2]}


def test_a_basket_shows_the_price_of_today(client):
    client.post("/basket/1")
    with sqlite3.connect("shop.db") as database:
        database.execute("UPDATE product SET price = 5 WHERE name = 'Apples'")
    database.close()
    assert "Apples, 5" in client.get("/basket").text


def test_an_append_to_a_stored_list_is_not_noticed(client):
    client.post("/basket/1")
    with client:
        client.get("/basket")
        session["basket"].append(2)
        assert session.modified is False


def test_a_number_that_no_product_has_is_left_out(client):
    client.post("/basket/99")
    assert "Your basket is empty." in client.get("/basket").text


def test_ordering_takes_the_basket_out_of_the_session(client):
    client.post("/basket/1")
    client.post("/order")
    assert "Your basket is empty." in client.get("/basket").text


def test_orders_and_baskets_outlive_a_restart_of_the_server(load):
    before = load("main.py").test_client()
    before.post("/basket/1")
    before.post("/order")
    before.post("/basket/2")
    after = load("main.py").test_client()
    after.set_cookie("session", before.get_cookie("session").value)
    assert "Orders of all customers: 1" in after.get("/").text
    assert "Bread, 4" in after.get("/basket").text


def test_the_base_template_shows_the_basket_on_every_page(client):
    client.post("/basket/1")
    for path in ("/", "/basket"):
        assert '<a href="/basket">Basket</a>\n  (1)' in client.get(path).text


def test_each_child_fills_the_blocks_of_the_base(client):
    assert "<title>Shop</title>" in client.get("/").text
    assert "<title>Basket</title>" in client.get("/basket").text


def test_each_call_of_the_factory_makes_another_app(shop):
    first, second = shop.create_app("first.db"), shop.create_app("second.db")
    customer = first.test_client()
    customer.post("/basket/1")
    customer.post("/order")
    assert "Orders of all customers: 1" in customer.get("/").text
    assert "Orders of all customers: 0" in second.test_client().get("/").text


def test_a_blueprint_does_nothing_until_an_app_registers_it(shop):
    app = Flask("empty")
    assert "/basket" not in {rule.rule for rule in app.url_map.iter_rules()}
    app.register_blueprint(shop.views.shop)
    assert "/basket" in {rule.rule for rule in app.url_map.iter_rules()}


def test_the_blueprint_s_name_stands_before_each_endpoint(shop):
    assert {"shop.index", "shop.basket", "shop.add", "shop.order"} < set(shop.create_app().view_functions)


def test_a_slash_as_url_prefix_changes_no_address(shop):
    app = Flask("prefixed")
    app.register_blueprint(shop.views.shop, url_prefix="/")
    assert {"/", "/basket", "/order"} < {rule.rule for rule in app.url_map.iter_rules()}


def test_current_app_is_the_app_that_answers(shop):
    app = shop.create_app("other.db")
    with app.app_context():
        assert current_app.config["DATABASE"] == "other.db"


def test_flask_looks_for_templates_and_static_alone():
    app = Flask("any")
    assert app.template_folder == "templates"
    assert app.static_folder.endswith("static")


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
def test_flask_finds_it_by_itself(find, text):
    assert isinstance(find(text), Flask)


def test_an_app_named_app_comes_before_others_and_an_app_before_a_factory(find):
    assert find("bakery, app = Flask('bakery'), Flask('app')").name == "app"
    assert find("bakery = Flask('bakery')\ndef create_app(): return Flask('made')").name == "bakery"


def test_flask_does_not_find_a_factory_with_another_name(find):
    with pytest.raises(NoAppException, match="Failed to find Flask application or factory in module 'site_to_find'"):
        find("def myapp(): return Flask(__name__)")


def test_flask_does_not_choose_between_two_apps(find):
    with pytest.raises(NoAppException, match="Detected multiple Flask applications"):
        find("shop, bakery = Flask('shop'), Flask('bakery')")


def test_flask_does_not_call_a_factory_that_needs_an_argument(find):
    with pytest.raises(NoAppException, match="could not call it without arguments"):
        find("def create_app(database): return Flask(__name__)")


def test_a_name_behind_a_colon_leads_flask_to_the_factory(find):
    assert isinstance(find("def myapp(): return Flask(__name__)", "myapp"), Flask)


def test_a_name_behind_a_colon_leads_flask_to_the_app(find):
    assert find("shop, bakery = Flask('shop'), Flask('bakery')", "bakery").name == "bakery"


def test_a_call_behind_a_colon_gives_the_argument(find):
    app = find("def create_app(database): return Flask(database)", "create_app('shop')")
    assert app.name == "shop"


@pytest.mark.process
@pytest.mark.parametrize(("name", "found"), [("app.py", True), ("wsgi.py", True), ("main.py", False)])
def test_without_app_flask_looks_for_two_files(tmp_path, name, found):
    (tmp_path / name).write_text("from flask import Flask\napp = Flask(__name__)\n")
    result = subprocess.run([sys.executable, "-m", "flask", "routes"], capture_output=True, text=True, check=False)
    assert (result.returncode == 0) is found
    assert ("Could not locate a Flask application" in result.stderr) is not found


def test_a_hyphen_breaks_the_import():
    with pytest.raises(SyntaxError):
        compile("from my-shop import create_app", "main.py", "exec")


def test_flask_itself_finds_a_folder_with_a_hyphen(folder, tmp_path):
    shutil.copytree(folder / "shop", tmp_path / "my-shop")
    importlib.invalidate_caches()
    assert isinstance(locate_app("my-shop", None), Flask)


def test_a_factory_without_an_indented_body_is_a_fault():
    with pytest.raises(IndentationError, match="expected an indented block after function definition"):
        compile("def create_app():\napp = Flask(__name__)", "shop/__init__.py", "exec")


def test_a_blueprint_has_to_be_made_before_its_routes(find):
    with pytest.raises(NameError, match="name 'views' is not defined"):
        find("@views.get('/')\ndef index(): return 'Shop'")


def test_a_file_of_a_package_cannot_be_run_by_itself(folder):
    with pytest.raises(ImportError, match="attempted relative import with no known parent package"):
        runpy.run_path(str(folder / "shop/views.py"))
