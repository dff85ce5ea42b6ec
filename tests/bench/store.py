#!/usr/bin/python3
# SPDX-FileCopyrightText: The Postbag contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Indexing and searching, side by side: Postbag, notmuch and mu take the same Maildir (tests/bench/corpus.py) and look
for the same planted words. Times of indexing are to be read as ratios within one run, because the machine's speed
drifts. Postbag is searched within its process, as its window does it; the others by their tools, of which the time they
take to find nothing is taken off (what the tool takes in all stands beside it).

Usage: store.py BUILD-FOLDER [--full] [--sizes 1000,10000] [--rounds N] [--folder DIR]"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE]
import corpus  # noqa: E402

QUERIES = (corpus.RARE, ' '.join(corpus.PAIR), corpus.CHINESE)
# Postbag alone: what finds much, or is hard.
FURTHER = ('the', 'be', chr(0x4e00 + 7919 * 5 % 6000), 'from:person7', 'has:attachment', 'is:unread the -of')


def megabytes(path):
    total = 0
    for root, _, names in os.walk(path):
        total += sum(os.path.getsize(os.path.join(root, name)) for name in names)
    return total / 1e6


def timed(command, env=None):
    """Seconds and the most megabytes of memory."""
    before = time.monotonic()
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f'{command[0]} failed')
    return time.monotonic() - before, usage.ru_maxrss / 1024


def tool_times(rounds, command, nothing, env=None):
    """What a search takes more than one that finds nothing because nothing can be there."""
    def once(what):
        start = time.monotonic()
        subprocess.run(what, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        return time.monotonic() - start
    idle = statistics.median(once(nothing) for _ in range(rounds))
    times = sorted(once(command) for _ in range(rounds))
    return [max(0.0, each - idle) * 1e3 for each in (times[rounds // 2], times[rounds * 95 // 100])] + [idle * 1e3]


class Postbag:
    name = 'Postbag'

    def __init__(self, build, folder, mail):
        self.folder = os.path.join(folder, 'postbag')
        os.makedirs(os.path.join(self.folder, 'mail'))
        os.rename(mail, os.path.join(self.folder, 'mail', 'work'))
        self.mail = os.path.join(self.folder, 'mail', 'work')
        self.program = os.path.join(build, 'tests', 'store', 'bench-search')

    def run(self, rounds):
        out = subprocess.run([self.program, self.folder, str(rounds), *QUERIES, *FURTHER], check=True,
                             stdout=subprocess.PIPE).stdout.decode()
        lines = [json.loads(line) for line in out.splitlines()]
        work = {line['what']: line for line in lines if 'seconds' in line}
        self.rows, self.text = work['rows']['seconds'], work['text']['seconds']
        self.seconds, self.memory = self.rows + self.text, work['text']['peak_kilobytes'] / 1024
        self.index = sum(os.path.getsize(os.path.join(self.folder, name)) for name in os.listdir(self.folder)
                         if '.sqlite' in name) / 1e6
        self.open = next(line for line in lines if line['what'] == 'folder')
        self.found = {line['query']: (line['median'] * 1e3, line['p95'] * 1e3, line['found'])
                      for line in lines if line['what'] == 'search'}
        self.best = {line['query']: line['median'] * 1e3 for line in lines if line['what'] == 'best'}


class Notmuch:
    name = 'notmuch'

    def __init__(self, build, folder, mail):
        self.folder, self.mail = folder, mail
        config = os.path.join(folder, 'notmuch-config')
        with open(config, 'w', encoding='utf-8') as file:
            file.write(f'[database]\npath={mail}\n[user]\nname=Robin\nprimary_email=robin@example.net\n'
                       '[new]\ntags=inbox\nignore=\n')
        self.env = dict(os.environ, NOTMUCH_CONFIG=config, HOME=folder, LC_ALL='C.UTF-8')

    def run(self, rounds):
        self.seconds, self.memory = timed(['notmuch', 'new', '--quiet'], self.env)
        self.index = megabytes(os.path.join(self.mail, '.notmuch'))
        self.found = {}
        for query in QUERIES:
            search = ['notmuch', 'search', '--output=messages', '--limit=50']
            median, late, idle = tool_times(rounds, [*search, query], [*search, 'id:none@example.org'], self.env)
            count = subprocess.run(['notmuch', 'count', query], env=self.env, stdout=subprocess.PIPE, check=True)
            self.found[query] = (median, late, int(count.stdout), idle)
        shutil.rmtree(os.path.join(self.mail, '.notmuch'))


class Mu:
    name = 'mu'

    def __init__(self, build, folder, mail):
        self.home, self.mail = os.path.join(folder, 'mu'), mail
        self.env = dict(os.environ, HOME=folder, LC_ALL='C.UTF-8')

    def run(self, rounds):
        home = f'--muhome={self.home}'
        timed(['mu', 'init', home, f'--maildir={self.mail}', '-q'], self.env)
        self.seconds, self.memory = timed(['mu', 'index', home, '-q'], self.env)
        self.index = megabytes(self.home)
        self.found = {}
        for query in QUERIES:
            find = ['mu', 'find', home, '--maxnum=50', '--fields=i', '--sortfield=date', '--reverse']
            median, late, idle = tool_times(rounds, [*find, query], [*find, 'msgid:none@example.org'], self.env)
            out = subprocess.run(['mu', 'find', home, '--fields=i', query], env=self.env, check=False,
                                 stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
            self.found[query] = (median, late, len(out.splitlines()), idle)


def measure(build, folder, count, rounds, others):
    mail = os.path.join(folder, 'mail')
    total = corpus.write(mail, count)
    programs = []
    for kind in ([Notmuch, Mu] if others else []) + [Postbag]:
        program = kind(build, folder, mail)
        program.run(rounds)
        programs.append(program)
    return programs, total


def report(programs, count, total):
    postbag, planted = programs[-1], corpus.planted(count)
    print(f'\n### {count:,} messages, {total / 1e6:.0f} MB\n')
    print('| | indexing | messages a second | memory | index | bytes a message |\n| --- | --- | --- | --- | --- | --- |')
    for program in reversed(programs):
        ratio = f' ({program.seconds / postbag.seconds:.1f}×)' if program is not postbag else ''
        print(f'| {program.name} | {program.seconds:.1f} s{ratio} | {count / program.seconds:,.0f} | '
              f'{program.memory:.0f} MB | {program.index:.1f} MB | {program.index * 1e6 / count:,.0f} |')
    print(f'\nPostbag: rows {postbag.rows:.1f} s ({count / postbag.rows:,.0f} a second), words {postbag.text:.1f} s '
          f'({count / postbag.text:,.0f} a second); opening the folder of all: {postbag.open["median"] * 1e3:.1f} ms, '
          f'95th percentile {postbag.open["p95"] * 1e3:.1f} ms.\n')
    print('First 50, median / 95th percentile in ms, and how many of the planted were found:\n')
    print('| looked for | ' + ' | '.join(program.name for program in reversed(programs)) + ' |\n| --- '
          + '| --- ' * len(programs) + '|')
    for query, there in zip(QUERIES, planted):
        cells = []
        for program in reversed(programs):
            median, late, found = program.found[query][:3]
            process = f' (the tool: {median + program.found[query][3]:.0f})' if len(program.found[query]) > 3 else ''
            cells.append(f'{median:.2f} / {late:.2f}{process}, {found} of {there}')
        print(f'| {query} | ' + ' | '.join(cells) + ' |')
    print('\n| Postbag alone | newest first, ms | best first, ms | found |\n| --- | --- | --- | --- |')
    for query in FURTHER:
        median, late, found = postbag.found[query]
        print(f'| {query} | {median:.2f} / {late:.2f} | {postbag.best[query]:.2f} | {found:,} |')
    sys.stdout.flush()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('build')
    parser.add_argument('--full', action='store_true', help='a million messages, too (Postbag alone)')
    parser.add_argument('--sizes', default='1000,10000,100000')
    parser.add_argument('--rounds', type=int, default=41)
    parser.add_argument('--folder', help='where to work; there have to be 10 GB for a million')
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(',')] + ([1000000] if options.full else [])
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for count in sizes:
        folder = tempfile.mkdtemp(prefix='postbag-bench-', dir=options.folder)
        try:
            programs, total = measure(os.path.abspath(options.build), folder, count, options.rounds, count < 1000000)
            report(programs, count, total)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == '__main__':
    main()
