import { ParleyError } from './errors.js';
import { csrcOf, LevelMeter } from './level-meter.js';
import { MediaLink } from './media-link.js';
import { openMicrophone } from './microphone.js';
import { Playback } from './playback.js';

/** An answer takes the server milliseconds; after this time none will come. */
const ANSWER_MS = 15_000;

/** A path that is gone for so long is replaced; short gaps heal by themselves. */
const MEDIA_GAP_MS = 4_000;

/** So long a new path may take to come up before it is given up. */
const MEDIA_UP_MS = 15_000;

/** After a socket came back, the server tells at once whether the call still runs. */
const STATE_MS = 4_000;

/** So many paths in a row that never came up: another one will not either. */
const MOST_DEAD_PATHS = 3;

/**
 * @typedef {import('./types.js').CallInfo} CallInfo
 * @typedef {import('./types.js').Participant} Participant
 * @typedef {import('./types.js').CallState} CallState
 * @typedef {import('./types.js').EndReason} EndReason
 *
 * @typedef {object} CallHost what a call needs of the client around it
 * @property {import('./types.js').ParleyOptions} options
 * @property {() => RTCIceServer[]} iceServers
 * @property {() => string} me own jid
 * @property {() => import('./types.js').Features} features
 * @property {() => boolean} up whether the socket is open
 * @property {(event: string, params: object, how?: {lasting?: boolean}) => Promise<boolean>} send
 * @property {(name: string, detail: object) => void} emit
 */

/**
 * One call of this device, from the first offer to its end. It is driven by
 *   the user:    start mute muteAll buzz stopRinging leave useMicrophone useOutput
 *   the server:  onAnswer onState onTalking onLeave onReject onSound onMuteAll onRestart onFingerprint onRefused
 *   the network: onSocketDown onSocketUp, the states of its media links
 */
export class ParleyCall {
  /** @type {CallState} */
  state = 'connecting';
  /** @type {EndReason | null} why it ended */
  reason = null;
  /** @type {string} given by the server's answer */
  uid = '';
  muted = false;
  /** Whether the server records this call. */
  recorded = false;
  /** @type {Date | null} when the conversation began */
  startedAt = null;
  /** Whether the relay saw this client's own certificate; null: it has not told. @type {boolean | null} */
  verified = null;

  /** @type {Map<string, Participant>} */
  #participants = new Map();
  /** @type {MediaStream | null} */
  #microphone = null;
  /** @type {MediaLink | null} the path that is heard */
  #link = null;
  /** @type {MediaLink | null} the path that is being set up beside it */
  #next = null;
  /** @type {MediaStream[]} */
  #streams = [];
  #answered = false;
  #started = false;
  #heard = false;
  /** Own changes of `muted` that the server has not confirmed. */
  #soundsUnderWay = 0;
  #offered = false;
  #deadPaths = 0;
  /** @type {Record<string, ReturnType<typeof setTimeout>>} */
  #timers = {};

  /**
   * @param {string} jid
   * @param {CallHost} host
   * @param {import('./types.js').CallWay & {incoming: boolean}} how incoming: it answers a ring
   */
  constructor(jid, host, { muted = false, microphone, incoming }) {
    this.jid = jid;
    this.host = host;
    this.muted = muted;
    this.incoming = incoming;
    this.openMicrophone = microphone ?? host.options.microphone ?? (() => openMicrophone(host.options.microphoneId));
    this.playback = new Playback(host.options.outputId ?? '', (why) => this.#playbackTrouble(why));
    this.meter = new LevelMeter(
      () => this.receivers,
      (own, others) => this.#onLevels(own, others),
    );
  }

  /** Whether this is a call between two. */
  get direct() {
    return this.jid.startsWith('d-');
  }

  /** @returns {Participant[]} those in the call, in the order in which they came */
  get participants() {
    return [...this.#participants.values()];
  }

  /** @returns {RTCRtpReceiver[]} one for each audio section that can be heard */
  get receivers() {
    return this.#link?.receivers ?? [];
  }

  /** @returns {MediaStream[]} the received voices, one stream a section */
  get remoteStreams() {
    return this.#streams;
  }

  /** @returns {MediaStream | null} the own microphone */
  get microphone() {
    return this.#microphone;
  }

  /** @returns {RTCPeerConnection | null} the connection that is heard now, for statistics */
  get peerConnection() {
    return (this.#link ?? this.#next)?.pc ?? null;
  }

  get ended() {
    return this.state === 'ended';
  }

  // The user.

  /** Opens the microphone and makes the first offer. */
  async start() {
    try {
      const stream = await this.openMicrophone();
      if (this.ended) {
        stopTracks(stream);
        return;
      }
      this.#takeMicrophone(stream);
      await this.#offer();
    } catch (error) {
      this.#fail(asParleyError(error));
      throw asParleyError(error);
    }
  }

  /** @param {boolean} muted */
  mute(muted) {
    if (this.ended || muted === this.muted) return;
    this.#setMuted(muted, 'self');
    if (this.#offered) void this.#sendSound(muted);
  }

  /** @param {boolean} muted */
  async #sendSound(muted) {
    this.#soundsUnderWay++;
    await this.#send('client.call.sound', { muted });
    this.#soundsUnderWay--;
  }

  /** Mutes all others. */
  muteAll() {
    return this.#send('client.call.muteall');
  }

  /** @param {string[]} [members] whom to ring; default: everybody of the chat who is not here */
  buzz(members) {
    return this.#send('client.call.buzz', members?.length ? { members } : {});
  }

  stopRinging() {
    return this.#send('client.call.buzzcancel');
  }

  /** @param {string} [reason] */
  async leave(reason) {
    if (this.ended) return;
    this.#end('left');
    await this.#sendLeave(reason);
  }

  /** @param {MediaStream} stream taken over: stopped when the call ends */
  async useMicrophone(stream) {
    if (this.ended) return stopTracks(stream);
    const old = this.#microphone;
    const [track] = stream.getAudioTracks();
    this.#takeMicrophone(stream);
    await Promise.all([this.#link?.replaceTrack(track), this.#next?.replaceTrack(track)]);
    stopTracks(old);
  }

  /** @param {string} outputId */
  async useOutput(outputId) {
    await this.playback.setOutput(outputId);
  }

  // The server.

  /** @param {any} params */
  async onAnswer(params) {
    const link = this.#next;
    if (!link || this.ended) return;
    this.#cancel('answer');
    this.#answered = true;
    this.uid = params.uid ?? this.uid;
    if (params.onliners) this.#seeParticipants(params.onliners);
    try {
      await link.answer(params.jsep?.sdp ?? '', params.candidates ?? []);
    } catch (cause) {
      if (link !== this.#next) return;
      const sentence = 'The browser did not accept the answer of the server.';
      this.#fail(new ParleyError('bad-answer', sentence, 'Try again; if it stays, update the browser.', cause));
      return;
    }
    if (link !== this.#next || this.ended) return;
    if (!this.#link) this.#adopt(link);
    else if (link.connected) this.#adopt(link);
    else this.#after('media', MEDIA_UP_MS, () => this.#linkLost(link));
    this.#settle();
  }

  /** @param {CallInfo} info */
  onState(info) {
    if (this.ended || (this.uid && info.uid && info.uid !== this.uid)) return;
    this.uid = info.uid || this.uid;
    if (info.finish) {
      this.#end(this.direct && !this.incoming && !this.#started ? 'noanswer' : 'finished');
      return;
    }
    if (info.start) {
      this.#started = true;
      this.startedAt = new Date(info.start);
    }
    if (info.onliners) this.#seeParticipants(info.onliners);
    const recorded = info.audiorecord === true;
    if (recorded !== this.recorded) {
      this.recorded = recorded;
      this.host.emit('recording', { call: this, recorded });
    }
    if (this.#waits('state')) {
      this.#cancel('state');
      void this.#offer();
    }
    this.#settle();
  }

  /**
   * @param {string} actor
   * @param {boolean} talking
   */
  onTalking(actor, talking) {
    const participant = this.#participants.get(actor);
    if (participant) participant.talking = talking;
    this.host.emit('talking', { call: this, jid: this.jid, actor, talking });
  }

  /** @param {string} jid the call's own: it is over for this device; a contact's: he left the group */
  onLeave(jid) {
    if (jid !== this.jid) this.host.emit('left', { call: this, jid: this.jid, actor: jid });
    else if (this.direct) this.#end('finished');
    else this.#end(this.host.features().only_one_device_per_call ? 'elsewhere' : 'removed');
  }

  /** @param {string} reason */
  onReject(reason) {
    this.host.emit('rejected', { call: this, jid: this.jid, reason });
    if (this.direct) this.#end('rejected');
  }

  /** @param {boolean} muted what the relay does with this microphone: an echo of mute(), or an order */
  onSound(muted) {
    if (this.#soundsUnderWay === 0) this.onMuteAll(muted);
  }

  /** @param {boolean} muted set by somebody else; nobody else can switch a microphone on */
  onMuteAll(muted) {
    if (!muted || this.muted) return;
    this.#setMuted(true, 'other');
    this.host.emit('mutedbyother', { call: this, jid: this.jid });
  }

  /** The server lost the call's media (or moves it): only a new offer brings it back. */
  onRestart() {
    if (this.ended || !this.#microphone) return;
    this.#cancel('state');
    void this.#offer();
  }

  /** @param {string} fingerprint of the certificate that the relay saw from this client */
  onFingerprint(fingerprint) {
    const links = [this.#link, this.#next];
    this.verified = links.some((link) => link?.hasFingerprint(fingerprint));
    if (this.verified) return;
    this.#warn('fingerprint', 'Somebody may be listening in: the server saw another certificate than ours.', 'Leave the call and tell your administrator.');
  }

  /** @param {string} sentence the server's warning about our offer */
  onRefused(sentence) {
    if (this.#answered) {
      this.#warn('refused', `The server did not take the new offer: ${sentence}`, '');
      return;
    }
    this.#offered = false;
    this.#fail(new ParleyError('refused', `The server refused the call: ${sentence}`));
  }

  // The network.

  onSocketDown() {
    if (this.ended) return;
    this.#cancel('answer');
    this.#cancel('state');
    this.#dropNext();
    this.#settle();
  }

  /** The socket is back: the call is offered again as soon as the server says that it still runs. */
  onSocketUp() {
    if (this.ended || !this.#microphone) return;
    if (this.#answered) this.#after('state', STATE_MS, () => this.#end('lost'));
    else void this.#offer();
  }

  /**
   * Makes a new path beside the one in use. An offer that is still unanswered is given up: of two
   * the server's last answer counts.
   */
  async #offer() {
    this.#dropNext();
    const { sections = 5, trickle = true } = this.host.options;
    const microphone = /** @type {MediaStream} */ (this.#microphone);
    const link = this.#newLink(microphone, Math.max(1, sections));
    this.#next = link;
    const sdp = await link.offer(trickle);
    if (link !== this.#next || this.ended) return;
    this.#offered = true;
    void this.#send('client.call.offer', { muted: this.muted, trickle, sdp });
    if (trickle) link.releaseCandidates();
    if (this.host.up()) this.#after('answer', ANSWER_MS, () => this.#noAnswer());
    this.#settle();
  }

  /**
   * @param {MediaStream} microphone
   * @param {number} sections
   */
  #newLink(microphone, sections) {
    const iceServers = this.host.iceServers();
    /** @type {MediaLink} */
    const link = new MediaLink(microphone, { sections, iceServers }, {
      onCandidate: (candidate) => this.#sendCandidate(candidate),
      onState: (state) => this.#onLinkState(link, state),
    });
    return link;
  }

  /** @param {RTCIceCandidate | null} found */
  #sendCandidate(found) {
    void this.#send('client.call.trickle', {
      candidate: found?.candidate ?? '',
      sdp_mid: found?.sdpMid ?? '',
      sdp_mline_index: found?.sdpMLineIndex ?? 0,
    });
  }

  /**
   * @param {MediaLink} link
   * @param {RTCPeerConnectionState} state
   */
  #onLinkState(link, state) {
    if (this.ended) return;
    if (state === 'connected') this.#linkUp(link);
    if (state === 'failed' || state === 'closed') this.#linkLost(link);
    if (state === 'disconnected' && link === this.#link) {
      this.#after('gap', MEDIA_GAP_MS, () => this.#linkLost(link));
    }
    this.#settle();
  }

  /** @param {MediaLink} link */
  #linkUp(link) {
    this.#heard = true;
    this.#deadPaths = 0;
    if (link === this.#next) this.#adopt(link);
    this.#cancel('gap');
  }

  /** @param {MediaLink} link */
  #linkLost(link) {
    if (this.ended || (link !== this.#link && link !== this.#next)) return;
    if (link === this.#link && this.#next) return; // Its successor is on the way.
    if (++this.#deadPaths >= MOST_DEAD_PATHS) {
      this.#fail(mediaFailed());
      return;
    }
    if (this.host.up() && !this.#waits('state')) void this.#offer();
  }

  #linkIsGone() {
    const state = this.#link?.pc.connectionState;
    return state === 'failed' || state === 'closed' || state === 'disconnected';
  }

  /** @param {MediaLink} link heard from now on */
  #adopt(link) {
    this.#cancel('media');
    this.#cancel('gap');
    const old = this.#link;
    this.#link = link;
    this.#next = null;
    this.#streams = link.receivers.map((receiver) => new MediaStream([receiver.track]));
    if (this.host.options.play !== false) this.playback.play(this.#streams);
    old?.close();
    if (!link.connected) this.#after('gap', MEDIA_UP_MS, () => this.#linkLost(link));
    this.host.emit('streams', { call: this, streams: this.#streams });
  }

  #noAnswer() {
    if (this.#link) {
      void this.#offer();
      return;
    }
    const sentence = 'The server did not answer the call.';
    this.#fail(new ParleyError('no-answer', sentence, 'Check the connection and call again.'));
  }

  #dropNext() {
    this.#cancel('media');
    this.#next?.close();
    this.#next = null;
  }

  // What it looks like from outside.

  /** Finds the state that the facts add up to. */
  #settle() {
    if (this.ended) return;
    if (!this.#answered) this.#become('connecting');
    else if (!this.host.up() || this.#linkIsGone()) this.#become('reconnecting');
    else if (this.direct && !this.incoming && !this.#started) this.#become('ringing');
    else if (!this.#heard) this.#become('connecting');
    else this.#become('active');
  }

  /** @param {CallState} next */
  #become(next) {
    if (next === this.state) return;
    const previous = this.state;
    this.state = next;
    this.#tell(previous);
  }

  #tell(previous = this.state) {
    this.host.emit('state', { call: this, state: this.state, previous, reason: this.reason });
  }

  /** @param {import('./types.js').CallOnliner[]} onliners */
  #seeParticipants(onliners) {
    const before = this.#participants;
    this.#participants = new Map();
    for (const onliner of onliners) {
      const known = before.get(onliner.jid);
      const self = onliner.jid === this.host.me();
      this.#participants.set(onliner.jid, {
        jid: onliner.jid,
        displayName: onliner.display_name || known?.displayName || '',
        role: onliner.role ?? '',
        icon: onliner.icon ?? '',
        muted: self ? this.muted : onliner.muted === true,
        devices: onliner.devices ?? [],
        talking: (known?.talking ?? false) && !onliner.muted,
        level: known?.level ?? 0,
        self,
      });
    }
    this.#tell();
  }

  /**
   * @param {number} own
   * @param {Map<number | null, number>} others
   */
  #onLevels(own, others) {
    const strangers = others.get(null) ?? 0;
    for (const participant of this.#participants.values()) {
      if (participant.self) participant.level = this.muted ? 0 : own;
      else participant.level = others.get(csrcOf(participant.jid)) ?? (this.direct ? strangers : 0);
    }
    this.host.emit('level', { call: this, own: this.muted ? 0 : own });
  }

  /**
   * @param {boolean} muted
   * @param {'self'|'other'} by
   */
  #setMuted(muted, by) {
    this.muted = muted;
    for (const track of this.#microphone?.getAudioTracks() ?? []) track.enabled = !muted;
    const self = this.#participants.get(this.host.me());
    if (self) self.muted = muted;
    this.host.emit('muted', { call: this, muted, by });
  }

  /** @param {MediaStream} stream */
  #takeMicrophone(stream) {
    const [track] = stream.getAudioTracks();
    if (!track) {
      stopTracks(stream);
      throw new ParleyError('microphone-missing', 'The microphone delivers no sound.', 'Choose another one.');
    }
    this.#microphone = stream;
    track.enabled = !this.muted;
    track.addEventListener('ended', () => {
      if (this.ended || stream !== this.#microphone) return;
      this.#warn('microphone-lost', 'The microphone was unplugged or switched off.', 'Choose another one in the settings.');
    });
    this.meter.start(stream);
  }

  /** @param {'autoplay-blocked' | 'output-failed'} why */
  #playbackTrouble(why) {
    if (why === 'autoplay-blocked') {
      this.#warn(why, 'The browser holds the sound back.', 'Click anywhere on the page to hear the others.');
    } else {
      this.#warn(why, 'The chosen loudspeaker cannot be used.', 'Choose another one in the settings.');
    }
  }

  /**
   * @param {string} code
   * @param {string} message
   * @param {string} remedy
   */
  #warn(code, message, remedy) {
    this.host.emit('warning', { call: this, code, message, remedy });
  }

  /** @param {ParleyError} error */
  #fail(error) {
    if (this.ended) return;
    this.#end('failed');
    void this.#sendLeave(error.code);
    this.host.emit('error', { call: this, error, code: error.code, message: error.message, remedy: error.remedy });
  }

  /** @param {EndReason} reason */
  #end(reason) {
    if (this.ended) return;
    for (const name of Object.keys(this.#timers)) this.#cancel(name);
    this.#dropNext();
    this.#link?.close();
    this.#link = null;
    this.#streams = [];
    this.playback.stop();
    this.meter.stop();
    stopTracks(this.#microphone);
    this.#microphone = null;
    this.reason = reason;
    this.#become('ended');
    this.host.emit('ended', { call: this, jid: this.jid, reason });
  }

  /** @param {string} [reason] */
  async #sendLeave(reason) {
    if (!this.#offered) return;
    const params = { jid: this.jid, ...(reason ? { reason } : {}) };
    await this.host.send('client.call.leave', params, { lasting: true });
  }

  /**
   * @param {string} event
   * @param {object} [params]
   */
  #send(event, params) {
    if (this.ended) return Promise.resolve(false);
    return this.host.send(event, { jid: this.jid, ...params });
  }

  /**
   * @param {string} name
   * @param {number} ms
   * @param {() => void} then
   */
  #after(name, ms, then) {
    this.#cancel(name);
    this.#timers[name] = setTimeout(() => {
      delete this.#timers[name];
      then();
    }, ms);
  }

  /** @param {string} name */
  #cancel(name) {
    clearTimeout(this.#timers[name]);
    delete this.#timers[name];
  }

  /** @param {string} name */
  #waits(name) {
    return name in this.#timers;
  }
}

/** @param {MediaStream | null} stream */
function stopTracks(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

function mediaFailed() {
  return new ParleyError(
    'media-failed',
    'The sound could not get through to the server.',
    'The network may block UDP: try another network, or ask your administrator for a TURN server.',
  );
}

/** @param {unknown} error */
function asParleyError(error) {
  if (error instanceof ParleyError) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new ParleyError('failed', `The call could not be started: ${text}`, 'Try again.', error);
}
