#!/usr/bin/python3
# SPDX-FileCopyrightText: The Postbag contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signing in to a real Dovecot in every way that it knows. Nothing that is shown or kept has the password in it, in no
form; on an open line only what was asked for."""

import base64
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))

import dovecot  # noqa: E402
import mail  # noqa: E402
from postbag import Home, equal, main  # noqa: E402
from proxy import Proxy  # noqa: E402

USER = 'li.na'
PASSWORD = 'correct-horse-battery-9127'
WRONG = 'wrong-password-5533'
COUNT = 3
ALL = 'plain login cram-md5 scram-sha-1 scram-sha-256 apop external'

# What is asked for, and what of it shows.
WAYS = {
    'user-pass': 'PASS ****',
    'plain': 'AUTH PLAIN ****',
    'login': 'AUTH LOGIN',
    'apop': f'APOP {USER} ****',
    'cram-md5': 'AUTH CRAM-MD5',
    'scram-sha-1': 'AUTH SCRAM-SHA-1 ****',
    'scram-sha-256': 'AUTH SCRAM-SHA-256 ****',
    'auto': 'AUTH SCRAM-SHA-256 ****',
}
SAFE = ('apop', 'cram-md5', 'scram-sha-1', 'scram-sha-256', 'auto')

server = None


def forms(password):
    """The password as it could be found in a text: as it is, and in base64 behind 0, 1 and 2 other bytes."""
    secret = password.encode()
    yield secret
    for before in range(3):
        digits = base64.b64encode(b'\0' * before + secret)
        first = (0, 2, 3)[before]
        last = (before + len(secret)) * 8 // 6
        yield digits[first:last]


def shows(text, password):
    return [form for form in forms(password) if form in text]


def self_test():
    for line in (f'\0{USER}\0{PASSWORD}', f'user={USER}\1auth=Bearer {PASSWORD}\1\1', PASSWORD):
        assert shows(base64.b64encode(line.encode()), PASSWORD), line
    assert not shows(b'AUTH PLAIN ****', PASSWORD)


def fetch(home, port, auth, *options, security='tls', password=PASSWORD, user=USER):
    """The result of a fetch and the transcript of it."""
    home.good('account', 'add', 'work', '--address', f'{USER}@example.org', '--server', f'localhost:{port}',
              '--security', security, '--user', user, '--auth', auth, '--ca-file', server.ca_file, *options)
    path = home.path('transcript.txt')
    result = home.run('fetch', '--password-stdin', '--json', '--transcript', path, stdin=password.encode() + b'\n')
    with open(path, 'rb') as file:
        return result, file.read()


def check(home, result, transcript, password=PASSWORD):
    equal(shows(transcript, password), [], 'the password in the transcript')
    equal(shows(result.raw, password), [], 'the password in the output')
    equal(shows(result.err.encode(), password), [], 'the password among the errors')
    for form in forms(password):
        equal(home.holds(form), [], 'files with the password in them')


def check_fetched(result, transcript, way):
    equal(result.code, 0, f'exit code ({result}) {transcript.decode()}')
    equal(result.lines()[0]['stored'], COUNT, 'stored')
    assert WAYS[way] in transcript.decode(), transcript.decode()


def check_ways(security, port):
    for way in WAYS:
        with Home() as home:
            result, transcript = fetch(home, port, way, security=security)
            check_fetched(result, transcript, way)
            check(home, result, transcript)


def test_over_tls():
    check_ways('tls', server.tls_port)


def test_over_starttls():
    check_ways('starttls', server.port)


def test_wrong_password():
    for way in WAYS:
        with Home() as home:
            result, transcript = fetch(home, server.tls_port, way, password=WRONG)
            equal((way, result.code), (way, 3), f'exit code ({result}) {transcript.decode()}')
            equal(result.lines()[0]['error']['code'], 'sign-in', 'error')
            check(home, result, transcript, WRONG)


def test_on_an_open_line():
    for way in WAYS:
        with Home() as home, Proxy(server.port) as proxy:
            result, transcript = fetch(home, proxy.port, way, security='none')
            check_fetched(result, transcript, way)
            check(home, result, transcript)
            equal(bool(shows(proxy.sent, PASSWORD)), way not in SAFE, f'{way}: the password on the line')


def test_settings():
    with Home() as home:
        home.good('account', 'add', 'work', '--address', f'{USER}@example.org', '--server', 'localhost')
        equal(home.good('account', 'show', 'work', '--json').lines()[0]['auth'], 'auto', 'at first')
        for way in (*WAYS, 'xoauth2', 'oauthbearer', 'gssapi', 'external'):
            home.good('account', 'set', 'work', '--auth', way)
            equal(home.good('account', 'show', 'work', '--json').lines()[0]['auth'], way, 'as set')
        equal(home.run('account', 'set', 'work', '--auth', 'PLAIN').code, 2, 'no such way')
        equal(home.run('account', 'set', 'work', '--client-certificate', '/nowhere/li.pem').code, 2, 'no such file')
        equal(home.run('account', 'set', 'work', '--token', '--no-token').code, 2, 'both')
        home.good('account', 'set', 'work', '--token')
        equal(home.good('account', 'show', 'work', '--json').lines()[0]['secret_is_token'], True, 'token')
        home.good('account', 'set', 'work', '--no-token')
        equal(home.good('account', 'show', 'work', '--json').lines()[0]['secret_is_token'], False, 'no token')
        home.good('account', 'set', 'work', '--client-certificate', server.ca_file)
        equal(home.good('account', 'show', 'work', '--json').lines()[0]['client_certificate'], server.ca_file, 'file')
        home.good('account', 'set', 'work', '--client-certificate', '')
        equal(home.good('account', 'show', 'work', '--json').lines()[0]['client_certificate'], None, 'no file')


def test_hashed_passwords():
    """A server that offers SCRAM but cannot do it with what it has: within TLS there is another way."""
    with dovecot.Dovecot({USER: PASSWORD}, 'plain scram-sha-256', hashed=True) as other:
        other.fill(USER, mail.generate(COUNT))
        with Home() as home:
            result, transcript = fetch(home, other.tls_port, 'auto', '--ca-file', other.ca_file)
            check_fetched(result, transcript, 'plain')
            assert b'AUTH SCRAM-SHA-256 ****' in transcript, transcript.decode()
            check(home, result, transcript)
        with Home() as home, Proxy(other.port) as proxy:
            result, transcript = fetch(home, proxy.port, 'auto', security='none')
            equal(result.code, 3, f'nothing less on an open line ({result})')
            equal(shows(proxy.sent, PASSWORD), [], 'the password on the line')


def make_client_certificate(place, name):
    key, request, certificate = (os.path.join(place, 'client.' + end) for end in ('key', 'csr', 'crt'))
    dovecot.run('openssl', 'req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj',
                f'/CN={name}', '-keyout', key, '-out', request)
    dovecot.run('openssl', 'x509', '-req', '-in', request, '-CA', server.ca_file, '-CAkey', server.path('ca.key'),
                '-CAcreateserial', '-days', '2', '-out', certificate)
    path = os.path.join(place, 'client.pem')
    with open(path, 'w', encoding='ascii') as file:
        for part in (certificate, key):
            with open(part, encoding='ascii') as source:
                file.write(source.read())
    return path


def test_external():
    with Home() as home:
        certificate = make_client_certificate(home.dir, USER)
        result, transcript = fetch(home, server.tls_port, 'external', '--client-certificate', certificate)
        equal(result.code, 0, f'exit code ({result}) {transcript.decode()} {server.log()}')
        equal(result.lines()[0]['stored'], COUNT, 'stored')
        assert b'AUTH EXTERNAL ****' in transcript, transcript.decode()
        equal(home.run('fetch').code, 0, 'no keyring is asked, and nobody')
    with Home() as home:
        result, transcript = fetch(home, server.tls_port, 'external')
        equal(result.code, 3, f'without a certificate ({result})')


TESTS = [value for name, value in list(globals().items()) if name.startswith('test_')]

# The name in a client certificate is the user, and no password is asked for then.
CERTIFICATES = '''
ssl_ca = <{dir}/ca.crt
ssl_verify_client_cert = yes
ssl_require_crl = no
auth_ssl_username_from_cert = yes
passdb {{
  driver = static
  args = nopassword=y
  mechanisms = external
}}
'''

if __name__ == '__main__':
    self_test()
    # See test-dovecot.py.
    if 'ASAN_OPTIONS' in os.environ:
        os.environ['ASAN_OPTIONS'] += ':detect_leaks=0'
    with dovecot.Dovecot({USER: PASSWORD}, ALL, more=CERTIFICATES) as server:
        server.fill(USER, mail.generate(COUNT))
        main(TESTS)
