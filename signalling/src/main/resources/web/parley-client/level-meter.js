/** Ten readings a second look alive and cost nothing. */
const READ_EVERY_MS = 100;

/** A source that sent no packet for so long is silent. */
const SOURCE_AGE_MS = 400;

/**
 * The number by which the relay names a speaker in the CSRC of forwarded packets (RFC 7667 §3.6.3):
 * the first 32 bits of the UUID in his jid.
 *
 * @param {string} jid
 */
export function csrcOf(jid) {
  return Number.parseInt(jid.slice(jid.indexOf('-') + 1).slice(0, 8), 16) >>> 0;
}

/**
 * Maps a linear level to what the ear makes of it.
 *
 * @param {number} level linear, 0 to 1
 * @returns {number} 0 (below -55 dB) to 1 (above -10 dB)
 */
export function loudness(level) {
  if (level <= 0) return 0;
  return Math.min(1, Math.max(0, (20 * Math.log10(level) + 55) / 45));
}

/**
 * Reads who is how loud: the own microphone by an analyser, the others by the sources that the
 * browser saw in the packets of each receiver.
 */
export class LevelMeter {
  /** @type {AudioContext | null} */
  #context = null;
  /** @type {AnalyserNode | null} */
  #own = null;
  /** @type {AudioNode | null} */
  #ownSource = null;
  /** @type {Map<RTCRtpReceiver, AnalyserNode>} for browsers that give no level with a source */
  #played = new Map();
  #samples = new Float32Array(1024);
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  /**
   * @param {() => readonly RTCRtpReceiver[]} receivers
   * @param {(own: number, others: Map<number | null, number>) => void} onLevels linear levels; others
   *   by CSRC, null for a voice that came without one
   */
  constructor(receivers, onLevels) {
    this.receivers = receivers;
    this.onLevels = onLevels;
  }

  /** @param {MediaStream} microphone measured from now on, instead of the one before */
  start(microphone) {
    this.#context ??= new AudioContext();
    this.#ownSource?.disconnect();
    this.#own ??= this.#analyser();
    this.#ownSource = this.#context.createMediaStreamSource(microphone);
    this.#ownSource.connect(this.#own);
    this.#timer ??= setInterval(() => this.#read(), READ_EVERY_MS);
    this.#wake();
    for (const gesture of ['pointerdown', 'keydown']) addEventListener(gesture, this.#wake);
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = undefined;
    for (const gesture of ['pointerdown', 'keydown']) removeEventListener(gesture, this.#wake);
    this.#ownSource?.disconnect();
    this.#played.clear();
    this.#own = this.#ownSource = null;
    void this.#context?.close().catch(() => {});
    this.#context = null;
  }

  /** A page that nobody has touched yet may not start an audio context. */
  #wake = () => {
    if (this.#context?.state === 'suspended') void this.#context.resume().catch(() => {});
  };

  #analyser() {
    const analyser = /** @type {AudioContext} */ (this.#context).createAnalyser();
    analyser.fftSize = this.#samples.length;
    return analyser;
  }

  #read() {
    const own = this.#own ? this.#measure(this.#own) : 0;
    /** @type {Map<number | null, number>} */
    const others = new Map();
    const receivers = this.receivers();
    for (const gone of this.#played.keys()) {
      if (!receivers.includes(gone)) this.#played.delete(gone);
    }
    for (const receiver of receivers) {
      const heard = this.#hear(receiver);
      if (heard) others.set(heard.csrc, Math.max(heard.level, others.get(heard.csrc) ?? 0));
    }
    this.onLevels(own, others);
  }

  /**
   * @param {RTCRtpReceiver} receiver
   * @returns {{csrc: number | null, level: number} | null} null: nobody there
   */
  #hear(receiver) {
    const contributing = newest(receiver.getContributingSources?.() ?? []);
    const synchronization = newest(receiver.getSynchronizationSources?.() ?? []);
    if (!contributing && !synchronization) return null;
    const told = contributing?.audioLevel ?? synchronization?.audioLevel;
    return { csrc: contributing?.source ?? null, level: told ?? this.#measurePlayed(receiver) };
  }

  /** @param {RTCRtpReceiver} receiver */
  #measurePlayed(receiver) {
    if (!this.#context) return 0;
    let analyser = this.#played.get(receiver);
    if (!analyser) {
      analyser = this.#analyser();
      const stream = new MediaStream([receiver.track]);
      this.#context.createMediaStreamSource(stream).connect(analyser);
      this.#played.set(receiver, analyser);
    }
    return this.#measure(analyser);
  }

  /** @param {AnalyserNode} analyser */
  #measure(analyser) {
    analyser.getFloatTimeDomainData(this.#samples);
    let sum = 0;
    for (const sample of this.#samples) sum += sample * sample;
    return Math.min(1, Math.sqrt(sum / this.#samples.length));
  }
}

/**
 * @template {{timestamp: number}} T
 * @param {T[]} sources
 * @returns {T | undefined} the one heard last, if lately
 */
function newest(sources) {
  let last;
  for (const source of sources) if (!last || source.timestamp > last.timestamp) last = source;
  if (!last) return undefined;
  // Browsers disagree on the clock of `timestamp`: since 1970, or since the page was loaded.
  const now =
    last.timestamp > 1e12 ? performance.timeOrigin + performance.now() : performance.now();
  return now - last.timestamp < SOURCE_AGE_MS ? last : undefined;
}
