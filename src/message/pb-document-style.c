/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The style sheet itself. Text in both colour schemes keeps a contrast of at least 7:1, dimmed
 * text 4.5:1. */

#include "pb-document-style.h"

static const char style[] =
  ":root{color-scheme:light;--page:#ffffff;--text:#242424;--dim:#5e5c64;--link:#1a5fb4;"
  "--line:#deddda;--bar-1:#99c1f1;--bar-2:#8ff0a4;--bar-3:#f9c06b;--bar-4:#dc8add}\n"
  ":root.pb-dark{color-scheme:dark;--page:#1e1e1e;--text:#f0f0ef;--dim:#b5b3ba;--link:#99c1f1;"
  "--line:#454545;--bar-1:#3a6ea5;--bar-2:#2f8f4e;--bar-3:#a86f1c;--bar-4:#8a4a8f}\n"
  "html{background:var(--page)}\n"
  "body{margin:0;padding:18px;background:var(--page);color:var(--text);line-height:1.5;"
  "font-family:system-ui,Cantarell,\"Adwaita Sans\",\"Noto Sans\",\"Noto Sans CJK SC\","
  "\"Noto Sans CJK TC\",\"Noto Sans CJK JP\",\"Noto Sans CJK KR\",\"Source Han Sans SC\","
  "\"WenQuanYi Micro Hei\",sans-serif;font-size:1rem;overflow-wrap:break-word}\n"
  "a{color:var(--link)}\n"
  ".pb-text{white-space:pre-wrap;max-width:72ch;unicode-bidi:plaintext}\n"
  ".pb-quote,.pb-message blockquote{margin:6px 0;padding:0 0 0 12px;"
  "border-inline-start:3px solid var(--bar-1)}\n"
  ".pb-quote{color:var(--dim)}\n"
  ".pb-quote .pb-quote{border-color:var(--bar-2)}\n"
  ".pb-quote .pb-quote .pb-quote{border-color:var(--bar-3)}\n"
  ".pb-quote .pb-quote .pb-quote .pb-quote{border-color:var(--bar-4)}\n"
  ".pb-signature{margin-top:12px;padding-top:12px;color:var(--dim);"
  "border-top:1px solid var(--line);max-width:72ch}\n"
  ".pb-message{position:relative;overflow-x:auto;contain:layout paint}\n"
  ".pb-message img,.pb-picture img{max-width:100%;height:auto}\n"
  ".pb-message table{max-width:100%}\n"
  ".pb-message pre{white-space:pre-wrap}\n"
  ".pb-remote{display:inline-block;box-sizing:border-box;min-width:1px;min-height:1px;"
  "outline:1px dashed var(--line);outline-offset:-1px}\n"
  ".pb-paper{color-scheme:light;--text:#242424;--link:#1a5fb4;--line:#deddda;background:#ffffff;"
  "color:var(--text);padding:12px;border-radius:12px}\n"
  ".pb-picture{margin:12px 0}\n"
  ".pb-empty{color:var(--dim);text-align:center;margin:48px 12px}\n"
  "@media print{body{padding:0}}\n";

const char *
pb_document_style_get (void) {
  return style;
}
