"""The numbers now in a document, read back from its file.

HTML and Word files name the reference of each number.
"""

import json
import zipfile
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Self
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import ParseError, fromstring

from casework.store.refusal import Refused

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MOST_BYTES = 200_000_000  # a part of a Word document that unpacks to more is not opened


@dataclass(frozen=True)
class Seen:
    """A number's reference, and the words printed for it."""

    ref: str
    text: str


def numbers(path: Path) -> list[Seen] | None:
    """All numbers in order; None for a format that does not name them.

    Raises Refused.
    """
    try:
        if path.suffix.lower() == ".html":
            return _Page.of(path.read_text(encoding="utf-8")).found
        if path.suffix.lower() == ".docx":
            return _in_docx(_part(path, "word/document.xml"))
    except (OSError, ValueError, zipfile.BadZipFile, KeyError, ParseError) as problem:
        raise Refused(f"{path}: cannot be read any more ({type(problem).__name__})") from problem
    return None


def manifest(path: Path) -> str:
    """The hash of the manifest that the document names as its source; "" without one."""
    try:
        if path.suffix.lower() == ".html":
            return _Page.of(path.read_text(encoding="utf-8")).manifest
        if path.suffix.lower() in (".docx", ".pptx"):
            properties = fromstring(_part(path, "docProps/core.xml"))
            return properties.findtext("{http://purl.org/dc/elements/1.1/}identifier") or ""
        if path.suffix.lower() == ".json":
            return str(json.loads(path.read_text(encoding="utf-8"))["manifest_sha256"])
    except (OSError, ValueError, zipfile.BadZipFile, KeyError, TypeError, ParseError):
        return ""
    return ""


def _part(path: Path, name: str) -> bytes:
    with zipfile.ZipFile(path) as packed:
        if packed.getinfo(name).file_size > MOST_BYTES:
            raise zipfile.BadZipFile(f"{name} is too large")
        return packed.read(name)


def _in_docx(content: bytes) -> list[Seen]:
    found = []
    for control in fromstring(content).iter(f"{W}sdt"):
        tag = control.find(f"{W}sdtPr/{W}tag")
        inner = control.find(f"{W}sdtContent")
        if tag is not None and inner is not None:
            found.append(Seen(tag.get(f"{W}val", ""), _words(inner)))
    return found


def _words(element: Element) -> str:
    return "".join(part.text or "" for part in element.iter(f"{W}t"))


class _Page(HTMLParser):
    """Collects the numbers of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Seen] = []
        self.manifest, self._ref, self._text = "", "", ""

    @classmethod
    def of(cls, content: str) -> Self:
        """The page, read."""
        page = cls()
        page.feed(content)
        page.close()
        return page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, Any]]) -> None:
        held = dict(attrs)
        if tag == "meta" and held.get("name") == "stra-manifest":
            self.manifest = str(held.get("content") or "")
        if tag == "data" and held.get("data-table"):
            self._ref, self._text = str(held.get("value") or ""), ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "data" and self._ref:
            self.found.append(Seen(self._ref, self._text))
            self._ref = ""
