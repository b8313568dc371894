// Elements from data. Text goes in as text, never as markup.

/** An HTML element: its properties (class, onclick, data-…, others as attributes), its children. */
export function h(tag, properties = {}, ...children) {
  return fill(document.createElement(tag), properties, children);
}

/** The same in SVG. */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children.flat(2)) {
    if (child !== null && child !== undefined && child !== false) element.append(child);
  }
  return element;
}

/** Puts a view in place of another; who was on a button stays on it. */
export function show(place, ...children) {
  const key = document.activeElement?.closest?.('[data-key]')?.dataset.key;
  const scroll = window.scrollY;
  place.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  if (key) place.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
  window.scrollTo(0, scroll);
}

/** 75 → 1:15. */
export function duration(ms) {
  const s = Math.max(0, Math.round(ms / 1000));
  const minutes = Math.floor(s / 60);
  const rest = String(s % 60).padStart(2, '0');
  return minutes < 60
    ? `${minutes}:${rest}`
    : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${rest}`;
}

export function time(iso) {
  return new Date(iso).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' });
}

export function words(label) {
  return label.replaceAll('_', ' ');
}

export function bytes(n) {
  if (n >= 2 ** 30) return `${(n / 2 ** 30).toFixed(1)} GiB`;
  if (n >= 2 ** 20) return `${Math.round(n / 2 ** 20)} MiB`;
  return `${Math.round(n / 1024)} KiB`;
}

/** What is worse comes first. */
export const WEIGHT = { bad: 0, fair: 1, off: 2, good: 3, over: 4 };

/** How a connection is, in four words: good, fair, bad, off (as somebody wanted it, or for what is wrong with another). */
export function grade(leg) {
  if (!leg.live && leg.fault === 'none') return 'over';
  if (['connecting', 'alone', 'muted', 'no_microphone', 'others_muted', 'others_not_heard', 'others_heard_badly'].includes(leg.fault)) return 'off';
  if (leg.fault !== 'none') return ['heard_badly', 'hears_badly', 'both_badly'].includes(leg.effect) ? 'fair' : 'bad';
  const mos = Math.min(leg.up.mos ?? 5, leg.down.mos ?? 5);
  return mos < 3.1 ? 'fair' : 'good';
}
