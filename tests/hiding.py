"""Lays text that no reader can see into a page of a real PDF, in every way that is known."""

from collections.abc import Callable
from typing import Any

from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    ContentStream,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    PdfObject,
    RectangleObject,
    TextStringObject,
)

from tests.fonts import blank_drawings, blank_outlines, standing_for
from tests.sheets import (
    BLACK,
    WORDS,
    Sheet,
    box,
    changed,
    dictionary,
    form,
    in_form,
    layer,
    line,
    numbers,
    state,
    stream,
)

Way = Callable[[Sheet], None]
WAYS: dict[str, Way] = {}


def way(name: str) -> Callable[[Way], Way]:
    """Enter a way of hiding text under its name."""

    def enter(function: Way) -> Way:
        WAYS[name] = function
        return function

    return enter


def hide(pdf: bytes, name: str, page: int = 0) -> bytes:
    """Return the PDF with the words hidden in one of its pages, in the way of that name."""
    return changed(pdf, WAYS[name], page)


# Colours, sizes and places.

_DRAWN = {
    "white": "1 g {text}",
    "white, in four inks": "0 0 0 0 k {text}",
    "almost white": "0.98 0.98 0.97 rg {text}",
    "white on a white box": "1 g {box} f 1 g {text}",
    "black on a black box": "0 g {box} f 0 g {text}",
    "blue on a blue box": "0.2 0.3 0.7 rg {box} f 0.21 0.3 0.7 rg {text}",
    "white strokes": "1 G 0.3 w 1 Tr {text}",
    "white, filled and stroked": "1 g 1 G 0.3 w 2 Tr {text}",
    "covered by a white box": "0 g {text} 1 g {box} f",
    "covered by a black box": "0 g {text} 0 g {box} f",
    "covered by a broad line": "0 g {text} 1 G 14 w {x} 14 m 600 14 l S",
    "covered in stripes": "0 g {text} 1 g {stripes}",
    "invisible ink": "3 Tr {text}",
    "for clipping only": "7 Tr {text}",
    "clipped by nothing": "0 0 0 0 re W n {text}",
    "clipped elsewhere": "10 400 20 20 re W n {text}",
    "clipped by two corners": "0 0 2 2 re 590 770 4 4 re W n {text}",
    "half a point high": "0 g BT {font} 0.5 Tf {x} {y} Td ({words}) Tj ET",
    "one point high, by its matrix": "0 g BT {font} 10 Tf 0.1 0 0 0.1 {x} {y} Tm ({words}) Tj ET",
    "one point high, by the page's": "0.1 0 0 0.1 0 0 cm BT {font} 9 Tf 400 120 Td ({words}) Tj ET",
    "flattened": "0 g BT {font} 8 Tf 1 0 0 0.02 {x} {y} Tm ({words}) Tj ET",
    "narrowed": "0 g BT {font} 8 Tf 1 Tz {x} {y} Td ({words}) Tj ET",
    "printed over itself": "0 g -3.3 Tc {text}",
    "left of the page": "0 g BT {font} 8 Tf -900 300 Td ({words}) Tj ET",
    "below the page": "0 g BT {font} 8 Tf 60 -40 Td ({words}) Tj ET",
}  # fmt: skip


def _drawn(template: str) -> Way:
    def draw(sheet: Sheet) -> None:
        x, y = sheet.corner
        stripes = " ".join(f"{x - 4 + 5 * i} {y - 4} 5.2 14 re f" for i in range(54))
        text, around = line(sheet), box(sheet)
        drawn = template.format(
            text=text, box=around, stripes=stripes, font=sheet.font(), x=x, y=y, words=WORDS
        )
        sheet.after(f"q {drawn} Q")

    return draw


WAYS |= {name: _drawn(template) for name, template in _DRAWN.items()}


@way("outside the visible part of the page")
def _cropped(sheet: Sheet) -> None:
    old = sheet.page.mediabox
    sheet.page.cropbox = RectangleObject(tuple(old))
    sheet.page.mediabox = RectangleObject((old.left, old.bottom - 60, old.right, old.top))
    sheet.after(f"q 0 g {line(sheet, at=(60, float(old.bottom) - 30))} Q")


@way("white and turned")
def _turned(sheet: Sheet) -> None:
    x, y = sheet.corner
    sheet.before(
        f"q 1 g BT {sheet.font()} 9 Tf 0.8 0.6 -0.6 0.8 {x} {y + 200} Tm ({WORDS}) Tj ET Q"
    )


@way("white, as an ink that is not used")
def _separation(sheet: Sheet) -> None:
    ink = stream("{pop 0 0 0 0}", FunctionType=NumberObject(4), Domain=numbers(0, 1),
                 Range=numbers(0, 1, 0, 1, 0, 1, 0, 1))  # fmt: skip
    space = ArrayObject([
        NameObject("/Separation"), NameObject("/Spot"), NameObject("/DeviceCMYK"),
        sheet.writer._add_object(ink),
    ])  # fmt: skip
    sheet.after(f"q {sheet.add('/ColorSpace', space)} cs 1 scn {line(sheet)} Q")


@way("white, as a pattern")
def _pattern(sheet: Sheet) -> None:
    tile = stream(
        "1 g 0 0 9 9 re f", Type=NameObject("/Pattern"), PatternType=NumberObject(1),
        PaintType=NumberObject(1), TilingType=NumberObject(1), BBox=numbers(0, 0, 9, 9),
        XStep=NumberObject(9), YStep=NumberObject(9), Resources=DictionaryObject(),
    )  # fmt: skip
    sheet.after(f"q /Pattern cs {sheet.add('/Pattern', tile)} scn {line(sheet)} Q")


# Transparency.


@way("transparent")
def _transparent(sheet: Sheet) -> None:
    sheet.after(f"q {state(sheet, {'/ca': FloatObject(0)})} 0 g {line(sheet)} Q")


@way("almost transparent")
def _faint(sheet: Sheet) -> None:
    sheet.after(f"q {state(sheet, {'/ca': FloatObject(0.02)})} 0 g {line(sheet)} Q")


@way("masked")
def _masked(sheet: Sheet) -> None:
    mask = form(sheet, "0 g 0 0 1000 1000 re f", Group=BLACK)
    soft = dictionary({
        "/S": NameObject("/Luminosity"), "/G": sheet.writer._add_object(mask),
    })  # fmt: skip
    sheet.after(f"q {state(sheet, {'/SMask': soft})} 0 g {line(sheet)} Q")


@way("blended away")
def _blended(sheet: Sheet) -> None:
    lighten = state(sheet, {"/BM": NameObject("/Lighten")})
    sheet.after(f"q 1 g {box(sheet)} f {lighten} 0.3 g {line(sheet)} Q")


@way("in a transparent form")
def _transparent_form(sheet: Sheet) -> None:
    name = sheet.add("/XObject", form(sheet, in_form(sheet, "0 g"), Group=BLACK))
    sheet.after(f"q {state(sheet, {'/ca': FloatObject(0)})} {name} Do Q")


# Covers.


@way("covered by a picture")
def _picture(sheet: Sheet) -> None:
    x, y = sheet.corner
    image = stream(
        b"\xff" * 16, Type=NameObject("/XObject"), Subtype=NameObject("/Image"),
        Width=NumberObject(4), Height=NumberObject(4), BitsPerComponent=NumberObject(8),
        ColorSpace=NameObject("/DeviceGray"),
    )  # fmt: skip
    drawn = f"q 270 0 0 14 {x - 4} {y - 4} cm {sheet.add('/XObject', image)} Do Q"
    sheet.after(f"q 0 g {line(sheet)} {drawn} Q")


@way("covered by a form")
def _cover_form(sheet: Sheet) -> None:
    name = sheet.add("/XObject", form(sheet, f"1 g {box(sheet)} f"))
    sheet.after(f"q 0 g {line(sheet)} {name} Do Q")


@way("covered by a shading")
def _shading(sheet: Sheet) -> None:
    white = dictionary({
        "/FunctionType": NumberObject(2), "/Domain": numbers(0, 1), "/N": NumberObject(1),
        "/C0": numbers(1), "/C1": numbers(1),
    })  # fmt: skip
    shading = dictionary({
        "/ShadingType": NumberObject(2), "/ColorSpace": NameObject("/DeviceGray"),
        "/Coords": numbers(0, 0, 0, 100), "/Function": white,
        "/Extend": ArrayObject([BooleanObject(True), BooleanObject(True)]),
    })  # fmt: skip
    name = sheet.add("/Shading", shading)
    sheet.after(f"q 0 g {line(sheet)} {box(sheet)} W n {name} sh Q")


@way("covered by a note")
def _note(sheet: Sheet) -> None:
    x, y = sheet.corner
    look = form(sheet, "1 g 0 0 270 14 re f", bounds=(0, 0, 270, 14))
    note = dictionary({
        "/Type": NameObject("/Annot"), "/Subtype": NameObject("/Square"), "/F": NumberObject(4),
        "/Rect": numbers(x - 4, y - 4, x + 266, y + 10),
        "/AP": dictionary({"/N": sheet.writer._add_object(look)}),
    })  # fmt: skip
    notes = sheet.page.setdefault(NameObject("/Annots"), ArrayObject()).get_object()
    notes.append(sheet.writer._add_object(note))
    sheet.after(f"q 0 g {line(sheet)} Q")


# Layers, forms and fonts.


@way("in a hidden layer")
def _layer(sheet: Sheet) -> None:
    name = sheet.add("/Properties", layer(sheet))
    sheet.after(f"q /OC {name} BDC 0 g {line(sheet)} EMC Q")


@way("in a form of a hidden layer")
def _layer_form(sheet: Sheet) -> None:
    name = sheet.add("/XObject", form(sheet, in_form(sheet, "0 g"), OC=layer(sheet)))
    sheet.after(f"q {name} Do Q")


@way("white in a form in a form")
def _nested(sheet: Sheet) -> None:
    inner = form(sheet, in_form(sheet, "1 g"))
    name = sheet.add("/XObject", form(sheet, "q /Inner Do Q", forms={"/Inner": inner}))
    sheet.after(f"q {name} Do Q")


@way("outside the bounds of its form")
def _bounded(sheet: Sheet) -> None:
    name = sheet.add("/XObject", form(sheet, in_form(sheet, "0 g"), bounds=(300, 300, 320, 320)))
    sheet.after(f"q {name} Do Q")


@way("said in place of a dot")
def _actual_text(sheet: Sheet) -> None:
    said = f"/Span <</ActualText ({WORDS})>> BDC {line(sheet, words='.')} EMC"
    sheet.after(f"q 0 g {said} Q")


@way("in a font of blank drawings")
def _blank_drawings(sheet: Sheet) -> None:
    sheet.after(f"q 0 g {_set_in(sheet, blank_drawings(sheet), WORDS)} Q")


@way("in a font of blank outlines")
def _blank_outlines(sheet: Sheet) -> None:
    sheet.after(f"q 0 g {_set_in(sheet, blank_outlines(sheet), WORDS)} Q")


@way("said by a glyph that shows a dot")
def _standing_for(sheet: Sheet) -> None:
    sheet.after(f"q 0 g {_set_in(sheet, standing_for(sheet, '.', WORDS), '.')} Q")


def _set_in(sheet: Sheet, font: PdfObject, words: str) -> str:
    x, y = sheet.corner
    return f"BT {sheet.add('/Font', font)} 6 Tf {x} {y} Td ({words}) Tj ET"


@way("white between the words of a line")
def _between(sheet: Sheet) -> None:
    """Set a white word after each of the page's own pieces of text, from the fifth on."""
    contents = sheet.page.get_contents()
    assert contents is not None
    content = ContentStream(contents, sheet.writer)
    name, words, shown = sheet.font(), WORDS.split(), 0
    font: Any
    colour: Any
    font, colour = None, ([FloatObject(0)], b"g")
    held: list[Any] = []
    made: list[Any] = []
    for operands, operator in content.operations:
        made.append((operands, operator))
        if operator == b"q":
            held.append((font, colour))
        elif operator == b"Q" and held:
            font, colour = held.pop()
        elif operator == b"Tf":
            font = (operands, operator)
        elif operator in {b"g", b"rg", b"k", b"sc", b"scn"}:
            colour = (operands, operator)
        elif operator in {b"Tj", b"TJ"} and font:
            shown += 1
            if shown >= 5 and words:
                made += [
                    ([FloatObject(1)], b"g"),
                    ([NameObject(name), FloatObject(4)], b"Tf"),
                    ([TextStringObject(f" {words.pop(0)} ")], b"Tj"),
                    font,
                    colour,
                ]
    content.operations = made
    sheet.page[NameObject("/Contents")] = sheet.writer._add_object(content)
