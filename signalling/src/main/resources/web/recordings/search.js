import { byId, icon, make, match } from '../page/elements.js';
import { ask } from './api.js';
import { day, percent, place } from './words.js';

/**
 * @typedef {import('./api.js').Item} Item
 */

const PAGE = 50;
const MINUTE_S = 60;

/** What is asked for in minutes and answered in seconds. */
const MINUTES = ['longer', 'shorter'];

/** The form, and what it found. */
export class Search {
  #form = /** @type {HTMLFormElement} */ (byId('search'));
  #list = byId('results');
  /** @type {Item[]} */
  #items = [];
  #next = '';
  #query = '';
  #run = 0;
  #chosen = '';

  /** @param {(error: unknown) => void} onProblem */
  constructor(onProblem) {
    this.onProblem = onProblem;
    this.#form.onsubmit = (submit) => {
      submit.preventDefault();
      void this.find();
    };
    this.#form.onreset = () => setTimeout(() => void this.find());
    byId('more').onclick = () => void this.#more();
    this.#list.onkeydown = (key) => this.#onKey(key);
  }

  async find() {
    this.#query = query(this.#form);
    this.#next = '';
    await this.#load(false);
  }

  async #more() {
    const first = this.#items.length;
    await this.#load(true);
    this.#link(first)?.focus();
  }

  /** @param {boolean} further */
  async #load(further) {
    const run = ++this.#run;
    const cursor = further && this.#next ? `&cursor=${encodeURIComponent(this.#next)}` : '';
    byId('found').textContent = further ? byId('found').textContent : 'Searching…';
    try {
      const { body } = await ask('GET', `?limit=${PAGE}${this.#query}${cursor}`);
      if (run !== this.#run) return; // another search has overtaken it
      this.#items = further ? [...this.#items, ...body.recordings] : body.recordings;
      this.#next = body.next ?? '';
      this.#show(body.index);
    } catch (error) {
      if (run !== this.#run) return;
      byId('found').textContent = '';
      this.onProblem(error);
    }
  }

  /** Something about a recording has changed. @param {Item} item */
  update(item) {
    this.#items = this.#items.map((it) => (it.id === item.id ? item : it));
    this.#rows();
  }

  /** @param {string} id "": none */
  choose(id) {
    this.#chosen = id;
    this.#rows();
  }

  /** @param {{state: string, behind: number} | undefined} index */
  #show(index) {
    const count = this.#items.length;
    const found = count === 0 ? 'Nothing found' : `${count}${this.#next ? ' or more' : ''} found`;
    const late = index && index.state !== 'current' ? '; the index is being brought up to date' : '';
    byId('found').textContent = found + late;
    byId('more').hidden = !this.#next;
    this.#rows();
  }

  #rows() {
    match(this.#list, this.#items, (item) => item.id, create, (row, item) => {
      const link = /** @type {HTMLAnchorElement} */ (row.firstElementChild);
      link.replaceChildren(...words(item));
      if (item.id === this.#chosen) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
    });
  }

  /** @param {number} index */
  #link(index) {
    return /** @type {HTMLElement | null} */ (this.#list.children[index]?.firstElementChild);
  }

  /** Up and down go through the list. @param {KeyboardEvent} key */
  #onKey(key) {
    const step = key.key === 'ArrowDown' ? 1 : key.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    const at = [...this.#list.children].findIndex((row) => row.contains(document.activeElement));
    const next = this.#link(at + step);
    if (next) {
      key.preventDefault();
      next.focus();
    }
  }
}

/** @param {HTMLFormElement} form */
function query(form) {
  let text = '';
  for (const [name, value] of new FormData(form)) {
    const words = String(value).trim();
    if (words === '') continue;
    const asked = MINUTES.includes(name) ? String(Number(words) * MINUTE_S) : words;
    text += `&${name}=${encodeURIComponent(asked)}`;
  }
  return text;
}

/** @param {Item} item */
function create(item) {
  return make('li', {}, make('a', { class: 'result', href: `#${item.id}` }));
}

/** @param {Item} item */
function words(item) {
  const names = [...new Set((item.parties ?? []).map((party) => party.name))];
  const who = names.length > 4 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
  const badges = make('span', { class: 'badges' });
  const badge = (/** @type {string} */ name, /** @type {string} */ says, bad = false) => {
    const mark = make('span', { class: bad ? 'badge badge-bad' : 'badge', title: says, role: 'img', 'aria-label': says }, icon(name));
    badges.append(mark);
  };
  if (item.held) badge('hold', 'on legal hold');
  if (item.encrypted) badge('lock', 'encrypted');
  if (item.verified?.state === 'proven') badge('seal', 'proven');
  if (item.verified?.state === 'broken') badge('broken', 'not as it was sealed', true);
  const flaw =
    item.state !== 'complete'
      ? item.state
      : item.completeness !== undefined && item.completeness < 1
        ? percent(item.completeness)
        : '';
  return [
    make('span', { class: 'result-head' }, make('span', { class: 'result-title' }, item.title || item.call || item.id), badges),
    make('span', { class: 'result-note' }, item.state === 'deleted' ? day(item.began) : `${day(item.began)} · ${place(item.length ?? 0)}`, flaw && make('span', { class: 'flaw' }, ` · ${flaw}`)),
    make('span', { class: 'result-note' }, who),
  ];
}
