"""What an app prints."""

import io

LOG_LIMIT = 100_000  # characters kept of what the app prints during one call


class Log(io.TextIOBase):
    """What the app prints, until it is taken. Past LOG_LIMIT it is counted, not kept."""

    def __init__(self):
        self.parts, self.size = [], 0

    def writable(self):
        return True

    def write(self, text):
        if not isinstance(text, str):  # click tries whether a stream takes bytes
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if self.size < LOG_LIMIT:
            self.parts.append(text[: LOG_LIMIT - self.size])
        self.size += len(text)
        return len(text)

    def take(self):
        """Return the text since the last call, with a last line about what was cut off."""
        text = "".join(self.parts)
        if self.size > LOG_LIMIT:
            text += f"\n… and {self.size - LOG_LIMIT:,} more characters.\n"
        self.parts, self.size = [], 0
        return text
