"""Lessons that simulated people write: sound in form, each with words of its own."""

from __future__ import annotations

from random import Random

SYLLABLES = "ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu dra fle gri sto plu".split()
CARDS = ("Begin", "Go on", "Take care")
QUESTIONS = 5


def lesson(uid: str, topic: str, words: int = 240) -> str:
    """A lesson file of about so many words with five questions, each with four options and their explanations."""
    chance = Random(uid)
    vocabulary = [_word(chance) for _ in range(90)]
    cards = "\n\n".join(f"## {card}\n\n{_prose(chance, vocabulary, words // len(CARDS))}" for card in CARDS)
    asked = "\n\n".join(_question(uid, number, chance, vocabulary) for number in range(QUESTIONS))
    return (
        f"---\nid: {uid}\ntitle: How to {' '.join(chance.sample(vocabulary, 3))}\n"
        f"summary: What to do with {chance.choice(vocabulary)}, step by step and in this order.\n"
        f"kind: how-to\ntopics: [{topic}]\n---\n\n{cards}\n\n# Quiz\n\n{asked}\n"
    )


def _word(chance: Random) -> str:
    return "".join(chance.choice(SYLLABLES) for _ in range(chance.choice((2, 2, 3))))


def _prose(chance: Random, vocabulary: list[str], words: int) -> str:
    sentences = (" ".join(chance.choice(vocabulary) for _ in range(8)).capitalize() for _ in range(max(1, words // 8)))
    return " ".join(f"{sentence}." for sentence in sentences)


def _question(uid: str, number: int, chance: Random, vocabulary: list[str]) -> str:
    right = chance.randrange(4)
    options = "\n".join(
        f"- [{'x' if place == right else ' '}] {' '.join(chance.sample(vocabulary, 2)).capitalize()} ^{'abcd'[place]}\n"
        f"  > {'Yes' if place == right else 'No'}, see {chance.choice(vocabulary)}."
        for place in range(4)
    )
    stem = f"What follows {' '.join(chance.sample(vocabulary, 3))}?"
    return f"## single ^{_key(uid)}{number}\n\n{stem}\n\n{options}"


def _key(uid: str) -> str:
    return f"{Random(f'{uid}:key').randrange(16**8):08x}"
