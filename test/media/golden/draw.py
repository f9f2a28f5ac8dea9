"""Draws what videos of several looks at once should show, by Pillow and from the rules alone.

    pip install pillow && python3 test/media/golden/draw.py

Nothing of VidGen runs here, so that a reference is not a photograph of its own faults. The rules, as
docs/contract.md and the design have them, are the numbers below.
"""

from math import ceil, cos, pi
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

HERE = Path(__file__).parent
FONT = HERE.parents[2] / "fonts" / "NotoSans-SemiBold.ttf"
FRAME_RATE = 25
# Everything is drawn this much larger and reduced, for smooth edges.
FINE = 4


def picture() -> Image.Image:
    """The source: 480 × 320, dark enough for a waveform without a shade."""
    wide, high = 480, 320
    sky = Image.linear_gradient("L").resize((wide, high))
    image = Image.merge("RGB", [sky.point(lambda v, a=a, b=b: a + (b - a) * v // 255) for a, b in
                                [(20, 70), (40, 60), (90, 50)]])
    large = image.resize((wide * FINE, high * FINE))
    draw = ImageDraw.Draw(large)
    at = lambda *xy: [FINE * value for value in xy]
    draw.ellipse(at(60, 40, 160, 140), fill=(110, 100, 60))
    draw.polygon(at(240, 200, 330, 60, 420, 200), fill=(30, 80, 70))
    draw.rectangle(at(30, 210, 450, 216), fill=(90, 60, 80))
    for x in range(20, 480, 40):
        draw.line(at(x, 250, x + 12, 300), fill=(80, 90, 100), width=3 * FINE)
    return large.reduce(FINE)


def even(value: float) -> int:
    return 2 * round(value / 2)


def on_blur(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """7.3 blur: the whole picture over a blurred, darker copy that fills the canvas."""
    wide, high = size
    cover = max(wide / image.width, high / image.height)
    behind = image.resize((ceil(image.width * cover), ceil(image.height * cover)), Image.BICUBIC)
    left, top = (behind.width - wide) // 2, (behind.height - high) // 2
    behind = behind.crop((left, top, left + wide, top + high))
    behind = behind.filter(ImageFilter.GaussianBlur(0.04 * min(size))).point(lambda v: 0.6 * v)
    contain = min(wide / image.width, high / image.height)
    whole = image.resize((even(image.width * contain), even(image.height * contain)), Image.LANCZOS)
    behind.paste(whole, (even((wide - whole.width) / 2), even((high - whole.height) / 2)))
    return behind


def moved(image: Image.Image, frame: int) -> Image.Image:
    """7.5 pan-left: the view, 1 / 1.12 of the picture, goes from right to left and back in 20 s, evenly."""
    zoom, cycle = 1.12, 20 * FRAME_RATE
    middle = 0.5 + (1 - 1 / zoom) / 2 * cos(2 * pi * frame / cycle)
    left = image.width * (middle - 0.5 / zoom)
    top = image.height * (0.5 - 0.5 / zoom)
    view = (1 / zoom, 0, left, 0, 1 / zoom, top)
    return image.transform(image.size, Image.AFFINE, view, Image.BICUBIC)


def waveform_place(size: tuple[int, int], position: str) -> tuple[int, int, int, int]:
    """Where bars are: as wide as 0.84 of the picture or 1.4 of its shorter side, 0.17 of that high (0.26)."""
    wide, high = size
    short = min(size)
    across = even(min(0.84 * wide, 1.4 * short))
    tall = even((0.26 if position == "center" else 0.17) * short)
    y = (high - tall) / 2 if position == "center" else high - 0.07 * high - tall
    return 2 * int((wide - across) / 4), 2 * int(y / 2), across, tall


def with_bars(image: Image.Image, position: str, colour: str, level: float) -> Image.Image:
    """7.6 bars: low tones in the middle, the outer ones lower; `level` 0 is silence: a row of dots."""
    x, y, wide, high = waveform_place(image.size, position)
    scale = min(image.size) / 1080
    bar, gap = max(2, round(14 * scale)), max(2, round(11 * scale))
    count = (wide + gap) // (bar + gap)
    count -= (count + 1) % 2
    first = (wide - (count * (bar + gap) - gap)) // 2
    half = (count + 1) // 2
    mask = Image.new("L", (wide * FINE, high * FINE))
    draw = ImageDraw.Draw(mask)
    for i in range(count):
        outward = abs(i - half + 1) / half
        reach = bar / 2 + (high - bar) / 2 * level * (1 - 0.45 * outward**2)
        left = first + i * (bar + gap)
        edges = [left, high / 2 - reach, left + bar, high / 2 + reach]
        box = [FINE * edge - (n > 1) for n, edge in enumerate(edges)]
        draw.rounded_rectangle(box, radius=FINE * bar / 2, fill=255)
    image = image.copy()
    image.paste(colour, (x, y), mask.reduce(FINE))
    return image


def captioned(image: Image.Image, text: str, above: int | None = None) -> Image.Image:
    """7.7 burned: white on a black box of 70 %, in the middle, clear of the bottom or of what is there."""
    wide, high = image.size
    size = max(8, round(0.05 * min(image.size)))
    font = ImageFont.truetype(FONT, size * FINE)
    # On both sides a bar that is not seen, up to the end of its ink, and a fifth of the size around.
    inner = (font.getlength(text) + font.getlength("|") + font.getmask("|").size[0]) / FINE
    box_wide, box_high = even(inner + 0.4 * size), even(round(1.3 * size) + 0.4 * size)
    is_tall = high / wide >= 1.5
    bottom = round((0.24 if is_tall else 0.07) * high)
    left = even((wide - box_wide) / 2)
    top = even(high - box_high - bottom)
    if above is not None and top + box_high > above:
        top = above - 2 * round(high / 80) - box_high
    box = Image.new("L", (box_wide * FINE, box_high * FINE))
    ImageDraw.Draw(box).rounded_rectangle(
        [0, 0, box.width - 1, box.height - 1], radius=0.3 * size * FINE, fill=round(0.7 * 255)
    )
    letters = Image.new("L", box.size)
    ascent, descent = font.getmetrics()
    baseline = FINE * box_high / 2 + (ascent - descent) / 2
    ImageDraw.Draw(letters).text((box.width / 2, baseline), text, font=font, fill=255, anchor="ms")
    image = image.copy()
    image.paste("black", (left, top), box.reduce(FINE))
    image.paste("white", (left, top), letters.reduce(FINE))
    return image


# In steady sound, a bar stands at 0.88 of its room.
STEADY = 0.88

source = picture()
source.save(HERE / "picture.png", optimize=True)

tall = on_blur(source, (720, 1280))
tall.reduce(2).save(HERE / "blur.png", optimize=True)
captioned(tall, "Blurred behind").reduce(2).save(HERE / "blur-captions.png", optimize=True)

waveform_top = waveform_place(source.size, "bottom")[1]
silent = with_bars(source, "bottom", "#ffee00", 0)
silent.save(HERE / "bars.png", optimize=True)
loud = with_bars(source, "bottom", "#ffee00", STEADY)
captioned(loud, "Above the bars", waveform_top).save(HERE / "bars-captions.png", optimize=True)

square = on_blur(source, (720, 720))
early = with_bars(moved(square, 10), "center", "#ffee00", 0)
early.reduce(2).save(HERE / "pan-bars.png", optimize=True)
late = captioned(with_bars(moved(square, 50), "center", "#ffee00", STEADY), "Over all of it")
late.reduce(2).save(HERE / "pan-bars-captions.png", optimize=True)
