# SPDX-FileCopyrightText: The Postbag contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The POP3 server of GNU Mailutils for tests, which differs from Dovecot wherever a server may: it puts the unique id into
the message as a header, lists sizes without it, and announces things in its own spelling. Its own configuration in a
folder of its own, on loopback ports that were free, with a certificate made on the spot. Only as root, because it changes
to the user who owns the mailbox. Stops with the test."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import reference
from dovecot import PATIENCE, free_port, run

POP3D = '/usr/sbin/pop3d'
DOMAIN = 'example.org'

CONFIG = '''
auth {{ authentication clear; authentication generic; authorization clear; authorization virtdomain; }};
virtdomain {{ passwd-dir "{dir}/passwd"; }};
mailbox {{ mailbox-type maildir; }};
mandatory-locking {{ enable no; }};
locking {{ type null; }};
tcp-wrappers {{ enable no; }};
logging {{ syslog no; }};
pidfile "{dir}/pid";
server 127.0.0.1:{tls_port} {{
  tls-mode connection;
  tls {{ ssl-certificate-file "{dir}/server.crt"; ssl-key-file "{dir}/server.key"; }};
}};
server 127.0.0.1:{port} {{
  tls-mode ondemand;
  tls {{ ssl-certificate-file "{dir}/server.crt"; ssl-key-file "{dir}/server.key"; }};
}};
'''


class Mailutils:
    """with Mailutils({'user@example.org': 'password'}) as server: …"""

    def __init__(self, users):
        self.users = dict(users)
        self.dir = tempfile.mkdtemp(prefix='postbag-mailutils-')
        self.port = free_port()
        self.tls_port = free_port()
        self.ca_file = os.path.join(self.dir, 'server.crt')
        self.process = None

    def __enter__(self):
        try:
            self._make_certificate()
            self._write_config()
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *unused):
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.dir, ignore_errors=True)

    def path(self, *names):
        return os.path.join(self.dir, *names)

    def log(self):
        with open(self.path('log'), encoding='utf-8', errors='replace') as file:
            return file.read()

    def _make_certificate(self):
        run('openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
            '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout',
            self.path('server.key'), '-out', self.ca_file)
        os.chmod(self.path('server.key'), 0o600)

    def _write_config(self):
        os.mkdir(self.path('passwd'), 0o700)
        with open(self.path('passwd', DOMAIN), 'w', encoding='ascii') as file:
            for user, password in self.users.items():
                name = user.split('@')[0]
                secret = subprocess.run(['openssl', 'passwd', '-6', password], check=True, stdout=subprocess.PIPE,
                                        text=True).stdout.strip()
                file.write(f'{name}:{secret}:{os.getuid()}:{os.getgid()}::{self.path(name)}:/bin/false\n')
                os.mkdir(self.path(name), 0o700)
        with open(self.path('config'), 'w', encoding='ascii') as file:
            file.write(CONFIG.format(dir=self.dir, port=self.port, tls_port=self.tls_port))

    def _start(self):
        with open(self.path('log'), 'wb') as log:
            self.process = subprocess.Popen([POP3D, '--config-file=' + self.path('config'), '--daemon=20',
                                             '--foreground'], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                with socket.create_connection(('127.0.0.1', self.port), 1) as connection:
                    connection.settimeout(PATIENCE)
                    if connection.recv(3) == b'+OK':
                        return
            except OSError:
                pass
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise RuntimeError('pop3d does not start: ' + self.log())
            time.sleep(0.05)

    # ---- Mailboxes ----

    def fill(self, user, messages):
        """Puts messages (bytes) into the mailbox, in this order."""
        root = self.path(user.split('@')[0], 'INBOX')
        for name in ('cur', 'new', 'tmp'):
            os.makedirs(os.path.join(root, name), exist_ok=True)
        first = len(os.listdir(os.path.join(root, 'new'))) + len(os.listdir(os.path.join(root, 'cur')))
        for position, message in enumerate(messages, first):
            with open(os.path.join(root, 'new', f'{1600000000 + position}.M{position:06}.test'), 'wb') as file:
                file.write(message)

    def retrieve_all(self, user):
        return reference.retrieve_all(self.port, user, self.users[user])

    def count(self, user):
        return reference.count(self.port, user, self.users[user])
