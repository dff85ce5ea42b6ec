/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The table of faults. A new one is a new row. */

#include "pb-scripted-server.h"

#include <string.h>

#include "pb-error.h"

#define FINE (-1)
#define BOTH(code) (code), (code)
#define USUAL "TOP", "UIDL", "USER", "PIPELINING", "RESP-CODES"
#define TEXT(text) (text), sizeof (text) - 1

static const PbFault faults[] = {
  /* the greeting */
  { "silent-greeting", BOTH (PB_ERROR_TIMEOUT), FALSE, "", PB_DEMO_SILENT },
  { "close-at-greeting", BOTH (PB_ERROR_CONNECT), FALSE, "", PB_DEMO_CLOSE },
  { "half-a-greeting-then-close", BOTH (PB_ERROR_CONNECT), FALSE, "", PB_DEMO_REPLY_AND_CLOSE,
    TEXT ("+O") },
  { "err-greeting", BOTH (PB_ERROR_BUSY), FALSE, "", PB_DEMO_REPLY_AND_CLOSE,
    TEXT ("-ERR closed for maintenance\r\n") },
  { "temporary-greeting", BOTH (PB_ERROR_BUSY), FALSE, "", PB_DEMO_REPLY_AND_CLOSE,
    TEXT ("-ERR [SYS/TEMP] too many connections\r\n") },
  { "smtp-greeting", BOTH (PB_ERROR_PROTOCOL), FALSE, "", PB_DEMO_REPLY_AND_CLOSE,
    TEXT ("220 smtp.example.org ESMTP\r\n") },
  { "binary-greeting", BOTH (PB_ERROR_PROTOCOL), FALSE, "", PB_DEMO_REPLY_AND_CLOSE,
    TEXT ("\0\377\376\0\r\n\0") },
  { "endless-greeting", BOTH (PB_ERROR_PROTOCOL), FALSE, "", PB_DEMO_REPLY_AND_SILENT,
    TEXT ("+OK "), "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", 8192 },

  /* CAPA */
  { "refuse-CAPA", BOTH (FINE), FALSE, "CAPA", PB_DEMO_REPLY, TEXT ("-ERR what?\r\n") },
  { "empty-CAPA", BOTH (FINE), FALSE, "CAPA", PB_DEMO_REPLY, TEXT ("+OK\r\n.\r\n") },
  { "odd-CAPA", BOTH (FINE), FALSE, "CAPA", PB_DEMO_REPLY,
    TEXT ("+OK\r\n\r\n  \r\ntop\r\nSASL\r\nLOGIN-DELAY x\r\nEXPIRE -1 "
          "USER\r\n\377\376\r\nPIPELINING 3\r\n.\r\n") },
  { "silent-CAPA", BOTH (FINE), FALSE, "CAPA", PB_DEMO_SILENT },
  { "close-at-CAPA", BOTH (FINE), FALSE, "CAPA", PB_DEMO_CLOSE },
  { "close-in-CAPA", BOTH (FINE), FALSE, "CAPA", PB_DEMO_REPLY_AND_CLOSE, TEXT ("+OK\r\nTOP\r\n") },
  { "endless-CAPA", BOTH (PB_ERROR_PROTOCOL), FALSE, "CAPA", PB_DEMO_REPLY_AND_SILENT,
    TEXT ("+OK\r\n"), "X-FULL\r\n", 10000 },

  /* UTF8 */
  { "silent-UTF8", BOTH (FINE), FALSE, "UTF8", PB_DEMO_SILENT, .offered = "UTF8" },
  { "close-at-UTF8", BOTH (FINE), FALSE, "UTF8", PB_DEMO_CLOSE, .offered = "UTF8" },
  { "refuse-UTF8", BOTH (FINE), FALSE, "UTF8", PB_DEMO_REPLY, TEXT ("-ERR not today\r\n"),
    .offered = "UTF8" },

  /* TLS */
  { "no-STLS-offered", BOTH (PB_ERROR_INSECURE), TRUE, "CAPA", PB_DEMO_REPLY,
    TEXT ("+OK\r\nUIDL\r\n.\r\n") },
  { "refuse-STLS", BOTH (PB_ERROR_INSECURE), TRUE, "STLS", PB_DEMO_REPLY,
    TEXT ("-ERR not today\r\n") },
  { "silent-STLS", BOTH (PB_ERROR_TIMEOUT), TRUE, "STLS", PB_DEMO_SILENT },
  { "close-at-STLS", BOTH (PB_ERROR_CONNECT), TRUE, "STLS", PB_DEMO_CLOSE },
  { "bytes-behind-STLS", BOTH (PB_ERROR_PROTOCOL), TRUE, "STLS", PB_DEMO_REPLY_AND_SILENT,
    TEXT ("+OK begin\r\n+OK injected\r\n") },
  { "no-TLS-behind-STLS", BOTH (PB_ERROR_CONNECT), TRUE, "STLS", PB_DEMO_REPLY_AND_CLOSE,
    TEXT ("+OK begin\r\n") },

  /* signing in */
  { "refuse-USER", BOTH (PB_ERROR_SIGN_IN), FALSE, "USER", PB_DEMO_REPLY,
    TEXT ("-ERR no such user here\r\n") },
  { "refuse-PASS", BOTH (PB_ERROR_SIGN_IN), FALSE, "PASS", PB_DEMO_REPLY,
    TEXT ("-ERR [AUTH] invalid user or password\r\n") },
  { "refuse-PASS-without-code", BOTH (PB_ERROR_SIGN_IN), FALSE, "PASS", PB_DEMO_REPLY_AND_CLOSE,
    TEXT ("-ERR invalid user or password\r\n") },
  { "in-use", BOTH (PB_ERROR_BUSY), FALSE, "PASS", PB_DEMO_REPLY,
    TEXT ("-ERR [IN-USE] mailbox is locked by another session\r\n") },
  { "in-use-without-code", BOTH (PB_ERROR_BUSY), FALSE, "PASS", PB_DEMO_REPLY_AND_CLOSE,
    TEXT ("-ERR maildrop already locked\r\n") },
  { "in-use-by-lock", BOTH (PB_ERROR_BUSY), FALSE, "PASS", PB_DEMO_REPLY,
    TEXT ("-ERR unable to lock mailbox, mailbox is busy\r\n") },
  { "in-use-by-session", BOTH (PB_ERROR_BUSY), FALSE, "PASS", PB_DEMO_REPLY,
    TEXT ("-ERR another POP3 session is active\r\n") },
  { "in-use-elsewhere", BOTH (PB_ERROR_BUSY), FALSE, "PASS", PB_DEMO_REPLY,
    TEXT ("-ERR mailbox is in use by another connection\r\n") },
  { "in-use-with-lock-file", BOTH (PB_ERROR_BUSY), FALSE, "PASS", PB_DEMO_REPLY,
    TEXT ("-ERR can't get lock. Mailbox in use\r\n") },
  { "too-often", BOTH (PB_ERROR_BUSY), FALSE, "PASS", PB_DEMO_REPLY_AND_CLOSE,
    TEXT ("-ERR too many login attempts, try again later\r\n") },
  { "outage-in-words", BOTH (PB_ERROR_BUSY), FALSE, "PASS", PB_DEMO_REPLY_AND_CLOSE,
    TEXT ("-ERR service temporarily unavailable\r\n") },
  { "login-delay", BOTH (PB_ERROR_BUSY), FALSE, "PASS", PB_DEMO_REPLY,
    TEXT ("-ERR [LOGIN-DELAY] minimum time between mail checks violation\r\n") },
  { "system-temporary", BOTH (PB_ERROR_BUSY), FALSE, "PASS", PB_DEMO_REPLY,
    TEXT ("-ERR [SYS/TEMP] internal error\r\n") },
  { "system-permanent", BOTH (PB_ERROR_BUSY), FALSE, "PASS", PB_DEMO_REPLY,
    TEXT ("-ERR [SYS/PERM] mailbox is damaged\r\n") },
  { "silent-after-PASS", BOTH (PB_ERROR_TIMEOUT), FALSE, "PASS", PB_DEMO_SILENT },
  { "close-after-PASS", BOTH (PB_ERROR_CONNECT), FALSE, "PASS", PB_DEMO_CLOSE },
  { "garbage-after-PASS", BOTH (PB_ERROR_PROTOCOL), FALSE, "PASS", PB_DEMO_REPLY_AND_SILENT,
    TEXT ("welcome\r\n") },

  /* listing */
  { "refuse-UIDL", BOTH (FINE), FALSE, "UIDL", PB_DEMO_REPLY, TEXT ("-ERR not implemented\r\n") },
  { "refuse-LIST", BOTH (FINE), FALSE, "LIST", PB_DEMO_REPLY, TEXT ("-ERR not implemented\r\n") },
  { "empty-UIDL", BOTH (FINE), FALSE, "UIDL", PB_DEMO_REPLY, TEXT ("+OK\r\n.\r\n") },
  { "same-UIDs", BOTH (FINE), FALSE, "UIDL", PB_DEMO_REPLY,
    TEXT ("+OK\r\n1 same\r\n2 same\r\n3 same\r\n.\r\n") },
  { "blank-UIDs", BOTH (FINE), FALSE, "UIDL", PB_DEMO_REPLY,
    TEXT ("+OK\r\n1 \r\n2\r\n3  \r\n.\r\n") },
  { "odd-UIDs", BOTH (FINE), FALSE, "UIDL", PB_DEMO_REPLY,
    TEXT ("+OK\r\n1 two words\r\n2 \377\376/../\0x\r\n3 'x';DROP\r\n.\r\n") },
  { "lying-sizes", BOTH (FINE), FALSE, "LIST", PB_DEMO_REPLY,
    TEXT ("+OK\r\n1 1\r\n2 -7\r\n3 99999999999999999999\r\n.\r\n") },
  { "sizes-nought", BOTH (FINE), FALSE, "LIST", PB_DEMO_REPLY,
    TEXT ("+OK\r\n1 0\r\n2 0\r\n3 0\r\n.\r\n") },
  { "sizes-compressed", BOTH (FINE), FALSE, "LIST", PB_DEMO_REPLY,
    TEXT ("+OK\r\n1 25\r\n2 25\r\n3 25\r\n.\r\n") },
  { "sizes-blown-up", BOTH (FINE), FALSE, "LIST", PB_DEMO_REPLY,
    TEXT ("+OK\r\n1 3600\r\n2 3600\r\n3 3600\r\n.\r\n") },
  { "half-a-listing", BOTH (FINE), FALSE, "UIDL", PB_DEMO_REPLY, TEXT ("+OK\r\n1 first\r\n.\r\n") },
  { "silent-UIDL", BOTH (FINE), FALSE, "UIDL", PB_DEMO_SILENT },
  { "close-at-UIDL", BOTH (FINE), FALSE, "UIDL", PB_DEMO_CLOSE },
  { "silent-in-UIDL", BOTH (PB_ERROR_TIMEOUT), FALSE, "UIDL", PB_DEMO_REPLY_AND_SILENT,
    TEXT ("+OK\r\n1 first\r\n2 sec") },
  { "close-in-UIDL", BOTH (PB_ERROR_CONNECT), FALSE, "UIDL", PB_DEMO_REPLY_AND_CLOSE,
    TEXT ("+OK\r\n1 first\r\n") },
  { "garbage-in-UIDL", BOTH (PB_ERROR_PROTOCOL), FALSE, "UIDL", PB_DEMO_REPLY_AND_SILENT,
    TEXT ("+OK\r\nfirst one\r\n.\r\n") },
  { "silent-LIST", BOTH (PB_ERROR_TIMEOUT), FALSE, "LIST", PB_DEMO_SILENT },
  { "close-in-LIST", BOTH (PB_ERROR_CONNECT), FALSE, "LIST", PB_DEMO_REPLY_AND_CLOSE,
    TEXT ("+OK\r\n1 1") },

  /* TOP, which tells messages apart where nothing else does */
  { "refuse-TOP", BOTH (FINE), FALSE, "TOP", PB_DEMO_REPLY, TEXT ("-ERR what?\r\n"),
    .refused = "UIDL" },
  { "silent-TOP", BOTH (FINE), FALSE, "TOP", PB_DEMO_SILENT, .refused = "UIDL" },
  { "close-at-TOP", BOTH (FINE), FALSE, "TOP", PB_DEMO_CLOSE, .refused = "UIDL" },
  { "close-in-TOP", BOTH (FINE), FALSE, "TOP 2", PB_DEMO_REPLY_AND_CLOSE,
    TEXT ("+OK\r\nSubject: cut off\r\nFrom: li"), .refused = "UIDL" },
  { "silent-in-TOP", BOTH (FINE), FALSE, "TOP 2", PB_DEMO_REPLY_AND_SILENT,
    TEXT ("+OK\r\nSubject: cut off\r\nFrom: li"), .refused = "UIDL" },
  { "altered-TOP", BOTH (FINE), FALSE, "TOP 2", PB_DEMO_REPLY,
    TEXT ("+OK\r\nMessage-ID: <other@example.org>\r\nSubject: another\r\n\r\n.\r\n"),
    .refused = "UIDL" },
  { "same-TOP-for-all", BOTH (FINE), FALSE, "TOP", PB_DEMO_REPLY,
    TEXT ("+OK\r\nMessage-ID: <other@example.org>\r\nSubject: another\r\n\r\n.\r\n"),
    .refused = "UIDL" },
  { "TOP-without-empty-line", BOTH (FINE), FALSE, "TOP 2", PB_DEMO_REPLY,
    TEXT ("+OK\r\nMessage-ID: <2@example.org>\r\nSubject: no more\r\n.\r\n"), .refused = "UIDL" },
  { "empty-TOP", BOTH (FINE), FALSE, "TOP", PB_DEMO_REPLY, TEXT ("+OK\r\n.\r\n"),
    .refused = "UIDL" },

  /* receiving */
  { "refuse-RETR", BOTH (FINE), FALSE, "RETR 2", PB_DEMO_REPLY,
    TEXT ("-ERR cannot open message\r\n") },
  { "refuse-every-RETR", BOTH (FINE), FALSE, "RETR", PB_DEMO_REPLY,
    TEXT ("-ERR cannot open message\r\n") },
  { "silent-RETR", BOTH (PB_ERROR_TIMEOUT), FALSE, "RETR 2", PB_DEMO_SILENT },
  { "close-at-RETR", BOTH (PB_ERROR_CONNECT), FALSE, "RETR 2", PB_DEMO_CLOSE },
  { "close-in-RETR", BOTH (PB_ERROR_CONNECT), FALSE, "RETR 2", PB_DEMO_REPLY_AND_CLOSE,
    TEXT ("+OK\r\nSubject: cut off\r\n\r\nhalf a li") },
  { "short-body-then-close", BOTH (PB_ERROR_CONNECT), FALSE, "RETR 2", PB_DEMO_REPLY_AND_CLOSE,
    TEXT ("+OK\r\nSubject: cut off\r\n\r\nall but the end\r\n") },
  { "dot-without-line-end-then-close", BOTH (PB_ERROR_CONNECT), FALSE, "RETR 2",
    PB_DEMO_REPLY_AND_CLOSE, TEXT ("+OK\r\nSubject: cut off\r\n\r\nall but the end\r\n.") },
  { "short-body-then-silent", BOTH (PB_ERROR_TIMEOUT), FALSE, "RETR 2", PB_DEMO_REPLY_AND_SILENT,
    TEXT ("+OK\r\nSubject: cut off\r\n\r\nhalf a li") },
  { "garbage-for-RETR", BOTH (PB_ERROR_PROTOCOL), FALSE, "RETR 2", PB_DEMO_REPLY_AND_SILENT,
    TEXT ("Subject: no status\r\n\r\nhello\r\n.\r\n") },
  { "unstuffed-dot-in-RETR", BOTH (PB_ERROR_PROTOCOL), FALSE, "RETR 2", PB_DEMO_REPLY,
    TEXT ("+OK\r\nSubject: cut\r\n\r\n.\r\nthe rest of it\r\n.\r\n") },
  { "unstuffed-dot-at-the-end", BOTH (PB_ERROR_PROTOCOL), FALSE, "RETR 2", PB_DEMO_REPLY,
    TEXT ("+OK\r\nSubject: cut\r\n\r\n.\r\n.\r\n") },
  { "glued-dot-in-RETR", BOTH (PB_ERROR_TIMEOUT), FALSE, "RETR 2", PB_DEMO_REPLY_AND_SILENT,
    TEXT ("+OK\r\nSubject: glued\r\n\r\nthe last line.\r\n") },
  { "empty-RETR", BOTH (FINE), FALSE, "RETR 2", PB_DEMO_REPLY, TEXT ("+OK\r\n.\r\n") },
  { "endless-RETR", BOTH (PB_ERROR_TIMEOUT), FALSE, "RETR 2", PB_DEMO_REPLY_AND_SILENT,
    TEXT ("+OK\r\n"), "the same line again\r\n", 100000 },
  { "download-limit", BOTH (FINE), FALSE, "RETR 2", PB_DEMO_REPLY,
    TEXT ("-ERR Download exceed, try again later\r\n") },

  /* removing and leaving */
  { "refuse-DELE", BOTH (FINE), FALSE, "DELE", PB_DEMO_REPLY, TEXT ("-ERR read only\r\n") },
  { "silent-DELE", FINE, PB_ERROR_TIMEOUT, FALSE, "DELE", PB_DEMO_SILENT },
  { "close-at-DELE", FINE, PB_ERROR_CONNECT, FALSE, "DELE", PB_DEMO_CLOSE },
  { "refuse-QUIT", FINE, PB_ERROR_REFUSED, FALSE, "QUIT", PB_DEMO_REPLY_AND_CLOSE,
    TEXT ("-ERR some deleted messages were not removed\r\n") },
  { "silent-QUIT", FINE, PB_ERROR_TIMEOUT, FALSE, "QUIT", PB_DEMO_SILENT },
  { "close-at-QUIT", FINE, PB_ERROR_CONNECT, FALSE, "QUIT", PB_DEMO_CLOSE },
};

const PbFault *
pb_faults (guint *count) {
  *count = G_N_ELEMENTS (faults);
  return faults;
}

/* "RETR" stands for every RETR, "RETR 2" not for RETR 22. */
static gboolean
concerns (const char *what, const char *command) {
  gsize length = strlen (what);

  if (length == 0)
    return *command == '\0';
  return g_ascii_strncasecmp (command, what, length) == 0 &&
         (command[length] == '\0' || command[length] == ' ');
}

static PbDemoVerdict
misbehave (PbDemoServer *server, const char *command, GBytes **reply, gpointer data) {
  const PbFault *fault = data;

  if (fault->refused && concerns (fault->refused, command)) {
    *reply = g_bytes_new_static (TEXT ("-ERR what?\r\n"));
    return PB_DEMO_REPLY;
  }
  if (!concerns (fault->command, command))
    return PB_DEMO_ANSWER;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  if (fault->reply)
    g_byte_array_append (bytes, (const guint8 *) fault->reply, (guint) fault->reply_length);
  for (guint i = 0; i < fault->count; i++)
    g_byte_array_append (bytes, (const guint8 *) fault->unit, (guint) strlen (fault->unit));
  *reply = g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
  return fault->verdict;
}

void
pb_fault_apply (const PbFault *fault, PbDemoServer *server) {
  const char *const capabilities[] = { USUAL, fault->offered, NULL };

  pb_demo_server_set_capabilities (server, capabilities);
  pb_demo_server_set_hook (server, misbehave, (gpointer) fault);
}

void
pb_fault_clear (PbDemoServer *server) {
  static const char *const capabilities[] = { USUAL, NULL };

  pb_demo_server_set_capabilities (server, capabilities);
  pb_demo_server_set_hook (server, NULL, NULL);
}
