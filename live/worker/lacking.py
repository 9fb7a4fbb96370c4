"""What no app can do in the page, and how it is told: this Python has no threads, processes, sockets and input."""

import errno
import io
import os
import re
import sys

# What no app can do in the page, and how Python says so at the end of a traceback.
LACKING = {
    "start threads": r"^RuntimeError: can't start new thread",
    "start processes": r"does not support processes|No module named '_?multiprocessing'",
    "read input": r"^EOFError: EOF when reading a line",
    # Emscripten's numbers for: host is unreachable, not connected, not supported.
    "connect to other servers": r"^[\w.]+: .*(\[Errno (23|53|138)\]|TLS not supported|NetworkError)"
    r"|^(socket|smtplib)\.\w+: ",
}


def prepare():
    """Have what would end this Python, or pretend to do something, raise an exception."""
    sys.stdin = io.StringIO()  # at its end, as that of a server without a terminal
    posix = sys.modules["posix"]
    for module in (os, posix):
        vars(module).update(dict.fromkeys(("_exit", "abort"), _leave))
        vars(module).update(dict.fromkeys(("fork", "system", "execv", "execve"), _no_process))


def _leave(status=1):
    """os._exit and os.abort, which would end Python in this worker without a word."""
    raise SystemExit(status)


def _no_process(*arguments):
    """What starts a process or becomes another one. os.system would return -1."""
    raise OSError(errno.ENOTSUP, "emscripten does not support processes.")


def sentence(log):
    """Return a sentence about what no app can do here if that is why the log ends with a traceback; else ""."""
    what = next((what for what, pattern in LACKING.items() if re.search(pattern, log, re.MULTILINE)), None)
    return what and f"In this page, an app can't {what}. Run the app on your computer." or ""
