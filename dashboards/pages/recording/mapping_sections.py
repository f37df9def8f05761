"""Sections of the page "Map an extract": files, questions, what will be measured, the mapping, the build."""

from __future__ import annotations

import hashlib
import html
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import streamlit as st

from casework.store.builds import running_build
from casework.store.refusal import Refused
from dashboards.pages.recording import mapping_text
from dashboards.pages.recording.mapping_text import Reply
from dashboards.parts import forms, page
from dashboards.parts.table import html_table, listed
from dashboards.server import command_line, visit
from dashboards.text import numbers

ANSWERS, SEEN, MEASURED, WRITTEN = "map_answers", "map_reply", "map_measured", "map_written"
AUDIENCE = "integrity"
FEW = 4  # sentences that are read without being opened


def look(data: Path) -> dict[str, Any]:
    """The proposals with the answers given so far, read once for each set of answers. Raises Refused."""
    key = (str(data), _answers())
    kept = st.session_state.get(SEEN)
    if kept is None or kept[0] != key:
        visit.consult(AUDIENCE, f"headings and samples of the files in {data}", None)
        count, read = sum(path.is_file() for path in data.rglob("*")), list[str]()
        with st.status(f"The folder {data} is being read: {numbers.plural(count, 'file')}.", expanded=True) as status:

            def tell(file: str) -> None:
                read.append(file)
                status.update(label=f"File {len(read)} of up to {count} is being read: {file}")

            kept = (key, command_line.ask_map(data, {"answers": _answers()}, tell))
            status.update(label=f"Read: {numbers.plural(len(read), 'file')}.", state="complete", expanded=False)
        st.session_state[SEEN] = kept
    return dict(kept[1])


def look_again() -> None:
    """Draw the button that reads the folder again."""
    if st.button("Read the folder again"):
        _forget()
        st.rerun()


def _answers() -> dict[str, str]:
    return dict(st.session_state.get(ANSWERS, {}))


def _forget() -> None:
    for name in (SEEN, MEASURED, WRITTEN):
        st.session_state.pop(name, None)


def show_unused(notes: Sequence[str]) -> None:
    """Draw what cannot be read or is like no table; folded where it is much, as with a database."""
    if len(notes) > FEW:
        st.html(mapping_text.listed({"Not used": notes}))
        return
    for sentence in notes:
        page.note(sentence)


def show_file(file: Reply, questions: Sequence[Reply]) -> None:
    """Draw one file: its columns with a sample, its codes, and what has to be asked."""
    page.heading(file["name"])
    page.note(mapping_text.reading(file))
    columns = {
        "Column": lambda column: column["label"],
        "Sample": lambda column: ", ".join(column["sample"]) or "not shown",
        "Proposal": mapping_text.proposal,
        "Confidence": mapping_text.confidence,
        "Note": lambda column: column["note"],
    }
    st.html(listed(file["columns"], columns, f"Columns of {file['name']}"))
    if file["tables"]:
        items = "".join(f"<li>{html.escape(line)}</li>" for line in file["tables"])
        st.html(f"<details><summary>Tables made of it ({len(file['tables'])})</summary><ul>{items}</ul></details>")
    if file["codes"]:
        _show_codes(file)
    if questions:
        _ask(file["name"], questions)


def _show_codes(file: Reply) -> None:
    rows = pl.DataFrame(
        [{"field": c["field"], "theirs": c["theirs"], "ours": mapping_text.meaning(c)} for c in file["codes"]]
    ).unique(maintain_order=True)
    columns = {"field": "Field", "theirs": "Your code", "ours": "Meaning"}
    table = html_table(rows, columns, caption=f"Codes of {file['name']}", row_heading="theirs")
    unknown = rows.filter(pl.col("ours") == mapping_text.meaning({"ours": None})).height
    st.html(f"<details><summary>Codes ({rows.height}, {unknown} not known)</summary>{table}</details>")


def _ask(name: str, questions: Sequence[Reply]) -> None:
    """Draw the questions about a file in one form, those about codes last."""
    ordered = sorted(questions, key=mapping_text.is_of_code)
    with st.form(_key("form", name)):
        said = {question["key"]: _field(question) for question in ordered}
        sent = st.form_submit_button("Take these answers")
    if sent:
        st.session_state[ANSWERS] = _answers() | said
        _forget()
        st.rerun()


def _field(question: Reply) -> str:
    words, options = mapping_text.label(question), list(question["options"])
    if because := mapping_text.because(question):
        st.html(f'<p class="note">{html.escape(because)}</p>')
    index = options.index(question["answer"] or question["otherwise"])
    key = _key("question", question["key"])
    if options == ["yes", "no"]:
        return str(st.radio(words, options, index=index, key=key, horizontal=True))
    return str(st.selectbox(words, options, index=index, key=key, format_func=mapping_text.option))


def _key(kind: str, name: str) -> str:
    return f"map_{kind}_{hashlib.sha256(name.encode()).hexdigest()[:16]}"


def show_measured(data: Path) -> None:
    """Draw what a build of the folder would measure with this mapping."""
    page.heading("What will be measured")
    key = (str(data), _answers())
    kept = st.session_state.get(MEASURED)
    if kept is None or kept[0] != key:
        try:
            with st.spinner("The tables and pages that rest on these fields are being looked up."):
                kept = (key, command_line.ask_map(data, {"answers": _answers(), "measured": True}))
        except Refused as words:
            forms.tell(str(words), "missing")
            return
        st.session_state[MEASURED] = kept
    st.html(mapping_text.listed(kept[1]["measured"]))


def show_mapping(data: Path, reply: Reply, who: str) -> None:
    """Draw the text of mapping.toml and the button that writes it."""
    page.heading("mapping.toml")
    written = st.session_state.get(WRITTEN)
    if written:
        page.note(f"This was written to {reply['path']}:")
        st.html(mapping_text.text_region(written, "mapping.toml as it was written"))
    if not reply["text"]:
        if not written:
            page.note("There is nothing new to write.")
        return
    page.note(
        "This will be the whole file. A line that begins with # is still open, and you may decide it later."
        if reply["is_new"]
        else "mapping.toml says something else of the same tables or words. Nothing that a person wrote is replaced "
        "here: take those out of it, or run `stra map`, which asks."
    )
    st.html(mapping_text.text_region(reply["text"], "mapping.toml as it would be written"))
    if st.button("Write mapping.toml", disabled=not who or not reply["is_new"], type="primary"):
        forms.attempt(lambda: _write(data, reply), f"Written: {reply['path']}.")


def _write(data: Path, reply: Reply) -> None:
    """Write what the page shows. Raises Refused if it cannot be logged, or if the folder has changed."""
    visit.act("alteration", AUDIENCE, f"mapping.toml of {data}")
    after = command_line.ask_map(data, {"answers": _answers(), "write": reply["seen"]})
    if after["problem"]:
        raise Refused(after["problem"])
    measured = st.session_state.get(MEASURED)
    _forget()
    st.session_state.pop(ANSWERS, None)
    st.session_state[WRITTEN] = after["text"]
    if measured is not None:  # what was written measures what was shown
        st.session_state[MEASURED] = ((str(data), _answers()), measured[1])


def show_build(data: Path, home: Path, who: str) -> None:
    """Draw the button that builds, and how the last build has ended."""
    page.heading("Build")
    is_running = command_line.is_starting(home) or running_build(home) is not None
    ended = command_line.ended_build(home)
    if is_running:
        page.note("A build is running. The figures change when it has ended.")
        st.fragment(_watch, run_every="2s")(home)
    elif ended is not None:
        code, lines = ended
        forms.tell(mapping_text.build_ended(code), "done" if code in mapping_text.EXIT_CODES else "missing")
        st.html(mapping_text.text_region("\n".join(lines), "Last lines of the build"))
    if st.button("Build and publish", disabled=is_running or not who):
        forms.attempt(lambda: _build(data, home), "The build was started. You may leave this page.")
    page.note(f"On the server's terminal it is: {shlex.join(command_line.build_command(data, home))}")


def _build(data: Path, home: Path) -> None:
    visit.act("collection", AUDIENCE, f"build of {data} started")
    command_line.start_build(data, home)


def _watch(home: Path) -> None:
    """Redraw the page when a build has ended."""
    if not command_line.is_starting(home) and running_build(home) is None:
        st.rerun(scope="app")
