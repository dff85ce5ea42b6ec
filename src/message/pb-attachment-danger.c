/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Lists of endings and of first bytes. What is on neither is left to the program that opens it. */

#include "config.h"

#include "pb-attachment-danger.h"

#include <glib/gi18n.h>
#include <string.h>

#include "pb-attachment-private.h"

#define START 512

static const char *const program_endings[] = {
  "exe",       "com",      "scr",        "pif", "bat", "cmd",   "ps1", "psm1",   "vbs",
  "vbe",       "js",       "jse",        "wsf", "wsh", "hta",   "msi", "msp",    "cpl",
  "jar",       "lnk",      "url",        "reg", "dll", "sys",   "drv", "gadget", "application",
  "appref-ms", "scf",      "inf",        "chm", "sh",  "bash",  "zsh", "run",    "bin",
  "desktop",   "appimage", "flatpakref", "deb", "rpm", "apk",   "dmg", "pkg",    "app",
  "command",   "workflow", "py",         "pl",  "rb",  "class", "out", NULL,
};

static const char *const document_endings[] = { "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx",
                                                "txt", "jpg", "jpeg", "png", "gif",  "odt", "ods",
                                                "mp3", "mp4", "zip",  "rtf", "csv",  NULL };

static const char *const asking[][2] = {
  { "docm", N_ ("It can hold macros: programs that run when it is opened.") },
  { "dotm", N_ ("It can hold macros: programs that run when it is opened.") },
  { "xlsm", N_ ("It can hold macros: programs that run when it is opened.") },
  { "xlsb", N_ ("It can hold macros: programs that run when it is opened.") },
  { "xltm", N_ ("It can hold macros: programs that run when it is opened.") },
  { "pptm", N_ ("It can hold macros: programs that run when it is opened.") },
  { "html",
    N_ ("It is a web page: opened in a browser, it can run scripts and load from the web.") },
  { "htm",
    N_ ("It is a web page: opened in a browser, it can run scripts and load from the web.") },
  { "xhtml",
    N_ ("It is a web page: opened in a browser, it can run scripts and load from the web.") },
  { "shtml",
    N_ ("It is a web page: opened in a browser, it can run scripts and load from the web.") },
  { "mht",
    N_ ("It is a web page: opened in a browser, it can run scripts and load from the web.") },
  { "svg", N_ ("It is a picture that can run scripts in a browser.") },
  { "iso", N_ ("It is the image of a disk, in which programs can hide.") },
  { "img", N_ ("It is the image of a disk, in which programs can hide.") },
  { "vhd", N_ ("It is the image of a disk, in which programs can hide.") },
  { "vhdx", N_ ("It is the image of a disk, in which programs can hide.") },
};

static char *
dup_ending (const char *name, const char **before) {
  const char *dot = strrchr (name, '.');

  *before = dot;
  return dot ? g_ascii_strdown (dot + 1, -1) : g_strdup ("");
}

/* "invoice.pdf.exe": the ending before the last one, where it is that of a document. */
static char *
dup_false_ending (const char *name, const char *last_dot) {
  g_autofree char *stem = last_dot ? g_strndup (name, (gsize) (last_dot - name)) : g_strdup (name);
  const char *unused;
  char *ending = dup_ending (g_strchomp (stem), &unused);

  if (g_strv_contains (document_endings, ending))
    return ending;
  g_free (ending);
  return NULL;
}

static const char *
program_by_bytes (const guint8 *data, gsize length) {
  static const struct {
    const char *start;
    gsize length;
    const char *what;
  } kinds[] = {
    { "MZ", 2, N_ ("a program for Windows") },
    { "\177ELF", 4, N_ ("a program for Linux") },
    { "#!", 2, N_ ("a script") },
    { "\312\376\272\276", 4, N_ ("a program") },
    { "\317\372\355\376", 4, N_ ("a program for macOS") },
    { "L\0\0\0\001\024\002\0", 8, N_ ("a link that starts a program") },
    { "[Desktop Entry]", 15, N_ ("a starter of programs") },
    { "!<arch>\ndebian", 14, N_ ("a software package") },
    { "\355\253\356\333", 4, N_ ("a software package") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    if (length >= kinds[i].length && memcmp (data, kinds[i].start, kinds[i].length) == 0)
      return _ (kinds[i].what);
  }
  return NULL;
}

static char *
describe_program (const char *what, const char *ending, const char *false_ending) {
  if (false_ending)
    return g_strdup_printf (_ ("Its name looks like that of a “%s” file, but it is %s."),
                            false_ending, what ? what : _ ("a program"));
  if (what && g_strv_contains (document_endings, ending))
    return g_strdup_printf (_ ("It calls itself a “%s” file, but it is %s."), ending, what);
  return g_strdup_printf (_ ("It is %s. Opened, it can do everything that you can do."),
                          what ? what : _ ("a program"));
}

PbDanger
pb_attachment_judge (PbAttachment *attachment, char **sentence) {
  g_return_val_if_fail (PB_IS_ATTACHMENT (attachment), PB_DANGER_NONE);
  g_return_val_if_fail (sentence != NULL, PB_DANGER_NONE);

  const char *name = pb_attachment_get_safe_name (attachment), *dot;
  g_autofree char *ending = dup_ending (name, &dot);
  g_autoptr (GBytes) start = pb_attachment_dup_start (attachment, START);
  gsize length;
  const guint8 *data = g_bytes_get_data (start, &length);
  const char *what = program_by_bytes (data, length);

  *sentence = NULL;
  if (what || g_strv_contains (program_endings, ending)) {
    g_autofree char *false_ending = dup_false_ending (name, dot);
    *sentence = describe_program (what, ending, false_ending);
    return PB_DANGER_PROGRAM;
  }
  for (guint i = 0; i < G_N_ELEMENTS (asking); i++) {
    if (strcmp (asking[i][0], ending) == 0) {
      *sentence = g_strdup (_ (asking[i][1]));
      return PB_DANGER_ASK;
    }
  }
  return PB_DANGER_NONE;
}
