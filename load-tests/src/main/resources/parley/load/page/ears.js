// Hears what the page plays: every audio track that is handed to a media element is also led into
// one recorder, which keeps the last minute as samples with the wall clock beside them.
{
  const RATE = 48000;
  const KEPT_FRAMES = 60 * RATE;
  const BLOCK = 1024;

  const recorder = `
    registerProcessor('ears', class extends AudioWorkletProcessor {
      constructor() {
        super();
        this.block = new Float32Array(${BLOCK});
        this.filled = 0;
        this.offset = Infinity;
      }
      process([input]) {
        // Rendered no later than now; the smallest difference is the least delayed one.
        this.offset = Math.min(this.offset, Date.now() - (currentFrame + 128) * 1000 / sampleRate);
        for (const channel of input) {
          for (let i = 0; i < 128; i++) this.block[this.filled + i] += channel[i] / input.length;
        }
        this.filled += 128;
        if (this.filled === ${BLOCK}) {
          this.port.postMessage(
              {end: currentFrame + 128, offset: this.offset, samples: this.block}, [this.block.buffer]);
          this.block = new Float32Array(${BLOCK});
          this.filled = 0;
          this.offset = Infinity;
        }
        return true;
      }
    });`;

  const samples = new Int16Array(KEPT_FRAMES);
  let offsets = []; // [end frame, offset in ms] of each block that is kept
  let endFrame = 0;
  let node = null;
  const sources = new Map(); // track id → source node
  const elements = new Set();
  const connections = [];
  const buffers = new Map(); // stats id → the stats before

  const listening = (() => {
    let started = null;
    return () => (started ??= (async () => {
      const context = new AudioContext({sampleRate: RATE, latencyHint: 'interactive'});
      await context.audioWorklet.addModule(
          URL.createObjectURL(new Blob([recorder], {type: 'text/javascript'})));
      node = new AudioWorkletNode(context, 'ears', {channelCount: 1, channelCountMode: 'explicit'});
      node.port.onmessage = ({data}) => {
        const start = data.end - BLOCK;
        for (let i = 0; i < BLOCK; i++) {
          const s = Math.max(-1, Math.min(1, data.samples[i]));
          samples[(start + i) % KEPT_FRAMES] = Math.round(s * 32767);
        }
        endFrame = data.end;
        offsets.push([data.end, data.offset]);
        if (offsets.length > 2 * KEPT_FRAMES / BLOCK) offsets = offsets.slice(-KEPT_FRAMES / BLOCK);
      };
      node.connect(context.destination); // It writes nothing; without an end nothing is pulled.
      await context.resume();
      return context;
    })());
  })();

  async function hearTrack(track) {
    if (track.kind !== 'audio' || sources.has(track.id)) return;
    sources.set(track.id, null);
    const context = await listening();
    const source = context.createMediaStreamSource(new MediaStream([track]));
    sources.set(track.id, source);
    source.connect(node);
    track.addEventListener('ended', () => source.disconnect());
  }

  function hearStream(stream) {
    stream.getAudioTracks().forEach(hearTrack);
    stream.addEventListener('addtrack', (event) => hearTrack(event.track));
  }

  const property = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'srcObject');
  Object.defineProperty(HTMLMediaElement.prototype, 'srcObject', {
    ...property,
    set(stream) {
      property.set.call(this, stream);
      elements.add(this);
      if (stream instanceof MediaStream) hearStream(stream);
    },
  });

  const Connection = globalThis.RTCPeerConnection;
  globalThis.RTCPeerConnection = class RTCPeerConnection extends Connection {
    constructor(...args) {
      super(...args);
      connections.push(this);
    }
  };

  globalThis.parleyEars = {
    connections,

    /** Whether something was handed over to be played. */
    open: () => sources.size > 0 && endFrame > 0,

    /** What plays: an element that is paused or muted is heard by the recorder but by nobody else. */
    players: () => [...elements].filter((e) => e.srcObject && e.srcObject.getAudioTracks().length).map(
        (e) => ({paused: e.paused, muted: e.muted, volume: e.volume,
          tracks: e.srcObject.getAudioTracks().length})),

    /**
     * How long, on average since this was last asked, the browser itself kept what it received of one
     * speaker to even out its arrival, in ms; the relay names the speaker by his CSRC.
     */
    async jitterBufferMs(csrc) {
      let longest = 0;
      const receivers = connections.filter((c) => c.connectionState === 'connected')
          .flatMap((c) => c.getReceivers())
          .filter((r) => r.getContributingSources().some(({source}) => source === csrc));
      for (const receiver of receivers) {
        for (const stats of (await receiver.getStats()).values()) {
          if (stats.type !== 'inbound-rtp') continue;
          const before = buffers.get(stats.id) ?? {jitterBufferDelay: 0, jitterBufferEmittedCount: 0};
          buffers.set(stats.id, stats);
          const emitted = stats.jitterBufferEmittedCount - before.jitterBufferEmittedCount;
          const delay = stats.jitterBufferDelay - before.jitterBufferDelay;
          if (emitted > 0) longest = Math.max(longest, 1000 * delay / emitted);
        }
      }
      return longest;
    },

    /** The wall-clock time in ms of the newest sample. */
    until: () => endFrame === 0 ? 0 : endFrame * 1000 / RATE + offsets.at(-1)[1],

    /** Samples between two wall-clock times: {startMs, spreadMs, rate, samples as base64 of int16 LE}. */
    take(fromMs, toMs) {
      // The clocks' offset in this stretch: blocks that came late are late by their delay only.
      const near = offsets.filter(([end, offset]) => {
        const at = end * 1000 / RATE + offset;
        return at > fromMs - 500 && at < toMs + 500;
      }).map(([, offset]) => offset);
      if (!near.length) return {startMs: fromMs, spreadMs: 0, rate: RATE, samples: ''};
      near.sort((a, b) => a - b);
      const offset = near[0];
      const first = Math.max(endFrame - KEPT_FRAMES, Math.round((fromMs - offset) * RATE / 1000), 0);
      const last = Math.min(endFrame, Math.round((toMs - offset) * RATE / 1000));
      const bytes = new Uint8Array(2 * Math.max(0, last - first));
      for (let f = first, i = 0; f < last; f++) {
        const s = samples[f % KEPT_FRAMES];
        bytes[i++] = s & 255;
        bytes[i++] = (s >> 8) & 255;
      }
      let text = '';
      for (let i = 0; i < bytes.length; i += 8192) {
        text += String.fromCharCode.apply(null, bytes.subarray(i, i + 8192));
      }
      return {
        startMs: first * 1000 / RATE + offset,
        spreadMs: near[Math.floor(near.length * 0.9)] - offset,
        rate: RATE,
        samples: btoa(text),
      };
    },
  };
}
