# SPDX-FileCopyrightText: The Postbag contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real keyring, unlocked."""

import subprocess

from window import quiet


def start_keyring():
    subprocess.run(["gnome-keyring-daemon", "--unlock", "--components=secrets", "--daemonize"],
                   input=b"test", check=True, stdout=subprocess.DEVNULL, env=quiet())
