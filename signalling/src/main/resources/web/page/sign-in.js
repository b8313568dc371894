import { assignHues, avatar } from './avatar.js';
import { byId, make } from './elements.js';

/**
 * @typedef {{jid: string, display_name: string, short_name?: string, role?: string, icons?: any}} Person
 * @typedef {{team: {uid: string, name: string}, people: Person[]}} Demo
 */

/** @returns {Promise<Demo | null>} null: this server has no demo team */
export async function loadDemo() {
  const response = await fetch('/demo/people');
  if (response.status === 404) return null;
  const body = await response.json();
  return body.ok ? body.result : null;
}

/**
 * A token for this window alone: other windows of the browser may be other people.
 *
 * @param {Person} person
 * @returns {Promise<string>}
 */
export async function tokenOf(person) {
  const response = await fetch('/demo/login', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jid: person.jid }),
  });
  const body = await response.json();
  if (!body.ok) throw new Error('The server did not let you in.');
  return body.result.token;
}

/** Who the address says is signed in: `/#as=alice` or `/?as=alice`. @param {Demo} demo */
export function personInAddress(demo) {
  const hash = new URLSearchParams(location.hash.slice(1));
  const name = (
    hash.get('as') ??
    new URLSearchParams(location.search).get('as') ??
    ''
  ).toLowerCase();
  return demo.people.find((it) => shortName(it).toLowerCase() === name) ?? null;
}

/** @param {Person} person */
export function addressOf(person) {
  return `#as=${encodeURIComponent(shortName(person).toLowerCase())}`;
}

/** @param {{short_name?: string, display_name: string}} person */
export function shortName(person) {
  return person.short_name || person.display_name.split(' ')[0];
}

/**
 * @param {Demo | null} demo
 * @param {(person: Person) => void} onPick
 */
export function showSignIn(demo, onPick) {
  byId('sign-in').hidden = false;
  byId('app').hidden = true;
  document.title = 'Parley';
  if (!demo) {
    problem(
      'This server runs without the demo team. Start it with ./parley run, or use the client library in your own front end.',
    );
    return;
  }
  assignHues(demo.people);
  const faces = demo.people.map((person) =>
    make(
      'li',
      {},
      make(
        'button',
        { type: 'button', class: 'face', onclick: () => onPick(person) },
        avatar(person, 'medium'),
        make('span', { class: 'face-name' }, person.display_name),
        make('span', { class: 'face-role' }, person.role ?? ''),
      ),
    ),
  );
  byId('faces').replaceChildren(...faces);
}

/** @param {string} sentence "": none */
export function problem(sentence) {
  const element = byId('sign-in-problem');
  element.hidden = sentence === '';
  element.textContent = sentence;
}
