"""The client's half of the call protocol: the two HTTP calls before it, the socket, its events.

Written from the protocol's description alone; it knows nothing of the server behind it.
"""

import asyncio
import json
import sys

import aiohttp


def report(event, **params):
    """Tells whoever started this program how far it is: one line of JSON."""
    print(json.dumps({"event": event, **params}), flush=True)


class Task:
    """What the program is to do: one JSON object as its only argument.

    url, team, token: where to sign in, as whom
    jid: whom to call; empty: answer the first call that rings
    sections: how many voices to receive side by side
    tone_hz: what to send
    folder: where to write what is heard, one file of 16-bit mono samples at 48 kHz a stream
    """

    def __init__(self, text):
        task = json.loads(text)
        self.url = task["url"]
        self.team = task["team"]
        self.token = task["token"]
        self.jid = task["jid"]
        self.sections = task["sections"]
        self.tone_hz = task["tone_hz"]
        self.folder = task["folder"]


class CallSocket:
    """One signed-in socket. Whatever has to be confirmed is, in both directions."""

    def __init__(self, session, websocket, features):
        self._session = session
        self._websocket = websocket
        self._confirm_ids = 0
        self.ice_servers = features["ice_servers"]

    @classmethod
    async def sign_in(cls, task):
        session = aiohttp.ClientSession(headers={"token": task.token})
        for path in ("/api/v4/ping", "/api/v4/teams/" + task.team):
            async with session.get(task.url + path) as answer:
                body = await answer.json()
                if not body["ok"]:
                    raise RuntimeError(f"{path}: {body['error']}")
        async with session.get(task.url + "/features.json") as answer:
            features = await answer.json()
        websocket = await session.ws_connect(
            task.url.replace("http", "ws", 1) + "/messaging/" + task.team
        )
        return cls(session, websocket, features)

    async def say(self, event, **params):
        """Sends an event; nothing waits for its confirmation."""
        self._confirm_ids += 1
        frame = {"event": event, "confirm_id": f"c{self._confirm_ids}", "params": params}
        await self._websocket.send_str(json.dumps(frame))

    async def hear(self):
        """The next event's name and parameters."""
        frame = await self._websocket.receive_json()
        if "confirm_id" in frame:
            confirm = {"event": "client.confirm", "params": {"confirm_id": frame["confirm_id"]}}
            await self._websocket.send_str(json.dumps(confirm))
        if frame["event"] in ("server.warning", "server.debug"):
            report("said", text=json.dumps(frame["params"]))
        return frame["event"], frame.get("params", {})

    async def wait_for(self, wanted):
        while True:
            event, params = await self.hear()
            if event == wanted:
                return params

    async def close(self):
        await self._websocket.close()
        await self._session.close()


async def told_to_leave():
    """Returns when the standard input ends: whoever started this program wants it to hang up."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await reader.read()


async def take_part(task, stack):
    """One call from beginning to end.

    stack has: offer(ice_servers, say_candidate) -> (sdp, trickle), accept(sdp), close()
    """
    socket = await CallSocket.sign_in(task)
    report("online")
    leaving = asyncio.ensure_future(told_to_leave())
    try:
        talk = asyncio.ensure_future(hold_call(task, stack, socket))
        await asyncio.wait([talk, leaving], return_when=asyncio.FIRST_COMPLETED)
        if talk.done():
            talk.result()
        else:
            talk.cancel()
            await asyncio.gather(talk, return_exceptions=True)
    finally:
        await stack.close()
        await socket.close()


async def hold_call(task, stack, socket):
    jid = task.jid or (await socket.wait_for("server.call.buzz"))["jid"]

    async def say_candidate(candidate, index):
        await socket.say(
            "client.call.trickle", jid=jid, candidate=candidate, sdp_mline_index=index
        )

    sdp, trickle = await stack.offer(socket.ice_servers, say_candidate)
    await socket.say("client.call.offer", jid=jid, muted=False, trickle=trickle, sdp=sdp)
    answer = await socket.wait_for("server.call.answer")
    await stack.accept(answer["jsep"]["sdp"])
    report("answered")
    try:
        while True:
            event, params = await socket.hear()
            if event == "server.call.leave" and params["jid"] == jid:
                report("left")
                return
    except asyncio.CancelledError:
        await socket.say("client.call.leave", jid=jid)
        raise
