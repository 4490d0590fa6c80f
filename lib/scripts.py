"""Serbian in its two scripts. Cyrillic derives from Latin; what is no Serbian word stays as it is."""

import re
import unicodedata

# Stems in which n+j, l+j or d+ž are two sounds; `|` says where the letters do not join.
APART = (
    "kon|jug kon|junk kon|jekt in|jek in|jicir in|junk pan|jurist tan|jug van|jezi "
    "nad|žanj nad|žet nad|žnj nad|žid nad|živ nad|žup od|žal od|živ od|žvak "
    "pod|žanr pod|žup pred|žet pred|živ"
)

# What keeps its Latin letters inside a Cyrillic text: names of organisations, products, formats.
FOREIGN = {
    "ICC",
    "API", "CC", "CEFTA", "CSV", "Celery", "Compatible", "DOCX", "EEA", "ESF", "Excel", "GB", "GIZ", "HEIC",
    "HTML", "HTTP", "HTTPS", "IATI", "ID", "IRIS", "ISO", "JPEG", "JSON", "LibreOffice", "MB", "Markdown",
    "Most", "NACE", "ODS", "OECD", "PDF", "PNG", "PostgreSQL", "QR", "Redis", "SDG", "SMS", "SMTP",
    "SQLite", "SVG", "UNDP", "URL", "USAID", "UTC", "UTF", "UUID", "Viber", "WebP", "WhatsApp", "XLSX",
    "XML", "YC", "Zoom", "Bearer", "Belgrade", "Europe", "OpenAPI", "Word", "false", "from", "h", "iCal",
    "id", "kB", "min", "n", "null", "previous", "split", "true", "values",
}  # fmt: skip

_PAIRS = {"dž": "џ", "lj": "љ", "nj": "њ"}
_SINGLE = dict(zip("abvgdđežzijklmnoprstćufhcčš", "абвгдђежзијклмнопрстћуфхцчш", strict=True))
_BACK = {cyrillic: latin for latin, cyrillic in {**_SINGLE, **_PAIRS}.items()}
_JOINED = str.maketrans(
    {"ǆ": "dž", "ǅ": "Dž", "Ǆ": "DŽ", "ǉ": "lj", "ǈ": "Lj", "Ǉ": "LJ", "ǌ": "nj", "ǋ": "Nj", "Ǌ": "NJ"}
)
_SPLIT = [(stem.replace("|", ""), stem.index("|")) for stem in APART.split()]

_PROTECTED = re.compile(
    r"""%\(\w+\)[-+#0-9.]*[a-zA-Z] | %[-+#0-9.]*[sdrfiuxgeEXG](?![a-zčćžšđ]) | %%   # printf
    | \{\{.*?\}\} | \{%.*?%\} | \{[^{}]*\}                           # templates, str.format
    | <code\b[^>]*>.*?</code> | </?[a-zA-Z][^<>]*> | <!--.*?--> | &(?:\#\d+|\#x[0-9a-f]+|[a-z]+);   # HTML
    | \b(?:https?|mailto|tel|webcal|ftp):[^\s<>"]+[^\s<>".,;:!?)] | \bwww\.\S+\w
    | [\w.+-]+@[\w-]+(?:\.[\w-]+)*\w
    | (?<![\w.-])[\w/-]*\w\.(?:com|org|net|eu|rs|ba|gov|csv|tsv|txt|xlsx|ods|docx|pdf|json|html)\b(?!\.\w)
    | (?<![\w-])--[a-z][a-z0-9-]+\b(?!\w)                            # options of commands
    | \b[A-Za-z]{1,4}-\d+\b                                           # ISO-8859, UTF-8, COVID-19
    | \b(?=\w*\d)(?=\w*[A-Za-z])[A-Za-z0-9_]+\b                       # codes
    | \b[A-Za-z]+_[A-Za-z_]+\b""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_WORD = re.compile(r"[A-Za-zČĆŽŠĐčćžšđ]+")


def to_cyrillic(text: str) -> str:
    """Serbian Latin in Cyrillic letters.

    Placeholders, tags, entities, addresses, file names, options, codes, words with q, w, x, y, Roman numbers
    and the names in FOREIGN stay as they are; an ending after a hyphen (PDF-om) is Serbian again.
    """
    text = unicodedata.normalize("NFC", text).translate(_JOINED)
    done, end = [], 0
    for kept in _PROTECTED.finditer(text):
        done += [_WORD.sub(_word, text[end : kept.start()]), kept.group()]
        end = kept.end()
    return "".join([*done, _WORD.sub(_word, text[end:])])


def _word(found: re.Match) -> str:
    word = found.group()
    if word in FOREIGN or re.search("[qwxyQWXY]", word) or re.fullmatch("[IVX]{2,}", word):  # Module II
        return word
    lower = word.lower()
    apart = {hit.start() + at - 1 for stem, at in _SPLIT for hit in re.finditer(stem, lower)}
    letters, n = [], 0
    while n < len(word):
        pair = lower[n : n + 2]
        wide = pair in _PAIRS and n not in apart
        letter = _PAIRS[pair] if wide else _SINGLE.get(lower[n], lower[n])
        letters.append(letter.upper() if word[n].isupper() else letter)
        n += 2 if wide else 1
    return "".join(letters)


def to_latin(text: str) -> str:
    """Serbian Cyrillic in Latin letters; other letters stay. Њ is NJ in a word of capitals, else Nj."""
    text = unicodedata.normalize("NFC", text)
    out = []
    for n, letter in enumerate(text):
        latin = _BACK.get(letter.lower(), letter)
        if letter != letter.lower():
            after, before = text[n + 1 : n + 2], text[n - 1 : n] if n else ""
            loud = after.isupper() or (before.isupper() and not after.islower())
            latin = latin.upper() if loud else latin.capitalize()
        out.append(latin)
    return "".join(out)
