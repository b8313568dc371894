/** Candidates of a client that does not trickle are waited for at most so long. */
const GATHER_MS = 3_000;

/**
 * @typedef {object} MediaLinkEvents
 * @property {(candidate: RTCIceCandidate | null) => void} onCandidate own candidates, after the
 *   offer was released; null: there are no more
 * @property {(state: RTCPeerConnectionState) => void} onState
 */

/**
 * Lost packets may be asked for again (RFC 4585 §6.2.1), both ways: browsers can, but offer it for
 * video only.
 *
 * @param {string} sdp an offer
 */
const withNack = (sdp) =>
  sdp.replace(/^a=rtpmap:(\d+) opus\/48000\/2\r\n/gim, '$&a=rtcp-fb:$1 nack\r\n');

/**
 * One peer connection of a call: one audio section that sends and receives, the others receive only.
 * A new offer (after a restart, or on another network) gets a new MediaLink beside the old one.
 */
export class MediaLink {
  /** @type {(RTCIceCandidate | null)[] | null} candidates found before the offer was sent */
  #held = [];

  /**
   * @param {MediaStream} microphone
   * @param {{sections: number, iceServers: RTCIceServer[]}} settings
   * @param {MediaLinkEvents} events
   */
  constructor(microphone, { sections, iceServers }, events) {
    this.events = events;
    this.pc = new RTCPeerConnection({ iceServers, bundlePolicy: 'max-bundle' });
    const [track] = microphone.getAudioTracks();
    this.sender = this.pc.addTransceiver(track, {
      direction: 'sendrecv',
      streams: [microphone],
    }).sender;
    for (let i = 1; i < sections; i++) this.pc.addTransceiver('audio', { direction: 'recvonly' });
    this.pc.onicecandidate = (found) => this.#found(found.candidate);
    this.pc.onconnectionstatechange = () => events.onState(this.pc.connectionState);
  }

  /** @param {boolean} trickle @returns {Promise<string>} the SDP to send */
  async offer(trickle) {
    const { type, sdp = '' } = await this.pc.createOffer();
    try {
      await this.pc.setLocalDescription({ type, sdp: withNack(sdp) });
    } catch {
      await this.pc.setLocalDescription({ type, sdp }); // a browser that wants its own words
    }
    if (!trickle) await this.#gathered();
    return this.pc.localDescription?.sdp ?? '';
  }

  /** The offer is on its way: candidates may follow it. */
  releaseCandidates() {
    const held = this.#held ?? [];
    this.#held = null;
    for (const candidate of held) this.events.onCandidate(candidate);
  }

  /**
   * @param {string} sdp
   * @param {{candidate: string, sdpMLineIndex?: number}[]} candidates
   */
  async answer(sdp, candidates) {
    await this.pc.setRemoteDescription({ type: 'answer', sdp });
    if (sdp.includes('\na=candidate:')) return;
    for (const { candidate, sdpMLineIndex = 0 } of candidates) {
      await this.pc.addIceCandidate({ candidate, sdpMLineIndex }).catch(() => {});
    }
  }

  get connected() {
    return this.pc.connectionState === 'connected';
  }

  /** The receivers that the answer filled, in the order of their sections. */
  get receivers() {
    return this.pc
      .getTransceivers()
      .filter((it) => it.currentDirection === 'sendrecv' || it.currentDirection === 'recvonly')
      .map((it) => it.receiver);
  }

  /**
   * Whether a fingerprint is the one of this link's own certificate.
   *
   * @param {string} fingerprint as in SDP, with or without the name of the hash
   */
  hasFingerprint(fingerprint) {
    const own = /a=fingerprint:(\S+) (\S+)/.exec(this.pc.localDescription?.sdp ?? '');
    const shown = fingerprint.trim().split(/\s+/).pop() ?? '';
    return own !== null && own[2].toLowerCase() === shown.toLowerCase();
  }

  /** @param {MediaStreamTrack} track */
  async replaceTrack(track) {
    await this.sender.replaceTrack(track);
  }

  close() {
    this.pc.onicecandidate = null;
    this.pc.onconnectionstatechange = null;
    this.#held = null;
    this.pc.close();
  }

  /** @param {RTCIceCandidate | null} candidate */
  #found(candidate) {
    if (this.#held) this.#held.push(candidate);
    else this.events.onCandidate(candidate);
  }

  async #gathered() {
    if (this.pc.iceGatheringState === 'complete') return;
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, GATHER_MS);
      this.pc.addEventListener('icegatheringstatechange', () => {
        if (this.pc.iceGatheringState !== 'complete') return;
        clearTimeout(timer);
        resolve(undefined);
      });
    });
  }
}
