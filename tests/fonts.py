"""Fonts that show nothing, or something else than they say."""

import struct

from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    PdfObject,
)

from tests.sheets import Sheet, dictionary, helvetica, numbers, stream

CODES = range(32, 127)
WIDTH = 500  # of a thousand: of every letter


def blank_drawings(sheet: Sheet) -> PdfObject:
    """Return a Type 3 font of which each letter is a drawing of nothing."""
    glyph = sheet.writer._add_object(stream(f"{WIDTH} 0 0 0 {WIDTH} 700 d1"))
    names = {code: f"/g{code}" for code in CODES}
    differences: list[PdfObject] = [NumberObject(CODES[0]), *map(NameObject, names.values())]
    same = f"1 beginbfrange <{CODES[0]:02X}> <{CODES[-1]:02X}> <{CODES[0]:04X}> endbfrange"
    return dictionary({
        "/Type": NameObject("/Font"),
        "/Subtype": NameObject("/Type3"),
        "/FontBBox": numbers(0, 0, WIDTH, 700),
        "/FontMatrix": numbers(0.001, 0, 0, 0.001, 0, 0),
        "/CharProcs": dictionary(dict.fromkeys(names.values(), glyph)),
        "/Encoding": dictionary({
            "/Type": NameObject("/Encoding"),
            "/Differences": ArrayObject(differences),
        }),
        "/FirstChar": NumberObject(CODES[0]),
        "/LastChar": NumberObject(CODES[-1]),
        "/Widths": numbers(*[WIDTH] * len(CODES)),
        "/Resources": DictionaryObject(),
        "/ToUnicode": sheet.writer._add_object(stream(to_unicode(same))),
    })  # fmt: skip


def standing_for(sheet: Sheet, shown: str, words: str) -> PdfObject:
    """Return a font in which a character is shown as ever and read as other words."""
    said = f"1 beginbfchar <{ord(shown):02X}> <{words.encode('utf-16-be').hex()}> endbfchar"
    font = helvetica()
    font[NameObject("/ToUnicode")] = sheet.writer._add_object(stream(to_unicode(said)))
    return font


def to_unicode(mapping: str) -> str:
    """Return the table that says how a font's codes are read."""
    return "\n".join([
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "1 begincodespacerange <00> <FF> endcodespacerange",
        mapping,
        "endcmap end end",
    ])  # fmt: skip


def blank_outlines(sheet: Sheet) -> PdfObject:
    """Return a TrueType font of which no letter has an outline."""
    data = _truetype()
    file = sheet.writer._add_object(stream(data, Length1=NumberObject(len(data))))
    descriptor = dictionary({
        "/Type": NameObject("/FontDescriptor"),
        "/FontName": NameObject("/Blank"),
        "/Flags": NumberObject(32),
        "/FontBBox": numbers(0, 0, WIDTH, 700),
        "/ItalicAngle": NumberObject(0),
        "/Ascent": NumberObject(750),
        "/Descent": NumberObject(-250),
        "/CapHeight": NumberObject(700),
        "/StemV": NumberObject(80),
        "/FontFile2": file,
    })  # fmt: skip
    return dictionary({
        "/Type": NameObject("/Font"),
        "/Subtype": NameObject("/TrueType"),
        "/BaseFont": NameObject("/Blank"),
        "/Encoding": NameObject("/WinAnsiEncoding"),
        "/FirstChar": NumberObject(CODES[0]),
        "/LastChar": NumberObject(CODES[-1]),
        "/Widths": numbers(*[WIDTH] * len(CODES)),
        "/FontDescriptor": sheet.writer._add_object(descriptor),
    })  # fmt: skip


def _truetype() -> bytes:
    """Return the file of a TrueType font whose glyphs are all empty."""
    glyphs = len(CODES) + 1
    head = (0x10000, 0x10000, 0, 0x5F0F3CF5, 0, 1000, 0, 0, 0, 0, WIDTH, 700, 0, 8, 2, 0, 0)
    tables = {
        b"cmap": struct.pack(">HHHHI", 0, 1, 3, 1, 12) + _characters(),
        b"glyf": bytes(4),
        b"head": struct.pack(">IIIIHHQQhhhhHHhhh", *head),
        b"hhea": struct.pack(">IhhhH11hH", 0x10000, 750, -250, 0, WIDTH, *[0] * 11, glyphs),
        b"hmtx": struct.pack(">Hh", WIDTH, 0) * glyphs,
        b"loca": bytes(2 * (glyphs + 1)),
        b"maxp": struct.pack(">IH", 0x10000, glyphs) + bytes(26),
        b"post": struct.pack(">IIhhIIIII", 0x30000, *[0] * 8),
    }
    index, body = struct.pack(">IHHHH", 0x10000, len(tables), 128, 3, 0), b""
    for name, table in tables.items():
        at = 12 + 16 * len(tables) + len(body)
        index += name + struct.pack(">III", 0, at, len(table))
        body += table + bytes(-len(table) % 4)
    return index + body


def _characters() -> bytes:
    """Return the part of a TrueType font that says which glyph each character has."""
    ends, starts = (CODES[-1], 0xFFFF), (CODES[0], 0xFFFF)
    shifts = (1 - CODES[0]) % 0x10000, 1
    columns = struct.pack(">2HH2H2H2H", *ends, 0, *starts, *shifts, 0, 0)
    return struct.pack(">7H", 4, 14 + len(columns), 0, 4, 4, 1, 0) + columns
