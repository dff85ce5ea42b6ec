# SPDX-FileCopyrightText: The Postbag contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A POP3 client of a few lines, to know what a real server on this machine delivers. Without TLS."""

import socket

PATIENCE = 20


class Session:
    """with Session(port, user, password) as session: …; leaves with QUIT"""

    def __init__(self, port, user, password):
        self.connection = socket.create_connection(('127.0.0.1', port), PATIENCE)
        self.stream = self.connection.makefile('rwb')
        self.say('')
        self.say('USER ' + user)
        self.say('PASS ' + password)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        try:
            self.say('QUIT')
        finally:
            self.stream.close()
            self.connection.close()

    def say(self, line):
        if line:
            self.stream.write(line.encode() + b'\r\n')
            self.stream.flush()
        answer = self.stream.readline()
        if not answer.startswith(b'+OK'):
            raise RuntimeError(f'{line}: {answer}')
        return answer

    def read_lines(self):
        lines = []
        while True:
            line = self.stream.readline()
            while line and not line.endswith(b'\r\n'):
                line += self.stream.readline()
            if line in (b'.\r\n', b''):
                return lines
            lines.append(line[1:] if line.startswith(b'.') else line)


def retrieve_all(port, user, password):
    """The messages with dots unstuffed and CRLF as LF. Asks for unique ids first, as every client does: there are servers
    that put them into the messages then."""
    with Session(port, user, password) as session:
        messages = []
        session.say('UIDL')
        session.read_lines()
        for number in range(1, int(session.say('STAT').split()[1]) + 1):
            session.say(f'RETR {number}')
            messages.append(b''.join(session.read_lines()).replace(b'\r\n', b'\n'))
        return messages


def count(port, user, password):
    with Session(port, user, password) as session:
        return int(session.say('STAT').split()[1])
