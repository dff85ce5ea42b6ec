# SPDX-FileCopyrightText: The Postbag contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Postbag as somebody sees it who cannot see: through the accessibility tree, with keys from xdotool. Everything waits by
looking again, never by sleeping for a while and hoping."""

import os
import signal
import subprocess
import time

import pyatspi

PATIENCE = 60


def until(what, condition, patience=PATIENCE):
    """What @condition gives, once that is true."""
    deadline = time.monotonic() + patience
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"waited in vain for: {what}")
        time.sleep(0.05)


def nodes(node):
    """@node and all below it, but for what is inside of the rows of messages, whose names say it all: each look is a
    message on the bus. What vanishes meanwhile is passed over."""
    try:
        yield node
        rows = node.getRoleName() == "list" and node.name == "Messages"
        for child in list(node):
            if child is not None:
                yield from [child] if rows else nodes(child)
    except Exception:  # pyatspi raises GLib.Error, LookupError and more for objects that are gone
        return


def children(node):
    """Those of its children that are still there."""
    try:
        return [child for child in list(node) if child is not None and child.name is not None]
    except Exception:
        return []


def quiet():
    """An environment without fatal warnings: other programs have their own, and so has GTK's accessibility bridge on
    this floor, when a dialog goes while somebody looks at it."""
    return {name: value for name, value in os.environ.items() if name != "G_DEBUG"}


def plain(text):
    """Without the isolates around what came from outside."""
    return text.replace("\u2068", "").replace("\u2069", "")


def press(node):
    assert node.queryAction().doAction(0)


class Postbag:
    def __init__(self, program, *arguments, log=None, **environment):
        """@log: a file for what it says on standard error."""
        with open(log or os.devnull, "wb") as file:
            self.process = subprocess.Popen([program, *arguments], env=dict(quiet(), **environment),
                                            stderr=file if log else None)
        self.root = until("the application on the accessibility bus", self._find_root)

    def _find_root(self):
        assert self.process.poll() is None, "Postbag ended"
        for application in pyatspi.Registry.getDesktop(0):
            try:
                if application.get_process_id() == self.process.pid and len(application):
                    return application
            except Exception:  # one that just went
                continue
        return None

    def find(self, role, name, inside=None):
        """The first node of that role whose name contains @name, or None."""
        for node in nodes(inside or self.root):
            try:
                if node.getRoleName() == role and name in plain(node.name):
                    return node
            except Exception:
                continue
        return None

    def wait_for(self, role, name, inside=None):
        return until(f"{role} “{name}”", lambda: self.find(role, name, inside))

    def window(self, name):
        return until(f"window “{name}”", lambda: self.find_window(name))

    def find_window(self, name):
        """A file chooser has no role of its own on every GTK, so that it is the place in the tree that counts."""
        assert self.process.poll() is None, "Postbag ended"
        return next((node for node in children(self.root) if name in plain(node.name)), None)

    def pane(self, kind):
        """The widget of that class (its name where it has no other)."""
        return self.wait_for("filler", kind)

    def message_rows(self):
        names = self.find("list", "Messages")
        return [row.name for row in children(names)] if names else []

    def body(self):
        document = self.find("document text", "")
        return document.description if document else ""

    def fill(self, window, name, text):
        field = self.find("text", name, window)
        assert field, f"no field “{name}”"
        field.queryEditableText().setTextContents(text)
        until(f"“{text}” in {name}", lambda: field.queryText().characterCount == len(text))

    def focus(self):
        """Keys go to the main window; without a window manager somebody must say so."""
        ids = until("an X window", lambda: subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--pid", str(self.process.pid)],
            capture_output=True, text=True).stdout.split())
        subprocess.run(["xdotool", "windowfocus", "--sync", ids[0]], check=True)

    def key(self, *keys):
        subprocess.run(["xdotool", "key", *keys], check=True)

    def quit(self):
        """Ends it politely; the exit status must say that all went well."""
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(PATIENCE) == 0, self.process.returncode
