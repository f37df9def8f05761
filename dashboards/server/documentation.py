"""The documentation beside the pages, at /docs.

It is built on the first request and then served from memory. It holds no force's data, so anyone whom the gate admits
may read it, signed in or not. Only the site's own files are served: an address is looked up by name and never opened as
a path.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import tempfile
from pathlib import Path

from starlette.responses import PlainTextResponse, RedirectResponse, Response

from dashboards.server.gate import DOCUMENTATION, App, Message, Receive, Send

ROOT = Path(__file__).resolve().parent.parent
LOG = logging.getLogger("stra.dashboards")
TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".png": "image/png"}


class Documentation:
    """ASGI middleware behind the gate: answers /docs, passes on other requests."""

    def __init__(self, app: App, base_path: str = "") -> None:
        self.app = app
        self.base = "/" + base_path.strip("/") if base_path.strip("/") else ""
        self.site: dict[str, bytes] = {}
        self.is_building = asyncio.Lock()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path = str(scope.get("path", "")).removeprefix(self.base)
        if scope["type"] != "http" or not f"{path}/".startswith(f"{DOCUMENTATION}/"):
            await self.app(scope, receive, send)
            return
        answer = await self._answer(path.removeprefix(DOCUMENTATION), str(scope["method"]))
        await answer(scope, receive, send)

    async def _answer(self, name: str, method: str) -> Response:
        if method not in ("GET", "HEAD"):
            return PlainTextResponse("The documentation is read-only.", 405, {"allow": "GET, HEAD"})
        if not name:  # links in its pages are relative to the folder
            return RedirectResponse(f"{self.base}{DOCUMENTATION}/", 308)
        async with self.is_building:
            if not self.site:
                try:
                    self.site = await build()
                except (OSError, RuntimeError):
                    LOG.exception("the documentation could not be built")
        if not self.site:
            return PlainTextResponse("The documentation could not be built; the server's log has the reason.", 503)
        name = name.removeprefix("/") or "index.html"
        if name not in self.site:
            return PlainTextResponse("There is nothing here.", 404)
        kind = TYPES.get(Path(name).suffix, "text/plain")
        return Response(self.site[name], headers={"cache-control": "max-age=3600"}, media_type=kind)


async def build() -> dict[str, bytes]:
    """Every file of the site by its address below /docs/.

    Takes some seconds, in a process of its own. The builder needs 100 MB once, and a server that runs for weeks would
    never give that back. Raises RuntimeError if the build fails.
    """
    with tempfile.TemporaryDirectory(prefix="stra-docs-") as folder:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "docs.site", folder,
            cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        words, _ = await process.communicate()
        if process.returncode != 0:
            raise RuntimeError(words.decode(errors="replace")[-3000:])
        return await asyncio.to_thread(_read_pages, Path(folder))


def _read_pages(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and file.suffix != ".map"
    }
