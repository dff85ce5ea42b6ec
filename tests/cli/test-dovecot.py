#!/usr/bin/python3
# SPDX-FileCopyrightText: The Postbag contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""postbag-cli against a real Dovecot: every message arrives byte for byte, once, whatever happens on the way."""

import base64
import itertools
import json
import mailbox
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))

import dovecot  # noqa: E402
import mail  # noqa: E402
from postbag import Home, equal, main, same  # noqa: E402
from proxy import Proxy  # noqa: E402

COUNT = 500
PASSWORD = 'correct-horse-battery-9127'
WRONG = 'wrong-password-5533'
USERS = [f'user{number}' for number in range(40)]

server = None
fresh_users = iter(USERS)


def new_mailbox(messages):
    user = next(fresh_users)
    server.fill(user, messages)
    return user


def add(home, user, *options, account='work', port=None, security='tls', host='localhost'):
    if port is None:
        port = server.tls_port if security == 'tls' else server.port
    home.good('account', 'add', account, '--address', f'{user}@example.org', '--server', f'{host}:{port}', '--security',
              security, '--user', user, *options)


def fetch(home, *args, password=PASSWORD, **options):
    return home.run('fetch', *args, '--password-stdin', '--json', stdin=password.encode() + b'\n', **options)


def fetched(home, *args, **options):
    result = fetch(home, *args, **options)
    assert result.code == 0, str(result)
    equal(result.err, '', 'standard error')
    report, = result.lines()
    equal(report['error'], None, 'error')
    return report


def error_of(result, code, name):
    equal(result.code, code, f'exit code ({result})')
    equal(result.lines()[0]['error']['code'], name, 'error')
    equal(len(result.err.strip().splitlines()) >= 1, True, 'a sentence on standard error')


def check_arrival(security, seed):
    messages = mail.generate(COUNT, seed)
    user = new_mailbox(messages)
    delivered = server.retrieve_all(user)
    with Home() as home:
        add(home, user, '--ca-file', server.ca_file, security=security)
        report = fetched(home)
        equal((report['stored'], report['duplicates'], report['refused'], report['removed'], report['on_server']),
              (COUNT, 0, 0, 0, COUNT), 'first fetch')
        equal(report['bytes'], sum(map(len, delivered)), 'bytes')
        stored = home.stored('work')
        assert same(stored, delivered), 'not what the server delivers'
        # And what it delivers is what was put there, but for the line ends.
        sources = [message.replace(b'\r\n', b'\n') for message in messages]
        sources = [text if text.endswith(b'\n') else text + b'\n' for text in sources]
        exact = set(sources)
        assert sum(text in exact for text in stored) > COUNT * 9 // 10

        report = fetched(home)
        equal((report['stored'], report['duplicates'], report['bytes']), (0, 0, 0), 'second fetch')
        assert same(home.stored('work'), delivered), 'the second fetch changed something'
        equal(server.count(user), COUNT, 'left on the server')
        equal(home.holds(PASSWORD.encode()), [], 'files with the password in them')


def test_tls_byte_for_byte():
    check_arrival('tls', seed=1)


def test_starttls_byte_for_byte():
    check_arrival('starttls', seed=2)


def test_without_protection_when_said_so():
    user = new_mailbox(mail.generate(15, seed=3))
    with Home() as home:
        add(home, user, security='none', host='127.0.0.1')
        equal(fetched(home)['stored'], 15, 'stored')


def test_delete_empties_the_server():
    user = new_mailbox(mail.generate(COUNT, seed=4))
    delivered = server.retrieve_all(user)
    with Home() as home:
        add(home, user, '--ca-file', server.ca_file, '--on-server', 'delete')
        report = fetched(home)
        equal((report['stored'], report['removed'], report['on_server']), (COUNT, COUNT, 0), 'fetch')
        equal(server.count(user), 0, 'left on the server')
        assert same(home.stored('work'), delivered), 'not every message is here exactly once'
        equal(fetched(home)['stored'], 0, 'second fetch')


def test_delete_later():
    user = new_mailbox(mail.generate(20, seed=5))
    with Home() as home:
        add(home, user, '--ca-file', server.ca_file, '--on-server', 'delete-after=1')
        equal(fetched(home)['removed'], 0, 'removed')
        equal(fetched(home)['removed'], 0, 'removed by the second fetch')
        equal(server.count(user), 20, 'left on the server')
        # From keeping to deleting: what is durable here goes now.
        home.good('account', 'set', 'work', '--on-server', 'delete')
        report = fetched(home)
        equal((report['stored'], report['removed'], report['on_server']), (0, 20, 0), 'after the change')
        equal(server.count(user), 0, 'left on the server')
        equal(len(home.stored('work')), 20, 'here')


def test_new_mail_only():
    user = new_mailbox(mail.generate(10, seed=6))
    with Home() as home:
        add(home, user, '--ca-file', server.ca_file)
        equal(fetched(home)['stored'], 10, 'stored')
        server.fill(user, mail.generate(5, seed=7))
        equal(fetched(home)['stored'], 5, 'stored later')
        assert same(home.stored('work'), server.retrieve_all(user))


def test_wrong_password():
    user = new_mailbox(mail.generate(3, seed=8))
    with Home() as home:
        add(home, user, '--ca-file', server.ca_file)
        error_of(fetch(home, password=WRONG), 3, 'sign-in')
        equal(home.holds(WRONG.encode()), [], 'files with the password in them')
        equal(fetched(home)['stored'], 3, 'with the right one')


def test_no_password():
    user = new_mailbox([])
    with Home() as home:
        add(home, user, '--ca-file', server.ca_file)
        result = home.run('fetch', '--json')
        error_of(result, 3, 'no-secret')
        assert 'postbag-cli password work' in result.err and '--password-stdin' in result.err
        result = home.run('fetch', '--json', '--password-stdin', stdin=b'')
        error_of(result, 3, 'no-secret')


def test_untrusted_certificate():
    user = new_mailbox(mail.generate(3, seed=9))
    for security, port in (('tls', server.tls_port), ('starttls', server.port)):
        with Home() as home, Proxy(port) as proxy:
            add(home, user, port=proxy.port, security=security)
            result = fetch(home)
            error_of(result, 5, 'certificate')
            equal(result.lines()[0]['error']['certificate_sha256'], server.fingerprint(), 'fingerprint')
            assert server.fingerprint() in result.err
            assert b'USER' not in proxy.sent and b'PASS' not in proxy.sent and b'AUTH' not in proxy.sent
            if security == 'starttls':
                clear = proxy.sent.split(b'\x16\x03')[0].split(b'\r\n')
                assert set(clear) <= {b'CAPA', b'STLS', b''}, clear
    assert f'user=<{user}>' not in server.log()


def test_wrong_name_in_certificate():
    user = new_mailbox([])
    # It is for localhost and 127.0.0.1, and nobody else.
    with Home() as home, Proxy(server.tls_port, host='127.0.0.2') as proxy:
        add(home, user, '--ca-file', server.ca_file, host='127.0.0.2', port=proxy.port)
        error_of(fetch(home), 5, 'certificate')


def test_trust_certificate():
    user = new_mailbox(mail.generate(3, seed=10))
    with Home() as home:
        add(home, user, '--trust-certificate', server.fingerprint())
        equal(fetched(home)['stored'], 3, 'stored')
        other = 'ab' * 32
        home.good('account', 'set', 'work', '--trust-certificate', other)
        error_of(fetch(home), 5, 'certificate')
        with_colons = ':'.join(server.fingerprint()[i:i + 2].upper() for i in range(0, 64, 2))
        home.good('account', 'set', 'work', '--trust-certificate', with_colons)
        equal(fetched(home)['stored'], 0, 'stored again')


def test_server_down():
    with Home() as home:
        add(home, 'user0', port=dovecot.free_port())
        error_of(fetch(home), 4, 'connect')


def test_silent_server():
    with Home() as home, socket.create_server(('127.0.0.1', 0)) as silent:
        add(home, 'user0', '--timeout', '1', port=silent.getsockname()[1], security='starttls')
        before = time.monotonic()
        error_of(fetch(home), 4, 'timeout')
        assert time.monotonic() - before < 10


def test_several_accounts():
    users = [new_mailbox(mail.generate(5, seed=11)), new_mailbox(mail.generate(4, seed=12))]
    with Home() as home:
        for number, user in enumerate(users):
            add(home, user, '--ca-file', server.ca_file, account=f'a{number}')
        result = fetch(home, password=f'{PASSWORD}\n{WRONG}')
        equal(result.code, 3, 'the worse of the two')
        reports = {report['account']: report for report in result.lines()}
        equal((reports['a0']['stored'], reports['a0']['error']), (5, None), 'first')
        equal((reports['a1']['stored'], reports['a1']['error']['code']), (0, 'sign-in'), 'second')
        equal(fetched(home, 'a1')['stored'], 4, 'the second alone')
        equal(len(home.good('list', '--json').lines()), 9, 'listed')
        equal(len(home.good('list', 'a1', '--json').lines()), 4, 'listed of one')


def test_transcript_without_secrets():
    user = new_mailbox(mail.generate(3, seed=13))
    for password, code in ((PASSWORD, 0), (WRONG, 3)):
        with Home() as home:
            add(home, user, '--ca-file', server.ca_file, '--auth', 'user-pass')
            path = home.path('transcript.txt')
            equal(fetch(home, '--transcript', path, password=password).code, code, 'exit code')
            with open(path, encoding='utf-8') as file:
                text = file.read()
            assert 'PASS' in text and user in text, text
            assert password not in text
            equal(os.stat(path).st_mode & 0o777, 0o600, 'mode')
            equal(home.holds(password.encode()), [], 'files with the password in them')


def interrupt(home, proxy, number):
    process = home.start('fetch', '--password-stdin', '--json')
    process.stdin.write(PASSWORD.encode() + b'\n')
    process.stdin.flush()
    assert proxy.stalled.wait(30), 'the transfer did not begin'
    time.sleep(0.7)  # what came before is committed, or on its way to be
    before = time.monotonic()
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert time.monotonic() - before < 5, 'it took too long to stop'
    equal(process.returncode, 1, f'exit code ({err})')
    report = json.loads(out)
    equal(report['error']['code'], 'cancelled', 'error')
    return report


def check_interrupt(policy, number):
    messages = mail.generate(300, seed=14)
    user = new_mailbox(messages)
    delivered = server.retrieve_all(user)
    with Home() as home:
        with Proxy(server.tls_port, limit=600_000) as proxy:
            add(home, user, '--ca-file', server.ca_file, '--on-server', policy, port=proxy.port)
            report = interrupt(home, proxy, number)
        kept = home.stored('work')
        equal(report['stored'], len(kept), 'stored')
        assert 0 < len(kept) < len(messages), len(kept)
        assert set(kept) <= set(delivered), 'half a message was kept'
        equal(server.count(user), len(messages), 'left on the server')

        home.good('account', 'set', 'work', '--server', f'localhost:{server.tls_port}')
        report = fetched(home)
        equal(report['stored'], len(messages) - len(kept), 'the rest')
        assert same(home.stored('work'), delivered), 'not every message is here exactly once'
        equal(server.count(user), 0 if policy == 'delete' else len(messages), 'left on the server')


def test_interrupt_while_keeping():
    check_interrupt('keep', signal.SIGINT)


def test_terminate_while_deleting():
    check_interrupt('delete', signal.SIGTERM)


def test_connection_lost():
    messages = mail.generate(300, seed=15)
    user = new_mailbox(messages)
    delivered = server.retrieve_all(user)
    with Home() as home:
        with Proxy(server.tls_port, limit=600_000) as proxy:
            add(home, user, '--ca-file', server.ca_file, '--on-server', 'delete', '--timeout', '2', port=proxy.port)
            result = fetch(home)
        error_of(result, 4, 'timeout')
        kept = home.stored('work')
        equal(result.lines()[0]['stored'], len(kept), 'stored')
        assert 0 < len(kept) < len(messages), len(kept)
        home.good('account', 'set', 'work', '--server', f'localhost:{server.tls_port}', '--timeout', '0')
        fetched(home)
        assert same(home.stored('work'), delivered), 'not every message is here exactly once'
        equal(server.count(user), 0, 'left on the server')


def test_killed():
    """Not even SIGKILL loses or doubles anything."""
    messages = mail.generate(300, seed=16)
    user = new_mailbox(messages)
    delivered = server.retrieve_all(user)
    with Home() as home:
        with Proxy(server.tls_port, limit=600_000) as proxy:
            add(home, user, '--ca-file', server.ca_file, '--on-server', 'delete', port=proxy.port)
            process = home.start('fetch', '--password-stdin', '--json')
            process.stdin.write(PASSWORD.encode() + b'\n')
            process.stdin.flush()
            assert proxy.stalled.wait(30), 'the transfer did not begin'
            time.sleep(0.3)
            process.kill()
            process.communicate(timeout=30)
        home.good('account', 'set', 'work', '--server', f'localhost:{server.tls_port}')
        fetched(home)
        assert same(home.stored('work'), delivered), 'not every message is here exactly once'
        equal(server.count(user), 0, 'left on the server')


def test_list_and_show():
    messages = mail.generate(60, seed=17)
    user = new_mailbox(messages)
    with Home() as home:
        add(home, user, '--ca-file', server.ca_file)
        fetched(home)
        stored = home.stored('work')
        rows = home.good('list', '--json').lines()
        equal(len(rows), 60, 'rows')
        equal(len(home.good('list', '--json', '--limit', '7').lines()), 7, 'limited')
        equal(len(home.good('list').out.splitlines()), 60, 'lines for people')
        equal({row['from']['addr'] for row in rows}, {f'sender{number % 37}@example.org' for number in range(60)}, 'senders')
        shown = []
        for row in rows:
            equal((row['account'], row['folder'], row['read']), ('work', 'Inbox', False), 'row')
            shown.append(home.good('show', str(row['id']), '--raw').raw)
        assert same(shown, stored), 'show --raw'
        row = next(row for row in rows if row['has_attachment'])
        full = home.good('show', str(row['id']), '--json').lines()[0]
        equal(full['subject'], row['subject'], 'subject')
        equal(os.path.isfile(full['file']), True, 'file')
        equal(home.run('show', '999999').code, 2, 'no such message')


def test_export():
    user = new_mailbox(mail.generate(80, seed=18))
    with Home() as home:
        add(home, user, '--ca-file', server.ca_file)
        fetched(home)
        stored = home.stored('work')

        home.good('export', home.path('all.mbox'))
        with open(home.path('all.mbox'), 'rb') as file:
            assert same(unquote(file.read()), stored), 'mbox'
        equal(len(mailbox.mbox(home.path('all.mbox'))), 80, 'as another reader sees it')
        equal(home.run('export', home.path('all.mbox')).code, 2, 'nothing is overwritten')

        home.good('export', home.path('eml'), 'work')
        assert same([read(path) for path in walk(home.path('eml'))], stored), 'eml'

        home.good('export', home.path('md'), '--format', 'maildir')
        copies = [read(path) for path in walk(home.path('md', 'work', 'cur'))]
        assert same(copies, stored), 'maildir'
        equal(len(mailbox.Maildir(home.path('md', 'work'), create=False)), 80, 'as another reader sees it')
        equal(home.holds(PASSWORD.encode()), [], 'files with the password in them')


def ids(home, *args):
    return [str(row['id']) for row in home.good('list', '--json', *args).lines()]


def delete_here(home, account, count):
    """As the program deletes for good: no file, and the ledger knows."""
    place = home.path('data', 'postbag', 'mail', account, 'cur')
    database = sqlite3.connect(home.path('data', 'postbag', 'ledger.sqlite'), timeout=10)
    for name in sorted(os.listdir(place))[:count]:
        digest = base64.b32decode(re.search(',I=([a-z2-7]+)', name).group(1).upper() + '======')
        equal(database.execute('UPDATE entry SET state = 4 WHERE digest = ?', (digest,)).rowcount, 1, name)
        os.unlink(os.path.join(place, name))
    database.commit()
    database.close()
    # As if it had not been closed properly: otherwise it would be somebody else's work.
    os.unlink(home.path('data', 'postbag', 'store.closed'))


def test_headers_only():
    user = new_mailbox(mail.generate(30, seed=20))
    delivered = server.retrieve_all(user)
    with Home() as home:
        add(home, user, '--ca-file', server.ca_file, '--headers-only', '--on-server', 'delete')
        report = fetched(home)
        equal((report['stored'], report['removed'], report['on_server']), (30, 0, 30), 'heads')
        assert report['bytes'] < sum(map(len, delivered)) / 10, report['bytes']
        equal(fetched(home)['stored'], 0, 'second fetch')
        home.good('account', 'set', 'work', '--no-headers-only')
        report = fetched(home)
        equal((report['stored'], report['completed'], report['removed']), (0, 30, 30), 'whole messages')
        assert same(home.stored('work'), delivered), 'not every message is here exactly once'
        equal(server.count(user), 0, 'left on the server')


def test_max_size_and_rest():
    user = new_mailbox(mail.generate(30, seed=21))
    delivered = server.retrieve_all(user)
    large = [message for message in delivered if len(message) > 1_000_000]
    equal(len(large), 1, 'large messages')
    with Home() as home:
        add(home, user, '--ca-file', server.ca_file, '--max-size', '1000000')
        report = fetched(home)
        equal((report['stored'], report['completed'], report['skipped']), (30, 0, 0), 'fetch')
        assert report['bytes'] < 1_000_000, report['bytes']
        partial = [text for text in home.stored('work') if text not in delivered]
        equal(len(partial), 1, 'partial messages')
        assert large[0].startswith(partial[0]), 'not the beginning of it'
        # What is whole is passed over; what is not becomes so, in its place.
        before = ids(home)
        report, = home.good('fetch', '--rest', *before, '--password-stdin', '--json',
                            stdin=PASSWORD.encode() + b'\n').lines()
        equal((report['stored'], report['completed'], report['duplicates']), (0, 1, 0), 'the rest')
        equal(ids(home), before, 'rows')
        assert same(home.stored('work'), delivered), 'not every message is here exactly once'
        equal(fetched(home)['stored'], 0, 'next fetch')
        for wrong in (['--rest'], ['--rest', 'work'], ['--rest', '999999']):
            assert home.run('fetch', *wrong).code == 2, wrong


def test_delete_with_local():
    user = new_mailbox(mail.generate(6, seed=22))
    with Home() as home:
        add(home, user, '--ca-file', server.ca_file, '--delete-with-local')
        fetched(home)
        delete_here(home, 'work', 2)
        report = fetched(home)
        equal((report['stored'], report['removed'], report['on_server']), (0, 2, 4), 'after deleting')
        equal(server.count(user), 4, 'left on the server')
        equal(len(home.stored('work')), 4, 'here')


def test_keep_messages():
    messages = mail.generate(20, seed=23)
    user = new_mailbox(messages)
    delivered = server.retrieve_all(user)
    with Home() as home:
        add(home, user, '--ca-file', server.ca_file, '--keep-messages', '5')
        report = fetched(home)
        equal((report['stored'], report['removed'], report['on_server']), (20, 15, 5), 'fetch')
        equal(server.count(user), 5, 'left on the server')
        assert same(server.retrieve_all(user), delivered[-5:]), 'not the newest'
        server.fill(user, mail.generate(2, seed=24))
        report = fetched(home)
        equal((report['stored'], report['removed'], report['on_server']), (2, 2, 5), 'with new mail')
        home.good('account', 'set', 'work', '--keep-messages', '0', '--keep-bytes', '1')
        equal(fetched(home)['on_server'], 0, 'by size')
        equal(len(home.stored('work')), 22, 'here')


def read(path):
    with open(path, 'rb') as file:
        return file.read()


def walk(top):
    return [os.path.join(root, name) for root, _, names in os.walk(top) for name in names]


def unquote(text):
    """Takes an mboxrd apart."""
    messages = []
    for line in text.split(b'\n')[:-1]:
        if line.startswith(b'From '):
            messages.append([])
            continue
        stripped = line.lstrip(b'>')
        messages[-1].append(line[1:] if line.startswith(b'>') and stripped.startswith(b'From ') else line)
    return [b'\n'.join(lines[:-1]) + b'\n' for lines in messages]


def test_remove_account():
    user = new_mailbox(mail.generate(4, seed=19))
    with Home() as home:
        add(home, user, '--ca-file', server.ca_file)
        fetched(home)
        home.good('account', 'remove', 'work')
        equal(len(home.stored('work')), 4, 'mail stays')
        equal(home.good('account', 'list').out, '', 'accounts')
        add(home, user, '--ca-file', server.ca_file)
        equal(fetched(home)['stored'], 0, 'known again')
        home.good('account', 'remove', 'work', '--delete-mail')
        equal(home.stored('work'), [], 'mail')
        equal(server.count(user), 4, 'left on the server')


def doveadm(*command):
    """Dovecot's own tool, on the configuration of the test server."""
    subprocess.run(['doveadm', '-c', server.path('dovecot.conf'), *command], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.PIPE)


def give_away(folder):
    """To the user as whom Dovecot works."""
    for root, folders, files in os.walk(folder):
        for name in folders + files:
            os.chown(os.path.join(root, name), *server.owner)


def test_dovecot_in_the_same_maildir():
    user, other = new_mailbox(mail.generate(40, seed=20)), new_mailbox([])
    place = os.path.join(server.path('mail'), other)
    with Home() as home:
        add(home, user, '--ca-file', server.ca_file)
        os.makedirs(home.path('data', 'postbag', 'mail'))
        os.symlink(place, home.path('data', 'postbag', 'mail', 'work'))
        fetched(home)
        before = home.stored('work')
        give_away(place)
        doveadm('flags', 'add', '-u', other, '\\Seen \\Flagged', 'mailbox', 'INBOX', '1:10')
        rows = home.good('list', '--json').lines()
        equal((sum(row['read'] for row in rows), sum(row['starred'] for row in rows)), (10, 10), 'marks')
        doveadm('mailbox', 'create', '-u', other, 'Elsewhere')
        doveadm('flags', 'add', '-u', other, 'Important', 'mailbox', 'INBOX', '11:15')
        doveadm('move', '-u', other, 'Elsewhere', 'mailbox', 'INBOX', '11:15')
        equal(len(home.good('list', '--json', '--folder', 'Elsewhere').lines()), 5, 'moved')
        doveadm('expunge', '-u', other, 'mailbox', 'INBOX', '33:35')
        equal(len(home.good('list', '--json').lines()), 32, 'after deleting')
        after = home.stored('work') + home.stored('work', 'Elsewhere')
        equal((len(after), set(after) <= set(before)), (37, True), 'files')
        result = home.good('verify', '--json').lines()
        equal((result[-1]['messages'], result[-1]['problems_left']), (37, 0), 'verify')


def test_verify():
    user = new_mailbox(mail.generate(30, seed=21))
    with Home() as home:
        add(home, user, '--ca-file', server.ca_file)
        fetched(home)
        said = home.good('verify').out
        assert 'Files, ledger and index agree.' in said and '30 messages' in said, said
        cur = home.path('data', 'postbag', 'mail', 'work', 'cur')
        name = sorted(os.listdir(cur))[3]
        with open(os.path.join(cur, name), 'r+b') as file:
            file.seek(20)
            file.write(b'#')
        result = home.run('verify', '--repair', '--json')
        equal(result.code, 6, f'exit code of a changed message ({result})')
        found, summary = result.lines()
        equal((found['finding'], found['repaired'], summary['problems_left']), ('changed', False, 1), 'found')
        equal(name.startswith(os.path.basename(found['path'])), True, 'path')
        result = home.run('verify')
        equal((result.code, '1 problem is left' in result.out), (6, True), str(result))


TESTS = [value for name, value in list(globals().items()) if name.startswith('test_')]

if __name__ == '__main__':
    # In a sanitizer build the leak detector itself crashes now and then at the end of a process that has spoken
    # TLS in another thread. Leaks are looked for in the tests of the layers, and in test-cli.py.
    if 'ASAN_OPTIONS' in os.environ:
        os.environ['ASAN_OPTIONS'] += ':detect_leaks=0'
    with dovecot.Dovecot(dict(zip(USERS, itertools.repeat(PASSWORD)))) as server:
        main(TESTS)
