import { avatar } from '../page/avatar.js';
import { byId, icon, make } from '../page/elements.js';
import { describe, drawLane, drawRuler, whatIsAt } from './lanes.js';
import { cause, place } from './words.js';

/**
 * @typedef {import('./api.js').Lane} Lane
 * @typedef {import('./api.js').Timeline} Timeline
 * @typedef {import('./api.js').Waveform} Waveform
 * @typedef {import('./player.js').Player} Player
 */

const ZOOM = 2;

/** Nearer there is nothing more to see. */
const LEAST_SHOWN_S = 0.5;

/** What is drawn is as wide as this at least, so one can point at it. */
const LEAST_PIXELS = 2;

const STEP_S = 5;
const LEAP_S = 30;

/** The lanes of a recording, the line that shows where it plays, and how to go elsewhere. */
export class TimelineView {
  #scrubber = byId('scrubber');
  #view = { from: 0, to: 1 };
  /** @type {Timeline | null} */
  #line = null;
  /** @type {Waveform | null} */
  #wave = null;
  /** @type {{lane: Lane, canvas: HTMLCanvasElement}[]} */
  #strips = [];
  #at = 0;
  #due = false;

  /** @param {() => Player} player */
  constructor(player) {
    this.player = player;
    const scrubber = this.#scrubber;
    let held = false;
    scrubber.onpointerdown = (pointer) => {
      if (pointer.button !== 0) return;
      held = true;
      scrubber.setPointerCapture(pointer.pointerId);
      this.player().seek(this.#placeOf(pointer));
    };
    scrubber.onpointermove = (pointer) => {
      if (held) this.player().seek(this.#placeOf(pointer));
      this.#tip(pointer);
    };
    scrubber.onpointerup = scrubber.onpointercancel = () => (held = false);
    scrubber.onpointerleave = () => (byId('tip').hidden = true);
    scrubber.onkeydown = (key) => this.#onKey(key);
    byId('zoom-in').onclick = () => this.zoom(1 / ZOOM);
    byId('zoom-out').onclick = () => this.zoom(ZOOM);
    new ResizeObserver(() => this.#draw()).observe(scrubber);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#draw());
  }

  /** @param {Timeline} line */
  open(line) {
    this.#line = line;
    this.#wave = null;
    this.#view = { from: 0, to: Math.max(line.length, LEAST_SHOWN_S) };
    const rows = line.lanes.map((lane) => this.#row(lane));
    byId('lanes').replaceChildren(...rows);
    this.#strips = line.lanes.map((lane) => {
      const canvas = /** @type {HTMLCanvasElement} */ (
        make('canvas', { class: 'strip', role: 'img', 'aria-label': describe(lane) })
      );
      return { lane, canvas };
    });
    byId('strips').replaceChildren(...this.#strips.map((strip) => strip.canvas));
    this.#scrubber.setAttribute('aria-valuemax', line.length.toFixed(1));
    this.heard('');
    this.show(0);
    this.#draw();
  }

  /** @param {Lane} lane */
  #row(lane) {
    const button = /** @type {HTMLButtonElement} */ (
      make(
        'button',
        {
          type: 'button',
          class: 'quiet solo',
          title: `Hear only ${lane.name}`,
          'aria-label': `Hear only ${lane.name}`,
          'aria-pressed': 'false',
          disabled: lane.track === '',
          onclick: () => {
            const player = this.player();
            player.hear(player.track === lane.track ? '' : lane.track);
          },
        },
        icon('ear'),
      )
    );
    button.dataset.track = lane.track;
    const missing = lane.gaps.filter((gap) => gap.due);
    const lost = missing.reduce((sum, gap) => sum + gap.to - gap.from, 0);
    const note = lost > 0 ? `${lost.toFixed(lost < 1 ? 2 : 1)} s missing` : lane.left_reason ? `left ${place(lane.left)}` : '';
    return make(
      'li',
      { class: 'lane' },
      avatar({ display_name: lane.name, jid: lane.contact }, 'small'),
      make(
        'span',
        { class: 'lane-words' },
        make('span', { class: 'lane-name', title: lane.device }, lane.name || lane.contact),
        make('span', { class: lost > 0 ? 'lane-note flaw' : 'lane-note' }, note),
      ),
      button,
    );
  }

  /** @param {Waveform} wave */
  draw(wave) {
    this.#wave = wave;
    this.#draw();
  }

  /** Which speaker is heard alone. @param {string} track "": everybody */
  heard(track) {
    for (const row of byId('lanes').children) {
      const button = /** @type {HTMLElement} */ (row.querySelector('.solo'));
      button.setAttribute('aria-pressed', String(track !== '' && button.dataset.track === track));
    }
    for (const { lane, canvas } of this.#strips)
      canvas.classList.toggle('strip-off', track !== '' && lane.track !== track);
  }

  /** Where it plays. @param {number} at */
  show(at) {
    this.#at = at;
    const { from, to } = this.#view;
    if (at > to || at < from) this.#move(at - (to - from) * (at > to ? 0.1 : 0.5));
    const share = (at - this.#view.from) / (this.#view.to - this.#view.from);
    byId('playhead').style.left = `${100 * share}%`;
    this.#scrubber.setAttribute('aria-valuenow', at.toFixed(1));
    this.#scrubber.setAttribute('aria-valuetext', place(at));
  }

  /** @param {number} factor of what is shown */
  zoom(factor) {
    const length = this.#line?.length ?? 1;
    const shown = Math.min(length, Math.max(LEAST_SHOWN_S, (this.#view.to - this.#view.from) * factor));
    const share = (this.#at - this.#view.from) / (this.#view.to - this.#view.from);
    this.#view = { from: 0, to: shown };
    this.#move(this.#at - shown * Math.min(1, Math.max(0, share)));
    this.show(this.#at);
  }

  /** @param {number} from */
  #move(from) {
    const shown = this.#view.to - this.#view.from;
    const length = Math.max(this.#line?.length ?? shown, shown);
    const start = Math.min(Math.max(0, from), length - shown);
    this.#view = { from: start, to: start + shown };
    this.#draw();
  }

  #draw() {
    if (this.#due) return;
    this.#due = true;
    requestAnimationFrame(() => {
      this.#due = false;
      if (!this.#line) return;
      drawRuler(/** @type {HTMLCanvasElement} */ (byId('ruler')), this.#view);
      const length = this.#line.length;
      for (const { lane, canvas } of this.#strips) {
        const peaks = this.#wave?.tracks[lane.track] ?? null;
        drawLane(canvas, lane, peaks, length, this.#view, this.#notices(lane));
      }
    });
  }

  /** @param {Lane} lane */
  #notices(lane) {
    const told = this.#line?.events ?? [];
    return told
      .filter((it) => it.what.startsWith('notice') || it.what.startsWith('consent'))
      .filter((it) => it.contact === '' || it.contact === lane.contact)
      .map((it) => it.at);
  }

  /** @param {PointerEvent} pointer */
  #placeOf(pointer) {
    const box = byId('strips').getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (pointer.clientX - box.left) / box.width));
    return this.#view.from + share * (this.#view.to - this.#view.from);
  }

  /** @param {PointerEvent} pointer */
  #tip(pointer) {
    const tip = byId('tip');
    const strip = this.#strips.find(({ canvas }) => {
      const box = canvas.getBoundingClientRect();
      return box.top <= pointer.clientY && pointer.clientY <= box.bottom;
    });
    tip.hidden = !strip || pointer.pointerType === 'touch';
    if (!strip || tip.hidden) return;
    const at = this.#placeOf(pointer);
    const box = byId('strips').getBoundingClientRect();
    const near = (LEAST_PIXELS * (this.#view.to - this.#view.from)) / box.width;
    const { word, why } = whatIsAt(strip.lane, at, near);
    const more = why === '' ? '' : word === 'missing' ? `: ${cause(why)}` : `: ${why}`;
    tip.textContent = `${place(at, true)}  ${strip.lane.name}: ${word}${more}`;
    const x = pointer.clientX - box.left;
    tip.style.left = `${Math.min(Math.max(0, x), box.width)}px`;
    tip.style.top = `${strip.canvas.offsetTop}px`;
    tip.dataset.side = x > box.width / 2 ? 'left' : 'right';
  }

  /** @param {KeyboardEvent} key */
  #onKey(key) {
    const player = this.player();
    /** @type {Record<string, number>} */
    const to = {
      ArrowRight: player.at + STEP_S,
      ArrowUp: player.at + STEP_S,
      ArrowLeft: player.at - STEP_S,
      ArrowDown: player.at - STEP_S,
      PageUp: player.at + LEAP_S,
      PageDown: player.at - LEAP_S,
      Home: 0,
      End: player.length,
    };
    if (key.ctrlKey || key.metaKey || key.altKey || !(key.key in to)) return;
    key.preventDefault();
    player.seek(to[key.key]);
  }
}
