"""A client on aiortc: all candidates in the offer, bundled as aiortc likes it."""

import array
import asyncio
import fractions
import math
import os
import sys

import av
from aiortc import (
    RTCConfiguration,
    RTCIceServer,
    RTCPeerConnection,
    RTCSessionDescription,
)
from aiortc.mediastreams import AudioStreamTrack, MediaStreamError

from call_protocol import Task, report, take_part

RATE_HZ = 48_000
FRAME = 960  # 20 ms
AMPLITUDE = 0.25


class ToneTrack(AudioStreamTrack):
    """A sine without end, in real time."""

    def __init__(self, tone_hz):
        super().__init__()
        self._step = 2 * math.pi * tone_hz / RATE_HZ
        self._sent = 0
        self._started = None

    async def recv(self):
        loop = asyncio.get_running_loop()
        if self._started is None:
            self._started = loop.time()
        await asyncio.sleep(self._started + self._sent / RATE_HZ - loop.time())
        samples = array.array(
            "h",
            (
                round(32767 * AMPLITUDE * math.sin(self._step * (self._sent + i)))
                for i in range(FRAME)
            ),
        )
        frame = av.AudioFrame(format="s16", layout="mono", samples=FRAME)
        frame.planes[0].update(samples.tobytes())
        frame.sample_rate = RATE_HZ
        frame.pts = self._sent
        frame.time_base = fractions.Fraction(1, RATE_HZ)
        self._sent += FRAME
        return frame


class AiortcStack:
    def __init__(self, task):
        self._task = task
        self._connection = None
        self._ears = []

    async def offer(self, ice_servers, say_candidate):
        self._connection = connection = RTCPeerConnection(
            RTCConfiguration(
                iceServers=[
                    RTCIceServer(
                        urls=server["urls"],
                        username=server.get("username"),
                        credential=server.get("credential"),
                    )
                    for server in ice_servers
                ]
            )
        )

        @connection.on("track")
        def heard(track):
            number = len(self._ears)
            self._ears.append(asyncio.ensure_future(self._listen(track, number)))

        @connection.on("connectionstatechange")
        def changed():
            report(connection.connectionState)

        connection.addTrack(ToneTrack(self._task.tone_hz))
        for _ in range(self._task.sections - 1):
            connection.addTransceiver("audio", direction="recvonly")
        await connection.setLocalDescription(await connection.createOffer())
        return connection.localDescription.sdp, False

    async def _listen(self, track, number):
        with open(os.path.join(self._task.folder, f"{number}.pcm"), "wb", buffering=0) as out:
            try:
                while True:
                    frame = await track.recv()
                    channels = len(frame.layout.channels)
                    samples = array.array("h")
                    samples.frombytes(bytes(frame.planes[0])[: 2 * channels * frame.samples])
                    out.write(samples[::channels].tobytes())
            except MediaStreamError:
                pass  # the stream has ended

    async def accept(self, sdp):
        await self._connection.setRemoteDescription(RTCSessionDescription(sdp, "answer"))

    async def close(self):
        if self._connection is not None:
            await self._connection.close()


if __name__ == "__main__":
    task = Task(sys.argv[1])
    asyncio.run(take_part(task, AiortcStack(task)))
