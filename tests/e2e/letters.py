# SPDX-FileCopyrightText: The Postbag contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sample mail of the tests with a window."""


def letter(number):
    return (f"From: Wei Chen <wei@example.org>\r\nTo: robin@example.org\r\nSubject: Letter {number}\r\n"
            f"Date: Sat, 0{number} Mar 2025 10:00:00 +0000\r\nMessage-ID: <{number}@example.org>\r\n\r\n"
            f"This is letter number {number}.\r\n").encode()
