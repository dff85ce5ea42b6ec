/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Lists, made into sets when they are first asked for. The usual characters of the large scripts
 * are those that their national standards put first. */

#include "pb-charset-letters.h"

#include <string.h>

#define CHARACTERS 0x10000

/* A character set's first level: pairs of bytes. */
typedef struct {
  const char *charset;
  guchar first, last; /* lead bytes */
} Level;

static const struct {
  const char *common;
  const char *usual;
  Level level;
} languages[PB_N_LANGUAGES] = {
  [PB_LANGUAGE_SIMPLIFIED] = {
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过"
    "发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她"
    "本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由"
    "问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世"
    "位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四"
    "神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便"
    "空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边"
    "死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运邮请您谢附送收议通测试客户订单票"
    "项安排联系址册密码账号银查询更李王张刘陈杨赵黄周吴徐孙胡朱高林何郭明晚早午周欢迎祝快乐节"
    "假放假价款费财销售采购供货合同签字盖章扫描图纸资料版本修改回复转发抄同意参加培训考试成绩简历",
    NULL,
    { "GB2312", 0xb0, 0xd7 },
  },
  [PB_LANGUAGE_TRADITIONAL] = {
    "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過"
    "發後作裡用道行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她"
    "本前開但因只從想實日軍者意無力它與長把機十民第公此已工使情明性知全三又關點正業外將兩高間由"
    "問很最重並物手應戰向頭文體政美相見被利什二等產或新己制身果加西斯月話合回特代內信表化老給世"
    "位次度門任常先海通教兒原東聲提立及比員解水名真論處走義各入幾口認條平系氣題活爾更別打女變四"
    "神總何電數安少報才結反受目太量再感建務做接必場件計管期市直德資命山金指克許統區保至隊形社便"
    "空決治展馬科司五基眼書非則聽白卻界達光放強即像難且權思王象完設式色路記南品住告類求據程北邊"
    "死張該交規萬取拉格望覺術領共確傳師觀清今切院讓識候帶導爭運郵請您謝附送收議測試客戶訂單票項"
    "排聯繫址註冊密碼帳號銀查詢更李陳林黃吳劉蔡楊許鄭謝郭灣台臺北歡迎祝快樂價款費銷售採購供貨",
    NULL,
    { "BIG5", 0xa4, 0xc6 },
  },
  [PB_LANGUAGE_JAPANESE] = {
    "のにはをたがでてとしれさいるあもかすなくこりうらっまどよつきせめおやみけ日本人年大会国事見出行"
    "前時分後上中下自社者手間入長東京今何思私学生新方月水場合員田高山話電車家部名全作用開問題意送"
    "信件資料確認連絡報告予定議願様株式御佐藤木村小林川先週来明火金土曜午請求書見積発注文商品案内"
    "ーンスイルトリアラマッシクレジフロドタメセコサキパネサプチデ変更返添付ファイル了解",
    NULL,
    { "EUC-JP", 0xb0, 0xcf },
  },
  [PB_LANGUAGE_KOREAN] = {
    "이다는을가에의지고하한를은도로서기사자리나해인어대시그과만있것수들정라일보전부아주조여성안연제"
    "구장스상원면신저화게공관동우국세방민분위실오니으중내문요까때더모무소용회체당미계경학생적거유"
    "영년개간할될된됩습합없않감통행업물품매및메첨파확녕입청드립녕월김박최강임오늘음바랍",
    NULL,
    { "EUC-KR", 0xb0, 0xc8 },
  },
  [PB_LANGUAGE_CYRILLIC] = {
    "оеаинтсрвлкмдпуОЕАИНТСРВЛКМДПУяьыізбгчйхЯІЗБГЧЙХ",
    "жшюцщэфъёєїґўЖШЮЦЩЭФЪЁЄЇҐЎЫЬ", { NULL } },
  [PB_LANGUAGE_GREEK] = { "αοιετσνηυρπκμλςάέήίόύώωγδΑΟΙΕΤΣΝΗΥΡΠΚΜΛ",
                          "βθφχξζψϊϋΐΰΒΓΔΖΘΞΦΧΨΩΆΈΉΊΌΎΏ", { NULL } },
  [PB_LANGUAGE_HEBREW] = { "יוהלאמרתבשנדםכח", "גזטךןסעףפץצק", { NULL } },
  [PB_LANGUAGE_ARABIC] = { "اليمنوربتهةعدسفكح", "أإآءؤئىثجخذزشصضطظغقًٌٍَُِّْ،؛؟", { NULL } },
  [PB_LANGUAGE_THAI] = { "านรอกเงมยลวดทสตะปบคหแจพช่้ัิี์ไใ",
                         "ขฃฅฆฉซฌญฎฏฐฑฒณถธผฝฟภฤฦศษฬฮฯำึืฺุูโฤๅๆ็๊๋๎ํ๐๑๒๓๔๕๖๗๘๙", { NULL } },
  [PB_LANGUAGE_WESTERN] = { "äöüßéèàçñáíóúêôâîûåæøãõÄÖÜÉÈÀÇÑÁÍÓÚÅÆØÂÊ",
                            "ëïùòœËÎÔÛÃÕÌÒÙÏŒÿ",
                            { NULL } },
  [PB_LANGUAGE_CENTRAL] = { "łąęśżźćńóčšžřěůýáéíúőűöüäľťňâăţşđŁŚŻŹČŠŽŘÁÉÍÓÖÜÚŐŰ",
                            "ďôîĽŤĎŇĆŃĄĘĚŮÝÂĂÎŢŞĐÔ", { NULL } },
  [PB_LANGUAGE_TURKISH] = { "şğıçöüİŞĞÇÖÜ", "âîû", { NULL } },
};

static guint8 sets[PB_N_LANGUAGES][CHARACTERS]; /* 2 common, 1 usual */

static void
add (PbLanguage language, const char *letters, guint8 value) {
  for (const char *p = letters; p && *p; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);

    if (c < CHARACTERS)
      sets[language][c] = MAX (sets[language][c], value);
  }
}

static void
add_level (PbLanguage language, const Level *level) {
  GIConv converter = level->charset ? g_iconv_open ("UTF-8", level->charset) : (GIConv) -1;

  if (converter == (GIConv) -1)
    return;
  for (guint lead = level->first; lead <= level->last; lead++) {
    for (guint trail = 0x40; trail <= 0xfe; trail++) {
      char pair[] = { (char) lead, (char) trail }, utf8[16];
      char *in = pair, *out = utf8;
      gsize left = sizeof pair, room = sizeof utf8 - 1;

      if (g_iconv (converter, &in, &left, &out, &room) == (gsize) -1) {
        g_iconv (converter, NULL, NULL, NULL, NULL);
        continue;
      }
      *out = '\0';
      add (language, utf8, 1);
    }
  }
  g_iconv_close (converter);
}

static gpointer
make_sets (gpointer data) {
  for (guint i = 0; i < PB_N_LANGUAGES; i++) {
    add (i, languages[i].common, 2);
    add (i, languages[i].usual, 1);
    add_level (i, &languages[i].level);
  }
  return NULL;
}

static guint8
look_up (gunichar c, PbLanguage language) {
  static GOnce once = G_ONCE_INIT;

  g_once (&once, make_sets, NULL);
  return c < CHARACTERS ? sets[language][c] : 0;
}

gboolean
pb_charset_letter_is_common (gunichar c, PbLanguage language) {
  return look_up (c, language) == 2;
}

gboolean
pb_charset_letter_is_usual (gunichar c, PbLanguage language) {
  return look_up (c, language) > 0;
}
