// The demo page: signs in, connects, and hands each event of the client to the view that shows it.

import { Parley, silentMicrophone } from './parley-client.js';
import { watchActivity } from './page/activity.js';
import { assignHues } from './page/avatar.js';
import { CallView } from './page/call-view.js';
import { ConsentView } from './page/consent-view.js';
import { ConnectionView } from './page/connection-view.js';
import { byId, make } from './page/elements.js';
import { listenToKeys } from './page/keyboard.js';
import { announce, banner, toast } from './page/notices.js';
import { RingView } from './page/ring-view.js';
import { tone } from './page/ring-tone.js';
import { Roster } from './page/roster.js';
import { Settings } from './page/settings.js';
import {
  addressOf,
  loadDemo,
  personInAddress,
  problem,
  shortName,
  showSignIn,
  tokenOf,
} from './page/sign-in.js';

/**
 * @typedef {import('./page/sign-in.js').Demo} Demo
 * @typedef {import('./page/sign-in.js').Person} Person
 * @typedef {import('./page/roster.js').Group} Group
 */

/** A banner that comes and goes with every short hiccup only worries. */
const BANNER_AFTER_MS = 1_500;

const MISSED_AFTER_MS = 800;

await start();

async function start() {
  const demo = await loadDemo().catch(() => undefined);
  if (demo === undefined) {
    showSignIn({ team: { uid: '', name: '' }, people: [] }, () => {});
    problem('The server cannot be reached. Reload the page in a moment.');
    return;
  }
  const person = demo && personInAddress(demo);
  if (demo && person) await signIn(demo, person);
  else showSignIn(demo, (picked) => demo && void signIn(demo, picked));
  addEventListener('hashchange', () => location.reload());
}

/**
 * @param {Demo} demo
 * @param {Person} person
 */
async function signIn(demo, person) {
  let parley;
  try {
    parley = new Parley({ team: demo.team.uid, token: await tokenOf(person) });
    await parley.connect();
    const team = `/api/v4/teams/${demo.team.uid}`;
    const [contacts, groups] = await Promise.all([
      parley.request(`${team}/contacts`),
      parley.request(`${team}/groups`),
    ]);
    history.replaceState(null, '', `/${addressOf(person)}`);
    Object.assign(globalThis, { parley }); // For the console, and for whoever drives this page.
    showApp(parley, demo, person, contacts, groups);
  } catch (error) {
    parley?.close();
    const { message, remedy = '' } = /** @type {any} */ (error);
    showSignIn(demo, (picked) => void signIn(demo, picked));
    problem(`${message} ${remedy}`);
  }
}

/**
 * @param {Parley} parley
 * @param {Demo} demo
 * @param {Person} person
 * @param {Person[]} contacts
 * @param {Group[]} groups
 */
function showApp(parley, demo, person, contacts, groups) {
  const me = parley.me?.jid ?? person.jid;
  const places = new Map([...contacts, ...groups].map((it) => [it.jid, it]));
  const placeOf = (/** @type {string} */ jid) =>
    places.get(jid) ?? { jid, display_name: 'Somebody' };
  const nameOf = (/** @type {string} */ jid) => placeOf(jid).display_name;
  const membersOf = (/** @type {string} */ jid) =>
    (groups.find((it) => it.jid === jid)?.members ?? []).map((it) => it.jid);

  assignHues([...contacts, ...groups]);
  byId('sign-in').hidden = true;
  byId('app').hidden = false;
  byId('team-name').textContent = demo.team.name;
  byId('me-name').textContent = `You are ${person.display_name}`;
  document.title = `${person.display_name} – Parley`;
  byId('sign-out').onclick = () => {
    parley.close();
    location.replace('/');
  };
  showOtherWindows(demo, person);

  const call = (/** @type {string} */ jid, how = {}) => {
    // What goes wrong is told by an error event, also when it happens later.
    void parley.call(jid, how).catch(() => {});
  };
  const settings = new Settings(parley);
  byId('open-settings').onclick = () => void settings.open();
  byId('call-settings').onclick = () => void settings.open();
  new Roster(
    parley,
    contacts.filter((it) => it.jid !== me),
    groups,
    (jid) => call(jid),
  );
  new CallView(parley, placeOf, membersOf).show();
  new ConnectionView(parley);
  const ringView = new RingView({
    accept: (jid, muted) => call(jid, { muted }),
    reject: (jid) => void parley.reject(jid),
  });
  const consentView = new ConsentView(parley);
  listenToKeys(parley);
  watchActivity(parley);

  const sound = () => {
    const outgoing = parley.currentCall?.state === 'ringing';
    tone(parley.rings.size > 0 && !parley.currentCall ? 'incoming' : outgoing ? 'outgoing' : null);
    const [ring] = parley.rings.values();
    const inCall = parley.currentCall
      ? `${nameOf(parley.currentCall.jid)} – Parley`
      : `${person.display_name} – Parley`;
    document.title = ring ? `${ring.actor?.display_name ?? ring.displayName} is calling` : inCall;
  };

  on(parley, 'ring', (ring) => {
    const recorded =
      parley.calls.get(ring.jid)?.audiorecord ||
      groups.some((it) => it.jid === ring.jid && it.audiorecord);
    ringView.show(ring, { recorded: Boolean(recorded), busy: parley.currentCall !== null });
    sound();
  });
  on(parley, 'ringend', ({ jid, reason }) => {
    ringView.hide(jid);
    sound();
    if (reason === 'accepted' || reason === 'rejected') return;
    // Who answered is told a moment after the ringing ended.
    setTimeout(() => {
      if (parley.currentCall?.jid === jid) return;
      if (parley.inCallElsewhere(jid)) toast('Answered on another device');
      else toast(`You missed a call: ${nameOf(jid)}`);
    }, MISSED_AFTER_MS);
  });
  on(parley, 'state', ({ call: current, state, previous }) => {
    sound();
    if (state === previous) return;
    const name = nameOf(current.jid);
    if (state === 'ringing') announce(`Ringing ${name}.`);
    if (state === 'active' && previous !== 'reconnecting') announce(`You are in a call: ${name}.`);
    if (state === 'reconnecting') announce('The connection of the call is lost. Reconnecting.');
  });
  on(parley, 'consent', ({ jid, recording }) => consentView.ask(jid, nameOf(jid), recording));
  on(parley, 'ended', ({ jid, reason, call: ended }) => {
    consentView.hide();
    sound();
    const sentence = endSentence(reason, nameOf(jid), ended);
    if (sentence) toast(sentence);
  });
  on(parley, 'rejected', ({ call: current, reason }) => {
    const who = current.direct ? nameOf(current.jid) : 'Somebody you rang';
    toast(`${who} declined${reason ? `: ${reason}` : ''}`);
  });
  on(parley, 'left', ({ actor }) => announce(`${nameOf(actor)} left.`));
  on(parley, 'mutedbyother', () =>
    toast('Somebody muted everyone. Unmute when you want to speak.'),
  );
  on(
    parley,
    'muted',
    ({ muted, by }) => by === 'self' && announce(muted ? 'Muted.' : 'Your microphone is on.'),
  );
  on(parley, 'login', ({ deviceName }) => toast(`You signed in on another device: ${deviceName}`));
  on(parley, 'device', ({ label, reason }) =>
    toast(
      reason === 'unplugged'
        ? `The microphone is gone; ${label || 'another one'} is used instead`
        : `${label || 'Your microphone'} is back and is used again`,
    ),
  );
  on(parley, 'warning', ({ message, remedy }) => toast(message, { remedy, problem: true }));
  on(parley, 'error', ({ code, message, remedy, call: failed }) => {
    if (code === 'unauthorized' || code === 'no-access') {
      showSignIn(demo, (picked) => void signIn(demo, picked));
      problem(`${message} ${remedy}`);
      return;
    }
    const listen = () =>
      call(failed.jid, { muted: true, microphone: async () => silentMicrophone() });
    const action =
      failed && code.startsWith('microphone')
        ? { name: 'Listen without a microphone', run: listen }
        : undefined;
    toast(message, { remedy, problem: true, action });
  });
  showConnection(parley);
  sound();
}

/** @param {Parley} parley */
function showConnection(parley) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  on(parley, 'disconnected', ({ retryMs }) => {
    if (retryMs === null) return;
    const inCall = parley.currentCall ? ' The call goes on meanwhile.' : '';
    timer ??= setTimeout(
      () => banner(`The connection is lost. Reconnecting…${inCall}`),
      BANNER_AFTER_MS,
    );
  });
  on(parley, 'connected', () => {
    clearTimeout(timer);
    timer = undefined;
    banner('');
  });
}

/**
 * @param {string} reason
 * @param {string} name
 * @param {import('./parley-client.js').ParleyCall} call
 */
function endSentence(reason, name, call) {
  switch (reason) {
    case 'finished':
      return call.direct ? `${name} ended the call` : 'The call has ended';
    case 'noanswer':
      return `${name} did not answer`;
    case 'elsewhere':
      return 'You continue this call on another device';
    case 'removed':
      return 'The server took this device out of the call';
    case 'lost':
      return 'The call ended while the connection was lost';
    default:
      return ''; // Left by oneself, or told already.
  }
}

/**
 * @param {Demo} demo
 * @param {Person} person
 */
function showOtherWindows(demo, person) {
  const links = demo.people
    .filter((it) => it.jid !== person.jid)
    .map((it) =>
      make('a', { href: `/${addressOf(it)}`, target: '_blank', rel: 'noopener' }, shortName(it)),
    );
  const parts = new Intl.ListFormat('en', { type: 'disjunction' }).formatToParts(
    links.map((_, i) => String(i)),
  );
  const nodes = parts.map(({ type, value }) => (type === 'element' ? links[Number(value)] : value));
  byId('others').replaceChildren(...nodes);
}

/**
 * @param {Parley} parley
 * @param {string} event
 * @param {(detail: any) => void} listener
 */
function on(parley, event, listener) {
  parley.addEventListener(event, (it) => listener(/** @type {CustomEvent} */ (it).detail));
}
