#!/usr/bin/python3
# SPDX-FileCopyrightText: The Postbag contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""postbag-cli server against a real Dovecot: what lies there, what comes, what goes, and how long a list of ten thousand
takes."""

import itertools
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))

import dovecot  # noqa: E402
import mail  # noqa: E402
from postbag import Home, equal, main, same  # noqa: E402

PASSWORD = 'correct-horse-battery-9127'
USERS = [f'user{number}' for number in range(8)]
MANY = 10000
SANITIZED = 'ASAN_OPTIONS' in os.environ

server = None
fresh_users = iter(USERS)


def scene(home, messages, *options):
    user = next(fresh_users)
    server.fill(user, messages)
    home.good('account', 'add', 'work', '--address', f'{user}@example.org', '--server', f'localhost:{server.tls_port}',
              '--user', user, '--ca-file', server.ca_file, *options)
    return user


def run(home, *args):
    result = home.run('server', 'work', *args, '--password-stdin', stdin=PASSWORD.encode() + b'\n')
    assert PASSWORD not in result.out + result.err, 'the password was shown'
    return result


def rows(home, *args):
    result = run(home, 'list', '--json', *args)
    equal((result.code, result.err), (0, ''), str(result))
    return result.lines()


def fetch(home):
    result = home.run('fetch', '--password-stdin', '--json', stdin=PASSWORD.encode() + b'\n')
    equal(result.code, 0, str(result))
    return result.lines()[0]


def letter(number):
    return (f'From: Sender {number % 7} <sender{number % 7}@example.org>\r\nSubject: =?utf-8?q?Brief_N=C2=BA_{number}?=\r\n'
            f'Date: Mon, 2 Mar 2026 10:00:00 +0000\r\nMessage-ID: <{number}@example.org>\r\n\r\nbody {number}\r\n').encode()


def test_list():
    with Home() as home:
        messages = mail.generate(20, seed=5)
        scene(home, messages)
        listed = rows(home)
        equal([row['number'] for row in listed], list(range(1, 21)), 'numbers')
        equal({row['state'] for row in listed}, {'not-here'}, 'states')
        assert 'subject' not in listed[0], listed[0]
        equal(home.stored('work'), [], 'nothing comes')
        equal(run(home, 'list').out.count('not here'), 20, 'lines')
        equal(home.holds(PASSWORD.encode()), [], 'files with the password in them')


def test_heads():
    with Home() as home:
        scene(home, [letter(number) for number in range(12)])
        listed = rows(home, '--heads')
        equal([row['subject'] for row in listed], [f'Brief Nº {number}' for number in range(12)], 'subjects')
        equal(listed[3]['from_name'], 'Sender 3', 'sender')
        equal(listed[3]['date'], '2026-03-02T10:00:00Z', 'date')
        equal([row['subject'] for row in rows(home)], [f'Brief Nº {number}' for number in range(12)], 'kept')


def test_top():
    with Home() as home:
        scene(home, [letter(number) for number in range(3)])
        equal(run(home, 'top', '2', '0').raw, letter(1).replace(b'\r\n', b'\n').replace(b'body 1\n', b''), 'head')
        equal(run(home, 'top', '2').raw, letter(1).replace(b'\r\n', b'\n'), 'head and body')
        equal(run(home, 'top', '4').code, 1, 'a number too much')


def test_get_and_delete():
    with Home() as home:
        messages = [letter(number) for number in range(10)]
        user = scene(home, messages)
        result = run(home, 'get', '2', '4', '6', '--json')
        equal(result.code, 0, str(result))
        equal(result.lines()[0]['stored'], 3, 'stored')
        wanted = [messages[index].replace(b'\r\n', b'\n') for index in (1, 3, 5)]
        assert same(home.stored('work'), wanted), 'what came'
        equal([row['state'] for row in rows(home)].count('here'), 3, 'states')

        result = run(home, 'delete', '2', '3', '--if-here', '--json')
        equal(result.code, 1, str(result))
        equal(result.lines()[0]['deleted'], 1, 'only what is here')
        assert 'message 3 stays' in result.err, result.err
        equal(server.count(user), 9, 'messages left')

        result = run(home, 'delete', '1', '2', '--json')
        equal((result.code, result.lines()[0]['deleted']), (0, 2), str(result))
        equal(result.err.count('has no complete copy here'), 2, result.err)
        equal(server.count(user), 7, 'messages left')

        fetch(home)
        equal(len(home.stored('work')), 3 + 7 - 2, 'nothing twice')
        equal(run(home, 'reset').code, 0, 'reset')
        equal(server.count(user), 7, 'after reset')


def test_usage():
    with Home() as home:
        scene(home, [letter(1)])
        for wrong in (['list', '1'], ['top'], ['get'], ['get', '0'], ['get', 'x'], ['delete'], ['delete', '-1'], ['other'],
                      ['top', '1', '2', '3'], ['reset', '1']):
            equal(run(home, *wrong).code, 2, wrong)
        equal(run(home, 'delete', '7').code, 1, 'no such message')
        equal(server.count(USERS[4]), 1, 'untouched')


def test_ten_thousand():
    """The list of a full mailbox is there at once; deleting half of it takes seconds."""
    with Home() as home:
        user = scene(home, [letter(number) for number in range(MANY)])
        rows(home)  # the server makes its index
        start = time.monotonic()
        equal(len(rows(home)), MANY, 'rows')
        seconds = time.monotonic() - start
        print(f'# list of {MANY}: {seconds:.2f} s', flush=True)
        assert SANITIZED or seconds < 3, f'{seconds} s for everything, from the start of the program to its end'
        start = time.monotonic()
        equal(sum('subject' in row for row in rows(home, '--heads')), MANY, 'heads')
        print(f'# heads of {MANY}: {time.monotonic() - start:.2f} s', flush=True)
        start = time.monotonic()
        equal(sum('subject' in row for row in rows(home, '--heads')), MANY, 'heads')
        print(f'# the same once more: {time.monotonic() - start:.2f} s', flush=True)
        start = time.monotonic()
        result = run(home, 'delete', *[str(number) for number in range(1, MANY, 2)], '--json', '--yes')
        equal((result.code, result.lines()[0]['deleted']), (0, MANY // 2), result.err[-500:])
        print(f'# {MANY // 2} deleted: {time.monotonic() - start:.2f} s', flush=True)
        equal(server.count(user), MANY // 2, 'messages left')


TESTS = [value for name, value in list(globals().items()) if name.startswith('test_')]

if __name__ == '__main__':
    # As in test-dovecot.py: leaks are looked for in the tests of the layers.
    if 'ASAN_OPTIONS' in os.environ:
        os.environ['ASAN_OPTIONS'] += ':detect_leaks=0'
    with dovecot.Dovecot(dict(zip(USERS, itertools.repeat(PASSWORD)))) as server:
        main(TESTS)
