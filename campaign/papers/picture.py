"""A picture to send on: sentences and bars one below the other."""

import io

from PIL import Image, ImageDraw, ImageFont

from campaign.papers.look import BOLD, INK, LINE, PAPER, REGULAR, SOFT

WIDTH, MARGIN = 1080, 64
HEIGHT, TALLEST = 1440, 2600  # usually so high: a page keeps its place for it


class Picture:
    """1080 wide, as phones send pictures. `y` is where the next line stands."""

    def __init__(self):
        self.image = Image.new("RGB", (WIDTH, TALLEST), PAPER)
        self.draw = ImageDraw.Draw(self.image)
        self.y = MARGIN

    def say(
        self, text: str, size: int = 34, *, bold: bool = False, colour: str = INK, gap: int = 12, leading: float = 1.3
    ) -> None:
        """A sentence, wrapped, with a gap below."""
        font = ImageFont.truetype(BOLD if bold else REGULAR, size)
        for line in self._lines(text, font):
            self.draw.text((MARGIN, self.y), line, font=font, fill=colour)
            self.y += round(size * leading)
        self.y += gap

    def _lines(self, text: str, font) -> list[str]:
        lines = [""]
        for word in text.split():
            longer = f"{lines[-1]} {word}".strip()
            if font.getlength(longer) <= WIDTH - 2 * MARGIN:
                lines[-1] = longer
            else:
                lines = [*lines, word] if lines[-1] else [word]
        return lines

    def banner(self, text: str) -> None:
        """A dark band across the top, for what nobody may overlook."""
        self.draw.rectangle((0, 0, WIDTH, 72), fill=INK)
        self.draw.text((WIDTH / 2, 36), text, font=ImageFont.truetype(BOLD, 34), fill=PAPER, anchor="mm")
        self.y = 72 + MARGIN // 2

    def bar(self, parts, tick: float | None, *, x: int = MARGIN, width: int = WIDTH - 2 * MARGIN, height: int = 56):
        """Parts of the width (0 to 1), the widest first, over each other; a tick at the target."""
        for part, colour in [(1, SOFT), *parts]:
            if part > 0:
                self.draw.rectangle((x, self.y, x + round(width * part), self.y + height), fill=colour)
        if tick is not None:
            at = x + round(width * tick)
            self.draw.rectangle((at - 2, self.y - 6, at + 2, self.y + height + 6), fill=INK)

    def row(self, name: str, number: str, parts, tick: float | None, *, gap: int = 20) -> None:
        """An area: its name and number in a line, its bar below."""
        bold, regular = ImageFont.truetype(BOLD, 32), ImageFont.truetype(REGULAR, 32)
        while name and bold.getlength(name) > WIDTH - 2 * MARGIN - regular.getlength(number) - 40:
            name = name[:-2] + "…"
        self.draw.text((MARGIN, self.y), name, font=bold, fill=INK)
        self.draw.text((WIDTH - MARGIN, self.y), number, font=regular, fill=INK, anchor="ra")
        self.y += 44
        self.bar(parts, tick, height=16)
        self.y += 16 + gap

    def line(self, gap: int = 24) -> None:
        self.y += gap // 2
        self.draw.line((MARGIN, self.y, WIDTH - MARGIN, self.y), fill=LINE, width=2)
        self.y += gap

    def made(self) -> bytes:
        """A PNG of few colours: a third of the bytes, and a phone on a village's signal fetches it."""
        file = io.BytesIO()
        small = self.image.crop((0, 0, WIDTH, max(HEIGHT, min(self.y + MARGIN // 2, TALLEST)))).quantize(
            32, method=Image.Quantize.FASTOCTREE
        )
        small.save(file, "PNG")
        return file.getvalue()
