import { loudness } from '../parley-client.js';
import { avatar } from './avatar.js';
import { byId, changeIcon, clock, icon, make, match, setText } from './elements.js';
import { announce } from './notices.js';

/** So long a person who was rung is shown as rung; the server tells only who joins. */
const RINGING_MS = 45_000;

/**
 * @typedef {import('../parley-client.js').Parley} Parley
 * @typedef {import('../parley-client.js').ParleyCall} ParleyCall
 * @typedef {{jid: string, display_name: string, short_name?: string, icons?: any}} Place
 */

/** The call that this window is in: who is there, who speaks, and the controls. */
export class CallView {
  /** @type {ParleyCall | null} */
  #call = null;
  /** @type {Map<string, number>} who was rung, until when */
  #rung = new Map();
  /** @type {Element | null} */
  #focusBefore = null;

  /**
   * @param {Parley} parley
   * @param {(jid: string) => Place} placeOf
   * @param {(jid: string) => string[]} membersOf
   */
  constructor(parley, placeOf, membersOf) {
    this.parley = parley;
    this.placeOf = placeOf;
    this.membersOf = membersOf;
    for (const event of ['state', 'muted', 'ended'])
      parley.addEventListener(event, () => this.show());
    parley.addEventListener('talking', () => this.#levels());
    parley.addEventListener('level', () => this.#levels());
    parley.addEventListener('recording', (event) => {
      this.show();
      announce(
        /** @type {CustomEvent} */ (event).detail.recorded
          ? 'This call is recorded.'
          : 'The recording has stopped.',
      );
    });
    byId('mute').onclick = (click) => {
      parley.mute(!this.#call?.muted);
      // After a click by mouse or finger, space shall mean "talk" again and not "press this button".
      if (click.detail > 0) byId('stage').focus({ preventScroll: true });
    };
    byId('mute-all').onclick = () => void parley.muteAll();
    byId('leave').onclick = () =>
      void (this.#call?.state === 'ringing' ? parley.cancel() : parley.leave());
    byId('ring-all').onclick = () => this.#ring(this.#absent());
    setInterval(() => this.#tick(), 1_000);
  }

  show() {
    const call = this.parley.currentCall;
    if (call !== this.#call) this.#change(call);
    if (!call || call.ended) return;
    const waiting = call.state === 'ringing' || (call.direct && call.participants.length < 2);
    const { display_name: name } = this.placeOf(call.jid);
    byId('recorded').hidden = !call.recorded;
    byId('waiting').hidden = !waiting;
    byId('tiles').hidden = waiting;
    setText(
      byId('waiting-text'),
      call.state === 'ringing' ? `Ringing ${name}…` : `Connecting to ${name}…`,
    );
    if (!waiting) this.#tiles(call);
    this.#absentPeople(call);
    this.#controls(call);
    this.#tick();
  }

  /** @param {ParleyCall | null} call */
  #change(call) {
    const before = this.#call;
    this.#call = call;
    this.#rung.clear();
    byId('idle').hidden = call !== null;
    byId('call').hidden = call === null;
    document.body.classList.toggle('in-call', call !== null);
    byId('tiles').replaceChildren();
    if (!call) {
      if (this.#focusBefore instanceof HTMLElement && this.#focusBefore.isConnected)
        this.#focusBefore.focus();
      return;
    }
    const place = this.placeOf(call.jid);
    setText(byId('call-title'), place.display_name);
    byId('call-avatar').replaceChildren(avatar(place, 'medium'));
    byId('waiting-avatar').replaceChildren(make('span', { class: 'pulse' }, avatar(place, 'huge')));
    if (!before) this.#focusBefore = document.activeElement;
    byId('stage').focus({ preventScroll: true });
  }

  /** @param {ParleyCall} call */
  #tiles(call) {
    const people = call.participants.sort((a, b) => Number(b.self) - Number(a.self));
    const tiles = byId('tiles');
    tiles.dataset.count = String(Math.min(people.length, 9));
    match(
      tiles,
      people,
      (it) => it.jid,
      (it) => tile(this.placeOf(it.jid)),
      (element, it) => {
        setText(
          part(element, '.tile-name'),
          it.self ? 'You' : it.displayName || this.placeOf(it.jid).display_name,
        );
        element.classList.toggle('tile-muted', it.muted);
        setText(part(element, '.tile-note'), it.muted ? 'Muted' : it.role);
      },
    );
    this.#levels();
  }

  #levels() {
    const call = this.#call;
    if (!call) return;
    for (const element of /** @type {NodeListOf<HTMLElement>} */ (
      document.querySelectorAll('#tiles > .tile')
    )) {
      const it = call.participants.find((one) => one.jid === element.dataset.key);
      if (!it) continue;
      const talking = it.talking && !it.muted;
      const level = it.muted ? 0 : loudness(it.level);
      element.classList.toggle('tile-talking', talking);
      // Without a level from the media, the server's word alone still shows who talks.
      element.style.setProperty(
        '--level',
        (talking ? Math.max(level, 0.35) : level * 0.6).toFixed(2),
      );
    }
    const own = call.participants.find((it) => it.self);
    byId('mute').style.setProperty(
      '--level',
      (call.muted ? 0 : loudness(own?.level ?? 0)).toFixed(2),
    );
  }

  /** @param {ParleyCall} call */
  #absentPeople(call) {
    const absent = call.direct ? [] : this.#absent();
    byId('absent').hidden = absent.length === 0;
    const quiet = absent.some((jid) => !this.#isRung(jid));
    byId('ring-all').hidden = absent.length < 2 || !quiet;
    match(
      byId('absent-people'),
      absent,
      (jid) => jid,
      (jid) => this.#chip(jid),
      (chip, jid) => {
        const rung = this.#isRung(jid);
        const button = /** @type {HTMLButtonElement} */ (chip.querySelector('button'));
        button.disabled = rung;
        const verb = rung ? 'Ringing…' : 'Ring';
        setText(part(chip, '.chip-verb'), verb);
        button.setAttribute('aria-label', `${verb} ${this.placeOf(jid).display_name}`);
      },
    );
  }

  /** @param {string} jid */
  #chip(jid) {
    const { display_name: name } = this.placeOf(jid);
    const button = make(
      'button',
      { type: 'button', onclick: () => this.#ring([jid]) },
      icon('bell'),
      make('span', { class: 'chip-verb' }, 'Ring'),
    );
    return make(
      'li',
      { class: 'chip' },
      avatar(this.placeOf(jid), 'small'),
      make('span', { class: 'chip-name' }, name),
      button,
    );
  }

  #absent() {
    const here = new Set(this.#call?.participants.map((it) => it.jid));
    return this.membersOf(this.#call?.jid ?? '').filter(
      (jid) => !here.has(jid) && jid !== this.parley.me?.jid,
    );
  }

  /** @param {string} jid */
  #isRung(jid) {
    return (this.#rung.get(jid) ?? 0) > Date.now();
  }

  /** @param {string[]} members */
  #ring(members) {
    if (members.length === 0) return;
    for (const jid of members) this.#rung.set(jid, Date.now() + RINGING_MS);
    void this.parley.buzz(members);
    this.show();
  }

  /** @param {ParleyCall} call */
  #controls(call) {
    const mute = byId('mute');
    mute.setAttribute('aria-pressed', String(call.muted));
    changeIcon(mute, call.muted ? 'mic-off' : 'mic');
    setText(part(mute, '.control-name'), call.muted ? 'Unmute' : 'Mute');
    const others = call.participants.length - 1;
    const muteAll = /** @type {HTMLButtonElement} */ (byId('mute-all'));
    muteAll.hidden = call.direct;
    muteAll.disabled = others < 1;
    setText(part(byId('leave'), '.control-name'), call.state === 'ringing' ? 'Cancel' : 'Leave');
    setText(byId('keys'), call.muted ? 'M to unmute · hold space to talk' : 'M to mute');
  }

  #tick() {
    const call = this.#call;
    if (!call || call.ended) return;
    setText(byId('call-status'), this.#status(call));
    if (!call.direct) this.#absentPeople(call);
  }

  /** @param {ParleyCall} call */
  #status(call) {
    switch (call.state) {
      case 'connecting':
        return 'Connecting…';
      case 'ringing':
        return 'Ringing…';
      case 'reconnecting':
        return 'Reconnecting…';
      default: {
        const began = call.startedAt?.getTime();
        const time = began ? clock((Date.now() + this.parley.clockOffsetMs - began) / 1000) : '';
        const count = call.participants.length;
        const people = call.direct ? '' : count === 1 ? 'Only you' : `${count} people`;
        return [time, people].filter(Boolean).join(' · ');
      }
    }
  }
}

/** @param {Place} it */
function tile(it) {
  return make(
    'li',
    { class: 'tile' },
    make('span', { class: 'tile-face' }, avatar(it, 'large')),
    make('span', { class: 'tile-name' }),
    make('span', { class: 'tile-sub' }, icon('mic-off'), make('span', { class: 'tile-note' })),
  );
}

/**
 * @param {Element} element
 * @param {string} selector
 */
function part(element, selector) {
  return /** @type {HTMLElement} */ (element.querySelector(selector));
}
