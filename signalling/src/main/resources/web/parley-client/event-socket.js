/** Longest wait between two attempts to connect. */
const LONGEST_RETRY_MS = 15_000;

/** An attempt that is not through by then is given up. */
const CONNECT_TIMEOUT_MS = 10_000;

/** With the answer's wait, a dead socket is found within 25 s, inside the server's grace of 30 s. */
const PING_EVERY_MS = 15_000;
const PING_ANSWER_MS = 10_000;

/** When something says that the network has changed: a live socket answers within this time. */
const PROBE_ANSWER_MS = 2_500;

/** More than a call's events and candidates together; a server that confirms nothing costs no more memory. */
const MOST_UNCONFIRMED = 200;

/** After so many sends without a confirmation the server does not want the event. */
const MOST_SENDS = 5;

/** Events that outlive a socket are stale after this time. */
const LASTING_MS = 30_000;

/** The server repeats an event a few times within seconds; this many ids cover far more than that. */
const REMEMBERED_IDS = 256;

/**
 * @typedef {object} Unconfirmed
 * @property {string} text
 * @property {boolean} lasting
 * @property {number} since
 * @property {number} dueAt
 * @property {number} sends
 * @property {(confirmed: boolean) => void} settle
 *
 * @typedef {object} SocketEvents
 * @property {(event: string, params: any) => void} onEvent each event of the server, once
 * @property {() => void} onUp the socket is open
 * @property {(retryMs: number, close: {code: number, reason: string}) => void} onDown it was lost,
 *   or an attempt failed; the next attempt follows after retryMs
 */

/**
 * The protocol's events over one WebSocket at a time. It reconnects with backoff and jitter, pings,
 * confirms what the server wants confirmed, drops the server's repeats, and repeats its own events
 * until they are confirmed.
 */
export class EventSocket {
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {Map<string, Unconfirmed>} */
  #unconfirmed = new Map();
  /** @type {Set<string>} */
  #seen = new Set();
  #attempts = 0;
  #closed = true;
  #heardAt = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retryTimer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #aliveTimer;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #resendTimer;
  /** How long to wait for a confirmation, in ms; the server's `resend_timeout`. */
  resendMs = 5_000;

  /**
   * @param {string} url
   * @param {string[]} protocols
   * @param {SocketEvents} events
   */
  constructor(url, protocols, events) {
    this.url = url;
    this.protocols = protocols;
    this.events = events;
  }

  get up() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  open() {
    if (!this.#closed) return;
    this.#closed = false;
    this.#attempts = 0;
    this.#resendTimer = setInterval(() => this.#resend(), 1_000);
    globalThis.addEventListener('online', this.#onNetwork);
    networkInformation()?.addEventListener('change', this.#onNetwork);
    this.#connect();
  }

  close() {
    this.#closed = true;
    clearInterval(this.#resendTimer);
    clearTimeout(this.#retryTimer);
    globalThis.removeEventListener('online', this.#onNetwork);
    networkInformation()?.removeEventListener('change', this.#onNetwork);
    this.#letGo(1000, 'bye');
    this.#settleAll(() => true);
  }

  /**
   * Sends an event.
   *
   * @param {string} event
   * @param {object} [params]
   * @param {{lasting?: boolean}} [how] lasting: also on the next socket, if this one is lost
   * @returns {Promise<boolean>} whether the server confirmed it
   */
  send(event, params, { lasting = false } = {}) {
    if (this.#closed || (!this.up && !lasting)) return Promise.resolve(false);
    const id = newConfirmId();
    const text = JSON.stringify({ event, confirm_id: id, ...(params ? { params } : {}) });
    return new Promise((settle) => {
      const now = Date.now();
      const dueAt = now + this.resendMs;
      this.#unconfirmed.set(id, { text, lasting, since: now, dueAt, sends: 1, settle });
      for (const [oldest, entry] of this.#unconfirmed) {
        if (this.#unconfirmed.size <= MOST_UNCONFIRMED) break;
        this.#unconfirmed.delete(oldest);
        entry.settle(false);
      }
      if (this.up) this.#socket?.send(text);
    });
  }

  #connect() {
    clearTimeout(this.#retryTimer);
    let socket;
    try {
      socket = this.protocols.length
        ? new WebSocket(this.url, this.protocols)
        : new WebSocket(this.url);
    } catch {
      this.#lost(1006, 'invalid address');
      return;
    }
    this.#socket = socket;
    socket.onopen = () => this.#opened();
    socket.onmessage = (message) => this.#received(message.data);
    socket.onclose = (close) => this.#lost(close.code, close.reason);
    this.#aliveTimer = setTimeout(() => this.#lost(1006, 'no answer'), CONNECT_TIMEOUT_MS);
  }

  #onNetwork = () => {
    if (!this.#closed && !this.#socket) this.#connect();
    else this.probe();
  };

  /** Looks at once whether the socket still lives: an address that is gone closes none. */
  probe() {
    if (this.up) this.#ping(PROBE_ANSWER_MS);
  }

  #opened() {
    this.#seen.clear(); // The server numbers its confirm ids anew on each socket.
    this.#heardAt = Date.now();
    this.#watch();
    for (const entry of this.#unconfirmed.values()) this.#sendAgain(entry);
    this.events.onUp();
  }

  /** @param {unknown} data */
  #received(data) {
    this.#heardAt = Date.now();
    this.#attempts = 0;
    const envelope = parse(data);
    if (!envelope) return;
    const { event, params, confirm_id: id } = envelope;
    if (event === 'server.confirm') {
      this.#confirmed(params.confirm_id ?? id);
      return;
    }
    if (typeof id === 'string' && id) {
      this.#socket?.send(JSON.stringify({ event: 'client.confirm', params: { confirm_id: id } }));
      if (this.#seen.has(id)) return;
      this.#remember(id);
    }
    this.events.onEvent(event, params);
  }

  /** @param {string} id */
  #remember(id) {
    this.#seen.add(id);
    if (this.#seen.size > REMEMBERED_IDS) {
      for (const oldest of this.#seen) {
        this.#seen.delete(oldest);
        break;
      }
    }
  }

  /** @param {unknown} id */
  #confirmed(id) {
    if (typeof id !== 'string') return;
    const entry = this.#unconfirmed.get(id);
    this.#unconfirmed.delete(id);
    entry?.settle(true);
  }

  /** Sends a ping now and then; without any sign of life after it, the socket is dead. */
  #watch() {
    clearTimeout(this.#aliveTimer);
    this.#aliveTimer = setTimeout(() => this.#ping(PING_ANSWER_MS), PING_EVERY_MS);
  }

  /** @param {number} patienceMs */
  #ping(patienceMs) {
    clearTimeout(this.#aliveTimer);
    const pingedAt = Date.now();
    this.#socket?.send(JSON.stringify({ event: 'client.ping', confirm_id: newConfirmId() }));
    this.#aliveTimer = setTimeout(() => {
      if (this.#heardAt >= pingedAt) this.#watch();
      else this.#lost(1006, 'no sign of life');
    }, patienceMs);
  }

  /**
   * @param {number} code
   * @param {string} reason
   */
  #lost(code, reason) {
    this.#letGo(1000, reason);
    this.#settleAll((entry) => !entry.lasting);
    if (this.#closed) return;
    const backoff = Math.min(LONGEST_RETRY_MS, 500 * 2 ** Math.min(this.#attempts++, 10));
    const retryMs = Math.round(backoff * (0.5 + Math.random()));
    this.#retryTimer = setTimeout(() => this.#connect(), retryMs);
    this.events.onDown(retryMs, { code, reason });
  }

  /**
   * @param {number} code
   * @param {string} reason
   */
  #letGo(code, reason) {
    clearTimeout(this.#aliveTimer);
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    if (socket.readyState <= WebSocket.OPEN) socket.close(code, reason);
  }

  #resend() {
    const now = Date.now();
    for (const [id, entry] of this.#unconfirmed) {
      const stale = now - entry.since > LASTING_MS || entry.sends >= MOST_SENDS;
      if (entry.dueAt > now) continue;
      if (stale) {
        this.#unconfirmed.delete(id);
        entry.settle(false);
      } else if (this.up) {
        this.#sendAgain(entry);
      }
    }
  }

  /** @param {Unconfirmed} entry */
  #sendAgain(entry) {
    entry.sends++;
    entry.dueAt = Date.now() + this.resendMs;
    this.#socket?.send(entry.text);
  }

  /** @param {(entry: Unconfirmed) => boolean} which */
  #settleAll(which) {
    for (const [id, entry] of this.#unconfirmed) {
      if (!which(entry)) continue;
      this.#unconfirmed.delete(id);
      entry.settle(false);
    }
  }
}

/** What tells of a change from one network to another, in browsers that do. */
function networkInformation() {
  return /** @type {EventTarget | undefined} */ (
    /** @type {any} */ (globalThis.navigator)?.connection
  );
}

/**
 * @param {unknown} data
 * @returns {{event: string, confirm_id?: string, params: any} | null} null if it is no event
 */
function parse(data) {
  if (typeof data !== 'string') return null;
  try {
    const envelope = JSON.parse(data);
    if (typeof envelope?.event !== 'string') return null;
    return { ...envelope, params: envelope.params ?? {} };
  } catch {
    return null;
  }
}

function newConfirmId() {
  const bytes = crypto.getRandomValues(new Uint8Array(6));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
