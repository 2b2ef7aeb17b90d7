"""Check digits and GLOB patterns, each compared with another way to calculate them."""

import random

import pytest

import bad_rows
from contract import Contract


def check_digit(stem):
    """From the right, each second digit counts three times; the check digit completes a multiple of ten."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(stem)))
    return str(-total % 10)


@pytest.mark.parametrize("length", [8, 13, 14])
def test_each_digit_in_each_place_of_a_code_makes_one_check_digit_right(contract, length):
    dice = random.Random(7)
    stems = [
        ("1" if length == 14 else "0") + "0" * (length - 2) for _ in range(1)
    ]
    for place in range(length - 1):
        for digit in "0123456789":
            stem = stems[0][:place] + digit + stems[0][place + 1:]
            if length == 14 and stem[0] == "0":
                continue
            stems.append(stem)
    stems += [dice.choice("123456789") + "".join(dice.choice("0123456789") for _ in range(length - 2)) for _ in range(100)]
    codes = [stem + check for stem in stems for check in "0123456789"]
    rows = contract.rows(
        "SELECT code, coalesce(product_refusal('code', NULL, code), 'right') FROM unnest(%s::text[]) AS code", codes
    )
    for row, given in zip(rows, codes, strict=True):
        right = given[-1] == check_digit(given[:-1])
        assert row == f"{given}|{'right' if right else bad_rows.CHECK_DIGIT}"


def test_a_pattern_matches_what_sqlites_glob_matches(contract, lite):
    dice = random.Random(3)
    patterns = ["[0-9][0-9]*", "*", "?", "", "[]]", "[^]]", "[a-]", "[-a]", "[z-a]", "[^z-a]", "[a", "a[", "[]", "[^", "\\d", "^a$"]
    patterns += ["".join(dice.choice("ab-]^[*?.\\\\(+é|{") for _ in range(dice.randint(1, 7))) for _ in range(600)]
    texts = ["", "a", "b", "]", "^", "-", "é", "ab", "a]", "[", "\\", ".", "a-b", "\n", "(", "+", "5x", "55", "a\nb", "|", "\\d", "^a$"]
    texts += ["".join(dice.choice("ab-]^[.\\é(+|{") for _ in range(dice.randint(1, 4))) for _ in range(100)]
    # An empty pattern is refused by the table endpoint.
    for pattern in filter(None, patterns):
        found = contract.rows("SELECT text FROM unnest(%s::text[]) AS text WHERE text ~ glob_regex(%s)", texts, pattern)
        assert found == [text for text in texts if lite.rows("SELECT %s GLOB %s", text, pattern) == ["1"]], pattern
