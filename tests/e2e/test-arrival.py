#!/usr/bin/python3
# SPDX-FileCopyrightText: The Postbag contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail that arrives by itself: test-arrival.py PROGRAM CLI, on a virtual screen in a D-Bus session of its own. The test plays
the desktop that shows notifications.

Old mail makes none; new mail makes one; with the window closed it goes on, and a button of the notification does what it says,
in the running program and in one that it starts."""

import email.utils
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import gi

from pop3_server import Pop3Server
from window import Postbag, quiet, until

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

NAME, PATH = "app.postbag.Postbag", "/app/postbag/Postbag"
DAEMON = """<node><interface name='org.freedesktop.Notifications'>
<method name='Notify'><arg type='s' direction='in'/><arg type='u' direction='in'/><arg type='s' direction='in'/>
<arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='as' direction='in'/>
<arg type='a{sv}' direction='in'/><arg type='i' direction='in'/><arg type='u' direction='out'/></method>
<method name='CloseNotification'><arg type='u' direction='in'/></method>
<method name='GetCapabilities'><arg type='as' direction='out'/></method>
<method name='GetServerInformation'><arg type='s' direction='out'/><arg type='s' direction='out'/>
<arg type='s' direction='out'/><arg type='s' direction='out'/></method>
<signal name='ActionInvoked'><arg type='u'/><arg type='s'/></signal></interface></node>"""


class Desktop:
    """Shows notifications to nobody, and presses their buttons."""

    def __init__(self):
        self.shown, self.closed = [], []
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        node = Gio.DBusNodeInfo.new_for_xml(DAEMON)
        self.bus.register_object("/org/freedesktop/Notifications", node.interfaces[0], self._called, None, None)
        Gio.bus_own_name_on_connection(self.bus, "org.freedesktop.Notifications", Gio.BusNameOwnerFlags.NONE, None, None)

    def _called(self, bus, sender, path, interface, method, parameters, invocation):
        if method == "Notify":
            _, _, _, title, body, actions, _, _ = parameters.unpack()
            self.shown.append((title, body, actions))
            invocation.return_value(GLib.Variant("(u)", (len(self.shown),)))
        elif method == "CloseNotification":
            self.closed.append(parameters.unpack()[0])
            invocation.return_value(None)
        elif method == "GetCapabilities":
            invocation.return_value(GLib.Variant("(as)", (["body", "actions"],)))
        else:
            invocation.return_value(GLib.Variant("(ssss)", ("test", "test", "1", "1.2")))

    def press(self, number, label):
        """As desktops do that know of applications: by the action's name and target."""
        actions = self.shown[number - 1][2]
        name, _, target = actions[actions.index(label) - 1].partition("(")
        assert name.startswith("app."), actions
        self.act(name[4:], GLib.Variant.parse(GLib.VariantType("(sa(xsx))"), target[:-1], None, None))

    def call(self, interface, method, arguments):
        self.bus.call_sync(NAME, PATH, interface, method, arguments, None, Gio.DBusCallFlags.NONE, 10000, None)

    def act(self, action, *parameter):
        self.call("org.freedesktop.Application", "ActivateAction",
                  GLib.Variant("(sava{sv})", (action, list(parameter), {})))


def seen(what, condition):
    """Like until (), with the bus at work."""
    context = GLib.MainContext.default()

    def look():
        while context.iteration(False):
            pass
        return condition()

    return until(what, look)


def letter(subject, when):
    return (f"From: Wei Chen <wei@example.org>\r\nTo: robin@example.org\r\nSubject: {subject}\r\n"
            f"Date: {email.utils.formatdate(when)}\r\nMessage-ID: <{subject.replace(' ', '-')}@example.org>\r\n\r\n"
            f"Text of {subject}.\r\n").encode()


def prepare(folder, cli):
    subprocess.run(["gnome-keyring-daemon", "--unlock", "--components=secrets", "--daemonize"],
                   input=b"test", check=True, stdout=subprocess.DEVNULL, env=quiet())
    server = Pop3Server(Path(folder), "robin", "open", [letter(f"old {n}", 1600000000 + n) for n in range(5)])
    subprocess.run([cli, "account", "add", "work", "--address", "robin@example.org", "--user", "robin",
                    "--server", f"localhost:{server.port}", "--trust-certificate", server.fingerprint], check=True)
    subprocess.run([cli, "password", "work"], input=b"open\n", check=True)
    settings = Path(os.environ["XDG_CONFIG_HOME"]) / "glib-2.0" / "settings" / "keyfile"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text("[app/postbag/Postbag]\nrun-in-background=true\n")
    return server


def flags(subject):
    """Of the file with that subject, and its folder."""
    for path in (Path(os.environ["XDG_DATA_HOME"]) / "postbag" / "mail").rglob("*:2,*"):
        try:
            if f"Subject: {subject}\n" in path.read_text():
                return path.name.rpartition(":2,")[2], path.parent.parent.name
        except FileNotFoundError:  # it has just got another flag
            continue
    return None, None


def window_open(desktop, server, app):
    until("old mail", lambda: len(app.message_rows()) == 5)
    server.messages.append(letter("Lunch", time.time()))
    app.focus()
    app.key("F5")
    seen("a notification", lambda: desktop.shown)
    title, body, _ = desktop.shown[0]
    assert (title, body) == ("Wei Chen", "Lunch\nText of Lunch."), desktop.shown
    # Read here, it goes there.
    app.key("Home", "Return")
    seen("the notification withdrawn", lambda: desktop.closed == [1])
    print("ok 1 one notification, and none for old mail", flush=True)


def window_closed(desktop, server, app):
    app.key("ctrl+w")
    until("the window closed", lambda: len(app.root) == 0 or not app.find_window("Postbag"))
    server.messages.append(letter("Tea", time.time()))
    desktop.act("check-mail")
    seen("another notification", lambda: len(desktop.shown) == 2)
    assert flags("Tea") == ("", "work"), flags("Tea")
    desktop.press(2, "Mark as Read")
    seen("the message marked as read", lambda: flags("Tea")[0] == "S")
    server.messages.append(letter("Cake", time.time()))
    desktop.act("check-mail")
    seen("a third notification", lambda: len(desktop.shown) == 3)
    app.quit()
    print("ok 2 mail comes with the window closed", flush=True)


def cold_start(desktop, program, environment):
    """The button of a notification that outlived its program."""
    process = subprocess.Popen([program, "--gapplication-service"], env=dict(quiet(), **environment))
    seen("the program on the bus", lambda: desktop.bus.call_sync(
        "org.freedesktop.DBus", "/", "org.freedesktop.DBus", "NameHasOwner", GLib.Variant("(s)", (NAME,)), None,
        Gio.DBusCallFlags.NONE, 5000, None).unpack()[0])
    desktop.press(3, "Delete")
    seen("the message in the trash", lambda: flags("Cake")[1] == ".Trash")
    assert process.wait(60) == 0, process.returncode
    print("ok 3 a button starts the program, which obeys and goes", flush=True)


def main():
    program, cli = sys.argv[1:]
    environment = {"GSETTINGS_BACKEND": "keyfile"}
    print("1..3", flush=True)
    desktop = Desktop()
    with tempfile.TemporaryDirectory() as folder:
        server = prepare(folder, cli)
        app = Postbag(program, **environment)
        window_open(desktop, server, app)
        window_closed(desktop, server, app)
        cold_start(desktop, program, environment)


if __name__ == "__main__":
    main()
