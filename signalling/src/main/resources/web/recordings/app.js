// The recordings page: signs in, searches, and shows one recording at a time.

import { byId } from '../page/elements.js';
import { toast } from '../page/notices.js';
import { Refusal, changeWhy, session, signIn, signOut } from './api.js';
import { askReason } from './reason-dialog.js';
import { RecordingView } from './recording-view.js';
import { Search } from './search.js';

/**
 * @typedef {import('./api.js').Session} Session
 */

/** @type {Session | null} */
let who = null;

const search = new Search(problem);
const view = new RecordingView({
  session: () => /** @type {Session} */ (who),
  onChange: (item) => search.update(item),
  onProblem: problem,
});

byId('sign-in-form').onsubmit = async (submit) => {
  submit.preventDefault();
  const token = /** @type {HTMLInputElement} */ (byId('token'));
  const why = /** @type {HTMLInputElement} */ (byId('why'));
  try {
    enter(await signIn(token.value.trim(), why.value.trim()));
    token.value = '';
  } catch (error) {
    signInProblem(
      error instanceof Refusal && error.status === 401
        ? 'This token opens no recordings.'
        : /** @type {Error} */ (error).message,
    );
  }
};
byId('sign-out').onclick = async () => {
  await signOut();
  leave('');
};
byId('change-why').onclick = () =>
  askReason(
    {
      title: 'What for',
      words: 'Goes into the audit log with all that you do from now on.',
      go: 'Take over',
      why: who?.why ?? '',
    },
    async ({ why }) => showWho(await changeWhy(why)),
  );
addEventListener('hashchange', () => void follow());
addEventListener('keydown', onKey);

try {
  const known = await session();
  if (known) enter(known);
  else leave('');
} catch (error) {
  leave(
    error instanceof Refusal && error.status === 404
      ? 'On this server nobody may look at recordings this way: recording.access in the settings says who may.'
      : /** @type {Error} */ (error).message,
  );
}

/** @param {Session} session */
function enter(session) {
  showWho(session);
  byId('sign-in').hidden = true;
  byId('app').hidden = false;
  void search.find();
  void follow();
}

/** @param {Session} session */
function showWho(session) {
  who = session;
  byId('me').textContent = session.why ? `${session.name}: ${session.why}` : session.name;
  byId('me').title = byId('me').textContent ?? '';
}

/** @param {string} words why; "": by himself */
function leave(words) {
  who = null;
  view.close();
  byId('app').hidden = true;
  byId('sign-in').hidden = false;
  signInProblem(words);
  byId('token').focus();
}

/** @param {string} words */
function signInProblem(words) {
  byId('sign-in-problem').hidden = words === '';
  byId('sign-in-problem').textContent = words;
}

/** The address says which recording is shown, so that one can come back to it. */
async function follow() {
  if (!who) return;
  const id = location.hash.slice(1);
  document.body.classList.toggle('in-recording', id !== '');
  search.choose(id);
  if (id === '') {
    view.close();
    return;
  }
  try {
    await view.open(id);
    if (matchMedia('(max-width: 760px)').matches) byId('stage').focus();
  } catch (error) {
    view.close();
    problem(error);
  }
}

/** @param {unknown} error */
function problem(error) {
  if (error instanceof Refusal && error.status === 401) {
    leave('You were signed out after a while without doing anything. Sign in again.');
    return;
  }
  toast(/** @type {Error} */ (error).message, { problem: true });
}

/** Space plays and stops, + and − zoom, / goes to the search. @param {KeyboardEvent} key */
function onKey(key) {
  if (!who || key.ctrlKey || key.metaKey || key.altKey) return;
  if (document.querySelector('dialog[open]')) return;
  const on = key.target instanceof Element ? key.target : document.body;
  if (on.closest('input, select, textarea')) return;
  if (key.key === '/') {
    key.preventDefault();
    /** @type {HTMLElement | null} */ (document.querySelector('#search [name=party]'))?.focus();
  } else if (!view.shown) {
    return;
  } else if (key.key === '+' || key.key === '=') {
    view.timeline.zoom(0.5);
  } else if (key.key === '-' || key.key === '−') {
    view.timeline.zoom(2);
  } else if (key.key === ' ' && !on.closest('button, a, summary')) {
    key.preventDefault(); // It would scroll.
    view.player.toggle();
  }
}
