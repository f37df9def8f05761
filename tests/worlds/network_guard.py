"""The guard: as sitecustomize.py in a folder on PYTHONPATH, Python imports it before anything else, in child processes
too.

Every attempt to reach beyond this machine, or to look up a name, is refused and written to the file that GUARD_RECORD
names, and so is the command of each process that is guarded, and what it imports in a second thread. It hears of both
from the interpreter itself (audit events, PEP 578), whatever function of the socket module is called.
"""

import _thread
import ipaddress
import json
import os
import pathlib
import subprocess
import sys

RECORD = os.environ["GUARD_RECORD"]
FIRST = _thread.get_ident()
HERE = str(pathlib.Path(__file__).resolve().parent)
BY_ADDRESS = ("socket.connect", "socket.sendto", "socket.sendmsg", "socket.bind")  # (socket, address)
BY_NAME = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo")


def note(kind, what):
    """One line, whole, in a file that several processes write to."""
    handle = os.open(RECORD, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(handle, (json.dumps([kind, what, sys.orig_argv]) + "\n").encode())
    os.close(handle)


def is_here(host):
    """Whether a host, as a program would name it, is this machine as seen from itself alone."""
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    try:
        return text in (None, "localhost") or ipaddress.ip_address(text).is_loopback
    except ValueError:
        return False


def hear(event, arguments):
    """Refuse and note what leads beyond."""
    if event in BY_ADDRESS:
        address = arguments[1]
        hosts = [address[0]] if isinstance(address, tuple) else []  # a path is a socket of this machine's files
    elif event in BY_NAME:
        hosts = [arguments[0][0] if event == "socket.getnameinfo" else arguments[0]]
    elif event == "import" and _thread.get_ident() != FIRST:
        note("imported", arguments[0])
        return
    else:
        return
    for host in hosts:
        if not is_here(host):
            note("attempt", f"{event} {host!r}")
            raise OSError(f"the guard refuses {event} {host!r}")


def carried(environment):
    """An environment that the guard goes with."""
    path = environment.get("PYTHONPATH", "")
    kept = {**environment, "GUARD_RECORD": RECORD}
    return kept if HERE in path.split(os.pathsep) else {**kept, "PYTHONPATH": HERE + os.pathsep + path}


def start(self, *arguments, env=None, real=subprocess.Popen.__init__, **named):
    """A child process, guarded whatever environment it is given."""
    real(self, *arguments, env=carried(os.environ if env is None else env), **named)


def execute(path, arguments, environment, real=os.execve):
    """Another program in place of this one, guarded too."""
    real(path, arguments, carried(environment))


sys.addaudithook(hear)
subprocess.Popen.__init__ = start
os.execve = execute
note("guarded", "")
