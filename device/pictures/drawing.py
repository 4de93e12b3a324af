"""From a screen to its picture: 128 by 64 pixels, lit or not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from PIL import Image, ImageDraw

from device.pictures import layout, orbit
from device.pictures.connect_card import of_connect
from device.pictures.marks import icon
from device.pictures.piece import HEIGHT, WIDTH, Piece
from device.words.effects import BigNumber, BigWords, Card, Connect, Dark, Instruction, Mark, Movement, Screen


def draw(screen: Screen, now: float, step: int = 0) -> Image.Image:
    """The picture of a screen at that instant, at that step of its orbit."""
    image = Image.new("1", (WIDTH, HEIGHT))
    canvas = ImageDraw.Draw(image)
    for piece in wandering(screen, now, step):
        canvas.bitmap((piece.left, piece.top), piece.ink, fill=1)
    return image


def wandering(screen: Screen, now: float, step: int) -> Sequence[Piece]:
    """The pieces of a screen at that step of its orbit. Figures and codes stay in place: none is there for hours."""
    if step == 0 or isinstance(screen, Dark | Instruction | Movement | Connect):
        return list(pieces(screen, now))
    # Keep room for the button's mark, so that a press moves nothing.
    roomy = replace(screen, marks=screen.marks | {Mark.FELT})
    match roomy:
        case BigNumber():
            moved = orbit.rearranged(
                list(layout.of_count(roomy, big=orbit.is_big(step))), step, WIDTH, HEIGHT, ordered=False
            )
        case Card():
            moved = orbit.rearranged(list(layout.of_card(roomy, small=True)), step, WIDTH, HEIGHT, ordered=True)
        case BigWords():
            if roomy.stands and not orbit.is_home(step):
                moved = orbit.rearranged(list(layout.of_words(roomy, small=True)), step, WIDTH, HEIGHT, ordered=True)
            else:
                moved = orbit.shifted(list(layout.of_words(roomy)), step, WIDTH, HEIGHT)
    return [piece for piece in moved if piece.ink is not icon(Mark.FELT) or Mark.FELT in screen.marks]


def pieces(screen: Screen, now: float) -> Iterator[Piece]:
    """The pieces of a screen at that instant."""
    match screen:
        case Dark():
            return iter(())
        case Card():
            return layout.of_card(screen)
        case BigNumber():
            return layout.of_count(screen)
        case BigWords():
            return layout.of_words(screen)
        case Instruction():
            return layout.of_instruction(screen, now)
        case Movement():
            return layout.of_movement(screen, now)
        case Connect():
            return of_connect(screen)
