# SPDX-FileCopyrightText: The Postbag contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A proxy on the way to a server: keeps what the client said, and can stop passing on what the server says."""

import socket
import threading

PATIENCE = 30


class Proxy:
    def __init__(self, port, limit=None, host='127.0.0.1'):
        """Passes connections on to 127.0.0.1:@port; after @limit bytes from the server it falls silent."""
        self.target = port
        self.limit = limit
        self.sent = b''
        self.stalled = threading.Event()
        self.sockets = []
        self.listener = socket.create_server((host, 0))
        self.port = self.listener.getsockname()[1]

    def __enter__(self):
        self.thread = threading.Thread(target=self._accept, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *unused):
        # Closing alone does not wake a thread that waits in it.
        for one in [self.listener, *self.sockets]:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            one.close()
        self.thread.join(PATIENCE)

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
                server = socket.create_connection(('127.0.0.1', self.target), PATIENCE)
            except OSError:
                return
            self.sockets += [client, server]
            threading.Thread(target=self._up, args=(client, server), daemon=True).start()
            threading.Thread(target=self._down, args=(server, client), daemon=True).start()

    def _up(self, client, server):
        try:
            while data := client.recv(65536):
                self.sent += data
                server.sendall(data)
            server.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def _down(self, server, client):
        passed = 0
        try:
            while data := server.recv(65536):
                passed += len(data)
                if self.limit is not None and passed > self.limit:
                    self.stalled.set()
                    return
                client.sendall(data)
            client.shutdown(socket.SHUT_WR)
        except OSError:
            pass
