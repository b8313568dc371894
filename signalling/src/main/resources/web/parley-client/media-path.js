import { MediaLink } from './media-link.js';
import { Timers } from './timers.js';
import { VoiceCount } from './voice-count.js';

/** A link that is silent for so long is replaced; short gaps heal by themselves. */
const GAP_MS = 4_000;

/** So long a new link may take to come up. */
const UP_MS = 15_000;

/**
 * So long the old link is kept when less is heard by the new one: the others are on their way, too.
 * A node that ends goes on with the old one for five seconds.
 */
const OTHERS_MS = 4_000;

/** How often it is looked by which link more is heard. */
const LOOK_MS = 100;

/** So long the old link goes on sending: some of the others may still listen there. */
const LINGER_MS = 2_000;

/** So many links in a row that never came up: another one will not either. */
const MOST_DEAD_LINKS = 3;

/**
 * @typedef {object} MediaPathSettings
 * @property {number} sections
 * @property {boolean} trickle
 * @property {() => RTCIceServer[]} iceServers
 *
 * @typedef {object} MediaPathEvents
 * @property {(candidate: RTCIceCandidate | null) => void} onCandidate to be sent after the offer
 * @property {(streams: MediaStream[]) => void} onStreams the voices that are heard from now on
 * @property {() => void} onChange it came up, or is gone
 * @property {() => void} onSilent nothing comes through for a while: the network may have changed
 * @property {() => void} onLost it needs another offer
 * @property {() => void} onDead another offer will not help
 */

/**
 * The way of the sound between this device and the relay. A new offer makes a second link beside the
 * one in use. The first is heard until as many voices come by the second one, and goes on sending for
 * a while after that: when a call moves to another node, it stops for nobody.
 */
export class MediaPath {
  /** Whether it ever was up. */
  heard = false;
  /** @type {MediaStream[]} */
  streams = [];

  /** @type {MediaLink | null} the link in use */
  #link = null;
  /** @type {MediaLink | null} the link that is being set up */
  #next = null;
  /** @type {MediaLink | null} the link that was in use before, which only sends */
  #last = null;
  #deadLinks = 0;
  #timers = new Timers();

  /**
   * @param {MediaPathSettings} settings
   * @param {MediaPathEvents} events
   */
  constructor(settings, events) {
    this.settings = settings;
    this.events = events;
  }

  /** @returns {RTCRtpReceiver[]} one for each section that can be heard */
  get receivers() {
    return this.#link?.receivers ?? [];
  }

  /** @returns {RTCPeerConnection | null} */
  get peerConnection() {
    return (this.#link ?? this.#next)?.pc ?? null;
  }

  /** Whether nothing comes through any more. */
  get gone() {
    return ['failed', 'closed', 'disconnected'].includes(this.#link?.pc.connectionState ?? '');
  }

  /**
   * Begins a new link. One that still waits for its answer is given up.
   *
   * @param {MediaStream} microphone
   * @returns {Promise<string | null>} the SDP to send, then call {@link offerSent}; null: given up
   */
  async offer(microphone) {
    this.dropOffer();
    const { sections, trickle, iceServers } = this.settings;
    /** @type {MediaLink} */
    const link = new MediaLink(
      microphone,
      { sections, iceServers: iceServers() },
      {
        onCandidate: (candidate) => this.events.onCandidate(candidate),
        onState: (state) => this.#onLinkState(link, state),
      },
    );
    this.#next = link;
    const sdp = await link.offer(trickle);
    return link === this.#next ? sdp : null;
  }

  /** The offer is on its way: candidates may follow it. */
  offerSent() {
    if (this.settings.trickle) this.#next?.releaseCandidates();
  }

  /** The offer will not be answered. */
  dropOffer() {
    this.#timers.cancel('next');
    this.#next?.close();
    this.#next = null;
  }

  /**
   * @param {string} sdp
   * @param {{candidate: string, sdpMLineIndex?: number}[]} candidates
   * @throws {Error} when the browser does not take it
   */
  async answer(sdp, candidates) {
    const link = this.#next;
    if (!link) return;
    try {
      await link.answer(sdp, candidates);
    } catch (error) {
      if (link === this.#next) throw error;
    }
    if (link !== this.#next) return; // Another offer, or the end, came in between.
    if (!this.#link) this.#adopt(link);
    else if (link.connected) void this.#takeOver(this.#link, link);
    else this.#timers.after('next', UP_MS, () => this.#lost(link));
  }

  /** @param {MediaStreamTrack} track */
  async replaceTrack(track) {
    await Promise.all([this.#link?.replaceTrack(track), this.#next?.replaceTrack(track)]);
  }

  /** @param {string} fingerprint */
  hasFingerprint(fingerprint) {
    return [this.#link, this.#next].some((link) => link?.hasFingerprint(fingerprint));
  }

  close() {
    this.#timers.cancelAll();
    this.dropOffer();
    this.#last?.close();
    this.#link?.close();
    this.#last = this.#link = null;
    this.streams = [];
  }

  /**
   * @param {MediaLink} link
   * @param {RTCPeerConnectionState} state
   */
  #onLinkState(link, state) {
    if (state === 'connected') this.#up(link);
    if (state === 'failed' || state === 'closed') this.#lost(link);
    if (state === 'disconnected' && link === this.#link) {
      this.#timers.after('gap', GAP_MS, () => this.#lost(link));
      this.events.onSilent();
    }
    this.events.onChange();
  }

  /** @param {MediaLink} link */
  #up(link) {
    this.heard = true;
    this.#deadLinks = 0;
    if (link === this.#next && this.#link) void this.#takeOver(this.#link, link);
    else this.#timers.cancel('gap');
  }

  /**
   * The new link stands: it is heard as soon as nothing is lost by that.
   *
   * @param {MediaLink} old
   * @param {MediaLink} link
   */
  async #takeOver(old, link) {
    this.#timers.cancel('next');
    const byMs = performance.now() + OTHERS_MS;
    const [before, now] = [new VoiceCount(old.pc), new VoiceCount(link.pc)];
    const isGood = async () => {
      const [voicesBefore, voicesNow] = await Promise.all([before.look(), now.look()]);
      return voicesNow >= voicesBefore;
    };
    await isGood();
    while (link === this.#next && old === this.#link) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      const isTime = !old.connected || performance.now() > byMs || (await isGood());
      if (isTime && link === this.#next) this.#adopt(link);
    }
  }

  /** @param {MediaLink} link */
  #lost(link) {
    if (link !== this.#link && link !== this.#next) return;
    if (link === this.#link && this.#next) return; // Its successor is on the way.
    if (++this.#deadLinks < MOST_DEAD_LINKS) this.events.onLost();
    else this.events.onDead();
  }

  /** @param {MediaLink} link heard from now on */
  #adopt(link) {
    this.#timers.cancel('next');
    this.#timers.cancel('gap');
    const old = this.#link;
    this.#link = link;
    this.#next = null;
    this.streams = link.receivers.map((receiver) => new MediaStream([receiver.track]));
    this.events.onStreams(this.streams);
    this.#last?.close();
    this.#last = old;
    this.#timers.after('last', old?.connected ? LINGER_MS : 0, () => old?.close());
    if (!link.connected) this.#timers.after('gap', UP_MS, () => this.#lost(link));
  }
}
