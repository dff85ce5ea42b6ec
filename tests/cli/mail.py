# SPDX-FileCopyrightText: The Postbag contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages of all shapes, the same ones for the same seed. Line ends are LF, as a Maildir has them."""

import base64
import random

WORDS = ('figures', 'meeting', 'harbour', 'ticket', 'garden', 'lantern', 'receipt', 'winter', 'bridge', 'letter',
         'answer', 'parcel', 'orchard', 'summary', 'ledger', 'ferry')

CJK = {
    'gb18030': '季度数据在附件里，请查收。𠀀',
    'big5': '會議改到星期五下午三點。',
    'shift_jis': '来週の予定を送ります。',
    'iso-2022-jp': '写真をありがとうございました。',
    'euc-kr': '내일 회의는 열 시에 시작합니다.',
    'utf-8': '你好，世界 — Größe, naïve, Ωμέγα, привет 🐌',
}


def sentence(rng):
    return ' '.join(rng.choice(WORDS) for _ in range(rng.randint(3, 14)))


def header(rng, number, *extra):
    lines = [f'From: Sender {number % 37} <sender{number % 37}@example.org>',
             'To: reader@example.org',
             f'Subject: {sentence(rng)} {number}',
             f'Date: {["Mon, 6", "Tue, 7", "Wed, 8"][number % 3]} Nov 2023 {number % 24:02}:{number % 60:02}:00 +0000',
             f'Message-ID: <{number}.{rng.randrange(10**9)}@example.org>', *extra]
    return '\n'.join(lines).encode() + b'\n'


def plain(rng, number):
    return header(rng, number) + b'\n' + ''.join(sentence(rng) + '\n' for _ in range(rng.randint(1, 40))).encode()


def eight_bit(rng, number):
    return header(rng, number) + b'\n' + bytes(rng.choice(b'abc \xe4\xf6\xfc\xff\x80\n') for _ in range(400)) + b'\n'


def charset(rng, number):
    name = rng.choice(sorted(CJK))
    kind = f'Content-Type: text/plain; charset={name}'
    body = (CJK[name] + '\n').encode(name) * rng.randint(1, 20)
    if rng.random() < 0.5:
        return header(rng, number, kind, 'Content-Transfer-Encoding: 8bit') + b'\n' + body
    return (header(rng, number, kind, 'Content-Transfer-Encoding: base64') + b'\n' + base64.encodebytes(body))


def dots(rng, number):
    lines = [rng.choice(['.', '..', '...', '.leading', '. .', '', 'no dot', '.\t']) for _ in range(60)]
    return header(rng, number) + b'\n' + '\n'.join(lines).encode() + b'\n'


def lone_dots(rng, number):
    return header(rng, number) + b'\n' + b'.\n' * rng.randint(1, 500)


def long_line(rng, number):
    return header(rng, number) + b'\n' + b'x' * 100_000 + b'\n' + b'.' * 5000 + b'\nend\n'


def long_header(rng, number):
    return header(rng, number, 'X-Long: ' + 'y' * 20_000) + b'\nbody\n'


def empty_body(rng, number):
    return header(rng, number) + b'\n'


def no_body(rng, number):
    return header(rng, number)


def no_final_newline(rng, number):
    return header(rng, number) + b'\nthe last line has no end'


def bare_cr(rng, number):
    return header(rng, number) + b'\none\rtwo\r\rthree\n\rfour\nfive\r'


def nul(rng, number):
    return header(rng, number) + b'\nbefore\0after\n\0\0\n.\0\n'


def crlf(rng, number):
    return plain(rng, number).replace(b'\n', b'\r\n')


def from_lines(rng, number):
    return header(rng, number) + b'\nFrom here on\n>From there\n>>From nowhere\nFrom\n From x\n'


def blank_lines(rng, number):
    return header(rng, number) + b'\n' * rng.randint(2, 300)


def html(rng, number):
    return (header(rng, number, 'MIME-Version: 1.0', 'Content-Type: multipart/alternative; boundary="b"') +
            b'\n--b\nContent-Type: text/plain\n\n' + sentence(rng).encode() +
            b'\n--b\nContent-Type: text/html\n\n<p>' + sentence(rng).encode() + b'</p>\n--b--\n')


def attachment(rng, number, size=None):
    content = rng.randbytes(size or rng.randint(1, 30_000))
    return (header(rng, number, 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary="m"') +
            b'\n--m\nContent-Type: text/plain\n\nsee the sheet\n'
            b'--m\nContent-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n'
            b'Content-Disposition: attachment; filename="sheet.bin"\n\n' + base64.encodebytes(content) + b'--m--\n')


def forwarded(rng, number):
    return (header(rng, number, 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary="f"') +
            b'\n--f\nContent-Type: message/rfc822\n\n' + plain(rng, number) + b'\n--f--\n')


SHAPES = (plain, eight_bit, charset, dots, lone_dots, empty_body, no_body, no_final_newline, bare_cr, nul, crlf,
          from_lines, blank_lines, html, attachment, forwarded, long_header)


def generate(count, seed=1):
    rng = random.Random(seed)
    messages = [SHAPES[number % len(SHAPES)](rng, number) for number in range(count)]
    for number in range(0, count, 101):
        messages[number] = long_line(rng, number)
    if count > 20:
        messages[7] = attachment(rng, 7, 5_000_000)
    return messages
