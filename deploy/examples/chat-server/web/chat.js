// A chat front end of the smallest kind. All there is of calls is in `startCalls`.

import { Parley } from '/parley-client.js';

const $ = (id) => document.getElementById(id);
let me, token, team, socket, current, parley;
const names = new Map();

async function api(path, init = {}) {
  const headers = token ? { token } : {};
  const answer = await fetch(`/api/v4/${path}`, { ...init, headers });
  const body = await answer.json();
  if (!body.ok) throw new Error(body.error);
  return body.result;
}

// Signing in. /#as=nora signs in directly.

async function showPeople() {
  const as = new URLSearchParams(location.hash.slice(1)).get('as');
  if (as) return signIn(as);
  for (const person of await api('people')) {
    const button = document.createElement('button');
    button.textContent = person.display_name;
    button.onclick = () => signIn(person.login);
    $('people').append(button);
  }
}

async function signIn(login) {
  ({ token, team } = await api('login', { method: 'POST', body: JSON.stringify({ login }) }));
  const about = await api(`teams/${team}`);
  me = about.me;
  $('team').textContent = about.name;
  $('me').textContent = me.display_name;
  const [contacts, groups] = await Promise.all([
    api(`teams/${team}/contacts`),
    api(`teams/${team}/groups`),
  ]);
  for (const chat of [...groups, ...contacts]) names.set(chat.jid, chat.display_name);
  for (const chat of [...groups, ...contacts.filter((it) => it.jid !== me.jid)]) addChat(chat);
  $('sign-in').hidden = true;
  $('chat').hidden = false;
  connect();
  await open(groups[0]?.jid ?? contacts.find((it) => it.jid !== me.jid).jid);
  await startCalls();
}

// Chatting.

function addChat({ jid, display_name }) {
  const button = document.createElement('button');
  button.textContent = display_name;
  button.dataset.jid = jid;
  button.onclick = () => open(jid);
  const item = document.createElement('li');
  item.append(button);
  $('chats').append(item);
}

const buttons = () => [...$('chats').querySelectorAll('button')];

async function open(jid) {
  current = jid;
  $('title').textContent = names.get(jid);
  for (const button of buttons()) button.toggleAttribute('aria-current', button.dataset.jid === jid);
  const messages = await api(`teams/${team}/messages/${jid}`);
  $('messages').replaceChildren();
  messages.forEach(show);
}

function show({ from, content, created }) {
  const item = document.createElement('li');
  const who = document.createElement('b');
  who.textContent = `${names.get(from)} `;
  const when = document.createElement('small');
  when.textContent = new Date(created).toLocaleTimeString();
  const text = document.createElement('div');
  text.textContent = content.text;
  item.append(who, when, text);
  $('messages').append(item);
  item.scrollIntoView();
}

function connect() {
  const url = new URL(`/messaging/${team}`, location.href.replace(/^http/, 'ws'));
  const secret = btoa(token).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  socket = new WebSocket(url, ['chat', `token.${secret}`]);
  socket.onmessage = ({ data }) => onEvent(JSON.parse(data));
  socket.onclose = () => setTimeout(connect, 1000);
}

function send(event, params) {
  if (socket.readyState === WebSocket.OPEN) {
    socket.send(JSON.stringify({ event, confirm_id: crypto.randomUUID?.() ?? String(Math.random()), params }));
  }
}

function onEvent({ event, confirm_id, params }) {
  if (confirm_id) socket.send(JSON.stringify({ event: 'client.confirm', params: { confirm_id } }));
  if (event === 'server.message.updated') {
    params.messages.filter((it) => it.chat === current).forEach(show);
  } else if (event === 'server.online') {
    const online = params.contacts.map((it) => it.jid);
    const running = params.calls.map((it) => it.jid);
    for (const button of buttons()) {
      button.classList.toggle('online', online.includes(button.dataset.jid));
      button.classList.toggle('running', running.includes(button.dataset.jid));
    }
  }
}

$('write').onsubmit = (event) => {
  event.preventDefault();
  const text = $('text').value.trim();
  if (text) send('client.message.updated', { to: current, content: { type: 'plain', text } });
  $('text').value = '';
};

// Calling.

async function startCalls() {
  // Behind a gateway or a link, calls are where the chat is; else the chat server says where, and
  // gives a token for it.
  const where = await api(`teams/${team}/calls`);
  parley = new Parley({ url: where.url, team, token: where.token ?? token });
  globalThis.parley = parley; // for a look from the console
  parley.addEventListener('ring', ({ detail: ring }) => showRing(ring));
  parley.addEventListener('ringend', ({ detail }) => endRing(detail.jid));
  for (const name of ['state', 'talking', 'muted', 'ended']) parley.addEventListener(name, showCall);
  for (const name of ['error', 'warning']) {
    parley.addEventListener(name, ({ detail }) => notice(`${detail.message} ${detail.remedy}`));
  }
  await parley.connect().catch((error) => notice(`No calls: ${error.message} ${error.remedy ?? ''}`));
}

$('call').onclick = async () => {
  notice('');
  const call = await parley.call(current).catch(() => null);
  if (call && current.startsWith('g-')) void parley.buzz();
};
$('accept').onclick = () => parley.accept($('ring').dataset.jid).catch(() => {});
$('reject').onclick = () => parley.reject($('ring').dataset.jid);
$('mute').onclick = () => parley.mute(!parley.currentCall?.muted);
$('leave').onclick = () => parley.leave();

function showRing({ jid, displayName }) {
  $('ring').dataset.jid = jid;
  $('ring-name').textContent = `${displayName} calls`;
  $('ring').hidden = false;
}

function endRing(jid) {
  if ($('ring').dataset.jid === jid) $('ring').hidden = true;
}

function showCall() {
  const call = parley.currentCall;
  $('in-call').hidden = !call;
  if (!call) return;
  $('in-call').dataset.state = call.state;
  $('call-state').textContent = `${names.get(call.jid)}: ${call.state}${call.recorded ? ', recorded' : ''}`;
  $('mute').textContent = call.muted ? 'Unmute' : 'Mute';
  $('participants').replaceChildren(
    ...call.participants.map((it) => {
      const name = document.createElement('span');
      name.textContent = `${it.displayName}${it.muted ? ' (muted)' : ''} `;
      name.className = it.talking ? 'talking' : '';
      return name;
    }),
  );
}

function notice(text) {
  $('notice').textContent = text;
}

showPeople().catch((error) => notice(error.message));
