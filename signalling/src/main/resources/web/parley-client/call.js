import {
  asParleyError,
  badAnswer,
  mediaFailed,
  noAnswer,
  notAgreed,
  refusedBecause,
  soundless,
} from './errors.js';
import { ConnectionWatch } from './connection-watch.js';
import { LevelMeter } from './level-meter.js';
import { MediaPath } from './media-path.js';
import { openMicrophone } from './microphone.js';
import { Participants } from './participants.js';
import { Playback } from './playback.js';
import { Timers } from './timers.js';

/** An answer takes the server milliseconds; after this time none will come. */
const ANSWER_MS = 15_000;

/**
 * After a socket came back, the server tells at once whether the call still runs; where a node has
 * died, as soon as another one goes on with the call.
 */
const STATE_MS = 10_000;

/**
 * @typedef {import('./types.js').CallInfo} CallInfo
 * @typedef {import('./types.js').CallState} CallState
 * @typedef {import('./types.js').EndReason} EndReason
 *
 * @typedef {object} CallHost what a call needs of the client around it
 * @property {import('./types.js').ParleyOptions} options
 * @property {() => import('./types.js').Features} features
 * @property {() => RTCIceServer[]} iceServers
 * @property {() => string} me own jid
 * @property {() => boolean} up whether the socket is open
 * @property {() => void} probe looks at once whether the socket still lives
 * @property {(event: string, params: object, how?: {lasting?: boolean}) => Promise<boolean>} send
 * @property {(name: string, detail: object) => void} emit
 * @property {(call: ParleyCall) => Promise<boolean>} mayBeRecorded asks the user where he has to agree
 * @property {(uid: string) => Promise<any>} askConnection what the server knows of this contact's
 *   connections to a call
 */

/**
 * One call of this device, from the first offer to its end. It is driven by
 *   the user:    start mute muteAll buzz stopRinging leave useMicrophone useOutput onDevices
 *   the server:  onAnswer onState onTalking onLeave onReject onSound onMuteAll onRestart
 *                onFingerprint onRefused
 *   the network: onSocketDown onSocketUp, and what its media path tells
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
  /** @type {boolean | null} whether the relay saw our own certificate; null: it has not told */
  verified = null;
  /** @type {MediaStream | null} */
  microphone = null;

  #participants = new Participants();
  #timers = new Timers();
  #offered = false;
  #answered = false;
  #started = false;
  /** Own changes of `muted` that the server has not confirmed. */
  #soundsUnderWay = 0;
  /** Whether another microphone than the chosen one is in use, because that one is gone. */
  #standIn = false;

  /**
   * @param {string} jid
   * @param {CallHost} host
   * @param {import('./types.js').CallWay & {incoming: boolean}} how incoming: it answers a ring
   */
  constructor(jid, host, { muted = false, microphone, incoming }) {
    const { options } = host;
    this.jid = jid;
    this.host = host;
    this.muted = muted;
    this.incoming = incoming;
    this.openMicrophone =
      microphone ?? options.microphone ?? (() => openMicrophone(options.microphoneId));
    this.trickle = options.trickle ?? true;
    this.path = new MediaPath(
      {
        sections: Math.max(1, options.sections ?? 5),
        trickle: this.trickle,
        iceServers: host.iceServers,
      },
      {
        onCandidate: (candidate) => this.#sendCandidate(candidate),
        onStreams: (streams) => this.#onStreams(streams),
        onChange: () => this.#settle(),
        onSilent: () => host.probe(),
        onLost: () => this.#onPathLost(),
        onDead: () => this.#fail(mediaFailed()),
      },
    );
    this.playback = new Playback(options.outputId ?? '', (why) => this.#onPlaybackTrouble(why));
    this.meter = new LevelMeter(
      () => this.receivers,
      (own, others) => this.#onLevels(own, others),
    );
    this.watch = new ConnectionWatch(
      {
        peerConnection: () => this.peerConnection,
        situation: () => this.#situation(),
        ask: () => host.askConnection(this.uid),
      },
      (now, before) => this.#onConnection(now, before),
    );
  }

  /** How well this device hears and is heard, and why not. */
  get connection() {
    return this.watch.state;
  }

  /** Whether this is a call between two. */
  get direct() {
    return this.jid.startsWith('d-');
  }

  get ended() {
    return this.state === 'ended';
  }

  /** Those in the call, in the order in which they came. */
  get participants() {
    return this.#participants.all;
  }

  /** One receiver for each audio section that can be heard. */
  get receivers() {
    return this.path.receivers;
  }

  /** The received voices, one stream a section. */
  get remoteStreams() {
    return this.path.streams;
  }

  /** The connection in use, for statistics. */
  get peerConnection() {
    return this.path.peerConnection;
  }

  // The user.

  /** Opens the microphone and makes the first offer. @throws {ParleyError} */
  async start() {
    try {
      const [stream, agreed] = await Promise.all([
        this.openMicrophone(),
        this.host.mayBeRecorded(this),
      ]);
      if (this.ended) return stopTracks(stream);
      if (!agreed) {
        stopTracks(stream);
        if (this.incoming) this.#decline();
        throw notAgreed();
      }
      this.#takeMicrophone(stream);
      await this.#offer();
    } catch (cause) {
      const error = asParleyError(cause);
      this.#fail(error);
      throw error;
    }
  }

  /** @param {boolean} muted */
  mute(muted) {
    if (this.ended || muted === this.muted) return;
    this.#setMuted(muted, 'self');
    if (this.#offered) void this.#sendSound(muted);
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
    this.#standIn = false;
    const old = this.microphone;
    this.#takeMicrophone(stream);
    await this.path.replaceTrack(stream.getAudioTracks()[0]);
    stopTracks(old);
  }

  /** @param {import('./devices.js').DeviceList} devices what is plugged in now */
  onDevices({ microphones, outputs }) {
    const { microphoneId, outputId } = this.host.options;
    if (outputId && outputs.some((it) => it.deviceId === outputId)) void this.useOutput(outputId);
    const back = microphones.find((it) => it.deviceId && it.deviceId === microphoneId);
    if (this.#standIn && back) void this.#changeMicrophone('back');
  }

  /** @param {string} outputId */
  async useOutput(outputId) {
    await this.playback.setOutput(outputId);
  }

  // The server.

  /** @param {any} params */
  async onAnswer(params) {
    if (this.ended || !this.#timers.cancel('answer')) return;
    this.#answered = true;
    this.uid = params.uid ?? this.uid;
    if (params.onliners) this.#seeParticipants(params.onliners);
    try {
      await this.path.answer(params.jsep?.sdp ?? '', params.candidates ?? []);
    } catch (cause) {
      this.#fail(badAnswer(cause));
      return;
    }
    this.watch.start();
    this.#settle();
  }

  /** @param {CallInfo} info */
  onState(info) {
    if (this.ended || (this.uid && info.uid && info.uid !== this.uid)) return;
    this.uid = info.uid || this.uid;
    if (info.finish) {
      const answered = !this.direct || this.incoming || this.#started;
      this.#end(answered ? 'finished' : 'noanswer');
      return;
    }
    if (info.start) {
      this.#started = true;
      this.startedAt = new Date(info.start);
    }
    if (info.onliners) this.#seeParticipants(info.onliners);
    this.#setRecorded(info.audiorecord === true);
    if (this.#timers.cancel('state')) void this.#offer();
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
    if (this.ended || !this.microphone) return;
    this.#timers.cancel('state');
    void this.#offer();
  }

  /** @param {string} fingerprint of the certificate that the relay saw from this client */
  onFingerprint(fingerprint) {
    this.verified = this.path.hasFingerprint(fingerprint);
    if (this.verified) return;
    const sentence =
      'Somebody may be listening in: the server saw another certificate than this one’s.';
    this.#warn('fingerprint', sentence, 'Leave the call and tell your administrator.');
  }

  /** @param {string} sentence the server's warning about our offer */
  onRefused(sentence) {
    if (this.#answered) {
      this.#warn('refused', `The server did not take the new offer: ${sentence}`, '');
      return;
    }
    this.#offered = false;
    this.#fail(refusedBecause(sentence));
  }

  // The network.

  onSocketDown() {
    if (this.ended) return;
    this.#timers.cancel('answer');
    this.#timers.cancel('state');
    this.path.dropOffer();
    this.#participants.forgetTalking();
    this.#settle();
  }

  /** The socket is back: the call is offered again when the server says that it still runs. */
  onSocketUp() {
    if (this.ended || !this.microphone) return;
    if (this.#answered) this.#timers.after('state', STATE_MS, () => this.#end('lost'));
    else void this.#offer();
  }

  #onPathLost() {
    if (this.host.up() && !this.#timers.waits('state')) void this.#offer();
  }

  /** Of several offers the server's last answer counts. */
  async #offer() {
    const sdp = await this.path.offer(/** @type {MediaStream} */ (this.microphone));
    if (sdp === null || this.ended || !this.host.up()) return;
    this.#offered = true;
    this.#timers.after('answer', ANSWER_MS, () => this.#onNoAnswer());
    void this.#send('client.call.offer', { muted: this.muted, trickle: this.trickle, sdp });
    this.path.offerSent();
    this.#settle();
  }

  #onNoAnswer() {
    if (this.#answered) {
      void this.#offer();
      return;
    }
    this.#fail(noAnswer());
  }

  /** @param {RTCIceCandidate | null} found */
  #sendCandidate(found) {
    void this.#send('client.call.trickle', {
      candidate: found?.candidate ?? '',
      sdp_mid: found?.sdpMid ?? '',
      sdp_mline_index: found?.sdpMLineIndex ?? 0,
    });
  }

  // What it looks like from outside.

  /** Finds the state that the facts add up to. */
  #settle() {
    if (this.ended) return;
    if (!this.#answered) this.#become('connecting');
    else if (!this.host.up() || this.path.gone) this.#become('reconnecting');
    else if (this.direct && !this.incoming && !this.#started) this.#become('ringing');
    else if (!this.path.heard) this.#become('connecting');
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
    this.#participants.see(onliners, { jid: this.host.me(), muted: this.muted });
    this.#tell();
  }

  /** @param {boolean} recorded */
  #setRecorded(recorded) {
    if (recorded === this.recorded) return;
    this.recorded = recorded;
    this.host.emit('recording', { call: this, recorded });
  }

  /**
   * @param {boolean} muted
   * @param {'self'|'other'} by
   */
  #setMuted(muted, by) {
    this.muted = muted;
    for (const track of this.microphone?.getAudioTracks() ?? []) track.enabled = !muted;
    const self = this.#participants.get(this.host.me());
    if (self) self.muted = muted;
    this.host.emit('muted', { call: this, muted, by });
  }

  /** @param {MediaStream[]} streams */
  #onStreams(streams) {
    if (this.host.options.play !== false) this.playback.play(streams);
    this.host.emit('streams', { call: this, streams });
  }

  /**
   * @param {number} measured
   * @param {Map<number | null, number>} others
   */
  #onLevels(measured, others) {
    const own = this.muted ? 0 : measured;
    this.#participants.hear(own, others, this.direct);
    this.host.emit('level', { call: this, own });
  }

  /** @param {MediaStream} stream */
  #takeMicrophone(stream) {
    const [track] = stream.getAudioTracks();
    if (!track) {
      stopTracks(stream);
      throw soundless();
    }
    this.microphone = stream;
    track.enabled = !this.muted;
    track.addEventListener('ended', () => {
      if (!this.ended && stream === this.microphone) void this.#changeMicrophone('unplugged');
    });
    this.meter.start(stream);
  }

  /**
   * The microphone is gone, or the chosen one is there again: opens what there is.
   *
   * @param {'unplugged' | 'back'} reason
   */
  async #changeMicrophone(reason) {
    const gone = this.microphone;
    try {
      const stream = await this.openMicrophone();
      if (this.ended || this.microphone !== gone) return stopTracks(stream);
      await this.useMicrophone(stream);
      this.#standIn = reason === 'unplugged';
      const label = stream.getAudioTracks()[0]?.label ?? '';
      this.host.emit('device', { call: this, kind: 'microphone', label, reason });
    } catch {
      if (this.ended || reason === 'back') return;
      this.#standIn = true;
      const sentence = 'The microphone was unplugged or switched off.';
      this.#warn('microphone-lost', sentence, 'Choose another one in the settings.');
    }
  }

  /** @returns {import('./connection-watch.js').Situation} */
  #situation() {
    return {
      reconnecting: this.state === 'reconnecting',
      heldBack: this.playback.heldBack,
      muted: this.muted,
      track: this.microphone?.getAudioTracks()[0],
      othersTalk: this.participants.some((it) => it.talking && !it.self && !it.muted),
      people: this.participants.length,
    };
  }

  /**
   * @param {import('./connection-watch.js').ConnectionState} now
   * @param {import('./connection-watch.js').ConnectionState} before
   */
  #onConnection(now, before) {
    this.host.emit('connection', { call: this, connection: now });
    const [track] = this.microphone?.getAudioTracks() ?? [];
    // Not every way to lose a microphone is told by an event.
    if (track?.readyState === 'ended' && !this.#standIn) void this.#changeMicrophone('unplugged');
    if (now.quality !== before.quality || now.fault !== before.fault) {
      this.host.emit('quality', { call: this, connection: now, previous: before });
    }
  }

  /** @param {'autoplay-blocked' | 'output-failed'} why */
  #onPlaybackTrouble(why) {
    const [sentence, remedy] =
      why === 'autoplay-blocked'
        ? ['The browser holds the sound back.', 'Click anywhere on the page to hear the others.']
        : ['The chosen loudspeaker cannot be used.', 'Choose another one in the settings.'];
    this.#warn(why, sentence, remedy);
  }

  /**
   * @param {string} code
   * @param {string} message
   * @param {string} remedy
   */
  #warn(code, message, remedy) {
    this.host.emit('warning', { call: this, code, message, remedy });
  }

  /** @param {import('./errors.js').ParleyError} error */
  #fail(error) {
    if (this.ended) return;
    this.#end('failed');
    void this.#sendLeave(error.code);
    const { code, message, remedy } = error;
    this.host.emit('error', { call: this, error, code, message, remedy });
  }

  /** @param {EndReason} reason */
  #end(reason) {
    if (this.ended) return;
    this.#timers.cancelAll();
    this.path.close();
    this.playback.stop();
    this.meter.stop();
    this.watch.stop();
    stopTracks(this.microphone);
    this.microphone = null;
    this.reason = reason;
    this.#become('ended');
    this.host.emit('ended', { call: this, jid: this.jid, reason });
  }

  /**
   * @param {string} event
   * @param {object} [params]
   */
  #send(event, params) {
    if (this.ended) return Promise.resolve(false);
    return this.host.send(event, { jid: this.jid, ...params });
  }

  /** @param {boolean} muted */
  async #sendSound(muted) {
    this.#soundsUnderWay++;
    await this.#send('client.call.sound', { muted });
    this.#soundsUnderWay--;
  }

  /** Who rang need not wait until the ring is over. */
  #decline() {
    const params = { jid: this.jid, reason: 'consent' };
    void this.host.send('client.call.reject', params, { lasting: true });
  }

  /** @param {string} [reason] */
  async #sendLeave(reason) {
    if (!this.#offered) return;
    const params = { jid: this.jid, ...(reason ? { reason } : {}) };
    await this.host.send('client.call.leave', params, { lasting: true });
  }
}

/** @param {MediaStream | null} stream */
function stopTracks(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
