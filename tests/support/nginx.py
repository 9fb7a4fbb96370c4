"""A real nginx in front of an app, from a configuration of its own."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.support import needs, servers

# One process, which ends with the test and writes into its own folder alone; certificate.pem and key.pem are there.
MAIN = """
daemon off;
master_process off;
pid nginx.pid;
events {{}}
http {{
  access_log off;
  client_body_temp_path temporary/1;
  proxy_temp_path temporary/2;
  fastcgi_temp_path temporary/3;
  uwsgi_temp_path temporary/4;
  scgi_temp_path temporary/5;
  {http}
}}
"""
CERTIFICATE = (
    "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=app.example "
    "-addext subjectAltName=DNS:app.example -keyout key.pem -out certificate.pem"
)


def program() -> str:
    """The path of nginx; Debian keeps it where only root looks. The test is left out if there is none."""
    path = os.pathsep.join([os.environ["PATH"], "/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin"])
    return shutil.which("nginx", path=path) or needs.missing(
        "nginx (Debian: apt-get install nginx; macOS: brew install nginx)"
    )


@contextlib.contextmanager
def serving(http: str, folder: Path, port: int) -> Iterator[None]:
    """Run nginx with `http` in its configuration until the block ends. It listens on `port`, with TLS or without."""
    (folder / "temporary").mkdir(parents=True)
    (folder / "nginx.conf").write_text(MAIN.format(http=http), "utf-8")
    if " ssl;" in http:
        subprocess.run(CERTIFICATE.split(), cwd=folder, check=True, capture_output=True)
    # Plain HTTP is answered with 400 where TLS is asked for: nginx is there.
    with servers.running(
        [program(), "-p", str(folder), "-c", "nginx.conf", "-e", "stderr"], folder, f"http://127.0.0.1:{port}/"
    ):
        yield
