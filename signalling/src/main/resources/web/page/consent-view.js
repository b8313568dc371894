import { byId, make } from './elements.js';

/**
 * @typedef {import('../parley-client.js').Parley} Parley
 * @typedef {import('../parley-client/types.js').ChatRecording} ChatRecording
 */

/** Asks whether one may be recorded, before the call begins. */
export class ConsentView {
  /** @type {HTMLElement | null} */
  #card = null;

  /** @param {Parley} parley */
  constructor(parley) {
    this.parley = parley;
  }

  /**
   * @param {string} jid
   * @param {string} name of the chat
   * @param {ChatRecording} recording
   */
  ask(jid, name, recording) {
    this.hide();
    const trouble = make('p', { class: 'ring-trouble', role: 'status' });
    const answer = (/** @type {boolean} */ agrees) => async () => {
      trouble.textContent = '';
      try {
        await this.parley.consent(jid, agrees);
        this.hide();
      } catch (error) {
        const { message } = /** @type {Error} */ (error);
        trouble.textContent = `${message} Your answer was not taken: try again.`;
      }
    };
    const refusal =
      recording.consent === 'or_not_captured'
        ? 'If you do not agree, you can take part, and nothing you say is recorded.'
        : 'If you do not agree, you cannot take part.';
    const button = (
      /** @type {string} */ kind,
      /** @type {string} */ text,
      /** @type {boolean} */ agrees,
    ) =>
      make(
        'button',
        { type: 'button', class: `answer answer-${kind}`, onclick: answer(agrees) },
        text,
      );
    this.#card = make(
      'section',
      { class: 'ring', role: 'alertdialog', 'aria-labelledby': 'consent-title', tabIndex: -1 },
      make(
        'div',
        { class: 'ring-words' },
        make('h2', { id: 'consent-title' }, 'May you be recorded?'),
        make('p', {}, `Calls in “${name}” are recorded. ${refusal}`),
        trouble,
      ),
      make(
        'div',
        { class: 'ring-buttons' },
        button('reject', 'No', false),
        button('accept', 'I agree', true),
      ),
    );
    byId('rings').append(this.#card);
    this.#card.focus({ preventScroll: true });
  }

  hide() {
    this.#card?.remove();
    this.#card = null;
  }
}
