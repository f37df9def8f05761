"""A session of the dashboards without a browser: it speaks Streamlit's own protocol over a websocket and keeps what a
browser would draw. Many of them fit on a small machine, which as many browsers do not."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from google.protobuf.message import Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Selectbox_pb2 import Selectbox
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

# names given anew for every session, and whether it is the server that set a choice
VOLATILE = {"download_button": ("url", "deferred_file_id"), "selectbox": ("set_value", "raw_value")}
UNDRAWN = "This page could not be shown"


@dataclass(frozen=True)
class Drawn:
    """A page as it was drawn: seconds from asking to its end, its elements in order, and what went wrong."""

    page: str
    asked_at: float  # time.monotonic
    seconds: float
    elements: tuple[bytes, ...]
    faults: tuple[str, ...]
    query: str = ""  # the choices of its filters, as they stand in the address
    files: Mapping[str, str] = field(default_factory=dict)  # button that hands a file out -> by what to ask

    def says(self, words: str) -> bool:
        """Whether any element holds these words."""
        return any(words.encode() in element for element in self.elements)


class Session:
    """One visitor: a websocket, opened on entry. Filters are chosen by the address, or in their lists. `headers` are
    what a proxy before the server would add, or a browser's cookies; `token` proves that a page of the server asks."""

    def __init__(self, address: str, headers: Mapping[str, str] | None = None, token: str = "") -> None:
        self.token = token
        self.address, self.headers = address, {"Origin": address, **(headers or {})}
        self._socket: ClientConnection | None = None
        self._id = ""  # the server's name for this session, which it wants to hear again
        self._hashes: dict[str, str] = {}  # of the pages on offer: by them a browser asks for all but the first
        self._lists: dict[str, Selectbox] = {}  # of the page that was drawn last, by their labels
        self._chosen: dict[str, str] = {}  # list -> the option that was chosen in it

    async def __aenter__(self) -> Self:
        stream = self.address.replace("http://", "ws://") + "/_stcore/stream"
        named = [Subprotocol(name) for name in ("streamlit", self.token) if name]
        self._socket = await connect(
            stream, subprotocols=named, max_size=None, proxy=None, origin=self.headers["Origin"],
            additional_headers={name: value for name, value in self.headers.items() if name != "Origin"},
        )  # fmt: skip
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._socket is not None
        await self._socket.close()

    @property
    def name(self) -> str:
        """The server's name for this session."""
        return self._id

    @property
    def offered(self) -> frozenset[str]:
        """Addresses of the pages that the server offered with the last one drawn."""
        return frozenset(self._hashes)

    async def open(self, page: str, query: str = "") -> Drawn:
        """Ask for a page by its address, filters included, and wait until the server has drawn all its sections."""
        self._chosen = {}
        return await self._run(page, query)

    async def choose(self, drawn: Drawn, label: str, option: str) -> Drawn:
        """Choose an option of a list of the page that was drawn last: that page as it is then."""
        box = self._lists[label]
        assert option in box.options, (label, option, list(box.options))
        self._chosen[box.id] = option
        return await self._run(drawn.page, drawn.query)

    async def _run(self, page: str, query: str) -> Drawn:
        assert self._socket is not None, "a session is opened with `async with`"
        asked = BackMsg()
        asked.rerun_script.page_name = page
        asked.rerun_script.page_script_hash = self._hashes.get(page, "")
        asked.rerun_script.query_string = query if "section=" in query else f"{query}&section=all".lstrip("&")
        asked.rerun_script.context_info.url = f"{self.address}/{page}"
        asked.rerun_script.context_info.timezone = "Europe/London"
        for box, option in self._chosen.items():
            asked.rerun_script.widget_states.widgets.add(id=box, string_value=option)
        asked_at = time.monotonic()
        await self._socket.send(asked.SerializeToString())
        elements: dict[tuple[int, ...], bytes] = {}
        faults: list[str] = []
        files: dict[str, str] = {}
        while True:
            told = ForwardMsg.FromString(await self._socket.recv(decode=False))
            kind = told.WhichOneof("type")
            if kind == "new_session":
                self._id = told.new_session.initialize.session_id
                elements, faults, files, self._lists = {}, [], {}, {}  # a page that leads to another begins anew
            elif kind == "delta" and told.delta.WhichOneof("type") == "new_element":
                element, place = told.delta.new_element, tuple(told.metadata.delta_path)
                if element.WhichOneof("type") == "selectbox":
                    self._lists[element.selectbox.label] = Selectbox.FromString(element.selectbox.SerializeToString())
                if element.WhichOneof("type") == "download_button":
                    key = element.download_button.id.split("-", 2)[-1]
                    files[f"{element.download_button.label} {place} {key}"] = element.download_button.deferred_file_id
                elements[place] = _lasting(element)
                faults += _faults(element)
            elif kind == "navigation":
                self._hashes = {offered.url_pathname: offered.page_script_hash for offered in told.navigation.app_pages}
            elif kind == "page_info_changed":
                query = told.page_info_changed.query_string
            elif kind == "page_not_found":
                faults.append(f"no such page: {page}")
            elif kind == "script_finished":
                if told.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                    break
                if told.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                    faults.append("the script could not be compiled")
                    break
        drawn = tuple(elements[path] for path in sorted(elements))
        return Drawn(page, asked_at, time.monotonic() - asked_at, drawn, tuple(faults), query, files)

    async def take(self, file: str) -> str:
        """Press a button that hands a file out: the file's address; empty where it was refused."""
        assert self._socket is not None, "a session is opened with `async with`"
        asked = BackMsg()
        asked.backend_operation_request.request_id = file
        asked.backend_operation_request.session_id = self._id
        asked.backend_operation_request.deferred_file.file_id = file
        await self._socket.send(asked.SerializeToString())
        while True:
            told = ForwardMsg.FromString(await self._socket.recv(decode=False))
            if told.WhichOneof("type") == "backend_operation_response":
                return told.backend_operation_response.deferred_file.url


def _faults(element: Message) -> list[str]:
    """What a visitor would be told of a fault."""
    kind = element.WhichOneof("type")
    if kind == "exception":
        return [f"{element.exception.type}: {element.exception.message}"]
    return [UNDRAWN] if kind == "html" and UNDRAWN in element.html.body else []


def _lasting(element: Message) -> bytes:
    """The element without names that say nothing of its content."""
    kind = element.WhichOneof("type")
    for name in VOLATILE.get(kind or "", ()):
        getattr(element, kind).ClearField(name)
    element.ClearField("has_one_shot_effect")  # the same again
    return element.SerializeToString(deterministic=True)
