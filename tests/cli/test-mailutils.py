#!/usr/bin/python3
# SPDX-FileCopyrightText: The Postbag contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""postbag-cli against a second real server, that of GNU Mailutils: every message arrives as it is delivered, once."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))

import mail  # noqa: E402
import mailutils  # noqa: E402
from postbag import Home, equal, main, same  # noqa: E402

COUNT = 60
PASSWORD = 'correct-horse-battery-9127'
USERS = [f'user{number}@{mailutils.DOMAIN}' for number in range(5)]

server = None
fresh_users = iter(USERS)


def new_mailbox(messages):
    user = next(fresh_users)
    server.fill(user, messages)
    return user


def add(home, user, *options, security='tls'):
    port = server.tls_port if security == 'tls' else server.port
    home.good('account', 'add', 'work', '--address', user, '--server', f'localhost:{port}', '--security', security,
              '--user', user, '--ca-file', server.ca_file, *options)


def fetched(home):
    result = home.run('fetch', '--password-stdin', '--json', stdin=PASSWORD.encode() + b'\n')
    assert result.code == 0, f'{result}\n{server.log()}'
    report, = result.lines()
    equal(report['error'], None, 'error')
    return report


def check_arrival(security, seed):
    user = new_mailbox(mail.generate(COUNT, seed))
    delivered = server.retrieve_all(user)
    with Home() as home:
        add(home, user, security=security)
        report = fetched(home)
        equal((report['stored'], report['duplicates'], report['refused'], report['removed'], report['on_server']),
              (COUNT, 0, 0, 0, COUNT), 'first fetch')
        assert same(home.stored('work'), delivered), 'not what the server delivers'
        report = fetched(home)
        equal((report['stored'], report['bytes']), (0, 0), 'second fetch')
        assert same(home.stored('work'), delivered), 'the second fetch changed something'
        equal(server.count(user), COUNT, 'left on the server')


def test_tls_byte_for_byte():
    check_arrival('tls', seed=21)


def test_starttls_byte_for_byte():
    check_arrival('starttls', seed=22)


def test_delete_empties_the_server():
    user = new_mailbox(mail.generate(COUNT, seed=23))
    delivered = server.retrieve_all(user)
    with Home() as home:
        add(home, user, '--on-server', 'delete')
        report = fetched(home)
        equal((report['stored'], report['removed'], report['on_server']), (COUNT, COUNT, 0), 'fetch')
        equal(server.count(user), 0, 'left on the server')
        assert same(home.stored('work'), delivered), 'not every message is here exactly once'
        equal(fetched(home)['stored'], 0, 'second fetch')


def test_new_mail_only():
    user = new_mailbox(mail.generate(10, seed=24))
    with Home() as home:
        add(home, user)
        equal(fetched(home)['stored'], 10, 'stored')
        server.fill(user, mail.generate(5, seed=25))
        equal(fetched(home)['stored'], 5, 'stored later')
        assert same(home.stored('work'), server.retrieve_all(user))


def test_wrong_password():
    user = new_mailbox([])
    with Home() as home:
        add(home, user)
        result = home.run('fetch', '--password-stdin', '--json', stdin=b'wrong\n')
        equal(result.lines()[0]['error']['code'], 'sign-in', f'error ({result})')


if __name__ == '__main__':
    with mailutils.Mailutils({user: PASSWORD for user in USERS}) as server:
        main([test_tls_byte_for_byte, test_starttls_byte_for_byte, test_delete_empties_the_server, test_new_mail_only,
              test_wrong_password])
