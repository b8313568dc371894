/** The server cancels a ring itself; this is only for a cancellation that got lost. */
const SLACK_MS = 3_000;

/** Longer than any server lets a client ring. */
const LONGEST_S = 300;

/** For a server that does not say. */
const USUAL_S = 45;

/**
 * @typedef {import('./types.js').Ring} Ring
 * @typedef {'accepted'|'rejected'|'cancelled'|'timeout'|'elsewhere'} RingEnd
 */

/** The incoming calls that wait for an answer: one a chat. */
export class Rings {
  /** @type {Map<string, Ring>} */
  byJid = new Map();
  /** @type {Map<string, ReturnType<typeof setTimeout>>} */
  #timers = new Map();

  /**
   * @param {(ring: Ring) => void} onRing
   * @param {(ring: Ring, reason: RingEnd) => void} onEnd
   */
  constructor(onRing, onEnd) {
    this.onRing = onRing;
    this.onEnd = onEnd;
  }

  /** @param {any} buzz params of `server.call.buzz` */
  begin(buzz) {
    const { jid, uid, icons, actor, chat } = buzz;
    const forMs = 1000 * Math.min(LONGEST_S, Number(buzz.buzz_timeout) || USUAL_S);
    const displayName = buzz.display_name || chat?.display_name || '';
    const ring = { jid, uid, displayName, icons, actor, chat, endsAt: Date.now() + forMs };
    clearTimeout(this.#timers.get(jid));
    this.byJid.set(jid, ring);
    this.#timers.set(
      jid,
      setTimeout(() => this.end(jid, 'timeout'), forMs + SLACK_MS),
    );
    this.onRing(ring);
  }

  /**
   * @param {string} jid
   * @param {RingEnd} reason
   */
  end(jid, reason) {
    const ring = this.byJid.get(jid);
    if (!ring) return;
    clearTimeout(this.#timers.get(jid));
    this.#timers.delete(jid);
    this.byJid.delete(jid);
    this.onEnd(ring, reason);
  }

  endAll() {
    for (const jid of [...this.byJid.keys()]) this.end(jid, 'cancelled');
  }
}
