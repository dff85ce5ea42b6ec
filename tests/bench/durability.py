#!/usr/bin/python3
# SPDX-FileCopyrightText: The Postbag contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What it costs to have a batch of message files on the disk: one sync for each, or one for all.

Usage: durability.py BUILD [--folder DIR] [--rounds N]. Each way writes the same files, renames them and syncs the folder
that got them, as the store does; the ways take turns, so that what else the machine does meets all of them."""

import argparse
import ctypes
import os
import random
import shutil
import statistics
import tempfile
import time

BATCH = 256
LIBC = ctypes.CDLL(None, use_errno=True)


def sync_file_system(fd):
    if LIBC.syncfs(fd) != 0:
        raise OSError(ctypes.get_errno(), 'syncfs')


def small(rng):
    return [rng.randint(1_000, 6_000) for _ in range(BATCH)]


def mixed(rng):
    """About 20 MB: most are small, some have attachments."""
    return [rng.choice((2_000, 5_000, 12_000, 40_000, 40_000, 900_000 if number % 16 == 0 else 8_000))
            for number in range(BATCH)]


def write_all(folder, sizes, block, each=None):
    fds = []
    for number, size in enumerate(sizes):
        fd = os.open(f'tmp/{number}', os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600, dir_fd=folder)
        os.write(fd, block[:size])
        if each:
            each(fd)
        fds.append(fd)
    return fds


def finish(folder, fds):
    for number, fd in enumerate(fds):
        os.close(fd)
        os.rename(f'tmp/{number}', f'cur/{number}', src_dir_fd=folder, dst_dir_fd=folder)
    cur = os.open('cur', os.O_RDONLY, dir_fd=folder)
    os.fsync(cur)
    os.close(cur)


def nothing(folder, sizes, block):
    fds = write_all(folder, sizes, block)
    for number, fd in enumerate(fds):
        os.close(fd)
        os.rename(f'tmp/{number}', f'cur/{number}', src_dir_fd=folder, dst_dir_fd=folder)


def fsync_each(folder, sizes, block):
    finish(folder, write_all(folder, sizes, block, os.fsync))


def fdatasync_batch(folder, sizes, block):
    fds = write_all(folder, sizes, block)
    for fd in fds:
        os.fdatasync(fd)
    finish(folder, fds)


def syncfs_once(folder, sizes, block):
    fds = write_all(folder, sizes, block)
    sync_file_system(folder)
    finish(folder, fds)


WAYS = (('nothing synced', nothing), ('fsync after each file', fsync_each),
        ('fdatasync for each, after all were written', fdatasync_batch), ('one syncfs', syncfs_once))


def measure(root, way, sizes, block):
    place = tempfile.mkdtemp(dir=root)
    for name in ('tmp', 'cur'):
        os.mkdir(os.path.join(place, name))
    folder = os.open(place, os.O_RDONLY)
    sync_file_system(folder)
    start = time.perf_counter()
    way(folder, sizes, block)
    seconds = time.perf_counter() - start
    os.close(folder)
    shutil.rmtree(place)
    return seconds


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('build')
    parser.add_argument('--folder', default=os.path.expanduser('~'))
    parser.add_argument('--rounds', type=int, default=7)
    options = parser.parse_args()
    block = random.Random(1).randbytes(1_000_000)
    batches = [('1', [3_000]), ('3', [3_000] * 3), ('10', [3_000] * 10), ('256 small', small(random.Random(2))),
               ('256 mixed', mixed(random.Random(3)))]
    root = tempfile.mkdtemp(prefix='postbag-durability-', dir=options.folder)
    try:
        print('| | ' + ' | '.join(f'{name}, {sum(sizes) / 1e6:.1f} MB' for name, sizes in batches) + ' |')
        print('| --- |' + ' ---: |' * len(batches))
        times = {name: [[] for _ in batches] for name, _ in WAYS}
        for _ in range(options.rounds):
            for number, (_, sizes) in enumerate(batches):
                for name, way in WAYS:
                    times[name][number].append(measure(root, way, sizes, block))
        for name, _ in WAYS:
            cells = [f'{statistics.median(seconds) * 1000:.1f} ({max(seconds) * 1000:.0f})' for seconds in times[name]]
            print(f'| {name} | ' + ' | '.join(cells) + ' |')
        print('\nMilliseconds for a batch: median of '
              f'{options.rounds} rounds (slowest). {os.statvfs(root).f_bsize} byte blocks.')
    finally:
        shutil.rmtree(root)


if __name__ == '__main__':
    main()
