/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The commands. Each takes its own name in @args[0] and what followed it on the command line,
 * prints, and returns the exit code. */

#pragma once

#include "pb-cli.h"

G_BEGIN_DECLS

int pb_cli_account_add (PbCli *self, GStrv args);
int pb_cli_account_set (PbCli *self, GStrv args);
int pb_cli_account_list (PbCli *self, GStrv args);
int pb_cli_account_show (PbCli *self, GStrv args);
int pb_cli_account_remove (PbCli *self, GStrv args);
int pb_cli_account_detach (PbCli *self, GStrv args);
int pb_cli_account_discover (PbCli *self, GStrv args);
int pb_cli_account_import (PbCli *self, GStrv args);
int pb_cli_password (PbCli *self, GStrv args);
int pb_cli_fetch (PbCli *self, GStrv args);
int pb_cli_list (PbCli *self, GStrv args);
int pb_cli_show (PbCli *self, GStrv args);
int pb_cli_search (PbCli *self, GStrv args);
int pb_cli_export (PbCli *self, GStrv args);
int pb_cli_import (PbCli *self, GStrv args);
int pb_cli_verify (PbCli *self, GStrv args);
int pb_cli_server (PbCli *self, GStrv args);
int pb_cli_console (PbCli *self, GStrv args);

G_END_DECLS
