"""A question as the API takes it, and the most it may cost."""

import json
from dataclasses import dataclass

from google.genai import types

from omni.ports.model import Attachment, Question
from omni.spending.prices import Tokens

MOST_OUTPUT_TOKENS = 65_536
"""What the models of the 3.x family can write (FACTS.md: 64k out)."""

_TOKENS_A_SECOND = 110
"""Of video with sound at low resolution and a frame a second: about 100 (FACTS.md), and some to be safe."""

_BYTES_A_TOKEN = 3
"""Of UTF-8: about 4 in English, 3 in scripts of three bytes; the smaller number keeps a budget."""


@dataclass(frozen=True)
class Request:
    """What ``generate_content`` is called with."""

    contents: types.Content
    config: types.GenerateContentConfig


def request_of(question: Question, max_output_tokens: int, thinking: str | None) -> Request:
    """Return the call for a question: the video first, its text after it; no tools; one request and no more.

    ``thinking`` None is for models without levels. The temperature stays at its default, as Google advises.
    """
    attached = [_part_of(question.attachment)] if question.attachment else []
    config = types.GenerateContentConfig(
        system_instruction=question.instructions,
        response_mime_type="application/json",
        response_json_schema=question.answer,
        max_output_tokens=max_output_tokens,
        media_resolution=types.MediaResolution.MEDIA_RESOLUTION_LOW,
        thinking_config=types.ThinkingConfig(thinking_level=types.ThinkingLevel(thinking.upper()))
        if thinking
        else None,
        store=False,  # Google's log of requests, where the project has one
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
        automatic_continuation=False,  # each hop is a call that is paid for
        should_return_http_response=True,  # we read the JSON ourselves: the SDK warns of reasons it doesn't know
    )
    return Request(types.Content(role="user", parts=[*attached, types.Part(text=question.prompt)]), config)


def most_of(question: Question, max_output_tokens: int) -> Tokens:
    """Return the most that a call reads and writes."""
    schema = json.dumps(question.answer)
    read = sum(tokens_in(text) for text in (question.instructions, question.prompt, schema))
    seen = question.attachment.seconds * _TOKENS_A_SECOND if question.attachment else 0
    return Tokens(input=read + round(seen), output=max_output_tokens)


def tokens_in(text: str) -> int:
    """Return about as many tokens as a text has, and rather more."""
    return len(text.encode(errors="replace")) // _BYTES_A_TOKEN + 1


def _part_of(attachment: Attachment) -> types.Part:
    is_video = attachment.media_type.startswith("video/")
    return types.Part(
        file_data=types.FileData(file_uri=attachment.uri, mime_type=attachment.media_type),
        video_metadata=types.VideoMetadata(fps=1) if is_video else None,
    )
