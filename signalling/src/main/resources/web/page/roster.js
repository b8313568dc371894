import { avatar } from './avatar.js';
import { byId, icon, make, match, setText } from './elements.js';

/**
 * @typedef {import('../parley-client.js').Parley} Parley
 * @typedef {{jid: string, display_name: string, short_name?: string, role?: string, icons?: any}} Contact
 * @typedef {{jid: string, display_name: string, icons?: any, audiorecord?: boolean, members?: {jid: string}[]}} Group
 */

/** The lists of people and groups, each with its presence and a button to call. */
export class Roster {
  /**
   * @param {Parley} parley
   * @param {Contact[]} contacts without oneself
   * @param {Group[]} groups
   * @param {(jid: string) => void} onCall
   */
  constructor(parley, contacts, groups, onCall) {
    this.parley = parley;
    this.contacts = contacts;
    this.groups = groups;
    this.onCall = onCall;
    for (const event of ['online', 'calls', 'state', 'ended', 'connected', 'disconnected']) {
      parley.addEventListener(event, () => this.show());
    }
    this.show();
  }

  show() {
    const presence = new Map(this.parley.online.map((it) => [it.jid, it.afk ? 'away' : 'online']));
    match(
      byId('people'),
      this.contacts,
      (it) => it.jid,
      (it) => this.#row(it),
      (row, it) => {
        const now = presence.get(it.jid) ?? 'offline';
        row.dataset.presence = now;
        this.#update(row, it, [word(now), it.role].filter(Boolean).join(' · '), 'Call');
      },
    );
    match(
      byId('groups'),
      this.groups,
      (it) => it.jid,
      (it) => this.#row(it),
      (row, it) => {
        const running = this.parley.calls.get(it.jid);
        const inCall = running?.onliners?.length ?? running?.online_count ?? 0;
        row.dataset.running = String(Boolean(running));
        const idle = `${it.members?.length ?? 0} members${it.audiorecord ? ' · recorded' : ''}`;
        this.#update(
          row,
          it,
          running ? `In a call: ${inCall}` : idle,
          running ? 'Join' : 'Start a call in',
        );
      },
    );
  }

  /** @param {Contact | Group} it */
  #row(it) {
    const call = make(
      'button',
      { type: 'button', class: 'row-call', onclick: () => this.onCall(it.jid) },
      icon('phone'),
      make('span', {}, 'Join'),
    );
    return make(
      'li',
      { class: 'row' },
      make(
        'span',
        { class: 'row-face' },
        avatar(it, 'medium'),
        make('span', { class: 'dot', 'aria-hidden': 'true' }),
      ),
      make(
        'span',
        { class: 'row-words' },
        make('span', { class: 'row-name' }, it.display_name),
        make('span', { class: 'row-note' }),
      ),
      call,
    );
  }

  /**
   * @param {HTMLElement} row
   * @param {Contact | Group} it
   * @param {string} note
   * @param {string} verb
   */
  #update(row, it, note, verb) {
    const here = this.parley.currentCall?.jid === it.jid;
    row.classList.toggle('row-here', here);
    setText(
      /** @type {Element} */ (row.querySelector('.row-note')),
      here ? 'You are in this call' : note,
    );
    const button = /** @type {HTMLButtonElement} */ (row.querySelector('.row-call'));
    button.setAttribute('aria-label', `${verb} ${it.display_name}`);
    button.title = `${verb} ${it.display_name}`;
    button.disabled = here || this.parley.state !== 'online';
  }
}

/** @param {string} presence */
function word(presence) {
  return { online: 'Online', away: 'Away' }[presence] ?? 'Offline';
}
