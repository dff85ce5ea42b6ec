#!/usr/bin/python3
# SPDX-FileCopyrightText: The Postbag contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""postbag-cli console against a real Dovecot: what is asked before a message goes, and what is never shown."""

import itertools
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))

import dovecot  # noqa: E402
import mail  # noqa: E402
from postbag import Home, equal, main  # noqa: E402

PASSWORD = 'correct-horse-battery-9127'
USERS = [f'user{number}' for number in range(8)]

server = None
fresh_users = iter(USERS)


def scene(home, count=5):
    user = next(fresh_users)
    server.fill(user, mail.generate(count, seed=3))
    home.good('account', 'add', 'work', '--address', f'{user}@example.org', '--server', f'localhost:{server.tls_port}',
              '--user', user, '--ca-file', server.ca_file)
    return user


def console(home, typed, *options):
    lines = PASSWORD.encode() + b'\n' + typed.encode()
    result = home.run('console', 'work', '--password-stdin', *options, stdin=lines)
    assert PASSWORD not in result.out + result.err, 'the password was shown'
    equal(home.holds(PASSWORD.encode()), [], 'files with the password in them')
    return result


def test_commands():
    with Home() as home:
        scene(home)
        result = console(home, 'stat\nLIST\nLIST 2\nUIDL\nTOP 1 0\nRETR 1\nNOOP\nRSET\nCAPA\nRETR 99\nQUIT\n')
        equal((result.code, result.err), (0, ''), str(result))
        lines = result.out.splitlines()
        equal(lines[0].split()[:2], ['+OK', '5'], 'STAT')
        equal(sum(line.startswith('+OK') for line in lines), 10, 'good replies')
        equal(sum(line.startswith('-ERR') for line in lines), 1, 'bad replies')
        assert 'PIPELINING' in lines, 'CAPA'


def test_explanations():
    with Home() as home:
        scene(home)
        result = console(home, 'STAT\nUIDL\nQUIT\n', '--explain')
        explained = [line for line in result.out.splitlines() if line.startswith('# ')]
        equal(len(explained), 8, f'sentences: {explained}')


def test_nothing_secret_is_sent():
    with Home() as home:
        scene(home)
        result = console(home, 'USER x\nPASS hunter2\nAPOP a hunter2\nAUTH PLAIN hunter2\nhunter2\nSTLS\nUTF8\nRETR\n')
        equal((result.code, result.out), (0, ''), str(result))
        equal(len(result.err.splitlines()), 8, 'refusals')
        assert 'hunter2' not in result.err, result.err
        equal(home.holds(b'hunter2'), [], 'files with it')


def test_delete_asks():
    with Home() as home:
        user = scene(home)
        result = console(home, 'DELE 1\nn\nQUIT\n')
        assert 'No complete copy' in result.err, result.err
        equal(server.count(user), 5, 'after no')
        console(home, 'DELE 1\ny\n')
        equal(server.count(user), 5, 'after the end of the input')
        console(home, 'DELE 1\ny\nRSET\nQUIT\n')
        equal(server.count(user), 5, 'after RSET')
        console(home, 'DELE 1\ny\nQUIT\nn\n')
        equal(server.count(user), 5, 'after no to QUIT')
        result = console(home, 'DELE 1\ny\nQUIT\ny\n')
        equal((result.code, server.count(user)), (0, 4), str(result))


def test_delete_with_yes():
    with Home() as home:
        user = scene(home)
        home.good('fetch', '--password-stdin', stdin=PASSWORD.encode() + b'\n')
        result = console(home, 'DELE 1\nDELE 2\nQUIT\n', '--yes')
        equal((result.code, server.count(user)), (0, 3), str(result))
        equal(len(home.stored('work')), 5, 'here')
        folder = home.path('cache', 'postbag', 'transcripts', 'work')
        equal(len(os.listdir(folder)), 2, 'sessions in the log')


def test_usage():
    with Home() as home:
        scene(home)
        equal(home.run('console').code, 2, 'no account')
        equal(home.run('console', 'none').code, 2, 'unknown account')
        result = home.run('console', 'work', '--password-stdin', stdin=b'wrong\nSTAT\n')
        equal((result.code, result.out), (3, ''), str(result))


TESTS = [value for name, value in list(globals().items()) if name.startswith('test_')]

if __name__ == '__main__':
    # As in test-dovecot.py: leaks are looked for in the tests of the layers.
    if 'ASAN_OPTIONS' in os.environ:
        os.environ['ASAN_OPTIONS'] += ':detect_leaks=0'
    with dovecot.Dovecot(dict(zip(USERS, itertools.repeat(PASSWORD)))) as server:
        main(TESTS)
