"""Products as they are given, and as the queue spells them."""

from __future__ import annotations

import re
import typing

from ._errors import UsageError
from ._values import Refusal, is_unicode

# Unicode's White_Space, as the schema's inbox has it. Python's str.strip() also removes control characters.
_SPACE = "\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_ENDS = re.compile(f"^[{_SPACE}]+|[{_SPACE}]+$")
_RUN = re.compile(f"[{_SPACE}]+")
_LENGTH_MAX = 4_096

# Places and products, in order.
Products = typing.List[typing.Tuple[int, str]]

# The contract's upper bound for a transaction. Each commit writes the index of open jobs into the log again.
CHUNK_ROWS = 10_000
# So that a request's JSON, up to 6 bytes for each character, stays below the 8 MB that the service takes.
_CHUNK_CHARACTERS = 1_000_000


class Chunk(typing.NamedTuple):
    """Products that are added together, and those that cannot be sent at all."""

    products: Products
    refused: typing.List[Refusal]


def chunks(products: typing.Iterable[object]) -> typing.Iterator[Chunk]:
    """Divides products, of any number, into parts for one transaction or request."""
    if isinstance(products, (str, bytes)):
        raise UsageError("products is one text.", "use a list: [product].")
    chunk, length = Chunk([], []), 0
    for index, product in enumerate(products):
        reason = _flaw(product)
        if reason is None:
            text = typing.cast(str, product)
            chunk.products.append((index, text))
            length += len(text)
        else:
            chunk.refused.append(Refusal(index, str(product)[:100], reason))
        if len(chunk.products) + len(chunk.refused) >= CHUNK_ROWS or length >= _CHUNK_CHARACTERS:
            yield chunk
            chunk, length = Chunk([], []), 0
    if chunk.products or chunk.refused:
        yield chunk


def _flaw(product: object) -> typing.Optional[str]:
    if not isinstance(product, str):
        return f"a product must be text, not {type(product).__name__}: numbers lose their zeros"
    if len(product) > _LENGTH_MAX:
        return f"longer than {_LENGTH_MAX} characters"
    return None if is_unicode(product) else "a product must be valid Unicode text"


def normalized(product: str, form: str) -> str:
    """The spelling in the queue, as the schema's inbox finds it; a wrong product stays wrong.

    Blanks at both ends are removed. An ASIN gets capitals, the 12 digits of a UPC-A the 0 before them,
    and a GTIN-14 that begins with 0 loses it. A query has one space for each run of blanks.
    """
    if form == "query":
        return _RUN.sub(" ", product).strip(" ")
    text = product if product.isalnum() else _ENDS.sub("", product)
    if form == "asin":
        return text.upper() if text.isascii() else text
    if form == "code" and text.isascii() and text.isdigit():
        if len(text) == 12:
            return "0" + text
        if len(text) == 14 and text[0] == "0":
            return text[1:]
    return text
