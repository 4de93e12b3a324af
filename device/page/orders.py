"""`POST /orders`: passes on to the device what somebody orders on a page, and answers in the page's language."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from device.files.complaint import complaint_told
from device.page.follower import Follower, NoAnswerError
from device.page.texts import Texts

NAMES = (
    *("mute", "sound", "enough", "stretch", "choose", "try_sound"),
    *("set", "keep", "calibrate", "there", "forget"),
)
"""What a page may order. To pair a phone, and to note when it was seen, is the server's own business."""
_LONGEST_NAME = 20


async def pass_on(follower: Follower, asked: object, texts: Texts) -> Response:
    """Pass on `{"do": NAME, "to": VALUE}`. Raises HTTPException with one line if it isn't done."""
    do, to = _read(asked, texts)
    try:
        answer = await follower.order(do, to)
    except NoAnswerError as error:
        raise HTTPException(503, texts.tell(error.complaint)) from error
    if not answer["fine"]:
        raise HTTPException(409, texts.tell(complaint_told(answer["why"])))
    return JSONResponse(answer, headers={"cache-control": "no-store"})


def _read(asked: object, texts: Texts) -> tuple[str, object]:
    """The name of an order and what goes with it."""
    if not isinstance(asked, dict) or asked.keys() != {"do", "to"} or not isinstance(asked["do"], str):
        raise HTTPException(400, texts.say("write it as {example}", example='{"do": "sound", "to": true}'))
    if asked["do"] not in NAMES:
        raise HTTPException(
            400,
            texts.say("{name}: no such order; allowed: {allowed}", name=_shown(asked["do"]), allowed=", ".join(NAMES)),
        )
    return asked["do"], asked["to"]


def _shown(name: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in name[:_LONGEST_NAME])
