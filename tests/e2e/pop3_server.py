# SPDX-FileCopyrightText: The Postbag contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A POP3 server over TLS that does what a test wants: it counts sessions, and can be slow. One thread per session."""

import hashlib
import socket
import ssl
import subprocess
import threading
import time


class Pop3Server:
    """Serves @messages (bytes with CRLF) to @user with @password on a free loopback port."""

    def __init__(self, folder, user, password, messages):
        self.user, self.password, self.messages = user, password, messages
        self.sessions = 0
        self.ended = 0
        self.log = []  # commands of all sessions, without arguments
        self.slow = False  # sends a few bytes of each message, then waits
        certificate, key = folder / "server.crt", folder / "server.key"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
             "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", certificate],
            check=True, capture_output=True)
        der = ssl.PEM_cert_to_DER_cert(certificate.read_text())
        self.fingerprint = hashlib.sha256(der).hexdigest()
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate, key)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        self.sessions += 1
        try:
            with self.context.wrap_socket(connection, server_side=True) as line:
                self._converse(line, line.makefile("rb"))
        except OSError:
            pass  # a client that does not trust us, or left
        finally:
            self.ended += 1

    def _converse(self, line, reader):
        line.sendall(b"+OK at your service\r\n")
        user = None
        while True:
            words = reader.readline().decode().rstrip("\r\n").split(" ", 1)
            if words == [""]:
                return
            command = words[0].upper()
            self.log.append(command)
            if command == "USER":
                user = words[1]
                line.sendall(b"+OK\r\n")
            elif command == "PASS":
                good = user == self.user and words[1] == self.password
                line.sendall(b"+OK\r\n" if good else b"-ERR [AUTH] wrong password\r\n")
            elif command == "CAPA":
                line.sendall(b"+OK\r\nUIDL\r\nUSER\r\nTOP\r\n.\r\n")
            elif command == "STAT":
                line.sendall(b"+OK %d %d\r\n" % (len(self.messages), sum(map(len, self.messages))))
            elif command in ("LIST", "UIDL"):
                line.sendall(b"+OK\r\n" + b"".join(
                    b"%d %s\r\n" % (i + 1, b"%d" % len(m) if command == "LIST" else b"uid-%d" % i)
                    for i, m in enumerate(self.messages)) + b".\r\n")
            elif command == "RETR":
                self._send(line, self.messages[int(words[1]) - 1])
            elif command == "QUIT":
                line.sendall(b"+OK bye\r\n")
                return
            else:
                line.sendall(b"+OK\r\n" if command in ("NOOP", "RSET") else b"-ERR unknown\r\n")

    def _send(self, line, message):
        line.sendall(b"+OK\r\n" + message[:20])
        while self.slow:
            time.sleep(0.05)
            line.settimeout(0.01)
            try:
                if line.recv(1) == b"":
                    raise OSError("gone")
            except (TimeoutError, ssl.SSLWantReadError):
                pass
            finally:
                line.settimeout(None)
        line.sendall(message[20:] + b".\r\n")
