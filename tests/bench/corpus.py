# SPDX-FileCopyrightText: The Postbag contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Maildir of made-up mail for measuring stores and searches: words as frequent as words are (Zipf), one message in
eight in Chinese, one in eight with HTML, one in sixteen with an attachment, and planted words to look for. The same
count always gives the same files."""

import base64
import itertools
import os
import random

# What is planted, and in every how manieth message.
RARE, PAIR, CHINESE = 'quillonbrack', ('harborlight', 'saltmeadow'), '霜檀'
EVERY = 997

SYLLABLES = [a + b for a in 'b d f g k l m n p r s t v z br st'.split() for b in 'a e i o u an el ir on'.split()]
COMMON = 'the of and to in is that for it as was with be by on not he his but at are this have from or had'.split()


def vocabulary(random_, count):
    words = set()
    while len(words) < count:
        words.add(''.join(random_.choice(SYLLABLES) for _ in range(random_.choice((1, 2, 2, 3, 3, 4)))))
    return COMMON + sorted(words, key=lambda word: (len(word), word))


def zipf(count):
    return list(itertools.accumulate(1 / (rank + 3) for rank in range(count)))


class Corpus:
    def __init__(self, seed=1):
        self.random = random.Random(seed)
        self.words = vocabulary(self.random, 30000)
        self.weights = zipf(len(self.words))
        self.signs = [chr(0x4e00 + (index * 7919) % 6000) for index in range(3000)]
        self.signs = [sign for sign in self.signs if sign not in CHINESE]
        self.sign_weights = zipf(len(self.signs))

    def text(self, count):
        words = self.random.choices(self.words, cum_weights=self.weights, k=count)
        return '\n'.join(' '.join(words[start:start + 11]) for start in range(0, count, 11)) + '\n'

    def chinese(self, count):
        signs = self.random.choices(self.signs, cum_weights=self.sign_weights, k=count)
        return '\n'.join('，'.join(''.join(signs[at:at + 9]) for at in range(start, min(start + 36, count), 9)) + '。'
                         for start in range(0, count, 36)) + '\n'

    def body(self, number):
        length = self.random.choice((40, 60, 80, 120, 160, 250, 500))
        text = self.chinese(length * 2) if number % 8 == 3 else self.text(length)
        if number % EVERY == 5:
            text += f'and a {RARE} here\n'
        if number % EVERY == 7:
            text += f'{PAIR[0]} over the {PAIR[1]}\n'
        if number % EVERY == 3 or number % EVERY == 11:
            text = text[:20] + CHINESE + text[20:]
        return text

    def message(self, number):
        text, sender = self.body(number), number % 400
        subject = ' '.join(self.random.choices(self.words, cum_weights=self.weights, k=5))
        header = (f'Received: from mx.example.org by mail.example.net; Fri, 21 Nov 2025 10:00:00 +0100\n'
                  f'From: {self.words[500 + sender].title()} {self.words[900 + sender].title()} '
                  f'<person{sender}@example.org>\n'
                  f'To: Robin Example <robin@example.net>\nSubject: {subject}\n'
                  f'Date: {number % 28 + 1:02} {("Jan", "Apr", "Jul", "Oct")[number % 4]} {2005 + number % 20} '
                  f'{number % 24:02}:{number % 60:02}:00 +0000\n'
                  f'Message-ID: <{number}.bench@example.org>\nMIME-Version: 1.0\n')
        if number % 8 == 1:
            html = ''.join(f'<p class="x">{line}</p>\n' for line in text.split('\n') if line)
            return (header + 'Content-Type: multipart/alternative; boundary=bb\n\n--bb\nContent-Type: text/plain; '
                    f'charset=utf-8\n\n{text}\n--bb\nContent-Type: text/html; charset=utf-8\n\n<html><body>{html}'
                    '</body></html>\n--bb--\n')
        if number % 16 == 2:
            data = base64.encodebytes(self.random.randbytes(6000)).decode()
            return (header + 'Content-Type: multipart/mixed; boundary=bb\n\n--bb\nContent-Type: text/plain; '
                    f'charset=utf-8\n\n{text}\n--bb\nContent-Type: application/pdf; name="sheet{number}.pdf"\n'
                    f'Content-Disposition: attachment; filename="sheet{number}.pdf"\n'
                    f'Content-Transfer-Encoding: base64\n\n{data}\n--bb--\n')
        return header + f'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}'


def write(folder, count):
    """Makes @folder a Maildir of @count messages; returns the bytes in them."""
    corpus, total = Corpus(), 0
    for name in ('cur', 'new', 'tmp'):
        os.makedirs(os.path.join(folder, name), mode=0o700)
    for number in range(count):
        data = corpus.message(number).encode()
        total += len(data)
        path = os.path.join(folder, 'cur', f'{1700000000 + number}.M{number}P1.bench:2,{"S" if number % 3 else ""}')
        with open(path, 'wb') as file:
            file.write(data)
    return total


def planted(count):
    """How many messages have the rare word, the pair, the Chinese word."""
    return [sum(1 for number in range(count) if number % EVERY in places) for places in ((5,), (7,), (3, 11))]
