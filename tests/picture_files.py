"""Files of pictures, put together byte by byte: what a library writes is only what it reads as well."""

import struct
import zlib
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]

_COMPRESSIONS: Final = {"none": 1, "lzw": 5, "deflate": 8}


def tiff(*pages: Bytes, compression: str = "none", bits: int = 8, orientation: int = 1) -> bytes:
    """A page for each picture, (h, w) grey or (h, w, 3) red, green and blue; with 1 bit what is above 127 is white."""
    content = struct.pack("<2sHI", b"II", 42, 0)
    link = 4  # where the place of the next directory is written
    for page in pages:
        strip = _packed(_in_bits(page, bits), compression)
        colours = 1 if page.ndim == 2 else 3
        entries = [
            (256, 4, 1, page.shape[1]), (257, 4, 1, page.shape[0]), (258, 3, 1, bits),
            (259, 3, 1, _COMPRESSIONS[compression]), (262, 3, 1, 1 if colours == 1 else 2),
            (273, 4, 1, len(content)), (274, 3, 1, orientation), (277, 3, 1, colours), (278, 4, 1, page.shape[0]),
            (279, 4, 1, len(strip)),
        ]  # fmt: skip
        if colours == 3:
            entries[2] = (258, 3, 3, len(content) + len(strip) + len(strip) % 2)
        content += strip + bytes(len(strip) % 2) + struct.pack("<3H", bits, bits, bits)
        content = content[:link] + struct.pack("<I", len(content)) + content[link + 4 :]
        content += struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *each) for each in entries)
        link = len(content)
        content += bytes(4)
    return content


def png(
    pixels: Bytes,
    *,
    colour: int = 0,
    bits: int = 8,
    palette: bytes | None = None,
    alphas: bytes | None = None,
    size: tuple[int, int] | None = None,
    interlaced: bool = False,
) -> bytes:
    """A PNG whose rows of bytes are `pixels`, (h, bytes of a row), in the colour type of that number; it may claim
    another `size`, (w, h)."""
    width = pixels.shape[1] * 8 // (bits * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour])
    wide, high = size or (width, len(pixels))
    rows = np.pad(pixels, ((0, 0), (1, 0)))  # each begins with the number of its filter
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in (
            (b"IHDR", struct.pack(">IIBBBBB", wide, high, bits, colour, 0, 0, interlaced)),
            (b"PLTE", palette),
            (b"tRNS", alphas),
            (b"IDAT", zlib.compress(rows.tobytes(), 1)),
            (b"IEND", b""),
        )
        if body is not None
    )


def gif(*frames: Bytes) -> bytes:
    high, wide = frames[0].shape
    content = b"GIF89a" + struct.pack("<HHBBB", wide, high, 0x80, 0, 0) + bytes(3) + b"\xff" * 3
    for frame in frames:
        content += b"\x21\xf9\x04\x00\x0a\x00\x00\x00" + b"," + struct.pack("<HHHHB", 0, 0, wide, high, 0)
        codes = [
            code for pixel in frame.ravel().tolist() for code in (4, pixel)
        ]  # forgets all before each pixel
        packed = _codes([*codes, 5], 3, lowest_first=True)
        pieces = [packed[start : start + 255] for start in range(0, len(packed), 255)]
        content += b"\x02" + b"".join(bytes([len(piece)]) + piece for piece in pieces) + b"\0"
    return content + b";"


def tga(pixels: Bytes) -> bytes:
    return bytes([0, 0, 2]) + bytes(9) + struct.pack("<HHBB", *pixels.shape[1::-1], 24, 32) + pixels.tobytes()


def _in_bits(page: Bytes, bits: int) -> bytes:
    if bits == 1:
        return np.packbits(page > 127, axis=1).tobytes()
    return page.tobytes() if bits == 8 else (page.astype("<u2") * 257).tobytes()


def _packed(strip: bytes, compression: str) -> bytes:
    if compression == "deflate":
        return zlib.compress(strip)
    if compression == "none":
        return strip
    codes: list[int] = []
    for start in range(0, len(strip), 240):  # forgets all before the codes would grow longer
        codes += [256, *strip[start : start + 240]]
    return _codes([*codes, 257], 9, lowest_first=False)


def _codes(codes: Sequence[int], bits: int, *, lowest_first: bool) -> bytes:
    table = np.array(codes)[:, np.newaxis] >> np.arange(bits)[:: 1 if lowest_first else -1] & 1
    return np.packbits(table.astype(np.uint8), bitorder="little" if lowest_first else "big").tobytes()
