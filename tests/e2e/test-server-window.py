#!/usr/bin/python3
# SPDX-FileCopyrightText: The Postbag contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What lies on the server, in the real window: test-server-window.py PROGRAM. By keys alone: look, preview, mark, apply,
take back, delete for good, find."""

import sys

from window import Postbag, children, plain, press, until


def rows(app):
    table = app.find("tree table", "Messages on the server")
    found = [child for child in children(table) if child.getRoleName() == "list"] if table else []
    return [plain(row.name) for row in children(found[0])] if found else []


def opens_it(app):
    until("sample mail", lambda: len(app.message_rows()) >= 20)
    app.focus()
    app.key("ctrl+5")
    until("all rows with their heads", lambda: sum(", Here" in row for row in rows(app)) >= 10)
    assert rows(app)[0].startswith("Postbag: Welcome to Postbag, "), rows(app)[0]
    view = app.pane("PbServerView")
    assert app.find("push button", "Nora Lindqvist", view), "the legend of what fills it"
    assert app.find("push button", "Here", view), "a chip for what is here"
    app.key("F6", "Home")
    app.wait_for("label", "Welcome to Postbag", app.pane("PbServerPreview"))
    text = app.wait_for("text", "Beginning of the message").queryText()
    until("its text", lambda: "This mailbox was just fetched" in text.getText(0, text.characterCount))
    return view


def deletes(app, view):
    before = rows(app)[0]
    app.key("Delete")
    until("a mark", lambda: "Waiting to be deleted" in rows(app)[0])
    app.key("BackSpace")
    until("no mark", lambda: rows(app)[0] == before)

    app.key("Delete")
    until("a mark", lambda: "Waiting to be deleted" in rows(app)[0])
    press_in_dialog(app)
    until("it under way", lambda: "Being deleted" in rows(app)[0])
    press(app.wait_for("push button", "Undo", view))
    until("it taken back", lambda: rows(app)[0] == before)

    app.key("Delete")
    until("a mark", lambda: "Waiting to be deleted" in rows(app)[0])
    press_in_dialog(app)
    until("another first row", lambda: not rows(app)[0].startswith("Postbag: Welcome to Postbag"))


def press_in_dialog(app):
    """The key for it works once something is marked, which is seen a little later."""
    def dialog():
        if not app.find_window("Apply to the Server?"):
            app.key("ctrl+Return")
        return app.find_window("Apply to the Server?")
    window = until("the summary", dialog)
    assert app.wait_for("label", "1 message (", window)
    assert not app.find("label", "no complete copy", window)
    press(app.wait_for("push button", "Apply", window))
    until("the summary gone", lambda: not app.find_window("Apply to the Server?"))
    app.focus()


def finds(app):
    app.key("ctrl+f")
    app.key(*"quarterly")
    until("what was found", lambda: len(rows(app)) and all("Quarterly" in row for row in rows(app)))


def main():
    print("1..1", flush=True)
    app = Postbag(sys.argv[1], "--demo")
    view = opens_it(app)
    deletes(app, view)
    finds(app)
    app.quit()
    print("ok 1 - the mailbox on the server", flush=True)


main()
