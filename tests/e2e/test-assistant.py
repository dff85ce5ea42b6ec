#!/usr/bin/python3
# SPDX-FileCopyrightText: The Postbag contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From an empty profile to the first message: test-assistant.py PROGRAM, on a virtual screen, in a D-Bus session and a
network of its own (own-network).

Somebody types name, address and password. The server is found by its usual name, a real Dovecot; its certificate is looked
at and trusted; a wrong password is said to be one; one sentence tells what waits and what will happen to it."""

import base64
import os
import sys

from window import Postbag, press, until

sys.path.insert(0, sys.argv[2])
from dovecot import Dovecot  # noqa: E402
from letters import letter  # noqa: E402
from keyring import start_keyring  # noqa: E402

ADDRESS = "robin@post.example"
PASSWORD = "Sesam, öffne 1001"


def types_who(app, password):
    window = app.window("Add Account")
    app.fill(window, "Your Name", "Robin Example")
    app.fill(window, "Email Address", ADDRESS)
    app.fill(window, "Password", password)
    press(until("Continue", lambda: app.find("push button", "Continue", window)))
    return window


def knows_a_provider(app):
    """Without any network, and while it is typed."""
    window = app.window("Add Account")
    app.fill(window, "Email Address", "li.na@qq.com")
    app.wait_for("text", "授权码", window)
    app.wait_for("label", "POP3 has to be switched on first", window)
    app.fill(window, "Email Address", "somebody@icloud.com")
    app.wait_for("label", "POP3", window)


def goes_to_the_browser(app):
    """Where nothing else signs in, no password is asked for, and the form knows server and service."""
    window = app.window("Add Account")
    app.fill(window, "Email Address", "somebody@outlook.com")
    press(until("Continue", lambda: app.find("push button", "Continue", window)))
    form = app.window("Set Up by Hand")
    app.wait_for("label", "The browser, at Microsoft", form)
    app.wait_for("text", "Client ID", form)
    press(app.find("push button", "Cancel", form))
    until("the form closed", lambda: not app.find_window("Set Up by Hand"))


def trusts(app, window, server):
    spaced = ":".join(server.fingerprint()[i:i + 2] for i in range(0, 64, 2)).upper()
    app.wait_for("label", "Nobody vouches for the certificate of the server", window)
    app.wait_for("label", "issued by CN=Postbag test issuer, whom this computer does not trust", window)
    app.wait_for("label", "wants to read your password", window)
    app.wait_for("label", "An exception holds for pop.post.example, port 995", window)
    app.wait_for("label", spaced, window)
    press(app.find("push button", "Trust This Certificate", window))


def first_message(program, server, log):
    app = Postbag(program, log=log, G_MESSAGES_DEBUG="all")
    button = app.wait_for("push button", "Add Account")
    until("the profile open", lambda: button.queryAction().doAction(0))
    goes_to_the_browser(app)
    press(app.wait_for("push button", "Add Account"))
    knows_a_provider(app)
    window = types_who(app, "wrong")
    trusts(app, window, server)
    app.wait_for("label", "password", window)
    press(app.find("push button", "Back", window))
    window = types_who(app, PASSWORD)
    trusts(app, window, server)
    app.wait_for("label", "Signed in at pop.post.example", window)
    app.wait_for("label", "3 messages", window)
    press(app.find("push button", "Add", window))
    until("the assistant closed", lambda: not app.find_window("Add Account"))
    until("the letters in the list", lambda: len(app.message_rows()) == 3)
    assert app.message_rows()[0].startswith("Unread, Wei Chen: Letter 3"), app.message_rows()
    app.quit()


def keeps_its_secrets(log):
    """Config, data, cache with its session logs, and what the program said: the password is nowhere, in no form; only the
    keyring's own folder, which is encrypted, is left out."""
    looked_at = [log]
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        for folder, folders, names in os.walk(os.environ[variable]):
            folders[:] = [name for name in folders if name != "keyrings"]
            looked_at += [os.path.join(folder, name) for name in names]
    assert any("accounts" in path for path in looked_at) and any("/cache/" in path or "/.cache/" in path for path in looked_at)
    for path in filter(os.path.isfile, looked_at):
        with open(path, "rb") as file:
            text = file.read()
        for form in forms(PASSWORD):
            assert form not in text, f"the password is in {path}"


def forms(password):
    """As it is, and as it goes over the line in AUTH PLAIN."""
    plain = base64.b64encode(f"\0{ADDRESS}\0{password}".encode())
    return [password.encode(), plain, base64.b64encode(password.encode()), password.split(",")[0].encode()]


def main():
    start_keyring()
    print("1..2")
    with Dovecot({"robin": PASSWORD, ADDRESS: PASSWORD}, host="pop.post.example", tls_port=995) as server:
        server.fill(ADDRESS, [letter(number).replace(b"\r\n", b"\n") for number in (1, 2, 3)])
        log = server.path("stderr")
        first_message(sys.argv[1], server, log)
        print("ok 1 first message", flush=True)
        keeps_its_secrets(log)
        print("ok 2 keeps its secrets", flush=True)


if __name__ == "__main__":
    main()
