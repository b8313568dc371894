import { byId, make, match, setText } from './elements.js';
import { announce } from './notices.js';

/**
 * @typedef {import('../parley-client.js').Parley} Parley
 * @typedef {import('../parley-client/connection-watch.js').ConnectionState} ConnectionState
 */

/** Shorter troubles heal before anybody has read of them. */
const TROUBLE_AFTER_MS = 3_000;

const NAMES = {
  unknown: 'Measuring…',
  good: 'Good connection',
  fair: 'Fair connection',
  poor: 'Poor connection',
  lost: 'No sound',
};

/** How well this device hears and is heard: a sign in the call's head, a sentence, a panel. */
export class ConnectionView {
  #dialog = /** @type {HTMLDialogElement} */ (byId('connection-panel'));
  #troubleSince = 0;
  #told = '';

  /** @param {Parley} parley */
  constructor(parley) {
    this.parley = parley;
    byId('connection').onclick = () => this.#open();
    this.#dialog.onclick = (click) => {
      if (click.target === this.#dialog) this.#dialog.close();
    };
    for (const event of ['connection', 'state', 'ended'])
      parley.addEventListener(event, () => this.#show());
  }

  #open() {
    this.#show();
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  #show() {
    const connection = this.parley.currentCall?.connection;
    if (!connection) {
      this.#trouble(null);
      if (this.#dialog.open) this.#dialog.close();
      return;
    }
    const button = byId('connection');
    button.dataset.quality = connection.quality;
    setText(byId('connection-name'), NAMES[connection.quality]);
    this.#trouble(connection);
    if (this.#dialog.open) this.#fill(connection);
  }

  /** @param {ConnectionState | null} connection */
  #trouble(connection) {
    const { quality = 'unknown', sentence = '' } = connection ?? {};
    const bad = quality === 'lost' || quality === 'poor';
    this.#troubleSince = bad ? this.#troubleSince || Date.now() : 0;
    const shown = bad && Date.now() - this.#troubleSince >= TROUBLE_AFTER_MS ? sentence : '';
    const line = byId('trouble');
    line.hidden = shown === '';
    setText(line, shown);
    // Read out once, not with every new number in it.
    const what = shown && connection ? connection.fault : '';
    if (what && what !== this.#told) announce(shown);
    this.#told = what;
  }

  /** @param {ConnectionState} connection */
  #fill(connection) {
    byId('connection-sentence').dataset.quality = connection.quality;
    setText(byId('connection-sentence'), connection.sentence);
    match(
      byId('connection-figures'),
      rows(connection),
      ([name]) => name,
      ([name]) => make('div', { class: 'figure' }, make('dt', {}, name), make('dd')),
      (element, [, value]) => setText(/** @type {Element} */ (element.lastElementChild), value),
    );
    byId('connection-others').hidden = connection.others.length === 0;
    match(
      byId('connection-other-list'),
      connection.others,
      ({ jid }) => jid,
      () => make('li'),
      (element, { sentence }) => setText(element, sentence),
    );
  }
}

/** @param {ConnectionState} connection @returns {[string, string][]} */
function rows({ figures, mosUp, mosDown, levelDbov }) {
  if (!figures) return [];
  return /** @type {[string, string | undefined][]} */ ([
    ['You are heard', opinion(mosUp)],
    ['You hear', opinion(mosDown)],
    ['Round trip', number(figures.roundTripMs, 'ms')],
    ['Lost on the way up', number(figures.lossUpPercent, '%', 1)],
    ['Lost on the way down', number(figures.lossDownPercent, '%', 1)],
    ['Made up where sound was missing', number(figures.concealedPercent, '%', 1)],
    ['Jitter up', number(figures.jitterUpMs, 'ms', 1)],
    ['Jitter down', number(figures.jitterDownMs, 'ms', 1)],
    ['Microphone', levelDbov === undefined ? undefined : `${levelDbov} dB`],
    ['Packets sent', String(figures.packetsSent)],
    ['Packets received', String(figures.packetsReceived)],
    ['Way', figures.path],
    ['Relay', figures.relay],
  ]).map(([name, value]) => [name, value ?? '–']);
}

/** @param {number | undefined} mos */
function opinion(mos) {
  if (mos === undefined) return undefined;
  const word = mos >= 4 ? 'very well' : mos >= 3.6 ? 'well' : mos >= 3.1 ? 'fairly' : 'badly';
  return `${word} (${mos.toFixed(1)} of 4.5)`;
}

/**
 * @param {number | undefined} value
 * @param {string} unit
 * @param {number} [digits]
 */
function number(value, unit, digits = 0) {
  return value === undefined ? undefined : `${value.toFixed(digits)} ${unit}`;
}
