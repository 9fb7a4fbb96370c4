"""Coroutines in the page's Python, which has one thread, no sockets, and JavaScript's event loop as its own.

An app may call asyncio.run, and Flask runs an `async def` view through asgiref, which starts a thread for its loop.
Here each such loop runs where it is called, until its coroutine is done.
"""

import asyncio
import time
from concurrent.futures import Future


class Waiting:
    """In the place of a selector: nothing comes in from outside, so that waiting is sleeping."""

    def select(self, timeout):
        """Wait for as long as the loop has nothing to do."""
        time.sleep(1 if timeout is None else max(timeout, 0))
        return ()

    def close(self):
        """There is nothing to close."""


class Loop(asyncio.BaseEventLoop):
    """An event loop with timers, tasks and functions. What it runs elsewhere in a thread, it runs at once."""

    def __init__(self):
        super().__init__()
        self._selector = Waiting()

    def _process_events(self, events):
        """There are no events of files or sockets."""

    def _write_to_self(self):
        """No other thread has to wake the loop."""

    def run_in_executor(self, executor, function, *arguments):  # type: ignore[override] # at once, of any kind
        """Call the function; a future with what it returns."""
        future = self.create_future()
        _call(future, function, arguments)
        return future


class AtOnce:
    """An executor without a thread."""

    def __init__(self, max_workers=1):
        pass

    def submit(self, function, *arguments):
        """Call the function; a future with what it returns."""
        future: Future = Future()
        _call(future, function, arguments)
        return future

    def shutdown(self, wait=True):
        """Nothing is left to do."""


def _call(future, function, arguments):
    try:
        future.set_result(function(*arguments))
    except Exception as error:
        future.set_exception(error)


def install():
    """Let asyncio.run make such a loop. Pyodide's own, which is JavaScript's, counts as running all the time."""
    asyncio._set_running_loop(None)
    asyncio.events.new_event_loop = asyncio.new_event_loop = Loop


def install_asgiref():
    """Let asgiref run coroutines, and functions inside of them, in the one thread."""
    from asgiref import sync

    async def call(self, *arguments, **named):
        return self.func(*arguments, **named)

    vars(sync)["ThreadPoolExecutor"] = AtOnce
    setattr(sync.SyncToAsync, "__call__", call)  # noqa: B010 - types don't allow it
