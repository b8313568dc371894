// Parley's client library: calls for a chat front end, with no dependency. See CLIENT.md.
//
//   const parley = new Parley({ url: 'https://chat.example.org', team, token });
//   parley.addEventListener('ring', ({ detail }) => show(detail.displayName));
//   await parley.connect();
//   await parley.call(jid);

import { ParleyCall } from './parley-client/call.js';
import { notConnected, panic, ParleyError, unreachable } from './parley-client/errors.js';
import { Devices } from './parley-client/devices.js';
import { EventSocket } from './parley-client/event-socket.js';
import { loudness } from './parley-client/level-meter.js';
import { openMicrophone, silentMicrophone } from './parley-client/microphone.js';
import { Rings } from './parley-client/rings.js';
import { ServerApi } from './parley-client/server-api.js';

/** After how long the STUN and TURN servers are asked for again: a tenth of what credentials last. */
const ICE_SERVERS_MS = 2 * 60 * 60 * 1000;

export { ParleyCall, ParleyError, loudness, openMicrophone, silentMicrophone };

/**
 * @typedef {import('./parley-client/types.js').ParleyOptions} ParleyOptions
 * @typedef {import('./parley-client/types.js').Features} Features
 * @typedef {import('./parley-client/types.js').CallInfo} CallInfo
 * @typedef {import('./parley-client/types.js').Ring} Ring
 * @typedef {import('./parley-client/types.js').CallWay} CallWay
 * @typedef {'offline'|'connecting'|'online'|'reconnecting'|'closed'} ConnectionState
 */

/**
 * A contact's connection to one team of the server, and the call that he is in.
 *
 * Events (CustomEvent, what is listed is `detail`):
 *   connected {again}                      the socket is open; again: not for the first time
 *   disconnected {retryMs, code, reason}   it was lost; retryMs null: it stays closed
 *   online {contacts}                      who is online
 *   calls {calls}                          the team's running calls that this contact may join
 *   ring Ring / ringend {jid, uid, reason: accepted|rejected|cancelled|timeout|elsewhere}
 *   state {call, state, previous, reason}  the current call's state, participants or details changed
 *   recording {call, recorded}             recording began or stopped
 *   consent {call, jid, recording}         may this contact be recorded? answer with consent(jid, agrees)
 *   streams {call, streams}                other voices are played from now on
 *   talking {call, jid, actor, talking} / level {call, own}   see call.participants for the others
 *   muted {call, muted, by: self|other} / mutedbyother {call, jid}
 *   connection {call, connection}          every two seconds: how well this device hears and is heard
 *   quality {call, connection, previous}   its quality, or what is wrong with it, has changed
 *   devices {microphones, outputs}         something was plugged in or out
 *   device {call, kind, label, reason: unplugged|back}   another microphone is used from now on
 *   left {call, jid, actor} / rejected {call, jid, reason} / ended {call, jid, reason}
 *   login {deviceName}                     the same contact signed in on another device
 *   warning {code, message, remedy} / error {code, message, remedy, error}
 */
export class Parley extends EventTarget {
  /** @type {ConnectionState} */
  state = 'offline';
  /** @type {Features} */
  features = {};
  /** @type {{jid: string, display_name?: string, [more: string]: any} | null} */
  me = null;
  /** @type {{jid: string, afk?: boolean, mobile: boolean}[]} contacts online */
  online = [];
  /** @type {Map<string, CallInfo>} running calls by chat */
  calls = new Map();
  /** @type {ParleyCall | null} the call that this device is in */
  currentCall = null;
  /** Server time minus local time, in ms. */
  clockOffsetMs = 0;

  /** @type {EventSocket} */
  #socket;
  #rings = new Rings(
    (ring) => this.#emit('ring', ring),
    ({ jid, uid }, reason) => this.#emit('ringend', { jid, uid, reason }),
  );
  #api;
  #devices = new Devices((devices) => {
    this.#emit('devices', devices);
    this.currentCall?.onDevices(devices);
  });
  #wasUp = false;
  /** @type {Map<string, (agrees: boolean) => void>} who waits for an answer, by chat */
  #asked = new Map();
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #serversTimer;

  /** @param {ParleyOptions} options */
  constructor(options) {
    super();
    this.options = { ...options };
    this.#api = new ServerApi(options.url, options.token);
    const path = `messaging/${encodeURIComponent(options.team)}`;
    const address = this.#api.socketAddress(path);
    // A browser cannot set headers on a WebSocket, and a token in the address would end up in logs.
    const protocols = ['parley', `instance.${newInstance()}`];
    if (options.token) protocols.push(`token.${base64url(options.token)}`);
    this.#socket = new EventSocket(address, protocols, {
      onEvent: (event, params) => this.#onEvent(event, params),
      onUp: () => this.#onUp(),
      onDown: (retryMs, close) => this.#onDown(retryMs, close),
    });
    /** @type {import('./parley-client/call.js').CallHost} */
    this.host = {
      options: this.options,
      iceServers: () => this.#iceServers(),
      me: () => this.me?.jid ?? '',
      features: () => this.features,
      up: () => this.#socket.up,
      probe: () => this.#socket.probe(),
      send: (event, params, how) => this.#socket.send(event, params, how),
      emit: (name, detail) => this.#fromCall(name, detail),
      mayBeRecorded: (call) => this.#mayBeRecorded(call),
      askConnection: (uid) => {
        const team = encodeURIComponent(options.team);
        return this.request(`/api/v4/teams/${team}/calls/${encodeURIComponent(uid)}/connection`);
      },
    };
  }

  /** @returns {Map<string, Ring>} incoming calls by chat */
  get rings() {
    return this.#rings.byJid;
  }

  /**
   * Connects; after that the connection is kept up until {@link close}.
   *
   * @throws {ParleyError} when the server refuses this token or team, or cannot be reached
   */
  async connect() {
    if (this.state !== 'offline' && this.state !== 'closed') return;
    this.state = 'connecting';
    try {
      const [team, features] = await Promise.all([
        this.request(`/api/v4/teams/${encodeURIComponent(this.options.team)}`),
        this.#api.get('/features.json'),
      ]);
      this.me = team.me ?? null;
      this.features = features;
      this.#socket.resendMs = 1000 * clamp(features.resend_timeout ?? 5, 1, 60);
      await this.#connected();
    } catch (error) {
      this.close();
      throw error;
    }
    globalThis.addEventListener('pagehide', this.#onPageHide);
    this.#devices.start();
    this.#serversTimer = setInterval(() => void this.#askForServers(), ICE_SERVERS_MS);
  }

  /** Credentials for TURN end after a while; a page may be open for days. */
  async #askForServers() {
    try {
      const { ice_servers } = await this.#api.get('/features.json');
      this.features = { ...this.features, ice_servers };
    } catch {
      // those of the last time may still be good
    }
  }

  /** Leaves the call and closes the connection for good. */
  close() {
    if (this.state === 'closed') return;
    globalThis.removeEventListener('pagehide', this.#onPageHide);
    this.#devices.stop();
    clearInterval(this.#serversTimer);
    void this.currentCall?.leave();
    this.#rings.endAll();
    this.state = 'closed';
    this.#socket.close();
    this.#wasUp = false;
    this.#emit('disconnected', { retryMs: null, code: 1000, reason: 'closed' });
  }

  /**
   * Asks the server's HTTP API.
   *
   * @param {string} path
   * @returns {Promise<any>} the answer's `result`
   * @throws {ParleyError}
   */
  async request(path) {
    const body = await this.#api.get(path);
    return body.result;
  }

  /**
   * Calls a contact, or starts or joins the call of a group. A call that this device is in is left first.
   *
   * @param {string} jid
   * @param {CallWay} [how]
   * @returns {Promise<ParleyCall>} when the offer is on its way
   * @throws {ParleyError} for instance without a microphone; an `error` event tells the same
   */
  async call(jid, { muted = false, microphone } = {}) {
    if (this.state === 'offline' || this.state === 'closed') throw notConnected();
    if (this.currentCall?.jid === jid) return this.currentCall;
    void this.currentCall?.leave();
    const call = new ParleyCall(jid, this.host, {
      muted,
      microphone,
      incoming: this.rings.has(jid),
    });
    this.currentCall = call;
    this.#rings.end(jid, 'accepted');
    this.#emit('state', { call, state: call.state, previous: null, reason: null });
    await call.start();
    return call;
  }

  /**
   * Takes an incoming call.
   *
   * @param {string} jid
   * @param {CallWay} [how]
   */
  accept(jid, how) {
    return this.call(jid, how);
  }

  /**
   * Declines an incoming call.
   *
   * @param {string} jid
   * @param {string} [reason]
   */
  reject(jid, reason) {
    this.#rings.end(jid, 'rejected');
    const params = { jid, ...(reason ? { reason } : {}) };
    return this.#socket.send('client.call.reject', params, { lasting: true });
  }

  /**
   * How calls in a chat are recorded, and whether this contact has to agree to that.
   *
   * @param {string} jid
   * @returns {Promise<import('./parley-client/types.js').ChatRecording>}
   * @throws {ParleyError}
   */
  recordingOf(jid) {
    return this.request(this.#recordingPath(jid));
  }

  /**
   * Says whether this contact may be recorded: the answer to a `consent` event, or another mind.
   * When it does not reach the server, the question stays open.
   *
   * @param {string} jid
   * @param {boolean} agrees
   * @throws {ParleyError}
   */
  async consent(jid, agrees) {
    await this.#api.post(this.#recordingPath(jid), { agree: agrees });
    this.#asked.get(jid)?.(agrees);
    this.#asked.delete(jid);
  }

  /**
   * Switches recording in the current call, where the policy leaves that to this contact.
   *
   * @param {boolean} on
   * @param {string} [why]
   * @throws {ParleyError}
   */
  record(on, why) {
    return this.#changeRecording({ audiorecord: on, ...(why ? { why } : {}) });
  }

  /**
   * Keeps what is said out of the recording for a while, where the policy leaves that to this contact.
   *
   * @param {boolean} on
   * @param {{contact?: string, why?: string}} [how] contact: only his voice
   * @throws {ParleyError}
   */
  mask(on, { contact, why } = {}) {
    const body = { mask: on, ...(contact ? { contact } : {}), ...(why ? { why } : {}) };
    return this.#changeRecording(body);
  }

  /** @param {object} change */
  async #changeRecording(change) {
    const call = this.currentCall;
    if (!call) throw notConnected();
    return (await this.#api.post(this.#recordingPath(call.jid), change)).result;
  }

  /** @param {string} jid */
  #recordingPath(jid) {
    const team = encodeURIComponent(this.options.team);
    return `/api/v4/teams/${team}/chats/${encodeURIComponent(jid)}/recording`;
  }

  /**
   * Asks the user where a policy wants it, beside the opening of the microphone.
   *
   * @param {ParleyCall} call
   * @returns {Promise<boolean>} false: he may not come in
   */
  async #mayBeRecorded(call) {
    const { jid } = call;
    let recording;
    try {
      recording = await this.recordingOf(jid);
    } catch {
      return true; // a server that asks nobody, or that will say so itself
    }
    if (recording.consent === 'not_asked' || recording.agreed === true) return true;
    if (call.ended) return false;
    const agrees = await new Promise((resolve) => {
      this.#asked.get(jid)?.(false);
      this.#asked.set(jid, resolve);
      this.#emit('consent', { call, jid, recording });
    });
    return agrees || recording.consent === 'or_not_captured';
  }

  /** Stops ringing the others. An outgoing direct call ends by that, a group's goes on. */
  cancel() {
    const call = this.currentCall;
    return call?.direct ? call.leave('cancelled') : call?.stopRinging();
  }

  /** @param {string} jid @returns {boolean} whether another device of this contact is in the call */
  inCallElsewhere(jid) {
    const onliners = this.calls.get(jid)?.onliners ?? [];
    return this.currentCall?.jid !== jid && onliners.some((it) => it.jid === this.me?.jid);
  }

  /** @param {boolean} [muted] */
  mute(muted = true) {
    this.currentCall?.mute(muted);
  }

  /** Mutes everybody else in the call. */
  muteAll() {
    return this.currentCall?.muteAll();
  }

  /** @param {string[]} [members] whom to ring; default: all members of the chat that are not here */
  buzz(members) {
    return this.currentCall?.buzz(members);
  }

  /** @param {string} [reason] */
  leave(reason) {
    return this.currentCall?.leave(reason);
  }

  /** @param {boolean} afk whether the user is away from his keyboard */
  setAway(afk) {
    void this.#socket.send('client.activity', { afk });
  }

  /**
   * Uses another microphone from now on, in the current call too.
   *
   * @param {string} deviceId
   * @throws {ParleyError}
   */
  async setMicrophone(deviceId) {
    this.options.microphoneId = deviceId;
    const call = this.currentCall;
    if (call) await call.useMicrophone(await openMicrophone(deviceId));
  }

  /** @param {string} deviceId where to play the others from now on */
  async setOutput(deviceId) {
    this.options.outputId = deviceId;
    await this.currentCall?.useOutput(deviceId);
  }

  // The connection.

  /** @returns {Promise<void>} when the socket is open */
  #connected() {
    return new Promise((resolve, reject) => {
      const settle = (/** @type {() => void} */ how) => {
        this.removeEventListener('connected', up);
        this.removeEventListener('disconnected', down);
        how();
      };
      const up = () => settle(resolve);
      const down = () => settle(() => reject(unreachable()));
      this.addEventListener('connected', up);
      this.addEventListener('disconnected', down);
      this.#socket.open();
    });
  }

  #onUp() {
    this.state = 'online';
    const again = this.#wasUp;
    this.#wasUp = true;
    this.#emit('connected', { again });
    this.currentCall?.onSocketUp();
  }

  /**
   * @param {number} retryMs
   * @param {{code: number, reason: string}} close
   */
  #onDown(retryMs, close) {
    const wasOnline = this.state === 'online';
    if (this.state !== 'connecting') this.state = 'reconnecting';
    this.currentCall?.onSocketDown();
    this.#emit('disconnected', { retryMs, ...close });
    if (!wasOnline && this.#wasUp) void this.#checkAccess();
  }

  /** The browser hides why a socket was refused; the HTTP API tells whether the token still counts. */
  async #checkAccess() {
    try {
      await this.request(`/api/v4/teams/${encodeURIComponent(this.options.team)}`);
    } catch (error) {
      if (error instanceof ParleyError && error.code === 'unauthorized') this.#giveUp(error);
    }
  }

  /** @param {ParleyError} error */
  #giveUp(error) {
    const { code, message, remedy } = error;
    this.close();
    this.#emit('error', { error, code, message, remedy });
  }

  #onPageHide = () => {
    void this.currentCall?.leave('page closed');
  };

  // The server's events.

  /**
   * @param {string} event
   * @param {any} params
   */
  #onEvent(event, params) {
    const call = this.currentCall?.jid === params.jid ? this.currentCall : null;
    const same = call && (!call.uid || !params.uid || call.uid === params.uid) ? call : null;
    switch (event) {
      case 'server.time':
        this.clockOffsetMs = Date.parse(params.time) - Date.now() || 0;
        break;
      case 'server.online':
        this.#onOnline(params);
        break;
      case 'server.call.state':
        this.#onState(params);
        break;
      case 'server.call.buzz':
        this.#onBuzz(params);
        break;
      case 'server.call.buzzcancel':
        this.#rings.end(params.jid, this.inCallElsewhere(params.jid) ? 'elsewhere' : 'cancelled');
        break;
      case 'server.call.answer':
        void call?.onAnswer(params);
        break;
      case 'server.call.talking':
        call?.onTalking(params.actor, params.talking === true);
        break;
      case 'server.call.leave':
        this.#onLeave(params);
        break;
      case 'server.call.reject':
        same?.onReject(params.reason ?? '');
        break;
      case 'server.call.sound':
        call?.onSound(params.muted === true);
        break;
      case 'server.call.muteall':
        call?.onMuteAll(params.muted === true);
        break;
      case 'server.call.restart':
        call?.onRestart();
        break;
      case 'server.call.checkfingerprint':
        this.currentCall?.onFingerprint(String(params.fingerprint ?? ''));
        break;
      case 'server.login':
        this.#emit('login', { deviceName: params.device_name ?? '' });
        break;
      case 'server.warning':
        this.#onWarning(params);
        break;
      case 'server.panic':
        this.#giveUp(panic(String(params.code ?? '')));
        break;
    }
  }

  /** @param {any} params */
  #onOnline(params) {
    this.online = params.contacts ?? [];
    this.#emit('online', { contacts: this.online });
    if (!params.calls) return;
    const before = this.calls;
    this.calls = new Map();
    for (const running of params.calls) {
      const known = before.get(running.jid);
      this.calls.set(running.jid, known?.uid === running.uid ? { ...known, ...running } : running);
    }
    this.#emit('calls', { calls: this.calls });
  }

  /** @param {CallInfo} info */
  #onState(info) {
    const known = this.calls.get(info.jid);
    const stale = known?.uid === info.uid && (known.gentime ?? 0) > (info.gentime ?? Infinity);
    if (stale) return;
    if (!info.finish) this.calls.set(info.jid, info);
    else if (!known || known.uid === info.uid) this.calls.delete(info.jid);
    if (info.finish && this.rings.get(info.jid)?.uid === info.uid)
      this.#rings.end(info.jid, 'cancelled');
    this.#emit('calls', { calls: this.calls });
    if (this.currentCall?.jid === info.jid) this.currentCall.onState(info);
  }

  /** @param {any} params */
  #onLeave({ jid, uid }) {
    const call = this.currentCall;
    if (!call || (call.uid && uid && call.uid !== uid)) return;
    // A contact's jid in a group's call names the one who left.
    if (jid === call.jid || (uid && uid === call.uid)) call.onLeave(jid);
  }

  /** @param {any} params */
  #onBuzz(params) {
    // When both call each other, the server makes it one call: there is nothing to accept.
    if (this.currentCall?.jid !== params.jid) this.#rings.begin(params);
  }

  /** @param {any} params */
  #onWarning(params) {
    const message = String(params.message ?? '');
    const offer = params.orig?.event === 'client.call.offer' ? params.orig.params?.jid : null;
    if (offer && offer === this.currentCall?.jid) this.currentCall?.onRefused(message);
    else this.#emit('warning', { code: 'server', message, remedy: '', orig: params.orig });
  }

  /**
   * @param {string} name
   * @param {any} detail
   */
  #fromCall(name, detail) {
    if (name === 'ended') {
      this.#asked.get(detail.jid)?.(false);
      this.#asked.delete(detail.jid);
    }
    if (this.currentCall?.ended) this.currentCall = null;
    this.#emit(name, detail);
  }

  /**
   * @param {string} name
   * @param {object} detail
   */
  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  /** @returns {RTCIceServer[]} those that a browser accepts; one bad entry would fail them all */
  #iceServers() {
    const servers = this.options.iceServers ?? this.features.ice_servers ?? [];
    return servers.filter(({ urls, username, credential }) => {
      const all = [urls].flat();
      if (!all.every((url) => /^(stun|turn)s?:[^?]+/.test(url))) return false;
      return all.every((url) => url.startsWith('stun')) || Boolean(username && credential);
    });
  }
}

/** @param {string} text */
function base64url(text) {
  return encodeBase64url(new TextEncoder().encode(text));
}

/** @param {Uint8Array} bytes */
function encodeBase64url(bytes) {
  const base64 = btoa(String.fromCharCode(...bytes));
  return base64.replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

/** What stays the same when this client connects anew: the server knows the device again by it. */
function newInstance() {
  return encodeBase64url(crypto.getRandomValues(new Uint8Array(16)));
}

/**
 * @param {number} value
 * @param {number} least
 * @param {number} most
 */
function clamp(value, least, most) {
  return Math.min(most, Math.max(least, Number(value) || least));
}
