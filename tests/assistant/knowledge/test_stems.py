"""Words to stems, from several threads at once."""

import random
import sys
from concurrent.futures import ThreadPoolExecutor

import snowballstemmer

from assistant.knowledge.bm25 import tokens


def test_threads_that_stem_at_once_find_what_one_alone_finds() -> None:
    chance = random.Random(1)
    ends = ("", "s", "ing", "ed", "ation", "ness", "ies", "ously")
    words = ["".join(chance.choices("abcdeilnorst", k=6)) + ends[n % 8] for n in range(6000)]
    parts = [" ".join(words[start::4]) for start in range(4)]
    pace = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            together = list(pool.map(lambda part: tokens(part, "en"), parts))
    finally:
        sys.setswitchinterval(pace)
    alone = snowballstemmer.stemmer("english")
    assert together == [[alone.stemWord(word) for word in part.split()] for part in parts]
