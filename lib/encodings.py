"""From bytes to text, for files that do not say how they are encoded. Made for Serbian and its neighbours."""

import codecs

BOMS = [
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
]

# What each old code page is likely to say when it is the right one. Letters of several decide nothing.
_LETTERS = {
    "cp1250": "čćžšđČĆŽŠĐ",
    "cp1251": "абвгдђежзијклљмнњопрстћуфхцчџшыэюяйщьъ" + "абвгдђежзијклљмнњопрстћуфхцчџш".upper(),
    "cp1252": "àâçèêëîïñôùûåøæÀÂÇÈÊËÎÏÑÔÙÛÅØÆ",
    "iso8859_2": "čćžšđČĆŽŠĐ",
}
_SAMPLE = 100_000  # bytes tell as much as ten million
_NEUTRAL = "áéíóúäöüßÁÉÍÓÚÄÖÜ«»„“”‘’‚–—…•€§°№\xa0"


def encoding_of(data: bytes) -> str | None:
    """The encoding by its mark (BOM), as UTF-8, as the likeliest code page; None when nothing fits."""
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return encoding
    return "utf-8" if data.isascii() or _is_utf8(data) else _likeliest(data)


def _is_utf8(data: bytes) -> bool:
    """Piece by piece: the text of a large file is not wanted here."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), 1 << 18):
            decoder.decode(data[start : start + (1 << 18)])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _likeliest(data: bytes) -> str | None:
    high = data.translate(None, delete=bytes(range(0x80)))[:_SAMPLE]
    scores = {}
    for encoding, letters in _LETTERS.items():
        try:
            signs = high.decode(encoding)
        except UnicodeDecodeError:
            continue
        good = sum(sign in letters for sign in signs)
        strange = sum(sign not in letters and sign not in _NEUTRAL for sign in signs)
        scores[encoding] = (good - 3 * strange) / len(signs)
    if "cp1251" in scores and not _in_runs(data):
        del scores["cp1251"]  # Cyrillic words are runs of high bytes, Latin ones have them one by one
    best = max(scores, key=scores.__getitem__, default=None)  # the first of equals: cp1250
    return best if best and scores[best] >= 0 else _guessed(data)


def _in_runs(data: bytes) -> bool:
    """Does a high byte mostly stand beside another one?"""
    data = data[: 5 * _SAMPLE]
    pairs = sum(a >= 0x80 and b >= 0x80 for a, b in zip(data, data[1:], strict=False))
    return 2 * pairs > sum(byte >= 0x80 for byte in data)


def _guessed(data: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE]).best()
    # without words of a language it recognises, any code page "fits": letters come out, and mean nothing
    return best.encoding if best and best.coherence else None
