/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Character sets: declared, implied by the rest of the message, guessed, and chosen by a person.
 * The texts are made up; each is sent in every form below. */

#include <string.h>

#include "pb-charset-guess.h"
#include "pb-message.h"
#include "pb-text-decoder.h"

typedef struct {
  const char *label; /* as mail declares it */
  const char *real;  /* what iconv calls it */
  const char *text;
} Text;

static const Text texts[] = {
  { "gb2312", "GBK", "关于明天会议的通知" },
  { "gb2312", "GBK", "陶喆与王菲的歌曲镕炼" },
  { "GBK", "GBK", "发票已寄出，请查收" },
  { "gb18030", "GB18030", "你好，世界——𠀀" },
  { "x-gbk", "GBK", "测试" },
  { "cp936", "GBK", "朱镕基" },
  { "big5", "BIG5", "關於明天的會議" },
  { "Big5", "CP950", "碁盤與裏面" },
  { "x-x-big5", "BIG5", "您好嗎" },
  { "big5-hkscs", "BIG5-HKSCS", "香港嘅天氣" },
  { "shift_jis", "CP932", "見積書の件①について" },
  { "Shift-JIS", "CP932", "ﾃｽﾄ送信～" },
  { "x-sjis", "CP932", "髙橋様" },
  { "windows-31j", "CP932", "資料を添付します" },
  { "euc-jp", "EUC-JP-MS", "来週の会議の資料" },
  { "x-euc-jp", "EUC-JP-MS", "①②③のご案内" },
  { "iso-2022-jp", "ISO-2022-JP", "会議のお知らせ" },
  { "csISO2022JP", "ISO-2022-JP", "日本語の件名" },
  { "ks_c_5601-1987", "CP949", "똠방각하 회의 안내" },
  { "euc-kr", "CP949", "안녕하세요 반갑습니다" },
  { "windows-949", "CP949", "펲시콜라" },
  { "koi8-r", "KOI8-R", "Отчёт за неделю" },
  { "KOI8-U", "KOI8-U", "Звіт за тиждень їжі" },
  { "windows-1251", "CP1251", "Привет, как дела?" },
  { "cp1251", "CP1251", "Счёт № 15 — «Ромашка»" },
  { "x-mac-cyrillic", "MAC-CYRILLIC", "Почта" },
  { "iso-8859-5", "ISO-8859-5", "Добрый день" },
  { "ibm866", "CP866", "Договор" },
  { "iso-8859-1", "CP1252", "“Grüße” – 5 €" },
  { "latin1", "CP1252", "Être ou ne pas être…" },
  { "windows-1252", "CP1252", "Señor Muñoz’s café" },
  { "iso-8859-2", "ISO-8859-2", "Zażółć gęślą jaźń" },
  { "windows-1250", "CP1250", "Příliš žluťoučký kůň" },
  { "iso-8859-7", "ISO-8859-7", "Καλημέρα κόσμε" },
  { "windows-1253", "CP1253", "Αθήνα" },
  { "iso-8859-8-i", "ISO-8859-8", "שלום עולם" },
  { "windows-1255", "CP1255", "תודה רבה" },
  { "windows-1256", "CP1256", "مرحبا بالعالم" },
  { "iso-8859-6", "ISO-8859-6", "السلام عليكم" },
  { "iso-8859-9", "CP1254", "İstanbul’da görüşürüz" },
  { "windows-1254", "CP1254", "Şeker ve çay" },
  { "iso-8859-15", "ISO-8859-15", "Œuvre à 5 €" },
  { "windows-1257", "CP1257", "Ačiū už pagalbą" },
  { "iso-8859-4", "ISO-8859-4", "Õhtu ja hommik" },
  { "tis-620", "CP874", "สวัสดีครับ" },
  { "windows-874", "CP874", "ขอบคุณ…" },
  { "macintosh", "MACINTOSH", "Café à la crème" },
  { "utf-8", "UTF-8", "Ünïcödé 你好 😀" },
  { "utf8", "UTF-8", "Žluťoučký" },
  { "viscii", "VISCII", "Xin chào" },
};

static GString *
encode (const Text *text) {
  gsize length;
  g_autoptr (GError) error = NULL;
  g_autofree char *bytes = g_convert (text->text, -1, text->real, "UTF-8", NULL, &length, &error);

  g_assert_no_error (error);
  return g_string_new_len (bytes, (gssize) length);
}

static PbMessage *
parse (GString *source, const char *charset) {
  g_autoptr (GBytes) bytes = g_bytes_new (source->str, source->len);
  g_autoptr (GError) error = NULL;
  PbMessage *message = pb_message_new_as (bytes, charset, &error);

  g_assert_no_error (error);
  return message;
}

static void
append_base64_word (GString *out, const char *label, const char *bytes, gsize length) {
  g_autofree char *coded = g_base64_encode ((const guchar *) bytes, length);

  g_string_append_printf (out, "=?%s?B?%s?=", label, coded);
}

/* As it is really sent: cut at any byte. */
static void
append_words (GString *out, const char *label, GString *bytes) {
  gboolean shifts = memchr (bytes->str, 033, bytes->len) != NULL;
  gsize half = shifts ? bytes->len : bytes->len / 2;

  append_base64_word (out, label, bytes->str, half);
  if (half < bytes->len) {
    g_string_append (out, "\r\n ");
    append_base64_word (out, label, bytes->str + half, bytes->len - half);
  }
}

static void
append_percent (GString *out, GString *bytes) {
  for (gsize i = 0; i < bytes->len; i++)
    g_string_append_printf (out, "%%%02X", (guchar) bytes->str[i]);
}

static guint cases;

static void
expect (const Text *text, const char *what, const char *found) {
  cases++;
  if (g_strcmp0 (found, text->text) != 0)
    g_test_message ("%s, %s: “%s” for “%s”", text->label, what, found, text->text);
  g_assert_cmpstr (found, ==, text->text);
}

static const char *
first_name (GPtrArray *people) {
  return people->len ? ((PbAddress *) people->pdata[0])->name : NULL;
}

/* Subject and name in encoded words, file name by RFC 2231, text declared. */
static void
check_declared (const Text *text) {
  g_autoptr (GString) bytes = encode (text);
  g_autoptr (GString) source = g_string_new ("Subject: ");

  append_words (source, text->label, bytes);
  g_string_append (source, "\r\nFrom: ");
  append_words (source, text->label, bytes);
  g_string_append_printf (source,
                          " <a@example.org>\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
                          "--x\r\nContent-Type: text/plain; charset=\"%s\"\r\n\r\n",
                          text->label);
  g_string_append_len (source, bytes->str, (gssize) bytes->len);
  g_string_append_printf (source,
                          "\r\n--x\r\nContent-Type: application/pdf\r\n"
                          "Content-Disposition: attachment; filename*=%s''",
                          text->label);
  append_percent (source, bytes);
  g_string_append (source, "\r\n\r\n\r\n--x--\r\n");
  g_autoptr (PbMessage) message = parse (source, NULL);
  expect (text, "subject", pb_message_get_subject (message));
  expect (text, "name", first_name (pb_message_get_from (message)));
  expect (text, "text", pb_message_get_text (message));
  expect (text, "file", pb_attachment_get_name (pb_message_get_attachments (message)->pdata[0]));
}

/* Raw header lines beside a declared text. */
static void
check_implied (const Text *text) {
  g_autoptr (GString) bytes = encode (text);
  g_autoptr (GString) source = g_string_new ("Subject: ");

  if (strpbrk (bytes->str, "\"\\,;\n"))
    return;
  g_string_append_len (source, bytes->str, (gssize) bytes->len);
  g_string_append (source, "\nFrom: \"");
  g_string_append_len (source, bytes->str, (gssize) bytes->len);
  g_string_append_printf (source, "\" <a@example.org>\nContent-Type: text/plain; charset=%s\n\n",
                          text->label);
  g_string_append_len (source, bytes->str, (gssize) bytes->len);
  g_autoptr (PbMessage) message = parse (source, NULL);
  expect (text, "raw subject", pb_message_get_subject (message));
  expect (text, "raw name", first_name (pb_message_get_from (message)));
}

static void
test_declared (void) {
  cases = 0;
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    check_declared (&texts[i]);
    check_implied (&texts[i]);
  }
  g_test_message ("%u values, declared or implied: all as they were written", cases);
  g_assert_cmpuint (cases, >=, 250);
}

/* A person's choice reads everything, whatever is declared. */
static void
test_chosen (void) {
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    const Text *text = &texts[i];
    g_autoptr (GString) bytes = encode (text);
    g_autoptr (GString) source = g_string_new ("Subject: ");

    if (pb_text_is_ascii (bytes->str, bytes->len) || strcmp (text->real, "UTF-8") == 0)
      continue;
    append_words (source, "iso-8859-1", bytes);
    g_string_append (source, "\nFrom: ");
    append_words (source, "us-ascii", bytes);
    g_string_append (source, " <a@example.org>\nContent-Type: multipart/mixed; boundary=x\n\n"
                             "--x\nContent-Type: text/plain; charset=iso-8859-1\n\n");
    g_string_append_len (source, bytes->str, (gssize) bytes->len);
    g_string_append (source, "\n--x\nContent-Type: application/pdf\n"
                             "Content-Disposition: attachment; filename=\"");
    append_words (source, "iso-8859-1", bytes);
    g_string_append (source, "\"\n\n\n--x--\n");
    g_autoptr (PbMessage) message = parse (source, text->label);
    expect (text, "chosen, subject", pb_message_get_subject (message));
    expect (text, "chosen, name", first_name (pb_message_get_from (message)));
    expect (text, "chosen, text", pb_message_get_text (message));
    expect (text, "chosen, file",
            pb_attachment_get_name (pb_message_get_attachments (message)->pdata[0]));
  }
  g_assert_true (pb_message_knows_charset ("gb2312"));
  g_assert_false (pb_message_knows_charset ("no-such-thing"));
}

/* Names, subjects and first lines without any declaration. */
static const struct {
  const char *real;
  const char *texts[28];
} undeclared[] = {
  { "GBK",
    { "你好",
      "会议通知",
      "请查收附件",
      "关于下周的安排",
      "发票",
      "测试邮件",
      "李娜",
      "王小明",
      "回复: 合同已签字",
      "Re: 报价单",
      "明天上午十点开会，请准时参加。",
      "订单确认",
      "季度报告（修改版）",
      "联系电话有变",
      "欢迎新同事",
      "项目进度",
      "密码重置",
      "张伟的简历",
      "春节放假安排",
      "银行账户变更通知",
      "茶叶样品已寄出",
      "谢谢您的帮助" } },
  { "CP950",
    { "你好嗎", "會議通知", "請查收附件", "關於下週的安排", "發票", "測試郵件", "陳小姐",
      "回覆: 合約", "明天上午十點開會，請準時參加。", "訂單確認", "臺北辦公室", "謝謝您的幫忙",
      "季度報告", "新年快樂", "林先生的履歷" } },
  { "EUC-JP-MS",
    { "こんにちは", "会議のお知らせ", "見積書の件", "お世話になっております。", "田中", "請求書",
      "資料送付", "来週の予定について", "テスト", "ありがとうございました", "東京本社", "発注確認",
      "メールの返信", "Re: ご確認ください" } },
  { "CP932",
    { "こんにちは", "会議のお知らせ", "見積書の件", "お世話になっております。", "田中", "請求書",
      "資料送付", "来週の予定について", "テスト", "ありがとうございました", "東京本社", "発注確認",
      "ﾃｽﾄのメール", "Re: ご確認ください" } },
  { "CP949",
    { "안녕하세요", "회의 안내", "첨부파일 확인 부탁드립니다", "김철수", "주문 확인", "감사합니다",
      "견적서", "내일 오전 회의", "테스트", "비밀번호 변경 안내", "서울 사무소",
      "새해 복 많이 받으세요" } },
  { "CP1251",
    { "Привет", "Встреча завтра", "Счёт на оплату", "Отчёт за неделю", "Тест", "Иван Петров",
      "Добрый день, коллеги!", "Договор", "ВАЖНО", "Заказ № 15", "Поздравляю с праздником", "да",
      "Спасибо за письмо" } },
  { "KOI8-R",
    { "Привет", "Встреча завтра", "Счёт на оплату", "Отчёт за неделю", "Тест", "Иван Петров",
      "Добрый день, коллеги!", "Договор", "ВАЖНО", "Поздравляю с праздником",
      "Спасибо за письмо" } },
  { "CP1252", { "Grüße",       "Müller",         "Einladung zur Prüfung",
                "café",        "Réunion à 10 h", "Niño",
                "São Paulo",   "Übung",          "Straße",
                "naïve",       "Blåbærgrød",     "hyvää päivää",
                "Málaga",      "“quoted” text",  "5 € – fine",
                "Garçon",      "Größenänderung", "Åse",
                "perché così", "l’été",          "Bücher für Jörg" } },
  { "CP1253", { "Καλημέρα", "Συνάντηση αύριο", "Ευχαριστώ πολύ", "Τιμολόγιο" } },
  { "CP1255", { "שלום", "פגישה מחר", "תודה רבה על העזרה" } },
  { "CP1256", { "مرحبا", "اجتماع يوم الأحد", "شكرا جزيلا" } },
  { "CP874", { "สวัสดีครับ", "การประชุมพรุ่งนี้", "ขอบคุณมาก" } },
  { "CP1250",
    { "Zażółć gęślą jaźń", "Příliš žluťoučký kůň", "Dziękuję za wiadomość", "Děkuji za zprávu" } },
  { "ISO-8859-2", { "Zażółć gęślą jaźń", "Dziękuję, ściskam" } },
  { "CP1254", { "Görüşürüz", "Toplantı yarın", "Teşekkürler, iyi günler" } },
  { "ISO-2022-JP", { "こんにちは", "会議のお知らせ", "テスト" } },
  { "UTF-8", { "é", "你好", "Привет", "Grüße", "こんにちは", "안녕", "żółć" } },
};

static void
test_guessed (void) {
  guint right = 0, all = 0;

  for (guint i = 0; i < G_N_ELEMENTS (undeclared); i++) {
    for (guint k = 0; undeclared[i].texts[k]; k++) {
      const Text text = { "guess", undeclared[i].real, undeclared[i].texts[k] };
      g_autoptr (GString) bytes = encode (&text);
      g_autofree char *found = pb_text_decode (bytes->str, bytes->len, NULL);

      all++;
      if (strcmp (found, text.text) == 0)
        right++;
      else
        g_test_message ("%s “%s” was read as %s “%s”", text.real, text.text,
                        pb_charset_guess (bytes->str, bytes->len), found);
    }
  }
  g_test_message ("guessed: %u of %u, %.1f %%", right, all, 100.0 * right / all);
  g_assert_cmpuint (all, >=, 150);
  g_assert_cmpuint (right * 100, >=, all * 98);
}

/* Declarations that are wrong, and sets that iconv reads too strictly. */
static void
test_odd (void) {
  static const struct {
    const char *bytes, *label, *expected;
  } odd[] = {
    { "Gr\303\274\303\237e", "iso-8859-1", "Grüße" },
    { "\344\275\240\345\245\275", "gb2312", "你好" },
    { "\320\237\321\200\320\270", "windows-1251", "При" },
    { "Gr\303\274\303\237e", "us-ascii", "Grüße" },
    { "\304\343\272\303\243\254\312\300\275\347", "utf-8", "你好，世界" },
    { "\033$B-!-\"\033(B", "iso-2022-jp", "①②" },
    { "\033(I1234\033(B", "iso-2022-jp", "ｱｲｳｴ" },
    { "~{VPND~} ok", "hz-gb-2312", "中文 ok" },
    { "\326\320\316\304", "\"gb2312\"", "中文" },
    { "\326\320\316\304", "GB_2312-80", "中文" },
    { "\326\320\316\304", "unknown-8bit", "中文" },
    { "\377", "utf-8", "\357\277\275" },
    { "caf\351", "utf-8", "caf\357\277\275" },
    { "abc", "no-such-thing", "abc" },
    { "", "gb2312", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (odd); i++) {
    g_autofree char *text = pb_text_decode (odd[i].bytes, strlen (odd[i].bytes), odd[i].label);
    g_assert_cmpstr (text, ==, odd[i].expected);
  }
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/charsets/declared", test_declared);
  g_test_add_func ("/charsets/chosen", test_chosen);
  g_test_add_func ("/charsets/guessed", test_guessed);
  g_test_add_func ("/charsets/odd", test_odd);
  return g_test_run ();
}
