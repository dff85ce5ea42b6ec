/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The hook into FTS5. How a text is cut is not known here. */

#include "pb-cjk-tokenizer.h"

#include "pb-search-tokens.h"

typedef int (*TokenFunc) (void *, int, const char *, int, int, int);

typedef struct {
  TokenFunc func;
  void *data;
  int result;
} Call;

static gboolean
take (const PbToken *token, gpointer data) {
  Call *call = data;
  int flags = token->kind == PB_TOKEN_TAIL ? FTS5_TOKEN_COLOCATED : 0;

  call->result = call->func (call->data, flags, token->text, (int) token->length,
                             (int) token->start, (int) token->end);
  return call->result == SQLITE_OK;
}

static int
tokenize (Fts5Tokenizer *unused,
          void *data,
          int flags,
          const char *text,
          int length,
          TokenFunc func) {
  Call call = { func, data, SQLITE_OK };

  pb_search_tokenize (text, (gsize) length, (flags & FTS5_TOKENIZE_QUERY) != 0, take, &call);
  return call.result;
}

/* It has no state, but FTS5 wants an object. */
static int
create (void *unused, const char **arguments, int count, Fts5Tokenizer **tokenizer) {
  static char state;

  *tokenizer = (Fts5Tokenizer *) &state;
  return SQLITE_OK;
}

static void delete (Fts5Tokenizer *unused) {}

int
pb_cjk_tokenizer_register (sqlite3 *handle) {
  static fts5_tokenizer tokenizer = { create, delete, tokenize };
  fts5_api *api = NULL;
  sqlite3_stmt *statement = NULL;
  int result = sqlite3_prepare_v2 (handle, "SELECT fts5(?1)", -1, &statement, NULL);

  if (result != SQLITE_OK)
    return result;
  sqlite3_bind_pointer (statement, 1, (void *) &api, "fts5_api_ptr", NULL);
  sqlite3_step (statement);
  result = sqlite3_finalize (statement);
  if (result != SQLITE_OK || !api)
    return result != SQLITE_OK ? result : SQLITE_ERROR;
  return api->xCreateTokenizer (api, "postbag", NULL, &tokenizer, NULL);
}
