# SPDX-FileCopyrightText: The Postbag contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Dovecot for tests: its own configuration in a folder of its own, on loopback ports that were free, with a
certificate made on the spot. Runs as root or as anybody. Stops with the test."""

import base64
import getpass
import grp
import hashlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import reference

DOVECOT = '/usr/sbin/dovecot'
PATIENCE = 20

CONFIG = '''
base_dir = {dir}/run
state_dir = {dir}/state
log_path = {dir}/dovecot.log
protocols = pop3
listen = 127.0.0.1
ssl = yes
ssl_cert = <{dir}/server.crt
ssl_key = <{dir}/server.key
disable_plaintext_auth = no
auth_failure_delay = 0
auth_mechanisms = {mechanisms}
{more}
mail_location = maildir:{dir}/mail/%u
mailbox_list_index = no
default_login_user = {login_user}
default_internal_user = {internal_user}
default_internal_group = {internal_group}
first_valid_uid = 1
first_valid_gid = 1
mail_fsync = never
passdb {{
  driver = passwd-file
  args = {dir}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={dir}/mail/%u
}}
service pop3-login {{
  chroot =
  inet_listener pop3 {{
    port = {port}
  }}
  inet_listener pop3s {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  # Wrong passwords are refused at once, also the third one.
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
'''


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def run(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


class Dovecot:
    """with Dovecot({'user': 'password'}) as server: …"""

    def __init__(self, users, mechanisms='plain', hashed=False, more='', host='localhost', tls_port=0):
        """@mechanisms for AUTH, with spaces; @hashed: passwords are kept as digests that only serve to compare; @more:
        lines for the configuration, in which "{dir}" is the server's folder; @host: whom the certificate is for."""
        self.users = dict(users)
        self.mechanisms = mechanisms
        self.hashed = hashed
        self.more = more
        self.dir = tempfile.mkdtemp(prefix='postbag-dovecot-')
        self.port = free_port()
        self.host = host
        self.tls_port = tls_port or free_port()
        self.ca_file = os.path.join(self.dir, 'ca.crt')
        self.process = None
        if os.geteuid() == 0:
            owner = pwd.getpwnam('nobody')
            self.owner = (owner.pw_uid, owner.pw_gid)
        else:
            self.owner = (os.getuid(), os.getgid())

    def __enter__(self):
        try:
            self._make_certificates()
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

    def path(self, name):
        return os.path.join(self.dir, name)

    def log(self):
        with open(self.path('dovecot.log'), encoding='utf-8', errors='replace') as file:
            return file.read()

    def _make_certificates(self):
        run('openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
            '-subj', '/CN=Postbag test issuer', '-keyout', self.path('ca.key'), '-out', self.ca_file)
        run('openssl', 'req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
            '-subj', f'/CN={self.host}', '-keyout', self.path('server.key'), '-out', self.path('server.csr'))
        with open(self.path('extensions'), 'w', encoding='ascii') as file:
            file.write(f'subjectAltName=DNS:{self.host},IP:127.0.0.1\n')
        run('openssl', 'x509', '-req', '-in', self.path('server.csr'), '-CA', self.ca_file, '-CAkey',
            self.path('ca.key'), '-CAcreateserial', '-days', '2', '-extfile', self.path('extensions'), '-out',
            self.path('server.crt'))

    def fingerprint(self):
        """SHA-256 of the server's certificate, lower-case hex."""
        text = subprocess.run(['openssl', 'x509', '-in', self.path('server.crt'), '-noout', '-fingerprint', '-sha256'],
                              check=True, stdout=subprocess.PIPE, text=True).stdout
        return text.strip().split('=')[1].replace(':', '').lower()

    def _write_config(self):
        root = os.geteuid() == 0
        me = getpass.getuser() if not root else None
        group = grp.getgrgid(os.getgid()).gr_name
        os.chmod(self.dir, 0o755)
        for name in ('run', 'state', 'mail'):
            os.mkdir(self.path(name), 0o755)
        os.chown(self.path('mail'), *self.owner)
        with open(self.path('dovecot.conf'), 'w', encoding='utf-8') as file:
            file.write(CONFIG.format(dir=self.dir, port=self.port, tls_port=self.tls_port, uid=self.owner[0],
                                     gid=self.owner[1], mechanisms=self.mechanisms,
                                     more=self.more.format(dir=self.dir), login_user='dovenull' if root else me,
                                     internal_user='dovecot' if root else me,
                                     internal_group='dovecot' if root else group))
        with open(self.path('users'), 'w', encoding='utf-8') as file:
            for user, password in self.users.items():
                file.write(f'{user}:{self._stored(password)}\n')
        os.chmod(self.path('users'), 0o644)

    def _stored(self, password):
        if not self.hashed:
            return '{PLAIN}' + password
        salt = os.urandom(8)
        digest = hashlib.sha256(password.encode() + salt).digest()
        return '{SSHA256}' + base64.b64encode(digest + salt).decode()

    def _start(self):
        self.process = subprocess.Popen([DOVECOT, '-F', '-c', self.path('dovecot.conf')], stdin=subprocess.DEVNULL)
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
                raise RuntimeError('Dovecot does not start: ' + self.log())
            time.sleep(0.05)

    # ---- Mailboxes ----

    def fill(self, user, messages):
        """Puts messages (bytes) into the mailbox, in this order."""
        root = os.path.join(self.path('mail'), user)
        for name in ('', 'cur', 'new', 'tmp'):
            path = os.path.join(root, name)
            os.makedirs(path, exist_ok=True)
            os.chown(path, *self.owner)
        first = len(os.listdir(os.path.join(root, 'new'))) + len(os.listdir(os.path.join(root, 'cur')))
        for position, message in enumerate(messages, first):
            path = os.path.join(root, 'new', f'{1600000000 + position}.M{position:06}.test')
            with open(path, 'wb') as file:
                file.write(message)
            os.chown(path, *self.owner)

    def retrieve_all(self, user):
        return reference.retrieve_all(self.port, user, self.users[user])

    def count(self, user):
        return reference.count(self.port, user, self.users[user])
