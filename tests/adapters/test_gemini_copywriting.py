"""The copywriter behind the real SDK: its questions are taken, and an answer that only keeps the schema is no campaign."""

from builders import analysis, clip
from fakes.gemini_server import GeminiServer
from gemini_cases import model

from omni.contracts import Brief, Platform, Precedents
from omni.writing.offline import OfflineCopywriter
from omni.writing.prompted.copywriter import ModelCopywriter
from omni.writing.validation import faults


def test_a_schema_kept_with_nonsense_gives_the_offline_posts(gemini: GeminiServer) -> None:
    made, brief = analysis(clip()), Brief(platforms=(Platform.X, Platform.TIKTOK), directives="Be dry.")
    campaign = ModelCopywriter(model(gemini)).write(made, Precedents(), brief)

    bodies = [request.body for request in gemini.calls("generate")]
    assert len(bodies) == 3
    assert list(bodies[0]["generationConfig"]["responseJsonSchema"]["properties"]) == ["strategy", "posts"]
    assert all("Be dry." not in str(body["systemInstruction"]) for body in bodies)
    assert [(post.clip, post.platform) for post in campaign.posts] == [(1, "x"), (1, "tiktok")]
    assert [faults(post, made, brief) for post in campaign.posts] == [(), ()]
    assert campaign.engine == "gemini/gemini-3.8-flash/1"


def test_an_answer_that_is_no_json_when_asked_again_takes_nothing_away(gemini: GeminiServer) -> None:
    made, brief = analysis(clip()), Brief(platforms=(Platform.X,))
    gemini.say('{"posts": []}')
    gemini.answer = lambda _: "not json"
    campaign = ModelCopywriter(model(gemini)).write(made, Precedents(), brief)

    assert campaign.posts == OfflineCopywriter().write(made, Precedents(), brief).posts
    assert len(campaign.warnings) == 2
    assert all("can't be used" in warning for warning in campaign.warnings)
