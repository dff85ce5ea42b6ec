#!/usr/bin/python3
# SPDX-FileCopyrightText: The Postbag contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""postbag-cli and a message of 200 MB in a single line: it arrives whole, and costs hardly more memory than a small one."""

import hashlib
import os
import socket
import subprocess
import threading

from postbag import CLI, Home, equal, main

LARGE = 200_000_000
SMALL = 2_000
RISE_MAX = 20 * 1024 * 1024
PIECE = b'x' * 1_000_000
HEAD = b'From: sender@example.org\r\nSubject: large\r\n\r\n'
PASSWORD = 'correct-horse-battery-9127'


class Server(threading.Thread):
    """One POP3 session with one message of @size octets in its body."""

    def __init__(self, size):
        super().__init__(daemon=True)
        self.size = size
        self.socket = socket.create_server(('127.0.0.1', 0))
        self.port = self.socket.getsockname()[1]

    def run(self):
        connection, _ = self.socket.accept()
        with connection, connection.makefile('rb') as lines:
            connection.sendall(b'+OK ready\r\n')
            for line in lines:
                self.answer(connection, line.split()[0].upper())
        self.socket.close()

    def answer(self, connection, command):
        size = len(HEAD) + self.size + 2
        if command == b'CAPA':
            connection.sendall(b'+OK\r\nUIDL\r\nTOP\r\nUSER\r\nPIPELINING\r\n.\r\n')
        elif command == b'LIST':
            connection.sendall(b'+OK\r\n1 %d\r\n.\r\n' % size)
        elif command == b'UIDL':
            connection.sendall(b'+OK\r\n1 the-only-one\r\n.\r\n')
        elif command == b'RETR':
            connection.sendall(b'+OK\r\n' + HEAD)
            for start in range(0, self.size, len(PIECE)):
                connection.sendall(PIECE[:self.size - start])
            connection.sendall(b'\r\n.\r\n')
        else:
            connection.sendall(b'+OK\r\n')


def peak_memory(home, *args):
    """Runs postbag-cli with the password; its peak of resident memory in bytes."""
    # What a sanitizer keeps of freed memory is no part of the question.
    options = os.environ.get('ASAN_OPTIONS', '') + ':detect_leaks=0:quarantine_size_mb=1'
    process = subprocess.Popen([CLI, *args], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                               env=home.environment(ASAN_OPTIONS=options), cwd=home.dir)
    process.stdin.write(PASSWORD.encode() + b'\n')
    process.stdin.close()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    equal(process.returncode, 0, 'exit code')
    return usage.ru_maxrss * 1024


def fetch(size):
    server = Server(size)
    server.start()
    with Home() as home:
        home.good('account', 'add', 'work', '--address', 'reader@example.org', '--server', f'127.0.0.1:{server.port}',
                  '--security', 'none', '--user', 'reader')
        memory = peak_memory(home, 'fetch', '--password-stdin')
        stored, = home.stored('work')
    server.join(20)
    wanted = hashlib.sha256(HEAD.replace(b'\r\n', b'\n'))
    for start in range(0, size, len(PIECE)):
        wanted.update(PIECE[:size - start])
    wanted.update(b'\n')
    equal(hashlib.sha256(stored).hexdigest(), wanted.hexdigest(), 'digest of what is stored')
    return memory


def test_large_message_in_one_line():
    small = fetch(SMALL)
    large = fetch(LARGE)
    print(f'# peak memory: {small / 2**20:.1f} MiB with a small message, {large / 2**20:.1f} MiB with a large one')
    assert large - small < RISE_MAX, f'{large - small} bytes more'


if __name__ == '__main__':
    main([test_large_message_in_one_line])
