#!/usr/bin/python3
# SPDX-FileCopyrightText: The Postbag contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real window, used: test-window.py PROGRAM, on a virtual screen in a D-Bus session of its own.

Sample mail is listed, opened, read, an attachment saved, a message moved to the trash and back. Then an account is made by
hand: its certificate trusted, its password kept by a real gnome-keyring-daemon, its mail received, checked, stopped."""

import email
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from keyring import start_keyring
from letters import letter
from pop3_server import Pop3Server
from window import Postbag, children, plain, press, quiet, until

PASSWORD = "Sesam, öffne 1001"


# ---- Sample mail ----


def stored_messages(folder):
    return [path for path in Path(folder).glob("postbag-profile-*/data/mail/*/*/*") if path.parent.name in ("cur", "new")]


def reads_a_message(app):
    until("all sample mail in the list", lambda: len(app.message_rows()) >= 20)
    hidden = sum(int(number) - 1 for number in re.findall("conversation of ([0-9]+) messages", "\n".join(app.message_rows())))
    app.wait_for("label", f"{len(app.message_rows()) + hidden} messages")
    assert app.message_rows()[0].startswith("Unread, Postbag: Welcome to Postbag"), app.message_rows()[0]

    app.focus()
    app.key("Home", "Return")
    view = app.pane("PbMessageView")
    app.wait_for("label", "Welcome to Postbag", view)
    app.wait_for("label", "hello@postbag.example.org", view)
    until("the text of the message", lambda: "This mailbox was just fetched" in app.body())
    until("the message marked as read", lambda: app.message_rows()[0].startswith("Postbag: Welcome"))


def check_once_more(app):
    before = len(app.message_rows())
    app.key("F5")
    app.key("Down")  # the list still answers, and what was fetched once does not come twice
    until("another message open", lambda: "This mailbox was just fetched" not in app.body())
    assert len(app.message_rows()) == before


def searches(app):
    everything = len(app.message_rows())
    app.focus()
    app.key("ctrl+f")
    field = app.wait_for("entry", "Search").queryEditableText()
    field.setTextContents("lighthouse")
    until("only what has the word", lambda: 0 < len(app.message_rows()) < everything)
    assert "lighthouse" in app.message_rows()[0], app.message_rows()
    field.setTextContents("会议")
    until("a Chinese word of two characters", lambda: any("周明远" in row for row in app.message_rows()))
    field.setTextContents("nothing-has-this-word")
    press(app.wait_for("push button", "Search Everywhere"))
    app.wait_for("label", "Nothing Found")
    app.key("Escape")
    until("all messages again", lambda: len(app.message_rows()) == everything)


def saves_an_attachment(app, folder):
    for _ in range(30):
        if app.find("push button", "Save "):
            break
        opened = app.body()
        app.key("Down")
        until("the next message", lambda: app.body() != opened)
    button = app.wait_for("push button", "Save ")
    name = plain(button.name).removeprefix("Save ")
    target = Path(folder) / "saved by hand.bin"
    press(button)
    dialog = app.window("Save Attachment")
    until("the proposed name", lambda: name in [
        t.queryText().getText(0, t.queryText().characterCount) for t in [app.find("text", "", dialog)] if t])
    app.fill(dialog, "", str(target))
    press(app.wait_for("push button", "Save", dialog))
    until("the saved file", target.exists)

    wanted = None
    for path in stored_messages(folder):
        for part in email.message_from_bytes(path.read_bytes()).walk():
            if part.get_filename() == name:
                wanted = part.get_payload(decode=True)
    assert wanted is not None, f"no stored message has {name}"
    assert target.read_bytes() == wanted
    print(f"# {name}: {len(wanted)} bytes, the same")


def trash_and_back(app):
    before = app.message_rows()
    app.key("Delete")
    until("one message less", lambda: len(app.message_rows()) == len(before) - 1)
    app.key("ctrl+z")
    until("the message back", lambda: len(app.message_rows()) == len(before))


def reads_a_conversation(app):
    row = until("one row for the conversation", lambda: next((
        name for name in app.message_rows() if "A weekend in the hills?" in name), None))
    assert "conversation of 4 messages" in row, row
    app.focus()
    app.key("Home")
    for _ in range(app.message_rows().index(row)):
        app.key("Down")
    lines = app.wait_for("list", "Conversation", app.pane("PbMessageView"))
    until("a line for each message", lambda: len(children(lines)) == 4)
    until("the first unread one", lambda: "my boots are mended" in app.body())
    app.key("Return")

    # The keys that read on go through it, and so to the newest of its messages.
    for text in ("my telephone never", "Granted", "are the best part"):
        app.key("alt+Down")
        until(f"“{text}” on the screen", lambda text=text: text in app.body())
    until("all of it read", lambda: any(
        "A weekend in the hills?" in name and not name.startswith("Unread") for name in app.message_rows()))

    # What is done is done to all of it.
    before = app.message_rows()
    app.key("Delete")
    until("the row gone", lambda: len(app.message_rows()) == len(before) - 1)
    app.wait_for("label", "4 messages moved to the trash")
    app.key("ctrl+z")
    until("the row back", lambda: len(app.message_rows()) == len(before))


def sample_mail(program):
    with tempfile.TemporaryDirectory() as folder:
        app = Postbag(program, "--demo", TMPDIR=folder)
        reads_a_message(app)
        check_once_more(app)
        reads_a_conversation(app)
        searches(app)
        saves_an_attachment(app, folder)
        trash_and_back(app)
        app.quit()
        left = [path.name for path in Path(folder).glob("postbag-profile-*")]
        assert left == [], f"left behind: {left}"


# ---- An account by hand ----


def fills_the_form(app, server):
    press(app.wait_for("push button", "Add Account"))
    press(app.wait_for("push button", "Set Up by Hand", app.window("Add Account")))
    form = app.window("Set Up by Hand")
    app.fill(form, "Email Address", "robin@example.org")
    user = app.find("text", "User Name", form).queryText()
    until("the user name following the address", lambda: user.getText(0, user.characterCount) == "robin@example.org")
    app.fill(form, "POP3 Server", "localhost")
    app.fill(form, "Port", str(server.port))
    app.fill(form, "User Name", server.user)
    app.fill(form, "Password", PASSWORD)
    return form


def tests_and_trusts(app, form, server):
    press(app.find("push button", "Test", form))
    spaced = ":".join(server.fingerprint[i:i + 2] for i in range(0, 64, 2)).upper()
    app.wait_for("label", "Nobody vouches for the certificate of the server", form)
    app.wait_for("label", spaced, form)
    press(app.find("push button", "Trust This Certificate", form))
    app.wait_for("label", "It works", form)
    app.wait_for("label", f"{len(server.messages)} messages wait on the server", form)


def keeps_the_password(server):
    def looked_up():
        attributes = ["user", server.user, "server", f"localhost:{server.port}"]
        return subprocess.run(["secret-tool", "lookup", *attributes], capture_output=True, text=True, env=quiet()).stdout

    until("the password in the keyring", lambda: looked_up() == PASSWORD)
    config = Path(os.environ["XDG_CONFIG_HOME"]) / "postbag" / "accounts.conf"
    assert PASSWORD not in config.read_text()


def checks_and_stops(app, server):
    sessions = server.sessions
    app.focus()
    app.key("F5")
    until("F5 reaching the server", lambda: server.sessions == sessions + 1 and server.ended == server.sessions)

    server.messages.append(letter(len(server.messages) + 1))
    server.slow = True
    app.key("ctrl+r")
    app.wait_for("label", "Receiving 1 of 1")
    press(app.find("push button", "Stop", app.pane("PbStatusArea")))
    try:
        until("the session over", lambda: server.ended == server.sessions)
    except AssertionError:
        print(f"# {server.ended} of {server.sessions} sessions ended after {server.log}")
        raise
    server.slow = False
    assert len(app.message_rows()) == len(server.messages) - 1
    app.key("F5")
    until("what was stopped", lambda: len(app.message_rows()) == len(server.messages))


def account_by_hand(program, folder):
    server = Pop3Server(Path(folder), "robin", PASSWORD, [letter(n) for n in (1, 2, 3)])
    app = Postbag(program)
    form = fills_the_form(app, server)
    tests_and_trusts(app, form, server)
    press(app.find("push button", "Save", form))
    until("the form closed", lambda: not app.find_window("Set Up by Hand"))
    until("the letters in the list", lambda: len(app.message_rows()) == 3)
    assert app.message_rows()[0].startswith("Unread, Wei Chen: Letter 3"), app.message_rows()
    keeps_the_password(server)
    checks_and_stops(app, server)
    app.quit()

    # The next start knows account, password and mail.
    sessions = server.sessions
    app = Postbag(program)
    until("the letters of last time", lambda: len(app.message_rows()) == len(server.messages))
    until("a check at the start", lambda: server.sessions > sessions and server.ended == server.sessions)
    assert not app.find("label", "Password needed")
    app.quit()


def main():
    program = sys.argv[1]
    start_keyring()
    print("1..2")
    sample_mail(program)
    print("ok 1 sample mail", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        account_by_hand(program, folder)
    print("ok 2 account by hand", flush=True)


if __name__ == "__main__":
    main()
