"""A session that several builds of a test share: each reads the folder of deliveries anew, as a build does."""

from dataclasses import replace

from pipelines.builds.session import Session
from pipelines.fetching.folder import read_folder


def take_in(session: Session) -> int:
    """Take in what is in the folder now; the number of files looked at."""
    return replace(session, folder=read_folder(session.folder.path)).take_in()
