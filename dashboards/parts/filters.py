"""Filters that live in the URL: a reload or a shared link shows the same view."""

from __future__ import annotations

import html
from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

REMEMBERED = "remembered_filters"
LONGEST_SEARCH = 60  # characters


def choose(
    label: str,
    options: Mapping[str, str],
    key: str,
    *,
    default: str | None = None,
    place: DeltaGenerator | None = None,
    forgets: str = "",
) -> str:
    """Let the user choose one of `options`, kept in the query parameter `key`.

    `options` maps the value in the URL to the words on the page. Precedence: the URL, the last choice under the same
    key on another page, `default`, the first option. A single option is shown as words only. `forgets`: the key of a
    filter whose choice means nothing under another value of this one. Raises ValueError without any option.
    """
    if not options:
        raise ValueError(f"the filter {label!r} has nothing to choose from")
    place = place or st.container()
    if len(options) == 1:
        value, words = next(iter(options.items()))
        place.html(f'<p class="fixed"><span>{html.escape(label)}</span>{html.escape(words)}</p>')
        return value
    widget = f"filter_{key}"
    asked = st.query_params.get(key)
    remembered: dict[str, str] = st.session_state.setdefault(REMEMBERED, {})
    is_new = widget not in st.session_state
    # the widget's callback has already written its own change to the URL: a difference means that the URL moved
    if is_new or st.session_state[widget] not in options or (asked in options and asked != st.session_state[widget]):
        wanted = (asked, remembered.get(key), default, next(iter(options)))
        st.session_state[widget] = next(value for value in wanted if value in options)
    else:  # Streamlit drops a choice made on another page unless it is set on this one
        st.session_state[widget] = st.session_state[widget]
    if is_new and asked is not None and asked not in options:
        place.info(
            f"The link asks for “{_plain(asked)}” under {label.lower()}, which this copy does not hold. "
            "Another choice is shown."
        )
    value = place.selectbox(
        label,
        list(options),
        format_func=lambda v: options.get(v, v),
        key=widget,
        on_change=_to_url,
        args=(key, widget, forgets),
    )
    remembered[key] = value
    if st.query_params.get(key) != value:
        st.query_params[key] = value
    return str(value)


def search(label: str, key: str, *, place: DeltaGenerator | None = None) -> str:
    """The words that the user searches for, kept in the query parameter `key`; "" for none."""
    widget = f"filter_{key}"
    asked = st.query_params.get(key, "")[:LONGEST_SEARCH]
    st.session_state[widget] = asked  # the callback has already written a change to the URL
    (place or st.container()).text_input(
        label, key=widget, max_chars=LONGEST_SEARCH, on_change=_to_url, args=(key, widget)
    )
    return " ".join(asked.split())


def address(**changed: str) -> str:
    """The address of this page with some choices changed."""
    return f"?{query(**{**st.query_params.to_dict(), **changed})}"


def go(**changed: str) -> None:
    """Change some choices at once, in a widget's callback: one step back undoes them."""
    st.query_params.update(changed)


def query(**chosen: str) -> str:
    """The query string of an address with these choices."""
    return urlencode(chosen)


def _to_url(key: str, widget: str, forgets: str = "") -> None:
    if forgets:
        st.session_state.pop(f"filter_{forgets}", None)
        st.session_state[REMEMBERED].pop(forgets, None)
    kept = {name: value for name, value in st.query_params.to_dict().items() if name != forgets}
    st.query_params.from_dict({**kept, key: st.session_state[widget]})  # at once: one step back undoes it


def _plain(text: str) -> str:
    """Text without Markdown's or Streamlit's own markup characters."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>()#+-.!|:$~" else c for c in text[:120])
