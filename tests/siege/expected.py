"""How an order is expected to end in each cell, and what must not happen in any.

EXPECTED has a line for each fault and a word for each stage, with a letter for each service (Koordinates,
3DCityLoader, BrightEarth, iTwin):

    D  done: it went on by itself        P  paused with the reason, and done when the person looks again
    N  ended with "Nothing was ordered"  U  uncertain: it may have been ordered, and is not sent again
    -  the service has no such stage

and first those of a fault that strikes once, then of one that stays.
"""

from __future__ import annotations

from tests.siege.cells import SERVICES, STAGES, End, Ride, untidy

LETTERS = {"done": "D", "paused": "P", "nothing ordered": "N", "uncertain": "U"}
EXPECTED = """
refused             | --DD D-DD NNNN DDDD DDDD DDDD | --NN N-NN NNNN PPPP PPPP PPPP
no such name        | --DD D-DD NNNN DDDD DDDD DDDD | --NN N-NN NNNN PPPP PPPP PPPP
self-signed         | --DD D-DD NNNN DDDD DDDD DDDD | --NN N-NN NNNN PPPP PPPP PPPP
other name          | --DD D-DD NNNN DDDD DDDD DDDD | --NN N-NN NNNN PPPP PPPP PPPP
reset               | --DD D-DD UUUU DDDD DDDD DDDD | --NN N-NN UUUU PPPP PPPP PPPP
answer lost         | --DD D-DD DUDD DDDD DDDD DDDD | --NN N-NN DUDD PPPP PPPP PPPP
reset in the middle | --DD D-DD DUDD DDDD DDDD DDDD | --NN N-NN DUDD PPPP PPPP PPPP
body cut short      | --DD D-DD DUDD DDDD DDDD DDDD | --NN N-NN DUDD PPPP PPPP PPPP
length too long     | --DD D-DD DUDD DDDD DDDD DDDD | --NN N-NN DUDD PPPP PPPP PPPP
length too short    | --ND N-NN DUDD PPPP PPPP PPPP | --NN N-NN DUDD PPPP PPPP PPPP
429                 | --DD D-DD NNNN DDDD DDDD DDDD | --PP P-PP NNNN PPPP PPPP PPPP
429, in 30 s        | --DD D-DD NNNN DDDD DDDD DDDD | --PP P-PP NNNN PPPP PPPP PPPP
500                 | --DD N-NN UUUU PPPP PPPP DDDD | --NN N-NN UUUU PPPP PPPP PPPP
502 in HTML         | --DD D-DD UUUU DDDD DDDD DDDD | --NN N-NN UUUU PPPP PPPP PPPP
503                 | --DD D-DD UUUU DDDD DDDD DDDD | --NN N-NN UUUU PPPP PPPP PPPP
HTML                | --ND N-NN UUUU PPPP PPPP PPPP | --NN N-NN UUUU PPPP PPPP PPPP
1000 levels deep    | --ND N-NN UUUU PPPP PPPP PPPP | --NN N-NN UUUU PPPP PPPP PPPP
circle              | --NN N-DD NNNN PPPD PPPD DDDD | --NN N-NN NNNN PPPP PPPP PPPP
to another host     | --NN N-NN NNNN PPPP PPPP PDDD | --NN N-NN NNNN PPPP PPPP PPPP
to plain http       | --NN N-NN NNNN PPPP PPPP PPPP | --NN N-NN NNNN PPPP PPPP PPPP
range ignored       | ---- ---- ---- ---- ---- DDDD | ---- ---- ---- ---- ---- DDDD
416                 | ---- ---- ---- ---- ---- DDDP | ---- ---- ---- ---- ---- PPPP
replaced            | ---- ---- ---- ---- ---- DDDD | ---- ---- ---- ---- ---- DDDD
link expired        | ---- ---- ---- ---- ---- DDDD | ---- ---- ---- ---- ---- PPPP
"""


def ends() -> dict[tuple[str, bool, str, str], str]:
    """The letters by fault, whether it stays, stage and service."""
    found = {}
    for line in EXPECTED.strip().splitlines():
        fault, *words = (word.strip() for word in line.split("|"))
        for forever, letters in enumerate(words):
            for stage, word in zip(STAGES, letters.split()):
                for service, letter in zip(SERVICES, word):
                    if letter != "-":
                        found[fault, bool(forever), stage, service] = letter
    return found


def wrong(ride: Ride, end: End, expected: str, clean: dict[str, str]) -> list[str]:
    """What is not as it should be, a line each. clean: the files of an order that nothing happened to."""
    found = [f"half a file: {name}" for name, digest in ride.digests.items() if clean.get(name) != digest]
    if LETTERS.get(end.word) != expected:
        found.append(f"ended as {end.word} instead of {expected}: {end.said[-1]}")
    elif end.word == "paused" and (after := ride.on()).word != "done":
        found.append(f"could not be gone on with: {after.word} {after.said[-1]}")
    if ride.orders > 1:
        found.append(f"{ride.orders} orders")
    found += [f"credentials reached {there}" for there in ride.stolen]
    if clean and ride.digests not in ({}, clean):
        found.append("other files than usual")
    secrets = ride.service.secrets(ride.standin)
    found += [f"{fault}: {said}" for said in dict.fromkeys(ride.said) if (fault := untidy(said, secrets))]
    if end.word != "done" and not end.said[-1]:
        found.append("no reason is given")
    return found
