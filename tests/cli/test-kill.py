#!/usr/bin/python3
# SPDX-FileCopyrightText: The Postbag contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""postbag-cli is ended by force while it fetches and deletes, against a real Dovecot: at random bytes, at random times,
and after every step of the commit order. The next fetch always ends with every message here once and none left there.

Usage: test-kill.py [KILLS [SEED]]. The figures of what was transferred twice are printed; what is in flight or not yet
committed at that moment (at most half a second of mail) comes again."""

import os
import random
import re
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))

import dovecot  # noqa: E402
import postbag  # noqa: E402
from postbag import Home, equal, same  # noqa: E402
from proxy import Proxy  # noqa: E402

KILLS = int(sys.argv[1]) if len(sys.argv) > 1 else 15
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 1
COUNT = 100
PASSWORD = 'correct-horse-battery-9127'
FAULTS = os.environ.get('POSTBAG_CLI_FAULTS')
STOPPED = 77
STEPS = ('part-written', 'part-written:60', 'marked-complete:40', 'files-written', 'files-synced', 'one-renamed', 'one-renamed:60',
         'files-renamed', 'folder-synced', 'ledger-written', 'ledger-durable', 'index-written', 'index-committed',
         'all-done', 'removal-unnoted', 'removal-written', 'removal-noted')
ENDS = re.compile(rb'end of message (\d+)\r\n\.\r\n')

server = None
users = iter(f'user{number}' for number in range(KILLS + len(STEPS) + 1))


class Killer(Proxy):
    """Passes on what the server says until @limit bytes did; then it ends a process after @delay seconds, or at once
    and says no more. @pace: seconds of rest after each 2 KiB."""

    def __init__(self, port, limit, delay, pace):
        super().__init__(port)
        self.kill_at, self.delay, self.pace = limit, delay, pace
        self.passed = bytearray()
        self.process = None

    def _down(self, source, client):
        try:
            while data := source.recv(2048):
                rest = self.kill_at - len(self.passed)
                if 0 <= rest < len(data):
                    self.kill_at = -1
                    if self.delay:
                        threading.Timer(self.delay, self.process.kill).start()
                    else:
                        client.sendall(data[:rest])
                        self.passed += data[:rest]
                        self.process.kill()
                        return
                client.sendall(data)
                self.passed += data
                time.sleep(self.pace)
        except OSError:
            pass

    def transferred(self):
        return set(ENDS.findall(self.passed))


def generate(rng):
    for number in range(COUNT):
        size = rng.choice((200, 900, 2500, 9000, 40_000 if number % 20 == 0 else 1500))
        body = ''.join(rng.choice(('word ', 'line\n', '.\n', 'another ')) for _ in range(size // 5))
        yield (f'From: sender@example.org\nSubject: message {number}\nMessage-ID: <{number}@example.org>\n'
               f'Date: Mon, 6 Nov 2023 10:00:00 +0000\n\n{body}\nend of message {number}\n').encode()


def set_up(home, port):
    home.good('account', 'add', 'work', '--address', 'a@example.org', '--server', f'127.0.0.1:{port}', '--security',
              'none', '--user', home.user, '--on-server', 'delete')


def new_home(rng):
    home = Home()
    home.user = next(users)
    server.fill(home.user, generate(rng))
    home.delivered = server.retrieve_all(home.user)
    return home


def fetch_through(home, proxy):
    home.good('account', 'set', 'work', '--server', f'127.0.0.1:{proxy.port}')
    process = proxy.process = home.start('fetch', '--password-stdin', '--json')
    process.communicate(PASSWORD.encode() + b'\n', timeout=60)
    return process.returncode


def check_end(home, what):
    """After a normal fetch nothing shows what happened before."""
    with Killer(server.port, -1, 0, 0) as proxy:
        equal(fetch_through(home, proxy), 0, f'the next fetch ({what})')
    stored = home.stored('work')
    assert same(stored, home.delivered), f'{what}: {len(stored)} here, {len(set(stored))} different, of {COUNT}'
    equal(server.count(home.user), 0, f'left on the server ({what})')
    equal(os.listdir(home.path('data', 'postbag', 'mail', 'work', 'tmp')), [], f'temporaries ({what})')
    verified = home.good('verify', '--json').lines()
    equal(len(verified), 1, f'{what}: {verified}')
    listed = home.good('list', 'work', '--limit', '1000', '--json').lines()
    equal(len(listed), COUNT, f'in the list ({what})')
    return proxy.transferred()


def session_length():
    """Bytes that the server says in a whole session."""
    with new_home(random.Random(SEED)) as home, Killer(server.port, -1, 0, 0) as proxy:
        set_up(home, proxy.port)
        equal(fetch_through(home, proxy), 0, 'fetch')
        return len(proxy.passed)


def test_killed_at_random():
    length = session_length()
    twice = {'fast': [], 'slow': []}
    for kill in range(KILLS):
        seed = SEED * 1000 + kill
        rng = random.Random(seed)
        line = rng.choice(('fast', 'slow'))
        delay = rng.choice((0, rng.uniform(0.001, 0.6)))
        limit = rng.randrange(length)
        with new_home(random.Random(SEED)) as home:
            with Killer(server.port, limit, delay, 0.002 if line == 'slow' else 0) as proxy:
                set_up(home, proxy.port)
                code = fetch_through(home, proxy)
            what = f'seed {seed}, byte {limit}, {delay:.3f} s later, {line} line, exit {code}'
            kept = set(home.stored('work'))
            missing = set(home.delivered) - kept
            assert missing <= set(server.retrieve_all(home.user)), f'{what}: a message is nowhere'
            twice[line].append(len(proxy.transferred() & check_end(home, what)))
    for line, counts in twice.items():
        counts.sort()
        if counts:
            print(f'# {len(counts)} kills, {line} line: transferred twice at most {counts[-1]}, in the middle '
                  f'{counts[len(counts) // 2]} of {COUNT} messages')


def test_stopped_after_every_step():
    for step in STEPS:
        with new_home(random.Random(SEED)) as home:
            set_up(home, server.port)
            end = subprocess.run([FAULTS, 'fetch', '--password-stdin', '--json'], input=PASSWORD.encode() + b'\n',
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, check=False,
                                 env=home.environment(PB_FAULT=step), cwd=home.dir)
            equal(end.returncode, STOPPED, f'{step}: {end.stderr}')
            check_end(home, step)


if __name__ == '__main__':
    del sys.argv[1:]
    with dovecot.Dovecot({f'user{number}': PASSWORD for number in range(KILLS + len(STEPS) + 1)}) as server:
        postbag.main([test_killed_at_random, test_stopped_after_every_step])
