import { byId, icon, make } from './elements.js';

const TOAST_MS = 6_000;
/** A sentence with a remedy takes longer to read and to act upon. */
const PROBLEM_MS = 15_000;
const MOST_TOASTS = 4;

/**
 * @param {string} text
 * @param {{remedy?: string, problem?: boolean, action?: {name: string, run: () => void}}} [more]
 */
export function toast(text, { remedy = '', problem = false, action } = {}) {
  const close = make(
    'button',
    { class: 'quiet', type: 'button', 'aria-label': 'Dismiss' },
    icon('close'),
  );
  const words = make('div', { class: 'toast-words' }, make('p', {}, text));
  if (remedy) words.append(make('p', { class: 'toast-remedy' }, remedy));
  const element = make('div', { class: problem ? 'toast toast-problem' : 'toast' }, words);
  if (action) {
    const button = make(
      'button',
      {
        class: 'text',
        type: 'button',
        onclick: () => {
          element.remove();
          action.run();
        },
      },
      action.name,
    );
    words.append(button);
  }
  element.append(close);
  close.onclick = () => element.remove();
  const toasts = byId('toasts');
  for (const same of toasts.children) if (same.textContent === element.textContent) same.remove();
  toasts.append(element);
  while (toasts.children.length > MOST_TOASTS) toasts.firstElementChild?.remove();
  setTimeout(() => element.remove(), remedy || action ? PROBLEM_MS : TOAST_MS);
}

/** @param {string} text read aloud by a screen reader, not shown */
export function announce(text) {
  byId('announcer').textContent = text;
}

/** @param {string} text shown on top until it changes; "": nothing */
export function banner(text) {
  const element = byId('banner');
  element.hidden = text === '';
  if (text) element.textContent = text;
}
