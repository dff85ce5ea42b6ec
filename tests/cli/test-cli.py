#!/usr/bin/python3
# SPDX-FileCopyrightText: The Postbag contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""postbag-cli without a server: help, usage, accounts, passwords, and messages in files."""

import json
import os
import pty
import re
import stat
import subprocess
import time

from postbag import CLI, Home, equal, main, same

COMMANDS = ('account add', 'account set', 'account list', 'account show', 'account remove', 'password', 'fetch', 'list',
            'show', 'search', 'export', 'import', 'console')
LETTER = b'''From MAILER-DAEMON Thu Nov 16 10:00:00 2023
From: =?utf-8?q?J=C3=BCrgen?= <juergen@example.org>
To: Friends: a@example.org, "B, b" <b@example.org>;
Cc: c@example.org
Subject: =?utf-8?b?R3LDvMOfZQ==?=
Date: Thu, 16 Nov 2023 12:00:00 +0200
Message-ID: <1@example.org>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=m

--m
Content-Type: multipart/alternative; boundary=a

--a
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Liebe Gr\xc3\xbc\xc3\x9fe
--a
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: 8bit

<p>Liebe <b>Gr\xc3\xbc\xc3\x9fe</b></p>
--a--
--m
Content-Type: application/pdf
Content-Disposition: attachment; filename="../../sheet.pdf"
Content-Transfer-Encoding: base64

JVBERi0xLjQK
--m--
'''
HOSTILE = b'''From: evil@example.org
Subject: =?utf-8?b?G10wO293bmVkBxtbMko=?= \xe2\x80\xaeback
Content-Type: text/plain; charset=utf-8

before\x1b[2J\x1b]0;owned\x07after \xc2\x9b31m \xe2\x80\xae txt
'''


def usage(home, *args, **options):
    result = home.run(*args, **options)
    equal(result.code, 2, f'{args}: {result}')
    equal(result.out, '', f'{args}: standard output')
    equal(len(result.err.strip().splitlines()), 1, f'{args}: one line on standard error, not {result.err!r}')
    return result.err


def add(home, name='work', *options):
    home.good('account', 'add', name, '--address', f'{name}@example.org', '--server', f'{name}.example.org', *options)


def shown(home, name='work'):
    return home.good('account', 'show', name, '--json').lines()[0]


def write(home, name, content):
    path = home.path(name)
    with open(path, 'wb') as file:
        file.write(content)
    return path


def on_terminal(home, *args, keys=b''):
    """What a person sees."""
    master, slave = pty.openpty()
    process = subprocess.Popen([CLI, *args], stdin=slave, stdout=slave, stderr=slave, env=home.environment(),
                               start_new_session=True)
    os.close(slave)
    seen = b''
    if keys:
        while b':' not in seen:
            seen += os.read(master, 1000)
        time.sleep(0.1)
        os.write(master, keys)
    try:
        while data := os.read(master, 65536):
            seen += data
    except OSError:
        pass
    os.close(master)
    return process.wait(60), seen


# ---- Help and usage ----

def test_help():
    with Home() as home:
        texts = [home.good(*args).out for args in (('help',), ('--help',), ('-h',))]
        equal(len(set(texts)), 1, 'the same help')
        for command in COMMANDS:
            assert command in texts[0], command
            words = command.split()
            by_option = home.good(*words, '--help').out
            equal(home.good('help', *words).out, by_option, command)
            assert f'postbag-cli {command}' in by_option, by_option
            assert '--help' in by_option
        assert re.search(r'^  5 ', texts[0], re.M), 'exit codes are explained'
        equal(list(home.files()), [], 'help leaves nothing behind')


def test_version():
    with Home() as home:
        assert re.fullmatch(r'postbag-cli \d+\.\d+\.\d+\n', home.good('--version').out)


def test_usage_errors():
    with Home() as home:
        for args in ((), ('nonsense',), ('account',), ('account', 'paint'), ('help', 'nonsense'), ('fetch', '--nonsense'),
                     ('fetch',), ('fetch', 'nobody'), ('account', 'show'), ('account', 'show', 'nobody'),
                     ('account', 'remove', 'nobody'), ('account', 'list', 'extra'), ('password',), ('password', 'nobody'),
                     ('list', 'nobody'), ('list', '--limit', 'many'), ('list', '--limit', '-5'), ('show',),
                     ('show', 'a', 'b'), ('show', 'x.eml', '--raw', '--json'), ('show', 'x.eml', '-o', 'y'),
                     ('export',), ('export', 'x', '--format', 'pst'), ('export', 'x', 'nobody'), ('import',),
                     ('import', 'x'), ('import', 'x', '--into', 'nobody'), ('import', 'x', '--format', 'pst')):
            usage(home, *args)
        equal(list(home.files()), [], 'usage errors leave nothing behind')


def test_account_add_refuses():
    with Home() as home:
        good = ('--address', 'a@example.org', '--server', 'pop.example.org')
        usage(home, 'account', 'add', 'Upper', *good)
        usage(home, 'account', 'add', '../up', *good)
        usage(home, 'account', 'add', '', *good)
        usage(home, 'account', 'add', 'x' * 65, *good)
        usage(home, 'account', 'add', 'work', '--address', 'a@example.org')
        usage(home, 'account', 'add', 'work', '--server', 'pop.example.org')
        for option in (('--server', 'pop.example.org:99999'), ('--server', 'two words'), ('--security', 'ssl'),
                       ('--auth', 'telepathy'), ('--on-server', 'burn'), ('--on-server', 'delete-after=0'),
                       ('--trust-certificate', 'abc'), ('--trust-certificate', 'z' * 64), ('--ca-file', '/no/such/file'),
                       ('--timeout', '-3'), ('--timeout', '100000'), ('--timeout', 'soon'), ('--user', 'a\r\nQUIT'),
                       ('--address', 'a\nb'), ('--max-size', 'big')):
            usage(home, 'account', 'add', 'work', *good, *option)
        equal(home.good('account', 'list').out, '', 'accounts')


# ---- Accounts ----

def test_accounts():
    with Home() as home:
        add(home)
        add(home, 'home', '--user', 'someone', '--security', 'starttls', '--on-server', 'delete-after=30', '--timeout', '9',
            '--auth', 'user-pass')
        usage(home, 'account', 'add', 'work', '--address', 'b@example.org', '--server', 'b.example.org')
        usage(home, 'account', 'add', 'again', '--address', 'work@example.org', '--server', 'work.example.org')
        first, second = shown(home), shown(home, 'home')
        equal((first['host'], first['port'], first['security'], first['user'], first['on_server']),
              ('work.example.org', 995, 'tls', 'work@example.org', 'keep'), 'the usual')
        equal((second['port'], second['security'], second['user'], second['on_server'], second['timeout']),
              (110, 'starttls', 'someone', 'delete-after=30', 9), 'what was said')
        equal([line.split()[0] for line in home.good('account', 'list').out.splitlines()], ['work', 'home'], 'order')
        equal([row['id'] for row in home.good('account', 'list', '--json').lines()], ['work', 'home'], 'order')
        assert 'someone' in home.good('account', 'show', 'home').out
        config = home.path('config', 'postbag', 'accounts.conf')
        equal(stat.S_IMODE(os.stat(config).st_mode), 0o600, 'mode')


def test_account_set():
    with Home() as home:
        add(home)
        certificate = write(home, 'ca.pem', b'x')
        home.good('account', 'set', 'work', '--security', 'starttls', '--on-server', 'delete', '--ca-file', 'ca.pem',
                  '--trust-certificate', 'AB' * 32)
        account = shown(home)
        equal((account['port'], account['security'], account['on_server'], account['ca_file'],
               account['trusted_certificate']), (110, 'starttls', 'delete', certificate, 'ab' * 32), 'changed')
        home.good('account', 'set', 'work', '--ca-file', '', '--trust-certificate', '', '--server', 'pop.example.org:4000')
        home.good('account', 'set', 'work', '--security', 'tls')
        account = shown(home)
        equal((account['host'], account['port'], account['security'], account['ca_file'], account['trusted_certificate']),
              ('pop.example.org', 4000, 'tls', None, None), 'changed again')
        equal(account['address'], 'work@example.org', 'left as it was')
        usage(home, 'account', 'set', 'work', '--server', '')
        usage(home, 'account', 'set', 'nobody', '--user', 'x')


def test_account_off_and_detached():
    with Home() as home:
        add(home)
        usage(home, 'account', 'set', 'work', '--enabled', 'perhaps')
        home.good('account', 'set', 'work', '--enabled', 'off')
        assert shown(home)['enabled'] is False
        assert ' (off)' in home.good('account', 'list').out
        assert home.run('fetch', 'work', '--password-stdin', stdin=b'secret\n').code == 1
        home.good('account', 'set', 'work', '--enabled', 'on')
        assert shown(home)['enabled'] is True
        home.good('list', 'work')
        assert home.run('account', 'detach', 'work').code in (0, 6)
        account = shown(home)
        equal((account['detached'], account['enabled'], account['host'], account['user'], account['address']),
              (True, False, None, '', 'work@example.org'), 'detached')
        usage(home, 'account', 'set', 'work', '--enabled', 'on')
        usage(home, 'account', 'set', 'work', '--server', 'pop.example.org')
        home.good('list', 'work')
        assert home.run('fetch', 'work', '--password-stdin', stdin=b'secret\n').code == 1
        usage(home, 'account', 'detach', 'nobody')


def test_same_mailbox():
    with Home() as home:
        add(home)
        add(home, 'home')
        refused = home.run('account', 'add', 'third', '--address', 'work@example.org', '--server', 'WORK.example.org:110',
                           '--security', 'starttls', '--user', 'work')
        equal(refused.code, 2, 'same mailbox')
        assert 'fetches this mailbox already' in refused.err
        usage(home, 'account', 'set', 'home', '--server', 'work.example.org', '--user', 'work@example.org')


def test_discover_offline():
    with Home() as home:
        rows = home.good('account', 'discover', '--offline', '--json', 'Li <li＠web。de>').lines()
        equal([(row['step'], row['outcome']) for row in rows if 'step' in row], [('table', 'found')], 'steps')
        equal([(row['host'], row['port'], row['security'], row['user']) for row in rows if 'offer' in row][0],
              ('pop3.web.de', 995, 'tls', 'li'), 'offer')
        assert '授权码' in home.good('account', 'discover', '--offline', 'li@qq.com').out
        for address, words in (('li@icloud.com', 'no POP3'), ('li@proton.me', 'Bridge'), ('li@example.org', 'no such entry')):
            nothing = home.run('account', 'discover', '--offline', address)
            equal(nothing.code, 1, address)
            assert words in nothing.out, nothing
        for address in ('li', 'li@example.org\nQUIT', ''):
            usage(home, 'account', 'discover', '--offline', address)
        equal(list(home.files()), [], 'nothing is set up')


def test_import():
    with Home() as home:
        equal(home.good('account', 'import-from').out, '', 'nothing there')
        os.makedirs(home.path('.claws-mail', 'uidl'))
        write(home, '.claws-mail/accountrc',
              b'[Account: 1]\naddress=li@example.org\nprotocol=0\nreceive_server=pop.example.org\nuser_id=li\n'
              b'ssl_pop=1\nremove_mail=1\nmessage_leave_time=7\n')
        write(home, '.claws-mail/uidl/pop.example.org-li', b'a\t1\t0\nb\t1\t0\n')
        rows = home.good('account', 'import-from', '--json').lines()
        equal([(row['program'], row['host'], row['user'], row['seen']) for row in rows],
              [('claws-mail', 'pop.example.org', 'li', 2)], 'found')
        equal(home.good('account', 'list').out, '', 'only listed')
        home.good('account', 'import-from', 'claws-mail')
        account = shown(home, 'li-example-org')
        equal((account['host'], account['port'], account['security'], account['user'], account['on_server']),
              ('pop.example.org', 995, 'tls', 'li', 'delete-after=7'), 'imported')
        again = home.run('account', 'import-from', 'claws-mail')
        equal(again.code, 1, 'again')
        equal(len(home.good('account', 'list').out.splitlines()), 1, 'once')


def test_damaged_accounts_file():
    with Home() as home:
        os.makedirs(home.path('config', 'postbag'))
        path = write(home, os.path.join('config', 'postbag', 'accounts.conf'), b'this is no key file\0')
        for args in (('account', 'list'), ('fetch',),
                     ('account', 'add', 'a', '--address', 'a@example.org', '--server', 'a.example.org')):
            equal(home.run(*args).code, 2, f'{args}')
        with open(path, 'rb') as file:
            equal(file.read(), b'this is no key file\0', 'left as it is')


def test_empty():
    with Home() as home:
        equal(home.good('list').out, '', 'no account, no mail')
        add(home)
        equal(home.good('list').out, '', 'no mail')
        equal(home.run('list', '--folder', 'nowhere').code, 2, 'no such folder')
        equal(home.good('list', '--folder', 'Trash').out, '', 'an empty folder')


# ---- Passwords ----

def test_password_without_keyring():
    with Home() as home:
        add(home)
        usage(home, 'password', 'work', stdin=b'')
        usage(home, 'password', 'work', stdin=b'\n')
        result = home.run('password', 'work', stdin=b'open-sesame-4711\n')
        equal(result.code, 6, str(result))
        assert '--password-stdin' in result.err
        assert 'open-sesame-4711' not in result.out + result.err
        equal(home.holds(b'open-sesame-4711'), [], 'files with the password in them')


def test_password_that_cannot_be_sent():
    with Home() as home:
        add(home)
        for line in (b'a\0b\n', b'a\rb\n', b'x' * 20000 + b'\n'):
            equal(home.run('password', 'work', stdin=line).code, 2, repr(line[:10]))


def test_password_is_not_echoed():
    with Home() as home:
        add(home)
        code, seen = on_terminal(home, 'password', 'work', keys=b'open-sesame-4711\n')
        equal(code, 6, repr(seen))
        assert b'open-sesame' not in seen, seen


# ---- Messages in files ----

def test_show_json():
    with Home() as home:
        path = write(home, 'letter.eml', LETTER)
        letter = home.good('show', path, '--json').lines()[0]
        equal(letter, {
            'file': path, 'message_id': '1@example.org', 'subject': 'Grüße',
            'from': [{'name': 'Jürgen', 'addr': 'juergen@example.org'}],
            'to': [{'name': None, 'addr': 'a@example.org'}, {'name': 'B, b', 'addr': 'b@example.org'}],
            'cc': [{'name': None, 'addr': 'c@example.org'}], 'date': '2023-11-16T10:00:00Z',
            'text': letter['text'], 'has_html': True,
            'attachments': [{'name': letter['attachments'][0]['name'], 'type': 'application/pdf', 'size': 9,
                             'inline': False}]}, 'letter')
        equal(letter['text'].strip(), 'Liebe Grüße', 'text')
        equal(list(letter), ['file', 'message_id', 'subject', 'from', 'to', 'cc', 'date', 'text', 'has_html', 'attachments'],
              'order')


def test_show_views():
    with Home() as home:
        path = write(home, 'letter.eml', LETTER)
        equal(home.good('show', path, '--raw').raw, LETTER, 'raw')
        equal(home.good('show', path, '--text').out.strip(), 'Liebe Grüße', 'text')
        assert '<b>Grüße</b>' in home.good('show', path, '--html').out
        headers = home.good('show', path, '--headers').out
        assert 'Message-ID: <1@example.org>' in headers and 'Liebe' not in headers
        people = home.good('show', path).out
        for part in ('Jürgen <juergen@example.org>', 'Grüße', 'Liebe Grüße', 'sheet.pdf', 'application/pdf'):
            assert part in people, part
        equal(home.good('show', path, '--attachment', '1').raw, b'%PDF-1.4\n', 'attachment')
        for number in ('0', '2', '-1'):
            usage(home, 'show', path, f'--attachment={number}')


def test_save_attachment():
    with Home() as home:
        path = write(home, 'letter.eml', LETTER)
        home.good('show', path, '--attachment', '1', '-o', home.path('out.pdf'))
        with open(home.path('out.pdf'), 'rb') as file:
            equal(file.read(), b'%PDF-1.4\n', 'content')
        os.mkdir(home.path('into'))
        home.good('show', path, '--attachment', '1', '-o', home.path('into'))
        equal(os.listdir(home.path('into')), ['sheet.pdf'], 'a name that leads nowhere else')
        assert home.run('show', path, '--attachment', '1', '-o', home.path('no', 'such', 'folder')).code != 0


def test_show_leaves_no_profile():
    with Home() as home:
        path = write(home, 'letter.eml', LETTER)
        home.good('show', path)
        equal(list(home.files()), [path], 'files')


def test_show_what_is_none():
    with Home() as home:
        equal(home.run('show', home.path('missing.eml')).code, 2, 'missing')
        for name, content in (('empty.eml', b''), ('blank.eml', b'\n\n\n')):
            result = home.run('show', write(home, name, content), '--json')
            equal((result.code, result.out), (2, ''), name)


def test_html_only():
    with Home() as home:
        path = write(home, 'html.eml', b'Subject: x\nContent-Type: text/html\n\n<p>one</p><script>evil()</script><p>two</p>\n')
        letter = home.good('show', path, '--json').lines()[0]
        equal((letter['text'], letter['has_html'], letter['date'], letter['message_id']), (None, True, None, None), 'letter')
        text = home.good('show', path).out
        assert 'one' in text and 'two' in text and 'evil' not in text


def test_terminal_is_safe():
    with Home() as home:
        path = write(home, 'hostile.eml', HOSTILE)
        for view in ((), ('--raw',), ('--text',), ('--headers',)):
            code, seen = on_terminal(home, 'show', path, *view)
            equal(code, 0, repr(seen))
            for control in (b'\x1b', b'\x07', b'\xc2\x9b', b'\xe2\x80\xae'):
                assert control not in seen, (view, seen)
        equal(home.good('show', path, '--raw').raw, HOSTILE, 'into a file it goes as it is')
        assert json.loads(home.good('show', path, '--json').out)['text'].startswith('before\x1b')


def test_output_that_cannot_be_written():
    with Home() as home:
        path = write(home, 'letter.eml', LETTER)
        with open('/dev/full', 'wb') as full:
            process = subprocess.run([CLI, 'show', path], stdout=full, stderr=subprocess.PIPE, env=home.environment(),
                                     check=False)
        equal(process.returncode, 6, process.stderr)


# ---- Search ----

def place(home, number, subject, text, letters=''):
    folder = home.path('data', 'postbag', 'mail', 'work', 'cur')
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, f'{1700000000 + number}.M{number}P1.here:2,{letters}'), 'wb') as file:
        file.write(f'Subject: {subject}\nFrom: Ann <ann@example.org>\nDate: Thu, {number} Nov 2023 12:00:00 +0000\n'
                   f'Content-Type: text/plain; charset=utf-8\n\n{text}\n'.encode())


def subjects(home, *args):
    return [row['subject'] for row in home.good('search', '--json', *args).lines()]


def test_search():
    with Home() as home:
        add(home)
        place(home, 1, 'one', 'quarterly figures figures')
        place(home, 2, 'two', 'other figures', 'S')
        place(home, 3, 'three', 'GTK程序4.8版')
        home.good('list')
        equal(subjects(home, 'figures'), ['two', 'one'])
        equal(subjects(home, 'quarterly', 'figures'), ['one'])
        equal(subjects(home, '"quarterly figures"'), ['one'])
        equal(subjects(home, 'figures', 'is:unread'), ['one'])
        equal(subjects(home, '--', '-quarterly', 'figures'), ['two'])
        equal(subjects(home, '程序'), ['three'])
        equal(subjects(home, 'from:ann', '--limit', '2'), ['three', 'two'])
        equal(subjects(home, 'figures', '--order', 'rank'), ['one', 'two'])
        equal(subjects(home, '"(* AND'), [])
        place(home, 4, 'four', 'what came later')
        equal(subjects(home, 'later'), ['four'])
        line = home.good('search', 'later').out
        assert re.match(r' *\d+ N   .*Ann .*four$', line), line
        usage(home, 'search')
        usage(home, 'search', 'x', '--order', 'size')


# ---- Export ----

def test_export_refuses():
    with Home() as home:
        add(home)
        os.mkdir(home.path('full'))
        write(home, os.path.join('full', 'precious'), b'x')
        usage(home, 'export', home.path('full'))
        usage(home, 'export', write(home, 'there.mbox', b''))
        home.good('export', home.path('new'))
        equal(os.path.isdir(home.path('new', 'work', 'Inbox')), True, 'an empty inbox')
        home.good('export', home.path('new.mbox'))
        equal(os.path.getsize(home.path('new.mbox')), 0, 'an empty mbox')
        result = home.run('export', '/proc/nowhere/x.mbox')
        equal(result.code, 6, str(result))


# ---- Import ----

def test_import():
    mbox = b''.join(b'From a@example.org Mon Jan  6 10:00:00 2020\nX-Mozilla-Status: 000%d\nSubject: %d\n\n>From %d\n\n'
                    % (number % 2, number, number) for number in range(7))
    with Home() as home:
        add(home)
        path = write(home, 'old.mbox', mbox)
        assert home.good('import', path).out.startswith('7 messages imported'), 'the only account needs no name'
        result = home.good('import', path, '--into', 'work/Old/Stuff', '--json').lines()[0]
        equal((result['imported'], result['duplicates'], result['folder'], result['error']), (0, 7, 'Old/Stuff', None), 'again')
        rows = home.good('list', '--json').lines()
        equal(sorted((row['subject'], row['read']) for row in rows), [(str(n), n % 2 == 1) for n in range(7)], 'rows')
        with open(path, 'rb') as file:
            equal(file.read(), mbox, 'the source')
        for target in ((home.path('md'), '--format', 'maildir'), (home.path('mb'), '--format', 'mbox'), (home.path('one.mbox'),)):
            home.good('export', *target)
            with Home() as other:
                add(other)
                equal(other.good('import', target[0], '--into', 'work', '--json').lines()[0]['imported'], 7, target)
                equal(same(other.stored('work'), home.stored('work')), True, 'bytes')
                again = other.good('list', '--json').lines()
                equal(sorted((row['subject'], row['read'], row['received']) for row in again),
                      sorted((row['subject'], row['read'], row['received']) for row in rows), 'marks')


def test_import_refuses():
    with Home() as home:
        equal(home.run('import', home.path('x'), '--into', 'work').code, 2, 'no account')
        add(home)
        add(home, 'home')
        usage(home, 'import', home.path('x'))
        for name in ('work//a', 'work/a/', 'work/' + 'x' * 300):
            usage(home, 'import', home.path('x'), '--into', name)
        result = home.run('import', home.path('none'), '--into', 'work')
        assert result.code != 0 and home.path('none') in result.err, str(result)
        result = home.run('import', write(home, 'junk', b'nothing'), '--into', 'work', '--format', 'mbox')
        assert result.code != 0 and result.err.count('\n') == 1, str(result)
        assert home.run('import', home.path('data', 'postbag', 'mail'), '--into', 'work').code != 0, 'itself'


TESTS = [value for name, value in list(globals().items()) if name.startswith('test_')]

if __name__ == '__main__':
    main(TESTS)
