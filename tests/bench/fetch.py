#!/usr/bin/python3
# SPDX-FileCopyrightText: The Postbag contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Receiving, side by side: Postbag, the limit (tests/bench/limit.c) and other programs fetch the same mailbox from the
same Dovecot over TLS on loopback, without and with a round trip of 50 ms. Each run goes to a fresh folder and is
divided by a run of the limit made just before it, because the machine's speed drifts.

Usage: fetch.py BUILD-FOLDER [--rounds N] [--only NAME,…] [--boxes small,mixed] [--rtt 0,50]"""

import argparse
import os
import platform
import poplib
import shutil
import ssl
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, '..', 'support')]
import mailboxes  # noqa: E402
from dovecot import Dovecot, free_port  # noqa: E402

PASSWORD = 'bench-secret'
# Without pipelining a message costs one or two round trips: this many are enough to know the rest.
SLOW_COUNT = 250


class Run:
    """Where one program fetches from and to."""

    def __init__(self, build, user, port, ca_file, folder):
        self.build, self.user, self.port, self.ca_file, self.folder = build, user, port, ca_file, folder

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text)
        os.chmod(path, 0o600)
        return path

    def tool(self, *names):
        return os.path.join(self.build, *names)


def limit(run):
    return [run.tool('tests', 'bench', 'limit'), str(run.port), run.user, PASSWORD, os.path.join(run.folder, 'mail')]


def postbag(run, policy='keep'):
    cli = run.tool('src', 'cli', 'postbag-cli')
    subprocess.run([cli, 'account', 'add', 'bench', '--address', 'robin@example.net', '--server',
                    f'localhost:{run.port}', '--security', 'tls', '--user', run.user, '--ca-file', run.ca_file,
                    '--on-server', policy], check=True, stdout=subprocess.DEVNULL, env=environment(run))
    return [cli, 'fetch', '--password-stdin']


def mpop(run):
    for name in ('cur', 'new', 'tmp'):
        os.makedirs(os.path.join(run.folder, 'mail', name))
    config = run.write('mpoprc', f'''account bench
host localhost
port {run.port}
tls on
tls_starttls off
tls_trust_file {run.ca_file}
user {run.user}
password {PASSWORD}
auth user
keep on
delivery maildir {run.folder}/mail
uidls_file {run.folder}/uidls
''')
    return ['mpop', '-q', '-C', config, 'bench']


def fetchmail(run):
    for name in ('cur', 'new', 'tmp'):
        os.makedirs(os.path.join(run.folder, 'mail', name))
    config = run.write('fetchmailrc', f'''poll localhost service {run.port} protocol pop3 uidl
  user "{run.user}" password "{PASSWORD}" ssl sslcertck sslcertfile "{run.ca_file}" keep
  mda "/usr/bin/procmail -m DEFAULT={run.folder}/mail/ /dev/null"
''')
    return ['fetchmail', '--silent', '--nosyslog', '--idfile', f'{run.folder}/ids', '--pidfile', f'{run.folder}/pid',
            '-f', config]


def getmail(run):
    for name in ('cur', 'new', 'tmp'):
        os.makedirs(os.path.join(run.folder, 'mail', name))
    run.write('getmailrc', f'''[retriever]
type = SimplePOP3SSLRetriever
server = localhost
port = {run.port}
username = {run.user}
password = {PASSWORD}
ca_certs = {run.ca_file}
[destination]
type = Maildir
path = {run.folder}/mail/
[options]
delete = false
verbose = 0
''')
    if os.geteuid() != 0:
        return ['getmail', '--getmaildir', run.folder]
    # It refuses to deliver as root.
    subprocess.run(['chown', '-R', 'nobody', run.folder], check=True)
    return ['setpriv', '--reuid', 'nobody', '--regid', 'nogroup', '--clear-groups', 'getmail', '--getmaildir', run.folder]


def poplib_loop(run):
    return [sys.executable, os.path.abspath(__file__), '--poplib', str(run.port), run.user, run.ca_file, run.folder]


PROGRAMS = {'postbag': postbag, 'mpop': mpop, 'fetchmail': fetchmail, 'getmail6': getmail, 'poplib': poplib_loop}
PIPELINES = ('postbag', 'mpop')


def environment(run):
    return {'PATH': os.environ['PATH'], 'HOME': run.folder, 'LC_ALL': 'C.UTF-8', 'XDG_RUNTIME_DIR': run.folder,
            'XDG_DATA_HOME': run.folder + '/data', 'XDG_CONFIG_HOME': run.folder + '/config',
            'XDG_CACHE_HOME': run.folder + '/cache', 'DBUS_SESSION_BUS_ADDRESS': 'unix:path=/nonexistent'}


def delivered(folder):
    """Messages on disk: files of Maildirs, or numbered ones."""
    count = 0
    for place, _, files in os.walk(folder):
        if os.path.basename(place) in ('cur', 'new', 'mail'):
            count += sum(1 for name in files if not name.endswith(('.lock', 'rc')))
    return count


def measure(make, build, user, port, ca_file, expected):
    """(wall, CPU, peak RSS in MB) of one run into a fresh folder."""
    folder = tempfile.mkdtemp(prefix='postbag-bench-', dir=os.environ.get('BENCH_DIR'))
    run = Run(build, user, port, ca_file, folder)
    command = make(run)
    # GNU time forks from a small process of its own, so that the peak is the program's and not this script's.
    timed = ['time', '--quiet', '-o', run.write('figures', ''), '-f', '%U %S %M', *command]
    start = time.monotonic()
    process = subprocess.run(timed, input=PASSWORD.encode() + b'\n', capture_output=True, env=environment(run))
    wall = time.monotonic() - start
    got = delivered(folder)
    if process.returncode != 0 or got != expected:
        raise RuntimeError(f'{command[0]}: exit {process.returncode}, {got} of {expected}: '
                           f'{process.stderr.decode()[-500:]}')
    # Not deleted here: deleting thousands of files slows the next run's creations down.
    with open(os.path.join(folder, 'figures'), encoding='ascii') as file:
        user_time, system_time, rss = map(float, file.read().split())
    return wall, user_time + system_time, rss / 1024


def compare(args, server, box, count, rtt, name):
    """Median ratio to the limit, and medians of wall, CPU, RSS."""
    slow = rtt > 0 and name not in PIPELINES
    user = f'{box}{SLOW_COUNT}' if slow else box
    expected = SLOW_COUNT if slow else count
    with delayed(args.build, server.tls_port, rtt) as port:
        rows, ratios = [], []
        for _ in range(args.rounds):
            yardstick = measure(limit, args.build, user, port, server.ca_file, expected)[0]
            rows.append(measure(PROGRAMS[name], args.build, user, port, server.ca_file, expected))
            ratios.append(yardstick / rows[-1][0])
    wall, cpu, rss = (statistics.median(column) for column in zip(*rows))
    scale = count / expected
    mark = '~' if slow else ''
    print(f'| {name} | {box} | {rtt} ms | {mark}{wall * scale:.2f} s | {mark}{wall * scale / count * 1000:.2f} ms '
          f'| {statistics.median(ratios):.2f} | {cpu * scale:.2f} s | {rss:.0f} MB |', flush=True)


class delayed:
    """A port behind which the server is @rtt milliseconds away."""

    def __init__(self, build, port, rtt):
        self.port, self.process = port, None
        if rtt:
            self.port = free_port()
            self.process = subprocess.Popen([os.path.join(build, 'tests', 'bench', 'delay-proxy'), str(self.port),
                                             str(port), str(rtt)], stdout=subprocess.PIPE)
            self.process.stdout.readline()

    def __enter__(self):
        return self.port

    def __exit__(self, *unused):
        if self.process:
            self.process.kill()
            self.process.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('build')
    parser.add_argument('--rounds', type=int, default=3)
    parser.add_argument('--only', default=','.join(PROGRAMS))
    parser.add_argument('--boxes', default='mixed,small')
    parser.add_argument('--rtt', default='0,50')
    args = parser.parse_args()
    args.build = os.path.abspath(args.build)
    boxes = {name: getattr(mailboxes, name)() for name in args.boxes.split(',')}
    users = [user for name in boxes for user in (name, f'{name}{SLOW_COUNT}')]
    with Dovecot({user: PASSWORD for user in users}) as server:
        for name, messages in boxes.items():
            server.fill(name, messages)
            server.fill(f'{name}{SLOW_COUNT}', messages[:SLOW_COUNT])
            # Once without measuring: the server makes its own index now.
            for user, count in ((name, len(messages)), (f'{name}{SLOW_COUNT}', SLOW_COUNT)):
                measure(limit, args.build, user, server.tls_port, server.ca_file, count)
        memory = os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30
        print(f'{time.strftime("%Y-%m-%d")}, {os.cpu_count()} cores, {memory:.0f} GiB, Linux {platform.release()}; '
              f'medians of {args.rounds}; ~ from {SLOW_COUNT} messages\n')
        print('| program | mailbox | round trip | wall | a message | of the limit | CPU | peak RSS |')
        print('|---|---|---|---|---|---|---|---|')
        for box, messages in boxes.items():
            for rtt in map(int, args.rtt.split(',')):
                for name in args.only.split(','):
                    if name == 'postbag' or name == 'poplib' or shutil.which({'getmail6': 'getmail'}.get(name, name)):
                        compare(args, server, box, len(messages), rtt, name)


def poplib_main(port, user, ca_file, folder):
    """The loop that every tutorial shows."""
    poplib._MAXLINE = 1 << 20
    context = ssl.create_default_context(cafile=ca_file)
    os.mkdir(os.path.join(folder, 'mail'))
    server = poplib.POP3_SSL('localhost', int(port), context=context)
    server.user(user)
    server.pass_(PASSWORD)
    for number in range(1, len(server.list()[1]) + 1):
        with open(os.path.join(folder, 'mail', str(number)), 'wb') as file:
            file.write(b'\n'.join(server.retr(number)[1]) + b'\n')
    server.quit()


if __name__ == '__main__':
    if sys.argv[1:2] == ['--poplib']:
        poplib_main(*sys.argv[2:])
    else:
        main()
