import { avatar } from './avatar.js';
import { byId, icon, make } from './elements.js';

/**
 * @typedef {import('../parley-client.js').Ring} Ring
 */

/** The cards of incoming calls. */
export class RingView {
  /** @type {Map<string, {card: HTMLElement, before: Element | null}>} */
  #cards = new Map();

  /**
   * @param {object} does
   * @param {(jid: string, muted: boolean) => void} does.accept
   * @param {(jid: string) => void} does.reject
   */
  constructor({ accept, reject }) {
    this.accept = accept;
    this.reject = reject;
  }

  get size() {
    return this.#cards.size;
  }

  /**
   * @param {Ring} ring
   * @param {{recorded: boolean, busy: boolean}} circumstances
   */
  show(ring, { recorded, busy }) {
    this.hide(ring.jid);
    const group = !ring.jid.startsWith('d-');
    const who = ring.actor?.display_name ?? ring.displayName;
    const face = group
      ? { jid: ring.jid, display_name: ring.displayName, icons: ring.icons }
      : { jid: ring.jid, display_name: who, icons: ring.icons };
    const words = make(
      'div',
      { class: 'ring-words' },
      make('h2', { id: `ring-${ring.jid}` }, group ? ring.displayName : who),
      make('p', {}, group ? `${who} invites you to a call` : 'is calling you'),
    );
    if (recorded)
      words.append(
        make(
          'p',
          { class: 'ring-recorded' },
          make('span', { class: 'recorded-dot', 'aria-hidden': 'true' }),
          'This call is recorded',
        ),
      );
    const button = (
      /** @type {string} */ kind,
      /** @type {string} */ image,
      /** @type {string} */ name,
      /** @type {() => void} */ onclick,
    ) =>
      make(
        'button',
        { type: 'button', class: `answer answer-${kind}`, onclick },
        icon(image),
        name,
      );
    const card = make(
      'section',
      { class: 'ring', role: 'alertdialog', 'aria-labelledby': `ring-${ring.jid}`, tabIndex: -1 },
      make(
        'div',
        { class: 'ring-top' },
        make('span', { class: 'pulse' }, avatar(face, 'large')),
        words,
      ),
      make(
        'div',
        { class: 'ring-buttons' },
        button('reject', 'hangup', 'Decline', () => this.reject(ring.jid)),
        button('accept', 'phone', busy ? 'Switch' : 'Accept', () => this.accept(ring.jid, false)),
      ),
      make(
        'button',
        { type: 'button', class: 'text', onclick: () => this.accept(ring.jid, true) },
        busy ? 'Leave this call and join muted' : 'Join with the microphone off',
      ),
    );
    this.#cards.set(ring.jid, { card, before: document.activeElement });
    byId('rings').append(card);
    // The card, not its button: a key that was meant for something else must not take the call.
    card.focus({ preventScroll: true });
  }

  /** @param {string} jid */
  hide(jid) {
    const shown = this.#cards.get(jid);
    if (!shown) return;
    const hadFocus = shown.card.contains(document.activeElement);
    shown.card.remove();
    this.#cards.delete(jid);
    if (hadFocus && shown.before instanceof HTMLElement)
      shown.before.focus({ preventScroll: true });
  }

  clear() {
    for (const jid of [...this.#cards.keys()]) this.hide(jid);
  }
}
