import { csrcOf } from './level-meter.js';

/**
 * @typedef {import('./types.js').Participant} Participant
 * @typedef {import('./types.js').CallOnliner} CallOnliner
 */

/** Who is in a call, in the order in which they came, and who of them talks how loud. */
export class Participants {
  /** @type {Map<string, Participant>} */
  #byJid = new Map();

  /** @returns {Participant[]} */
  get all() {
    return [...this.#byJid.values()];
  }

  /** @param {string} jid */
  get(jid) {
    return this.#byJid.get(jid);
  }

  /**
   * @param {CallOnliner[]} onliners all that there are
   * @param {{jid: string, muted: boolean}} self
   */
  see(onliners, self) {
    const before = this.#byJid;
    this.#byJid = new Map();
    for (const onliner of onliners) {
      const known = before.get(onliner.jid);
      const isSelf = onliner.jid === self.jid;
      const muted = isSelf ? self.muted : onliner.muted === true;
      this.#byJid.set(onliner.jid, {
        jid: onliner.jid,
        displayName: onliner.display_name || known?.displayName || '',
        role: onliner.role ?? '',
        icon: onliner.icon ?? '',
        muted,
        devices: onliner.devices ?? [],
        talking: (known?.talking ?? false) && !muted,
        level: known?.level ?? 0,
        self: isSelf,
      });
    }
  }

  /** The server tells changes only: without it nobody knows who talks. */
  forgetTalking() {
    for (const participant of this.#byJid.values()) participant.talking = false;
  }

  /**
   * @param {number} own linear level of this device's microphone
   * @param {Map<number | null, number>} others by CSRC; null: a voice that came without one
   * @param {boolean} direct whether such a voice can only be the other one's
   */
  hear(own, others, direct) {
    const nameless = direct ? (others.get(null) ?? 0) : 0;
    for (const participant of this.#byJid.values()) {
      const heard = others.get(csrcOf(participant.jid)) ?? nameless;
      participant.level = participant.self ? own : heard;
    }
  }
}
