# SPDX-FileCopyrightText: The Postbag contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two mailboxes of the benchmarks, the same bytes every time: "small" is many short messages, "mixed" is what a
busy person gets, with attachments up to some megabytes."""

import base64
import random

WORDS = ('the a of to and in for with on at by from we you they it is was will can letter garden train morning '
         'report figures meeting river bread window paper answer question number week month project plan').split()
HAN = '今天我们讨论了下个季度的计划请在周五之前把表格发给我谢谢会议改到下午三点地点不变'


def sentence(rng, count):
    return ' '.join(rng.choice(WORDS) for _ in range(count))


def paragraph(rng, octets):
    lines, size = [], 0
    while size < octets:
        line = sentence(rng, 11) if rng.random() < 0.9 else ''.join(rng.choice(HAN) for _ in range(24))
        lines.append(line)
        size += len(line.encode()) + 1
    return '\n'.join(lines)


def head(rng, number, subject, kind):
    day = 1 + number % 28
    return (f'Return-Path: <sender{number % 97}@example.org>\n'
            f'Received: from mx.example.org (mx.example.org [192.0.2.{number % 250}])\n'
            f'\tby pop.example.net with ESMTPS id {rng.getrandbits(64):016x}; {day:02} Oct 2026 08:00:00 +0000\n'
            f'Message-ID: <{number}.{rng.getrandbits(48):012x}@example.org>\n'
            f'Date: {day:02} Oct 2026 {number % 24:02}:{number % 60:02}:00 +0000\n'
            f'From: Sender {number % 97} <sender{number % 97}@example.org>\nTo: Robin <robin@example.net>\n'
            f'Subject: {subject}\nMIME-Version: 1.0\n{kind}\n')


def plain(rng, number, octets):
    kind = 'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n'
    return (head(rng, number, sentence(rng, 6), kind) + paragraph(rng, octets) + '\n').encode()


def with_attachment(rng, number, octets):
    kind = 'Content-Type: multipart/mixed; boundary="part"\n'
    data = base64.encodebytes(rng.randbytes(octets * 3 // 4)).decode()
    return (head(rng, number, sentence(rng, 5), kind) +
            f'--part\nContent-Type: text/plain; charset=utf-8\n\n{paragraph(rng, 900)}\n'
            f'--part\nContent-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n'
            f'Content-Disposition: attachment; filename="file{number}.bin"\n\n{data}--part--\n').encode()


def small(count=10000):
    rng = random.Random(1)
    return [plain(rng, number, rng.randint(900, 2200)) for number in range(count)]


def mixed(count=2000):
    rng = random.Random(2)
    return [plain(rng, number, rng.randint(800, 9000)) if rng.random() < 0.75 else
            with_attachment(rng, number, int(rng.paretovariate(1.05) * 73000) % 3000000 + 2000)
            for number in range(count)]
