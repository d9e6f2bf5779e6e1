"""Lessons that the stories write and learn."""

from __future__ import annotations

WORDS = " ".join(["Plain words make a plain lesson."] * 8)

CARDS = """---
id: <uid>
title: Hand over work before a holiday
summary: What to write down, for whom, and where, so that nobody has to call you on the beach.
kind: how-to
topics: [<topic>]
---

## Make a list of what is open

<words> Start with what somebody will ask about.

!!! example "An example"
    “The invoice of Miller waits for their signature; ask Jo on Tuesday.”

## Name one person for each thing

<words> A thing that belongs to everybody belongs to nobody.

## Say it in one place

<words>

!!! mistake "Common mistake"
    Seven messages to seven people, and none of them finds theirs.

# Quiz

## single scenario

You leave tomorrow and a contract is still open. What helps most?

- [ ] Tell everybody in the hall
  > Nobody will feel it is meant for them.
- [x] Write what is open and who looks after it
  > One thing, one name: they can act without you.
- [ ] Take the laptop along
  > Then it was no holiday.

Card: 1

## true-false

One place for all notes is better than many messages.

- [x] True
  > Whoever looks for it finds it.
- [ ] False
  > With many messages nobody knows which is the newest.

Card: 3
"""

EVERY_KIND = """---
id: <uid>
title: Every kind of question
summary: A lesson with one question of each kind there is, for a reader who is patient.
kind: how-to
topics: [<topic>]
try_it: Ask somebody one good question today.
---

## What a bucket weighs

<words> A full ten-litre bucket weighs about ten and a half kilograms.

## What to do in a fire

<words>

!!! mistake "Common mistake"
    Fighting a fire alone.

## What codes say

<words> Each code begins with a digit that says who has to act: `404` means that nothing is here.

# Quiz

## single scenario ^<mark>a

A colleague asks for your password. What do you do?

- [ ] I send it by chat ^a
  > Whoever reads the chat has it too.
- [x] I offer to do the work myself ^b
  > The work gets done, and the password stays with you.
- [ ] I write it on paper ^c
  > Paper is found by others.

Hint: Who needs to know it?

Card: 2

## multiple ^<mark>b

Which of these belong into a bug report?

- [x] What you expected ^a
  > It tells what is wrong about what you saw.
- [x] The steps to repeat it ^b
  > They save the first hour of the search.
- [ ] Who is to blame ^c
  > It starts a quarrel and mends nothing.

## true-false ^<mark>c

A fire is fought alone.

- [ ] True ^a
  > Warn the others first.
- [x] False ^b
  > Right: never alone.

Card: 2

## text ^<mark>d

Which command finds the commit that broke a test?

= git bisect
= bisect

Why: It halves the range of commits until one is left.

## number ^<mark>e

How heavy is a full ten-litre bucket of water?

= 10.5 ± 0.6 kg

Why: Ten litres of water are ten kilograms, and the bucket weighs about half of one.

Card: 1

## ordering ^<mark>f

In which order do you handle a fire?

1. Warn the others ^a
2. Call the fire brigade ^b
3. Fight the fire if it is small ^c

Why: People first, then help, then things.

## matching ^<mark>g

Which code says what?

- 200 => Here it is ^a
- 404 => Not here ^b
- 500 => Something broke ^c

Why: The first digit tells who has to act.

## cloze ^<mark>h

A join that keeps people without a team is a {{=left join|inner join|cross join}},
and the missing side holds {{null}}.

Why: A left join keeps every row of the left table.
"""

TWO_MORE = """
## hotspot ^<mark>i

Where does this mail say who sent it?

![A mail that asks to confirm a mailbox](/media/82e1659f558888a5bc470985acf045930ef3082e24b75e60502bbbc99edbf537)

- [ ] Logo => 5.5,6 52x14.5 ^a
  > Anybody can copy it.
- [x] Address => 5.5,21.5 82x8.5 ^b
  > It ends with the name of whoever owns it.
- [ ] Button => 5.5,68 45x13 ^c
  > It says what to do.

Why: Read an address from its end.

Hint: It stands near the top.

Hint: It has an @ in it.

## reflection ^<mark>j

What will you look at first in your next mail?

= At the end of the sender's address.
"""


def cards(topic: str, uid: str) -> str:
    """A lesson that lacks a question."""
    return _filled(CARDS, topic=topic, uid=uid)


def every_kind(topic: str, uid: str = "every-kind", mark: str = "every") -> str:
    """A lesson with a question of each kind."""
    return _filled(EVERY_KIND, topic=topic, uid=uid, mark=mark)


def all_ten_kinds(topic: str) -> str:
    """A lesson with a question of each kind, a picture to point at and a reflection among them."""
    return _filled(EVERY_KIND + TWO_MORE, topic=topic, uid="all-ten-kinds", mark="tenth")


def _filled(text: str, **values: str) -> str:
    for name, value in {"words": WORDS, **values}.items():
        text = text.replace(f"<{name}>", value)
    return text
