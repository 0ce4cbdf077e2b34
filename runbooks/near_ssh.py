"""The process that holds one ssh session: one command on one host. Called by runbooks/called.py; needs the extra `ssh`.

No agent, no password, no file of the account's own settings, no host whose key is not known already.
"""

import asyncio
import shlex
import signal
import sys
from contextlib import suppress

import asyncssh

from runbooks import far

PATIENCE, ALIVE = 10.0, 5.0
"""Seconds until a host has to answer, and between two looks whether the line still stands (three in vain: it is cut)."""
GRACE = 2.0
"""Seconds after each signal; both together are less than the shim's."""


async def main(
    folder: str, attempt: str, host: str, argv: list[str], user: str, key: str, known_hosts: str, port: int
) -> str | None:
    """Run it, print what it prints, and leave word of what is known; in words what else there is to say."""
    try:
        options = asyncssh.SSHClientConnectionOptions(
            username=user,
            client_keys=[key],
            known_hosts=known_hosts,
            agent_path=None,
            preferred_auth="publickey",
            connect_timeout=PATIENCE,
            login_timeout=PATIENCE,
            keepalive_interval=ALIVE,
            config=None,
        )
        connection = await asyncssh.connect(host, port, options=options, config=None)
    except (OSError, asyncssh.Error, ValueError) as error:
        return f"{host} cannot be reached by ssh, so nothing was run: {error}"
    try:
        return await _run(connection, folder, attempt, argv)
    finally:
        connection.abort()


async def _run(connection: asyncssh.SSHClientConnection, folder: str, attempt: str, argv: list[str]) -> str | None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    far.sent(folder)
    try:
        process = await connection.create_process(
            shlex.join(argv),  # ssh carries one text, and a shell there reads it
            stdin=asyncssh.DEVNULL,
            stderr=asyncssh.STDOUT,
            encoding=None,
            env={"RUN_ID": attempt},
        )
    except asyncssh.ChannelOpenError as error:
        far.refused(folder)
        return f"the host opens no session, so nothing was run: {error}"
    async with asyncio.TaskGroup() as group:
        ender = group.create_task(_end(connection, process, stop))
        await _until_closed(process)
        ender.cancel()
    code = process.returncode
    if code is None:
        return "the line was cut, and the host did not say how it ended"
    far.ended(folder, code if code >= 0 else 128 - code)
    return None


async def _until_closed(process: "asyncssh.SSHClientProcess[bytes]") -> None:
    with suppress(OSError, asyncssh.Error):  # a line that is cut is the end as well
        while data := await process.stdout.read(65536):
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        await process.wait_closed()


async def _end(
    connection: asyncssh.SSHClientConnection, process: "asyncssh.SSHClientProcess[bytes]", stop: asyncio.Event
) -> None:
    """Ask it to end when our own end is asked for; whoever hears nothing then does not know."""
    await stop.wait()
    for name in ("TERM", "KILL"):
        with suppress(OSError, TimeoutError):
            process.send_signal(name)
            async with asyncio.timeout(GRACE):
                await process.wait_closed()
                return
    connection.abort()
