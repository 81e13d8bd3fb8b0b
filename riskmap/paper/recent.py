"""Recent: the last files this process typeset, so that a map everybody opens is drawn once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable


class Recent:
    """Files by key, the least recently used given up when they exceed ``most_bytes`` together."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self._files: OrderedDict[str, bytes] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get_or_make(self, key: str, make: Callable[[], bytes]) -> bytes:
        """The file of the key, made now unless it is here."""
        with self._lock:
            if key in self._files:
                self._files.move_to_end(key)
                return self._files[key]
        body = make()
        with self._lock:
            self._bytes += len(body) - len(self._files.pop(key, b""))
            self._files[key] = body
            while self._bytes > self.most_bytes:
                self._bytes -= len(self._files.popitem(last=False)[1])
        return body
