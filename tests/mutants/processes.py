"""The processes that the command starts. They end with it, and with each of them what it started."""

import contextlib
import signal
import subprocess
import threading

PATIENCE = 30  # seconds that a process may take to end its servers


class Processes:
    """Starts processes, each in a session of its own, so that only `end` decides when Ctrl-C ends them."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.running: set[subprocess.Popen] = set()
        self.ended = False

    def start(self, command: list[str], **options: object) -> subprocess.Popen:
        """Start one; InterruptedError after the end."""
        with self.lock:
            if self.ended:
                raise InterruptedError
            self.running = {process for process in self.running if process.poll() is None}
            process = subprocess.Popen(command, start_new_session=True, **options)  # type: ignore[call-overload] # a dict
            self.running.add(process)
            return process

    def end(self) -> None:
        """End all, and start no other."""
        with self.lock:
            self.ended = True
            for process in self.running:
                process.terminate()
            for process in self.running:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(PATIENCE)
                process.kill()


def end_when_asked() -> None:
    """Let SIGTERM end this process as Ctrl-C does, so that it can end what it started."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
