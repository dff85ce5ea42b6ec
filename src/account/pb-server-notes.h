/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* What was learnt about servers and mailboxes and must survive a restart: numbers in a key file,
 * "servers.conf" (mode 0600, replaced atomically), a group for each server (host and port) and each
 * mailbox (that and user). It holds no secret; a file that cannot be read is an empty one. What
 * follows from the notes is decided elsewhere. Main context; the disk is touched in worker threads
 * only, but at the very end. */

#pragma once

#include <gio/gio.h>

#include "pb-account.h"

G_BEGIN_DECLS

/* Times are seconds since 1970, all of them 0 where nothing is known. */
typedef enum {
  /* of a server */
  PB_NOTE_NO_CAPA,       /* CAPA was not answered: not to be asked until this time */
  PB_NOTE_NO_UTF8,       /* likewise, or refused */
  PB_NOTE_NO_LANG,       /* likewise */
  PB_NOTE_NO_PIPELINING, /* it lost its place: one command at a time until this time */
  PB_NOTE_NO_UIDL,       /* UIDL was not answered: not to be asked until this time */
  PB_NOTE_TOP_LIES,      /* TOP is not to be believed until this time */
  /* of a mailbox */
  PB_NOTE_NAMES,       /* what told messages apart the last time (PbNames) */
  PB_NOTE_IDS_REPEAT,  /* different messages had the same id: none is to be believed */
  PB_NOTE_LOGIN_DELAY, /* seconds between the end of a session and the next */
  PB_NOTE_SESSION_END, /* when the last session ended */
  PB_NOTE_BUSY_UNTIL,  /* it was in use, or in trouble */
  PB_NOTE_BUSY_COUNT,  /* how often in a row */
  PB_NOTE_REFUSED,     /* when it refused the password without saying that it is wrong */
  PB_NOTE_QUESTION,    /* since when a person ought to be asked for another password */
  PB_N_NOTES,
} PbNote;

/* What the server of the last session said of itself, for people to look at; untrusted. */
typedef enum {
  PB_NOTE_TEXT_CAPABILITIES,   /* one in a line */
  PB_NOTE_TEXT_IMPLEMENTATION, /* what it calls itself */
  PB_NOTE_TEXT_TLS,            /* "TLS 1.3, TLS_AES_256_GCM_SHA384" */
  PB_NOTE_TEXT_SIGN_IN,        /* the way that was used ("scram-sha-256") */
  PB_N_NOTE_TEXTS,
} PbNoteText;

/* A text is cut at so many bytes. */
#define PB_NOTE_TEXT_MAX 4096

#define PB_TYPE_SERVER_NOTES (pb_server_notes_get_type ())
G_DECLARE_FINAL_TYPE (PbServerNotes, pb_server_notes, PB, SERVER_NOTES, GObject)

/* @data_dir NULL: nothing is kept beyond this run. */
PbServerNotes *pb_server_notes_new (const char *data_dir);

/* Reads what is there; to be done once, before anything is asked. What is set meanwhile holds.
 * Never fails. */
void
pb_server_notes_load_async (PbServerNotes *self, GAsyncReadyCallback callback, gpointer user_data);
void pb_server_notes_load_finish (PbServerNotes *self, GAsyncResult *result);

/* For the server, or the mailbox, of @account; 0 where it has none. Setting 0 forgets. A change is
 * written soon; what another process noted stays. Disposing writes what is left, waiting. */
gint64 pb_server_notes_get (PbServerNotes *self, PbAccount *account, PbNote note);
void pb_server_notes_set (PbServerNotes *self, PbAccount *account, PbNote note, gint64 value);

/* NULL where nothing is known; setting NULL or "" forgets. */
char *pb_server_notes_dup_text (PbServerNotes *self, PbAccount *account, PbNoteText which);
void pb_server_notes_set_text (PbServerNotes *self,
                               PbAccount *account,
                               PbNoteText which,
                               const char *text);

G_END_DECLS
