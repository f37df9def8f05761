"""End requests that never arrive whole.

The web server waits for the rest of a request for ever, so a few dozen half-sent ones would hold all that it has. It
offers no setting for this, so its protocol is given a clock. A body that stops, or comes a byte at a time, is ended by
`limited`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

HEAD_SECONDS = 15.0  # from the first byte of a request to the end of its headers
BODY_SECONDS = 60.0  # between two parts of a body
WHOLE_SECONDS = 300.0  # from the first part of a body to the last: the largest file that a page takes has 1 MB
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


def install(seconds: float | None = None) -> None:
    """Give every connection of the web server a clock; called once, before the server accepts any."""
    from uvicorn.protocols.http.auto import AutoHTTPProtocol

    limit = HEAD_SECONDS if seconds is None else seconds
    made, received = AutoHTTPProtocol.connection_made, AutoHTTPProtocol.data_received

    def connection_made(self: Any, transport: asyncio.Transport) -> None:
        made(self, transport)
        _wait(self, transport, limit)

    def data_received(self: Any, data: bytes) -> None:
        is_begun = _is_waiting(self)
        received(self, data)
        if not _is_waiting(self):
            _stop(self)
        elif not is_begun or self.half_sent is None:
            _wait(self, self.transport, limit)

    AutoHTTPProtocol.connection_made = connection_made  # type: ignore[method-assign,assignment]
    AutoHTTPProtocol.data_received = data_received  # type: ignore[method-assign]


def _is_waiting(protocol: Any) -> bool:
    """Whether the headers of the next request are still to come."""
    return protocol.cycle is None or protocol.cycle.response_complete


def _wait(protocol: Any, transport: asyncio.Transport, seconds: float) -> None:
    """Close the connection if its request has not begun to be answered in this time."""
    _stop(protocol)

    def end() -> None:
        protocol.half_sent = None
        # a connection that became a page's channel has another protocol, and is no request any more
        if _is_waiting(protocol) and transport.get_protocol() is protocol and not transport.is_closing():
            transport.close()

    protocol.half_sent = asyncio.get_running_loop().call_later(seconds, end)


def _stop(protocol: Any) -> None:
    if getattr(protocol, "half_sent", None) is not None:
        protocol.half_sent.cancel()
    protocol.half_sent = None


def limited(receive: Receive, seconds: float = BODY_SECONDS, whole: float = WHOLE_SECONDS) -> Receive:
    """Receive the parts of a body; one that stops or goes on for too long counts as a closed connection."""
    is_whole = False
    ends_at: float | None = None

    async def received() -> MutableMapping[str, Any]:
        nonlocal is_whole, ends_at
        if is_whole:
            return await receive()
        now = asyncio.get_running_loop().time()
        ends_at = now + whole if ends_at is None else ends_at
        try:
            message = await asyncio.wait_for(receive(), min(seconds, ends_at - now))
        except TimeoutError:
            return {"type": "http.disconnect"}
        is_whole = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    return received
