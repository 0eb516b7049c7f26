"""What everybody else would use; prints matcher,set,left_id,right_id,score for pairs that are each other's best.

A pair that is not mutual, or whose best is shared by two rows, is left out: that only helps precision.
"""

import csv
import pathlib
import re
import sys

import numpy as np
from cleanco import basename
from rapidfuzz import fuzz, process, utils
from sklearn.feature_extraction.text import TfidfVectorizer

CHUNK_ROWS = 500


def read(file):
    with open(file, encoding="utf-8", newline="") as rows:
        return [(row["id"], row["name"]) for row in csv.DictReader(rows)]


def mutual_best(chunks, n_left, n_right):
    """(left, right, score) from rows of scores, chunk by chunk; ties are nobody's best."""
    best_left = np.zeros((n_left, 2))
    best_right, second_right = np.zeros((n_right, 2)), np.zeros(n_right)
    second_left = np.zeros(n_left)
    for start, scores in chunks:
        rows = slice(start, start + len(scores))
        top = scores.argmax(axis=1)
        best_left[rows, 0], best_left[rows, 1] = top, scores.max(axis=1)
        second_left[rows] = np.partition(scores, -2, axis=1)[:, -2]
        column, value = scores.argmax(axis=0) + start, scores.max(axis=0)
        second = np.partition(scores, -2, axis=0)[-2] if len(scores) > 1 else np.zeros(n_right)
        is_better = value > best_right[:, 1]
        second_right = np.maximum(second_right, np.maximum(second, np.minimum(value, best_right[:, 1])))
        best_right[is_better] = np.stack([column, value], axis=1)[is_better]
    for left, (right, score) in enumerate(best_left):
        is_unique = score > second_left[left] and score > second_right[int(right)]
        if is_unique and best_right[int(right), 0] == left:
            yield left, int(right), score


def cleanco_exact(left, right):
    """cleanco takes the legal form off; equal and unique on both sides."""
    key = lambda name: re.sub(r"\W+", " ", basename(name).casefold()).strip()
    rows = {}
    for side, names in enumerate((left, right)):
        for at, name in enumerate(names):
            rows.setdefault(key(name), ([], []))[side].append(at)
    for text, (lefts, rights) in rows.items():
        if text and len(lefts) == len(rights) == 1:
            yield lefts[0], rights[0], 1.0


def token_sort(left, right):
    """rapidfuzz.fuzz.token_sort_ratio with its default processing."""
    ready = [utils.default_process(name) for name in right]

    def chunks():
        for start in range(0, len(left), CHUNK_ROWS):
            asked = [utils.default_process(name) for name in left[start:start + CHUNK_ROWS]]
            yield start, process.cdist(asked, ready, scorer=fuzz.token_sort_ratio, workers=-1) / 100

    return mutual_best(chunks(), len(left), len(right))


def tfidf(left, right):
    """Cosine of TF-IDF weights of character n-grams (3 letters within words)."""
    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 3), lowercase=True).fit(left + right)
    one, other = vectors.transform(left), vectors.transform(right).T.tocsc()
    chunks = ((start, (one[start:start + CHUNK_ROWS] @ other).toarray()) for start in range(0, len(left), CHUNK_ROWS))
    return mutual_best(chunks, len(left), len(right))


def main():
    out = csv.writer(sys.stdout)
    out.writerow(["matcher", "set", "left_id", "right_id", "score"])
    matchers = {"cleanco + exact": cleanco_exact, "rapidfuzz token_sort_ratio": token_sort, "TF-IDF char n-grams": tfidf}
    for folder in sorted(path.parent for path in pathlib.Path(sys.argv[1]).glob("*/truth.csv")):
        left, right = read(folder / "left.csv"), read(folder / "right.csv")
        for name, match in matchers.items():
            for one, other, score in match([n for _, n in left], [n for _, n in right]):
                out.writerow([name, folder.name, left[one][0], right[other][0], f"{score:.6f}"])


main()
