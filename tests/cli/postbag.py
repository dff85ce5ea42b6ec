# SPDX-FileCopyrightText: The Postbag contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Running postbag-cli in a home of its own, and saying what came of it in TAP."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import traceback

CLI = os.environ.get('POSTBAG_CLI', 'postbag-cli')
PATIENCE = 60


class Result:
    def __init__(self, process):
        self.code = process.returncode
        self.raw = process.stdout
        self.out = process.stdout.decode('utf-8', 'replace')
        self.err = process.stderr.decode('utf-8', 'replace')

    def lines(self):
        """The JSON objects of the output."""
        return [json.loads(line) for line in self.out.splitlines()]

    def __str__(self):
        return f'exit {self.code}\n--- out\n{self.out[:2000]}\n--- err\n{self.err[:2000]}'


class Home:
    """with Home() as home: home.run('account', 'list')"""

    def __enter__(self):
        self.dir = tempfile.mkdtemp(prefix='postbag-home-')
        return self

    def __exit__(self, *unused):
        shutil.rmtree(self.dir, ignore_errors=True)

    def path(self, *names):
        return os.path.join(self.dir, *names)

    def environment(self, **extra):
        names = ('PATH', 'ASAN_OPTIONS', 'LSAN_OPTIONS', 'UBSAN_OPTIONS', 'G_DEBUG', 'LD_LIBRARY_PATH')
        env = {name: os.environ[name] for name in names if name in os.environ}
        # No keyring can be reached: an address where nobody listens.
        env.update(HOME=self.dir, LC_ALL='C.UTF-8', TZ='UTC', GIO_USE_VFS='local', GSETTINGS_BACKEND='memory',
                   XDG_DATA_HOME=self.path('data'), XDG_CONFIG_HOME=self.path('config'),
                   XDG_CACHE_HOME=self.path('cache'), XDG_RUNTIME_DIR=self.dir,
                   DBUS_SESSION_BUS_ADDRESS='unix:path=' + self.path('no-bus'))
        env.update(extra)
        return env

    def start(self, *args, **extra):
        return subprocess.Popen([CLI, *args], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                env=self.environment(**extra), cwd=self.dir)

    def run(self, *args, stdin=b'', **extra):
        return Result(subprocess.run([CLI, *args], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                     env=self.environment(**extra), cwd=self.dir, timeout=PATIENCE, check=False))

    def good(self, *args, **options):
        result = self.run(*args, **options)
        assert result.code == 0, f'{args}: {result}'
        return result

    def stored(self, account, folder=None):
        """The messages in the Maildir: what is promised to be readable by any program."""
        base = self.path('data', 'postbag', 'mail', account)
        if folder:
            base = os.path.join(base, '.' + folder)
        messages = []
        for part in ('new', 'cur'):
            place = os.path.join(base, part)
            for name in sorted(os.listdir(place)) if os.path.isdir(place) else ():
                with open(os.path.join(place, name), 'rb') as file:
                    messages.append(file.read())
        return messages

    def files(self):
        for root, _, names in os.walk(self.dir):
            for name in names:
                yield os.path.join(root, name)

    def holds(self, needle):
        """The files in which @needle (bytes) occurs."""
        found = []
        for path in self.files():
            with open(path, 'rb') as file:
                if needle in file.read():
                    found.append(path)
        return found


def same(a, b):
    """The same messages, each the same number of times, in any order."""
    return sorted(a) == sorted(b)


def equal(value, wanted, what=''):
    assert value == wanted, f'{what}: {value!r}, not {wanted!r}'


def main(tests):
    """Runs the functions one after the other, or those named on the command line."""
    wanted = [test for test in tests if len(sys.argv) == 1 or test.__name__ in sys.argv[1:]]
    failed = 0
    print(f'1..{len(wanted)}')
    for number, test in enumerate(wanted, 1):
        try:
            test()
            print(f'ok {number} {test.__name__}', flush=True)
        except Exception:  # a test fails in any way it likes
            failed += 1
            for line in traceback.format_exc().splitlines():
                print('# ' + line)
            print(f'not ok {number} {test.__name__}', flush=True)
    sys.exit(1 if failed else 0)
