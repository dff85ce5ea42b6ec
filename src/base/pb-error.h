/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The one error domain. A code is a decision: what can be done next. Cancellation stays
 * G_IO_ERROR_CANCELLED. The message of an error is for logs and developers; what people read is
 * made of code and details in the "words" layer. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define PB_ERROR (pb_error_quark ())

/**
 * PbError:
 * @PB_ERROR_SIGN_IN: the server refused user or password; sign in again.
 * @PB_ERROR_NO_SECRET: no password is known; ask for it.
 * @PB_ERROR_CONNECT: no connection, or it was lost; check name and network, try later.
 * @PB_ERROR_TIMEOUT: the other side was silent for too long; try later.
 * @PB_ERROR_CERTIFICATE: the certificate is not trusted; look at it (details carry it).
 * @PB_ERROR_INSECURE: going on would send a secret in the clear; change the security setting.
 * @PB_ERROR_BUSY: the server is there but not now (in use, log-in delay, trouble); wait.
 * @PB_ERROR_PROTOCOL: the server broke the protocol; the session is over.
 * @PB_ERROR_REFUSED: the server refused one command; the session goes on.
 * @PB_ERROR_UNSUPPORTED: the server, or this program, cannot do that.
 * @PB_ERROR_STORAGE: disk or database failed; nothing was deleted on the server.
 * @PB_ERROR_STORAGE_FULL: no room; free some.
 * @PB_ERROR_STORAGE_READ_ONLY: no permission to write there.
 * @PB_ERROR_LOCKED: another Postbag works on this mailbox; wait for it.
 * @PB_ERROR_NOT_FOUND: no such account, folder, message, attachment.
 * @PB_ERROR_INVALID: a value that a person typed, or a file that was given, cannot be used.
 * @PB_ERROR_TOO_LARGE: a limit of ours was hit; the rest was left out.
 */
typedef enum {
  PB_ERROR_SIGN_IN,
  PB_ERROR_NO_SECRET,
  PB_ERROR_CONNECT,
  PB_ERROR_TIMEOUT,
  PB_ERROR_CERTIFICATE,
  PB_ERROR_INSECURE,
  PB_ERROR_BUSY,
  PB_ERROR_PROTOCOL,
  PB_ERROR_REFUSED,
  PB_ERROR_UNSUPPORTED,
  PB_ERROR_STORAGE,
  PB_ERROR_STORAGE_FULL,
  PB_ERROR_STORAGE_READ_ONLY,
  PB_ERROR_LOCKED,
  PB_ERROR_NOT_FOUND,
  PB_ERROR_INVALID,
  PB_ERROR_TOO_LARGE,
} PbError;

GQuark pb_error_quark (void);

/* Details an error of this domain may carry. They survive g_error_copy (). Every getter takes any
 * GError (or NULL) and returns NULL or 0 where there is nothing; what it returns belongs to the
 * error. */

/* The server's own words, untrusted, as UTF-8 where it was valid and otherwise with every byte
 * above 0x7f as U+FFFD; no line ends. */
const char *pb_error_get_server_text (const GError *error);

/* The same as the bytes that came, at most 512, in whatever character set, without NUL; NULL where
 * only the text is known. */
const char *pb_error_get_server_bytes (const GError *error);

/* The response code of RFC 2449/3206 without brackets, upper case ("IN-USE"). */
const char *pb_error_get_response_code (const GError *error);

/* The certificate that was refused, and why. */
GTlsCertificate *pb_error_get_certificate (const GError *error);
GTlsCertificateFlags pb_error_get_certificate_flags (const GError *error);

/* Seconds the server asks us to wait, 0 when it did not say. */
guint pb_error_get_retry_after (const GError *error);

/* Setters do nothing on an error of another domain. @text is untrusted and copied. */
void pb_error_set_server_text (GError *error, const char *text);
void pb_error_set_server_bytes (GError *error, const guint8 *bytes, gsize length);
void pb_error_set_response_code (GError *error, const char *code);
void
pb_error_set_certificate (GError *error, GTlsCertificate *certificate, GTlsCertificateFlags flags);
void pb_error_set_retry_after (GError *error, guint seconds);

G_END_DECLS
