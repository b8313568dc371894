"""A client on GStreamer's webrtcbin: trickles its candidates, sends no audio levels."""

import asyncio
import os
import sys
import urllib.parse

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstSdp", "1.0")
gi.require_version("GstWebRTC", "1.0")
from gi.repository import Gst, GstSdp, GstWebRTC  # noqa: E402

from call_protocol import Task, report, take_part  # noqa: E402

AMPLITUDE = 0.25
PAYLOAD_TYPE = 97

SEND = """
webrtcbin name=rtc bundle-policy=max-bundle latency=100
audiotestsrc is-live=true wave=sine freq={hz} volume={amplitude} samplesperbuffer=960
  ! audio/x-raw,format=S16LE,rate=48000,channels=1
  ! opusenc frame-size=20 ! rtpopuspay pt={type} ! rtc.
"""
HEAR = """
queue ! rtpopusdepay ! opusdec plc=true ! audioconvert ! audioresample
  ! audio/x-raw,format=S16LE,rate=48000,channels=1
  ! filesink buffer-mode=unbuffered sync=false async=false location={file}
"""
VOICE = "application/x-rtp,media=audio,encoding-name=OPUS,clock-rate=48000,payload={type}"


def description(kind, sdp):
    _, message = GstSdp.SDPMessage.new_from_text(sdp)
    return GstWebRTC.WebRTCSessionDescription.new(kind, message)


class GStreamerStack:
    def __init__(self, task):
        self._task = task
        self._pipeline = None
        self._rtc = None
        self._streams = 0

    async def offer(self, ice_servers, say_candidate):
        loop = asyncio.get_running_loop()
        self._pipeline = Gst.parse_launch(
            SEND.format(hz=self._task.tone_hz, amplitude=AMPLITUDE, type=PAYLOAD_TYPE)
        )
        self._rtc = rtc = self._pipeline.get_by_name("rtc")
        for server in ice_servers:
            self._use(server)
        self._waiting = []  # candidates must not overtake the offer
        self._say_candidate = say_candidate
        self._loop = loop
        rtc.connect(
            "on-ice-candidate",
            lambda _, index, candidate: loop.call_soon_threadsafe(
                self._candidate, candidate, index
            ),
        )
        rtc.connect("notify::connection-state", self._state)
        rtc.connect("pad-added", self._hear)
        self._pipeline.set_state(Gst.State.READY)
        for _ in range(self._task.sections - 1):
            rtc.emit(
                "add-transceiver",
                GstWebRTC.WebRTCRTPTransceiverDirection.RECVONLY,
                Gst.Caps.from_string(VOICE.format(type=PAYLOAD_TYPE)),
            )
        self._watch_errors()
        needed = loop.create_future()
        rtc.connect(
            "on-negotiation-needed",
            lambda _: loop.call_soon_threadsafe(
                lambda: needed.done() or needed.set_result(None)
            ),
        )
        self._pipeline.set_state(Gst.State.PLAYING)
        await needed
        offer = await self._ask("create-offer", None, sdp_of="offer")
        await self._ask(
            "set-local-description", description(GstWebRTC.WebRTCSDPType.OFFER, offer)
        )
        return offer, True

    def _use(self, server):
        kind, _, address = server["urls"].partition(":")
        if kind == "stun":
            self._rtc.set_property("stun-server", "stun://" + address)
        elif "transport=tcp" not in address:
            name = urllib.parse.quote(server["username"], safe="")
            password = urllib.parse.quote(server["credential"], safe="")
            host = address.partition("?")[0]
            self._rtc.emit("add-turn-server", f"{kind}://{name}:{password}@{host}")

    async def _ask(self, action, argument, sdp_of=None):
        """Emits one of webrtcbin's asynchronous actions; returns the SDP of its reply's part."""
        loop = asyncio.get_running_loop()
        done = loop.create_future()

        def answered(promise):  # the reply and all in it live no longer than this
            reply = promise.get_reply()
            if reply is not None and reply.has_field("error"):
                failure = RuntimeError(f"{action}: {reply.get_value('error')}")
                loop.call_soon_threadsafe(done.set_exception, failure)
            else:
                sdp = reply.get_value(sdp_of).sdp.as_text() if sdp_of else ""
                loop.call_soon_threadsafe(done.set_result, sdp)

        promise = Gst.Promise.new_with_change_func(answered)
        self._rtc.emit(action, argument, promise)
        return await done

    def _candidate(self, candidate, index):
        if self._waiting is None:
            asyncio.ensure_future(self._say_candidate(candidate, index))
        else:
            self._waiting.append((candidate, index))

    def _state(self, rtc, _):
        state = rtc.get_property("connection-state")
        report(state.value_nick)

    def _hear(self, _, pad):
        if pad.get_direction() != Gst.PadDirection.SRC:
            return
        file = os.path.join(self._task.folder, f"{self._streams}.pcm")
        self._streams += 1
        ears = Gst.parse_bin_from_description(HEAR.format(file=file), True)
        self._pipeline.add(ears)
        ears.sync_state_with_parent()
        pad.link(ears.get_static_pad("sink"))

    def _watch_errors(self):
        bus = self._pipeline.get_bus()

        async def poll():
            while True:
                message = bus.pop_filtered(Gst.MessageType.ERROR | Gst.MessageType.WARNING)
                if message is None:
                    await asyncio.sleep(0.2)
                else:
                    report("said", text=message.get_structure().to_string())

        self._watching = asyncio.ensure_future(poll())

    async def accept(self, sdp):
        waiting, self._waiting = self._waiting, None
        for candidate, index in waiting:
            await self._say_candidate(candidate, index)
        await self._ask(
            "set-remote-description", description(GstWebRTC.WebRTCSDPType.ANSWER, sdp)
        )

    async def close(self):
        if self._pipeline is not None:
            self._watching.cancel()
            self._pipeline.set_state(Gst.State.NULL)


if __name__ == "__main__":
    Gst.init(None)
    task = Task(sys.argv[1])
    asyncio.run(take_part(task, GStreamerStack(task)))
