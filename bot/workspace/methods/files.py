"""files.*: an upload in three steps: ask for an address, send the bytes there, say where it belongs."""

from bot.workspace import rooms
from bot.workspace.blocks import checked_blocks
from bot.workspace.errors import Refused
from bot.workspace.table import Call, method
from bot.workspace.things import Channel, File, Json, Message
from bot.workspace.wire import file_json

SIZE_LIMIT = 1_000_000_000


@method(
    "files.getUploadURLExternal",
    "filename length:number alt_txt? snippet_type?",
    json=False,
    tier=4,
    scopes="files:write",
    errors="file_upload_size_restricted",
)
async def get_upload_url(call: Call) -> Json:
    state = call.state
    name, size = call.args.text("filename"), call.args.number("length", 0)
    if size <= 0:
        raise Refused("invalid_arguments", messages=["[ERROR] must be greater than 0 [json-pointer:/length]"])
    if size > SIZE_LIMIT:
        raise Refused("file_upload_size_restricted")
    file = File(state.new_id("F"), name, name, state.bot_user, size, state.seconds())
    state.files[file.id] = file
    ticket = state.ids.token()
    state.uploads[ticket] = file.id
    return {"upload_url": f"{state.url}/upload/{ticket}", "file_id": file.id}


@method(
    "files.completeUploadExternal",
    "files:json channel_id? channels?:list thread_ts? initial_comment? blocks?:json",
    tier=4,
    scopes="files:write",
    errors="file_not_found channel_not_found not_in_channel posting_to_channel_denied invalid_blocks",
)
async def complete_upload(call: Call) -> Json:
    files = [_finished(call, each) for each in call.args.json("files") or ()]
    if not files:
        raise Refused("invalid_arguments", messages=["[ERROR] no fewer than 1 items allowed [json-pointer:/files]"])
    channels = [_target(call, word) for word in [*call.args.names("channels"), *call.args.names("channel_id")]]
    for channel in dict.fromkeys(each.id for each in channels):
        _share(call, files, call.state.channels[channel])
    return {"files": [file_json(call.state, file) for file in files]}


@method(
    "files.info",
    "file count?:number cursor? limit?:number page?:number",
    json=False,
    tier=4,
    scopes="files:read",
    errors="file_not_found file_deleted",
)
async def info(call: Call) -> Json:
    """A file that the app can see: its own, or one in a channel that it is in."""
    file, state = call.state.files.get(call.args.text("file")), call.state
    if file is None or not (file.user == state.bot_user or any(state.sees(state.bot_user, id) for id in file.channels)):
        raise Refused("file_not_found")
    if file.deleted:
        raise Refused("file_deleted")
    return {"file": file_json(state, file), "comments": []}


def _finished(call: Call, asked: Json) -> File:
    file = call.state.files.get(str(asked.get("id", "")))
    if file is None or file.content is None or file.done:
        raise Refused("file_not_found")
    file.title = asked.get("title") or file.name
    return file


def _target(call: Call, word: str) -> Channel:
    channel = call.state.channels.get(word)
    if channel is None or not call.state.sees(call.state.bot_user, channel.id):
        raise Refused("channel_not_found")
    if call.state.bot_user not in channel.members:
        raise Refused("not_in_channel")
    if channel.archived:
        raise Refused("posting_to_channel_denied")
    return channel


def _share(call: Call, files: list[File], channel: Channel) -> None:
    state = call.state
    blocks = checked_blocks(call.args.json("blocks", "invalid_blocks"), "message")
    text, thread = call.args.text("initial_comment"), call.args.text("thread_ts") or None
    for file in files:
        file.done = True
        rooms.share(state, file, channel)
    ids = [file.id for file in files]
    message = Message(channel.id, state.next_ts(), state.bot_user, text, blocks, thread, files=ids, by_app=True)
    rooms.post(state, message)
