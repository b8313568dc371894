// The operator's page: signs in, shows the view that the address names, asks again every two seconds.

import * as api from './api.js';
import { call } from './call.js';
import { h, show, words } from './dom.js';
import { live } from './live.js';
import { doctor, node } from './node.js';
import { past } from './past.js';

const PERIOD_MS = 2_000;
const TABS = { live: 'Live', past: 'Past calls', node: 'Node', doctor: 'Doctor' };

const view = document.getElementById('view');
const head = document.getElementById('head');
const status = document.getElementById('status');
const asking = document.getElementById('ask');

let session = null;
let timer = 0;
let turn = 0;
let pressed = false;
let draining = false;

/** What each view shows, and whether it is asked for again. */
const VIEWS = {
  live: async () => {
    const all = await overview();
    return () => live(view, all);
  },
  node: async () => {
    const all = await overview();
    return () => node(view, all, session.may_drain && !draining && (() => drain(all)));
  },
  past: async () => {
    const all = await api.past();
    return () => past(view, all);
  },
  doctor: async () => {
    show(view, h('h1', {}, 'Doctor'), h('p', { class: 'hint' }, 'Examining; this takes some seconds …'));
    const findings = await api.doctor();
    return () => doctor(view, findings);
  },
  call: async (team, uid) => {
    const details = await api.call(team, uid);
    return () => call(view, details, session.may_act, (what, body, question) => confirm(question, '', (why) => api.act(team, uid, what, { ...body, why })));
  },
};

async function overview() {
  const all = await api.overview();
  status.textContent = words(all.health.status);
  status.className = `status status-${all.health.status}`;
  return all;
}

async function refresh() {
  clearTimeout(timer);
  const mine = ++turn;
  const [name, ...rest] = location.hash.slice(1).split('/');
  const known = Object.hasOwn(VIEWS, name) ? name : 'live';
  tabs(known);
  try {
    const draw = await VIEWS[known](...rest.map(decodeURIComponent));
    if (mine !== turn) return; // somebody has gone elsewhere meanwhile
    // What is under a finger stays there until it is lifted, or the click would be lost.
    if (!asking.open && !pressed) draw();
    document.body.dataset.view = known;
  } catch (e) {
    if (mine !== turn) return;
    if (e.status === 401) return signIn('You have been signed out.');
    show(
      view,
      draining
        ? h('p', { class: 'all-well', role: 'status' }, 'This node has been drained and has ended. Should it be started again, sign in again.')
        : h('p', { class: 'alarm alarm-bad' }, h('b', {}, 'No answer'), h('span', {}, `${e.message} (asking again)`)),
    );
  }
  if (known !== 'doctor') timer = setTimeout(refresh, PERIOD_MS);
}

function tabs(current) {
  show(
    document.getElementById('tabs'),
    Object.entries(TABS).map(([name, title]) => h('a', { href: `#${name}`, 'data-key': `tab ${name}`, 'aria-current': name === current ? 'page' : null }, title)),
  );
}

/** Says what will become of everybody, and does it. */
function drain({ calls, omitted, node: state, ending: { others, handover_s: seconds } }) {
  const many = (n, one, more) => (n === 1 ? `one ${one}` : `${n} ${more}`);
  const running = calls.length + omitted;
  const held = `${many(running, 'call', 'calls')} with ${many(state.peers, 'device', 'devices')}`;
  const fate =
    others === 0
      ? `No other node is there to take over: ${held} will end, and everybody is disconnected.`
      : `It takes no new calls and hands over ${held} to ${many(others, 'other node', 'other nodes')}; people hear a short gap and stay in their calls. What is not handed over after ${seconds} s ends.`;
  confirm('Drain this node?', `${fate} Then its process ends; nothing here starts it again, but what watches it may.`, async (why) => {
    await api.drain({ why });
    draining = true;
    status.textContent = 'draining';
    status.className = 'status status-not_ready';
  });
}

/** Asks for a reason, which goes into the audit log, and does it. */
function confirm(question, fate, deed) {
  const why = h('input', { id: 'why', name: 'why', required: true, maxlength: 400, autocomplete: 'off' });
  const trouble = h('p', { class: 'trouble', role: 'alert' });
  const form = h(
    'form',
    { method: 'dialog' },
    h('h2', {}, question),
    fate && h('p', {}, fate),
    h('label', { for: 'why' }, 'Why? It is written into the audit log.'),
    why,
    trouble,
    h('div', { class: 'row' }, h('button', { class: 'text', type: 'button', onclick: () => asking.close() }, 'Cancel'), h('button', { class: 'button button-danger', type: 'submit' }, 'Do it')),
  );
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    try {
      await deed(why.value);
      asking.close();
      refresh();
    } catch (e) {
      trouble.textContent = e.message;
    }
  });
  asking.replaceChildren(form);
  asking.showModal();
  why.focus();
}

/** Why nobody was let in who came back from the OpenID provider. */
const REFUSALS = {
  unreachable: 'The OpenID provider does not answer as it should. Try again, or sign in with a token; the log of this node says more.',
  denied: 'The OpenID provider did not sign you in.',
  stale: 'That took too long, or was begun in another window. Try again.',
  unproved: 'What the OpenID provider says of you is not proved; the log of this node says more.',
  no_role: 'The OpenID provider knows you, but has given you none of the roles that may come in here.',
  too_many: 'Too many have tried from here. Wait a minute.',
  not_audited: 'It cannot be written into the audit log, so nobody comes in; the log of this node says why.',
};

async function signIn(why = '') {
  clearTimeout(timer);
  const mine = ++turn;
  session = null;
  head.hidden = true;
  const { oidc } = await api.ways().catch(() => ({ oidc: false }));
  if (mine !== turn) return;
  const token = h('input', { id: 'token', type: 'password', name: 'token', required: true, autocomplete: 'current-password' });
  const refusal = h('p', { class: 'trouble', role: 'alert' }, why);
  const trouble = h('p', { class: 'trouble', role: 'alert' });
  const go = h('button', { class: oidc ? 'button' : 'button button-go', type: 'submit' }, oidc ? 'Sign in with the token' : 'Sign in');
  const form = h(
    'form',
    { class: 'sign-in' },
    h('h1', {}, 'Operate Parley'),
    refusal,
    oidc && [h('a', { class: 'button button-go', id: 'oidc', href: 'api/oidc/begin' }, 'Sign in with OpenID Connect'), h('p', { class: 'or' }, 'or')],
    h('label', { for: 'token' }, 'Token'),
    token,
    h('p', { class: 'hint' }, 'One of api.tokens whose scopes have operate:view or operate:act.'),
    trouble,
    go,
  );
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    refusal.textContent = '';
    try {
      entered(await api.signIn(token.value));
    } catch (e) {
      trouble.textContent = e.status === 401 ? 'Nobody has this token.' : e.message;
    }
  });
  show(view, form);
  (oidc ? document.getElementById('oidc') : token).focus();
}

function entered(who) {
  session = who;
  draining = false;
  head.hidden = false;
  document.getElementById('who').textContent = who.may_act ? who.name : `${who.name} (looking only)`;
  refresh();
}

document.getElementById('sign-out').addEventListener('click', async () => {
  const left = await api.signOut().catch(() => null);
  if (left?.at) location.assign(left.at);
  else signIn();
});
addEventListener('hashchange', refresh);
addEventListener('pointerdown', () => {
  pressed = true;
});
for (const up of ['pointerup', 'pointercancel', 'blur']) {
  addEventListener(up, () => {
    pressed = false;
  });
}

try {
  entered(await api.session());
} catch {
  const [refused, why] = location.hash.slice(1).split('/');
  if (refused === 'refused') history.replaceState(null, '', location.pathname);
  signIn(refused === 'refused' && Object.hasOwn(REFUSALS, why) ? REFUSALS[why] : '');
}
