import { make } from './elements.js';

/** Quiet colours on which white letters read well (contrast of 5 and more). */
const COLOURS = 8;

/**
 * @param {{display_name?: string, displayName?: string, icons?: any, icon?: string, jid: string}} who
 * @param {'small'|'medium'|'large'|'huge'} size
 */
export function avatar(who, size) {
  const name = who.display_name ?? who.displayName ?? '';
  const letters = who.icons?.letters || initials(name);
  const element = make(
    'span',
    { class: `avatar avatar-${size} hue-${hue(who.jid)}`, 'aria-hidden': 'true' },
    letters,
  );
  if (who.jid.startsWith('g-')) element.classList.add('avatar-group');
  if (who.icons?.letters && who.icons.color) {
    element.style.backgroundColor = who.icons.color;
    return element;
  }
  const url = who.icon || who.icons?.lg?.url || who.icons?.sm?.url;
  if (url) {
    const image = /** @type {HTMLImageElement} */ (make('img', { alt: '', src: url }));
    image.onerror = () => image.remove(); // The letters are beneath it.
    element.append(image);
  }
  return element;
}

/** @param {string} name */
function initials(name) {
  const words = name.split(/\s+/).filter((word) => /^\p{L}/u.test(word));
  const letters =
    words.length > 1 ? [words[0][0], words[words.length - 1][0]] : [words[0]?.[0] ?? '?'];
  return letters.join('').toUpperCase();
}

/** @type {Map<string, number>} */
const hues = new Map();

/**
 * Gives everybody a colour in the order of the team's list: neighbours differ, and a person has the
 * same one in every window.
 *
 * @param {{jid: string}[]} team
 */
export function assignHues(team) {
  hues.clear();
  for (const { jid } of team) hue(jid);
}

function hue(/** @type {string} */ jid) {
  const known = hues.get(jid) ?? hues.size % COLOURS;
  hues.set(jid, known);
  return known;
}
