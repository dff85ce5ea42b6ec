/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The style sheet itself. Text in both colour schemes keeps a contrast of at least 7:1, dimmed
 * text 4.5:1. */

#include "pb-document-style.h"

static const char style[] =
  ":root{color-scheme:light;--page:#ffffff;--text:#242424;--dim:#5e5c64;--link:#1a5fb4;"
  "--line:#deddda;--card:#f6f5f4;--bar-1:#99c1f1;--bar-2:#8ff0a4;--bar-3:#f9c06b;--bar-4:#dc8add}\n"
  ":root.pb-dark{color-scheme:dark;--page:#1e1e1e;--text:#f0f0ef;--dim:#b5b3ba;--link:#99c1f1;"
  "--line:#454545;--card:#2a2a2a;--bar-1:#3a6ea5;--bar-2:#2f8f4e;--bar-3:#a86f1c;--bar-4:#8a4a8f}\n"
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
  ".pb-turned{color-scheme:light;--text:#242424;--link:#1a5fb4;--line:#deddda;background:#ffffff;"
  "color:var(--text);filter:invert(.88) hue-rotate(180deg) brightness(1.12)}\n"
  ".pb-turned img{filter:invert(1) hue-rotate(180deg)}\n"
  ".pb-turned .pb-remote{filter:none}\n"
  ".pb-card{margin:0 0 18px;padding:15px 18px;max-width:60ch;border:1px solid var(--line);"
  "border-radius:12px;background:var(--card)}\n"
  ".pb-card h2{margin:0 0 9px;font-size:1.15em;line-height:1.3}\n"
  ".pb-kind{margin:0 0 3px;color:var(--dim);font-size:.9em}\n"
  ".pb-card table,.pb-nested>table{border-spacing:0;width:100%}\n"
  ".pb-card th,.pb-nested>table th{padding:2px 12px 2px 0;width:1px;white-space:nowrap;"
  "text-align:start;vertical-align:top;font-weight:normal;color:var(--dim)}\n"
  ".pb-card td,.pb-nested>table td{padding:2px 0;vertical-align:top}\n"
  ".pb-nested{margin:18px 0 0;padding:12px 18px;border:1px solid var(--line);border-radius:12px}\n"
  ".pb-nested>summary{margin:-3px 0 6px;font-weight:bold;cursor:pointer}\n"
  ".pb-nested>table{margin-bottom:12px;padding-bottom:9px;border-bottom:1px solid var(--line)}\n"
  ".pb-fold>summary{width:fit-content;margin:6px 0;padding:0 12px;border-radius:99px;"
  "color:var(--dim);background:var(--card);cursor:pointer;list-style:none;font-size:.9em}\n"
  ".pb-fold[open]>summary{margin-bottom:9px}\n"
  ".pb-problem{margin:18px 0 0;padding:8px 12px;border-radius:9px;color:var(--dim);"
  "background:var(--card);font-size:.9em}\n"
  ".pb-picture{margin:12px 0}\n"
  ".pb-empty{color:var(--dim);text-align:center;margin:48px 12px}\n"
  "@media print{body{padding:0}}\n";

const char *
pb_document_style_get (void) {
  return style;
}
