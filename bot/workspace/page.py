"""What the page in the browser and this server say to each other.

Served files
    GET /                 static/index.html; GET /static/<name>: what lies beside it.
    Every answer carries `Content-Security-Policy: default-src 'self'` (no inline script or style, no foreign picture).
    A request whose Host is not localhost, 127.0.0.1 or [::1] is refused (403).

GET /page/people -> {"people": [person, …]}     who can be played; the page asks first, before it knows who it is.

GET /page/stream?as=U1                          Server-sent events: all that U1 may see, live. 404 if nobody has that id.
    The first event is `snapshot`; then one event for each change, in order. `data` is one line of JSON. There are no
    sequence numbers: a connection that broke begins again with a new snapshot.

    event      data
    snapshot   {"me": "U1", "now": 1764.5, "team": {"id", "name"}, "app": {"id", "name", "user"}, "people": [person],
                "channels": [channel], "messages": [message], "modals": [view], "home": view or null,
                "commands": [{"command": "/tocsin", "description", "usage_hint", "hints": [{"text", "description"}]}],
                "shortcuts": []}
    message    message, whole: put it in the place of the one with the same (channel, ts)
    channel    channel, whole, by id; {"id", "deleted": true}: U1 may not see it any more, forget it and its messages.
               A channel that has just become visible is followed by its messages.
    modal      {"modals": [view, …]}    the whole stack of open modals of U1, the last is on top, [] = none
    home       {"home": view}           the app's Home tab as published for U1
    people     {"people": [person]}     all of them, whole

    person     {"id", "name": "ana", "real_name": "Ana Silva", "title", "tz": "Europe/Lisbon", "bot": bool, "deleted": bool}
               bot: the app's own user and Slackbot (USLACKBOT, who tells of failed commands); they cannot be played.
    channel    {"id", "name", "kind": "public"|"private"|"dm", "with": "U2"|null (dm: the other one), "topic", "purpose",
                "archived": bool, "member": bool (is U1 in it), "members": ["U1"], "pins": ["<ts>"],
                "bookmarks": [{"id", "title", "link", "emoji"}]}
               U1 sees all public channels, and the private ones and DMs that he is in.
    message    {"channel", "ts", "thread_ts"|null, "user", "subtype"|null, "text": mrkdwn, "blocks": [Slack's blocks],
                "files": [file], "reactions": [{"name": "pushpin", "users": ["U1"], "count"}], "edited": bool, "pinned": bool,
                "broadcast": bool, "reply_count", "reply_users": ["U2"], "latest_reply": "<ts>"|null, "ephemeral": bool}
               or {"channel", "ts", "deleted": true}.
               thread_ts: set on replies only (≠ ts); show a reply in its thread, and in the channel only if broadcast.
               If there are blocks, draw them and not the text. ephemeral: "Only visible to you".
               subtype: channel_join, channel_leave, channel_topic, channel_purpose, channel_archive: one grey line
               ("<@U2> has joined the channel" is the text).
    file       {"id", "name", "title", "mimetype", "size", "url": "/page/file/F1?as=U1"}    the bytes, as the page may show them
    view       {"id", "hash", "type": "modal"|"home", "callback_id", "title": plain_text, "submit": plain_text|null,
                "close": plain_text|null, "blocks": [Slack's blocks], "clear_on_close": bool}
               Same id, other hash: the app has changed it; keep what was typed by block_id + action_id.
               Every block has a block_id and every interactive element an action_id (filled in if the app gave none).

POST /page/do     JSON object {"as": "U1", "what": …, …} (else 415: a foreign page cannot send that without a preflight).
    The answer comes when the app has acked or its 3 s are over: 200 {"ok": true, …} or {"ok": false, "error": "a sentence
    for the person"}; 400 if the request makes no sense. What changes is seen on the stream, never in this answer.

    what       also needs                                     does
    say        channel, text [, thread_ts]                    says it. As typed: `@ana`, `#general`, & < > are encoded here.
                                                              A text that begins with / is a slash command (not in threads).
    command    channel, text: "/tocsin list"                  a slash command
    click      channel, ts, block_id, action_id [, value] [, values]     an element of a message
               view_id, block_id, action_id [, value] [, values]         … or of a modal or Home
    submit     view_id, values                                sends a modal; {"ok": false, "errors": {block_id: sentence}}
                                                              if it is not taken: show each under its block
    close      view_id [, all: bool]                          closes a modal (all: the whole stack)
    react      channel, ts, name [, on: bool = true]          adds or removes a reaction
    home                                                      opens the Home tab (tells the app; the view comes by the stream)
    open       user                                           opens the DM with that person; answers {"channel": id}
    create     name [, private: bool]                         makes a channel; answers {"channel": id}
    join | leave | archive   channel
    invite     channel, user
    edit       channel, ts, text                              changes an own message
    delete     channel, ts                                    deletes an own message

    value      what was chosen: a string (button: leave it out; static_select, radio_buttons, overflow: the option's value;
               users_select: a user id; datepicker "2026-11-21"; timepicker "02:45"; plain_text_input: the text), a list of
               strings (multi_*_select, checkboxes), or null (nothing chosen).
    values     {block_id: {action_id: value}}: everything that is filled in at this moment. What is left out counts as
               its initial value.

GET /page/file/F1?as=U1     the bytes, if U1 may see a message that carries the file.

/page/control     faults on demand, only if the workspace was started with them (bot/workspace/control.py); 404 if not.
    GET  -> {"faults": [{"name", "description"}], "active": ["name"], "limits": bool}
    POST {"fault": name, "on": bool} or {"limits": bool} -> the same as GET
"""
