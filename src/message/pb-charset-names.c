/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* One list: the labels of the web's encoding standard and those that only mail has. They are
 * compared by letters and digits alone, so that "Windows-1251", "windows_1251" and "CP 1251" are
 * few lines. */

#include "pb-charset-names.h"

#include <string.h>

/* Read in this order; NULL: says nothing. */
static const struct {
  const char *real;
  const char *labels; /* each between spaces */
} charsets[] = {
  { NULL,
    " usascii ascii ansix341968 ansix34 iso646us iso646irv us cp367 ibm367 unknown8bit xunknown"
    " unknown default defaultcharset xuserdefined 8bit 7bit binary none charset replacement"
    " isoir6 csascii ansi xunknown8bit undefined auto " },
  { "UTF-8",
    " utf8 unicode11utf8 unicode20utf8 xunicode20utf8 utf8mb4 cp65001 utf08 csutf8 utf8n " },
  { "CP1252",
    " iso88591 iso885911987 latin1 l1 isoir100 cp819 ibm819 csisolatin1 windows1252 cp1252"
    " xcp1252 win1252 iso88591windows31latin1 88591 westernwindows1252 " },
  { "ISO-8859-2", " iso88592 iso885921987 latin2 l2 isoir101 csisolatin2 " },
  { "ISO-8859-3", " iso88593 iso885931988 latin3 l3 isoir109 csisolatin3 " },
  { "ISO-8859-4", " iso88594 iso885941988 latin4 l4 isoir110 csisolatin4 " },
  { "ISO-8859-5", " iso88595 iso885951988 cyrillic isoir144 csisolatincyrillic " },
  { "ISO-8859-6", " iso88596 iso885961987 iso88596e iso88596i arabic asmo708 ecma114 isoir127"
                  " csiso88596e csiso88596i csisolatinarabic " },
  { "ISO-8859-7", " iso88597 iso885971987 greek greek8 ecma118 elot928 isoir126 suneugreek"
                  " csisolatingreek " },
  { "ISO-8859-8", " iso88598 iso885981988 iso88598e iso88598i hebrew visual logical isoir138"
                  " csiso88598e csiso88598i csisolatinhebrew " },
  { "CP1254", " iso88599 iso885991989 latin5 l5 isoir148 csisolatin5 windows1254 cp1254 xcp1254 " },
  { "ISO-8859-10", " iso885910 iso8859101992 latin6 l6 isoir157 csisolatin6 " },
  { "ISO-8859-13", " iso885913 latin7 l7 " },
  { "ISO-8859-14", " iso885914 latin8 l8 isoceltic " },
  { "ISO-8859-15", " iso885915 latin9 l9 latin0 csisolatin9 " },
  { "ISO-8859-16", " iso885916 latin10 l10 " },
  { "CP874", " iso885911 tis620 tis6200 tis6202533 dos874 windows874 cp874 xwindows874 " },
  { "CP1250", " windows1250 cp1250 xcp1250 win1250 " },
  { "CP1251", " windows1251 cp1251 xcp1251 win1251 win " },
  { "CP1253", " windows1253 cp1253 xcp1253 " },
  { "CP1255", " windows1255 cp1255 xcp1255 " },
  { "CP1256", " windows1256 cp1256 xcp1256 " },
  { "CP1257", " windows1257 cp1257 xcp1257 " },
  { "CP1258", " windows1258 cp1258 xcp1258 " },
  { "CP866", " ibm866 cp866 866 csibm866 dos866 " },
  { "CP437", " ibm437 cp437 437 " },
  { "CP850", " ibm850 cp850 850 " },
  { "CP852", " ibm852 cp852 852 " },
  { "KOI8-U", " koi8u koi8ru " },
  { "KOI8-R", " koi8r koi8 koi cskoi8r " },
  { "MACINTOSH", " macintosh xmacroman mac macroman csmacintosh applestandardroman " },
  { "MAC-CYRILLIC", " xmaccyrillic xmacukrainian maccyrillic " },
  { "MAC-CENTRALEUROPE", " xmacce xmaccentraleurroman " },
  { "GB18030", " gb2312 gb231280 gb23121980 csgb2312 csiso58gb231280 isoir58 chinese euccn gbk xgbk"
               " xeuccn cngb cp936 windows936 ms936 gb18030 gb180302000 gb180302005 gb18030 gb gb1 "
               " simplifiedchinese " },
  { "CP950", " big5 bigfive cnbig5 csbig5 xxbig5 xbig5 cp950 windows950 big5eten big5tw"
             " traditionalchinese " },
  { "BIG5-HKSCS", " big5hkscs big5hk big5hkscs2004 " },
  { "CP949", " euckr cseuckr ksc56011987 ksc5601 ksc56011989 ksx1001 isoir149 korean csksc56011987"
             " windows949 cp949 uhc ms949 xwindows949 5601 " },
  { "CP932", " shiftjis sjis xsjis mskanji ms932 cp932 windows31j windows932 csshiftjis xshiftjis"
             " cp943 cswindows31j " },
  { "EUC-JP-MS", " eucjp xeucjp xeuc cseucpkdfmtjapanese eucjpms ujis cp51932 "
                 " extendedunixcodepackedformatforjapanese " },
  { PB_CHARSET_ISO_2022_JP, " iso2022jp csiso2022jp iso2022jp1 iso2022jpms cp50220 cp50221 cp50222"
                            " jis xjis " },
  { PB_CHARSET_HZ, " hzgb2312 hz " },
  { "ISO-2022-KR", " iso2022kr csiso2022kr " },
  { "ISO-2022-CN-EXT", " iso2022cn iso2022cnext " },
  { "EUC-TW", " euctw xeuctw cns11643 " },
  { "UTF-7", " utf7 unicode11utf7 unicode20utf7 xunicode20utf7 csutf7 " },
  { "UTF-16BE", " utf16be unicodefffe " },
  { "UTF-16LE", " utf16le utf16 unicode ucs2 iso10646ucs2 csunicode unicodefeff " },
  { "JOHAB", " johab cp1361 " },
  { "VISCII", " viscii csviscii " },
  { "TCVN", " tcvn tcvn5712 xviettcvn5712 xviettcvn57121 " },
};

const char *
pb_charset_find (const char *declared, char *buffer, gsize size) {
  char key[48] = " ";
  gsize length = 0, key_length = 1;

  for (const char *p = declared; p && *p && length + 1 < size; p++) {
    if (g_ascii_isalnum (*p) || strchr ("-_:.+()", *p)) {
      buffer[length++] = g_ascii_tolower (*p);
      if (g_ascii_isalnum (*p) && key_length + 2 < sizeof key)
        key[key_length++] = g_ascii_tolower (*p);
    } else if (length > 0 && *p != ' ') {
      break;
    }
  }
  buffer[length] = '\0';
  if (key_length == 1)
    return NULL;
  key[key_length] = ' ';
  for (guint i = 0; i < G_N_ELEMENTS (charsets); i++) {
    if (strstr (charsets[i].labels, key))
      return charsets[i].real;
  }
  return buffer;
}
