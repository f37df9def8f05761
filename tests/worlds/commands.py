"""`stra` as whoever types it runs it, but in this process: starting one and importing the libraries takes longer than
most of what is tested. What needs a process of its own (kill, no network, a product that was edited) starts one."""

from typer.testing import CliRunner

from pipelines.commands.cli import app


def stra(*arguments: object, code: int = 0) -> str:
    """All that the command said, errors too. It must end with this exit code, and with no fault of its own."""
    done = CliRunner().invoke(app, list(map(str, arguments)))
    fault = done.exception
    assert fault is None or isinstance(fault, SystemExit), f"{done.output}\n{type(fault).__name__}: {fault}"
    assert done.exit_code == code, done.output
    return str(done.output)
