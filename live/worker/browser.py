"""A browser's half of HTTP, small enough to read: a cookie jar, and requests to a WSGI app.

The live panel runs this file in the reader's page (Pyodide), and the tests run it under CPython to produce the
transcripts that the pages show. So it needs only the standard library and Werkzeug.

The jar follows RFC 6265bis, sections 5.4 to 5.8, as Chromium does. `http.cookiejar` would not do: it was written for
an older standard, and keeps cookies that every browser drops (over 4096 bytes, or SameSite=None without Secure).

Not modelled: requests that another site starts (so SameSite never withholds a cookie), scripts (so HttpOnly never
hides one), partitions, the public suffix list beyond "a Domain needs a dot", the limit on cookies per site, HTTP
caches, and Referrer-Policy.
"""

import dataclasses
import json
import sys
import time
import traceback
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from werkzeug.test import EnvironBuilder, run_wsgi_app

ORIGIN = "https://app.example"  # of every app: live/build/bundle.mjs gives it to the page, too
FIRST = "192.0.2.1"  # a first visitor's address, nobody's: RFC 5737
MAX_REDIRECTS = 20  # what Chromium and Firefox follow before they give up
MAX_COOKIE = 4096  # bytes of name and value together: RFC 6265bis 5.6
MAX_ATTRIBUTE = 1024  # bytes; a longer attribute is ignored: RFC 6265bis 5.6
MAX_AGE = 400 * 24 * 3600  # seconds; a later expiry is cut to this: RFC 6265bis 5.5


@dataclasses.dataclass
class Cookie:
    """One cookie in the jar. `expires` is in epoch seconds; None means until the browser closes."""

    name: str
    value: str
    domain: str
    path: str
    host_only: bool
    secure: bool
    http_only: bool
    same_site: str | None
    partitioned: bool
    expires: float | None
    created: float

    @property
    def key(self):
        """What makes a later Set-Cookie replace this cookie: RFC 6265bis 5.7."""
        return self.name, self.domain, self.host_only, self.path


class Refused(ValueError):
    """A browser would drop this cookie. The message says why."""


def parse_set_cookie(header, host, request_path, secure_origin, now):
    """Read one Set-Cookie header as a browser does: RFC 6265bis 5.6 and 5.7.

    Returns a Cookie, which may have expired already. Raises Refused when a browser would drop it.
    """
    if any(ord(c) < 32 and c != "\t" or ord(c) == 127 for c in header):
        raise Refused("it contains a control character")
    pair, *attributes = header.split(";")
    name, equals, value = pair.partition("=")
    if not equals:
        name, value = "", pair
    name, value = name.strip(), value.strip()
    if not name and not value:
        raise Refused("it has neither a name nor a value")
    size = len((name + value).encode())
    if size > MAX_COOKIE:
        raise Refused(f"its name and value are {size} bytes; browsers keep at most {MAX_COOKIE}")

    given = {}
    for attribute in attributes:
        key, _, content = attribute.partition("=")
        if len(content.strip().encode()) <= MAX_ATTRIBUTE:
            given[key.strip().lower()] = content.strip()  # the last one of a name counts

    secure = "secure" in given
    if secure and not secure_origin:
        raise Refused("it is Secure, but came over plain HTTP")

    domain = given.get("domain", "").removeprefix(".").lower()
    if domain and domain != host:
        if not host.endswith("." + domain):
            raise Refused(f"its Domain {domain} does not cover {host}")
        if "." not in domain:
            raise Refused(f"its Domain {domain} is a public suffix")

    path = given.get("path", "")
    path_given = path.startswith("/")
    if not path_given:
        path = request_path.rpartition("/")[0] or "/"

    same_site = {"strict": "Strict", "lax": "Lax", "none": "None"}.get(given.get("samesite", "").lower())
    if same_site == "None" and not secure:
        raise Refused("SameSite=None needs Secure")
    if "partitioned" in given and not secure:
        raise Refused("Partitioned needs Secure")

    prefix = name.lower()
    if prefix.startswith(("__secure-", "__host-")) and not secure:
        raise Refused(f"a name that starts with {name.partition('-')[0]}- needs Secure")
    if prefix.startswith("__host-") and (domain or not path_given or path != "/"):
        raise Refused("a name that starts with __Host- needs Path=/ and no Domain")

    return Cookie(
        name=name,
        value=value,
        domain=domain or host,
        path=path,
        host_only=not domain,
        secure=secure,
        http_only="httponly" in given,
        same_site=same_site,
        partitioned="partitioned" in given,
        expires=_expiry(given, now),
        created=now,
    )


def _expiry(given, now):
    """Return the expiry in epoch seconds, or None. Max-Age wins: RFC 6265bis 5.7."""
    try:
        if "max-age" in given:
            expires = now + int(given["max-age"])
        else:
            expires = parsedate_to_datetime(given["expires"]).timestamp()
    except (KeyError, ValueError):  # absent, or no date
        return None
    return min(expires, now + MAX_AGE)


def _path_matches(cookie_path, request_path):
    """RFC 6265bis 5.1.4: equal, or a prefix that ends at a slash."""
    return request_path == cookie_path or (
        request_path.startswith(cookie_path) and (cookie_path.endswith("/") or request_path[len(cookie_path)] == "/")
    )


@dataclasses.dataclass
class Exchange:
    """One request and its response, as they would cross the wire.

    `status` is a whole status line such as "200 OK"; headers are lists of (name, value); `refused`
    holds a {"cookie": name, "reason": text} for each cookie that a browser drops; `note` says why a
    redirect was not followed.
    """

    method: str
    path: str
    request_headers: list
    request_body: str
    status: str
    headers: list
    body: bytes
    refused: list
    note: str = ""

    @property
    def code(self):
        """The status as a number."""
        return int(self.status.split()[0])

    def header(self, name):
        """Return the value of the first response header called `name`, or None."""
        return next((v for k, v in self.headers if k.lower() == name.lower()), None)


class Browser:
    """One visitor: a cookie jar, and requests from `address` to `app` at `origin` (scheme and host, no path)."""

    def __init__(self, app, origin=ORIGIN, address=FIRST):
        self.app = app
        self.origin, self.address = origin, address
        self.host = urlsplit(origin).hostname
        self.jar = {}

    @property
    def cookies(self):
        """The cookies that are kept now, oldest first; expired ones are dropped on the way."""
        now = time.time()
        self.jar = {key: cookie for key, cookie in self.jar.items() if cookie.expires is None or cookie.expires > now}
        return list(self.jar.values())

    def receive(self, header, path="/"):
        """Store the cookie of a Set-Cookie header that came with `path`, or raise Refused."""
        now = time.time()
        secure_origin = self.origin.startswith("https:")
        cookie = parse_set_cookie(header, self.host, path.partition("?")[0], secure_origin, now)
        if cookie.key in self.jar:
            cookie.created = self.jar[cookie.key].created
        self.jar[cookie.key] = cookie
        if cookie.expires is not None and cookie.expires <= now:
            del self.jar[cookie.key]  # this is how a server deletes a cookie

    def cookie_header(self, path):
        """Return the Cookie header for a request to `path`, or None: RFC 6265bis 5.8.3."""
        path = path.partition("?")[0]
        sent = [
            cookie
            for cookie in self.cookies
            if _path_matches(cookie.path, path) and (not cookie.secure or self.origin.startswith("https:"))
        ]
        sent.sort(key=lambda cookie: (-len(cookie.path), cookie.created))
        return "; ".join(f"{c.name}={c.value}" if c.name else c.value for c in sent) or None

    def request(self, method, path, form=None, referrer=None):
        """Send one request and keep the cookies that come back. `visit` follows redirects.

        `path` may hold a query; `form` is a mapping or a list of pairs; `referrer` is the path of the
        page whose link or form was pressed. An exception that the app lets through is printed to
        stderr and answered with 500, as servers do. Returns an Exchange.
        """
        path = "/" + path.partition("#")[0].lstrip("/")
        data = None if form is None else dict_of(form)
        builder = EnvironBuilder(
            path, self.origin, method=method, data=data, environ_base={"REMOTE_ADDR": self.address}
        )
        cookie = self.cookie_header(path)
        given = {"Cookie": cookie, "Referer": referrer and self.origin + referrer}
        builder.headers.extend({name: value for name, value in given.items() if value})
        environ = builder.get_environ()
        body = environ["wsgi.input"].read()
        environ["wsgi.input"].seek(0)
        sent = [("Host", environ["HTTP_HOST"])]
        if body:
            sent.append(("Content-Type", environ["CONTENT_TYPE"]))
            sent.append(("Content-Length", str(len(body))))
        if referrer:
            sent.append(("Referer", self.origin + referrer))
        if cookie:
            sent.append(("Cookie", cookie))

        try:
            chunks, status, headers = run_wsgi_app(self.app, environ, buffered=True)
            content, received = b"".join(chunks), list(headers)
        except Exception:
            traceback.print_exc(file=sys.stderr)
            status, content = "500 INTERNAL SERVER ERROR", b"Internal Server Error"
            received = [("Content-Type", "text/plain"), ("Content-Length", str(len(content)))]

        refused = []
        for name, value in received:
            if name.lower() == "set-cookie":
                try:
                    self.receive(value, path)
                except Refused as error:
                    refused.append({"cookie": value.partition("=")[0], "reason": str(error)})
        return Exchange(method, path, sent, body.decode(), status, received, content, refused)

    def visit(self, method, path, form=None, referrer=None):
        """Send a request, follow its redirects as a browser does, and return the exchanges.

        301, 302 and 303 turn into GET, 307 and 308 repeat the request, as in the Fetch standard's
        "HTTP-redirect fetch". When a redirect is not followed, the last `note` says why.
        """
        exchanges = [self.request(method, path, form, referrer)]
        while (last := exchanges[-1]).code in (301, 302, 303, 307, 308):
            location = last.header("Location")
            if location is None:
                break
            target = urlsplit(urljoin(self.origin + last.path, location))
            if f"{target.scheme}://{target.netloc}" != self.origin:
                last.note = f"This redirect leaves the app, for {location}. It was not followed."
                break
            if len(exchanges) > MAX_REDIRECTS:
                last.note = f"The app redirects in a loop: stopped after {MAX_REDIRECTS} redirects."
                break
            if last.code in (301, 302, 303):
                method, form = "HEAD" if method == "HEAD" else "GET", None
            path = target.path + ("?" + target.query if target.query else "")
            exchanges.append(self.request(method, path, form, referrer))
        return exchanges

    def close(self):
        """Close the browser: cookies without an expiry are dropped."""
        self.jar = {k: cookie for k, cookie in self.jar.items() if cookie.expires is not None}

    def dump(self):
        """Return the jar as JSON, for `load`."""
        return json.dumps([dataclasses.asdict(cookie) for cookie in self.cookies])

    def load(self, text):
        """Fill the jar from the JSON that `dump` gave. If another build of the page wrote it, the jar is empty."""
        try:
            self.jar = {cookie.key: cookie for cookie in (Cookie(**c) for c in json.loads(text))}
        except (ValueError, TypeError, AttributeError):
            self.jar = {}


def dict_of(form):
    """Return a form (a mapping, or pairs in which a name may recur) as a dict of lists."""
    fields: dict[str, list] = {}
    for name, value in form.items() if hasattr(form, "items") else form:
        fields.setdefault(name, []).append(value)
    return fields
