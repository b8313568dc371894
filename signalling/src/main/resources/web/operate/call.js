// One call in depth: each connection with its cause in a sentence, its figures, and its course.

import { duration, grade, h, show, time, WEIGHT, words } from './dom.js';
import { course, milestones } from './plot.js';

/** @param {(what, body, question) => void} act asks for a reason, and does it */
export function call(place, details, mayAct, act) {
  const { call: running, past } = details;
  const head = running ?? past;
  const toMs = Date.parse(past ? past.finish : details.now);
  const fromMs = Math.min(Date.parse(head.created), ...details.legs.map(({ leg }) => Date.parse(leg.began)));
  const legs = [...details.legs].sort(
    (a, b) => Number(b.leg.live) - Number(a.leg.live) || WEIGHT[grade(a.leg)] - WEIGHT[grade(b.leg)] || a.leg.began.localeCompare(b.leg.began),
  );
  const stays = reading(place.querySelector('.events'));
  show(
    place,
    h('p', {}, h('a', { href: running ? '#live' : '#past', 'data-key': 'back' }, running ? '← all calls' : '← past calls')),
    h(
      'div',
      { class: 'call-title' },
      h('h1', {}, head.chat.display_name),
      running?.audiorecord && h('span', { class: 'badge badge-rec' }, 'recorded'),
      h('span', { class: 'badge' }, running ? running.state : 'over'),
      h('span', { class: 'grow' }),
      mayAct && running && [
        h('button', { class: 'button', type: 'button', 'data-key': 'mute all', onclick: () => act('mute', {}, 'Mute everybody?') }, 'Mute all'),
        h('button', { class: 'button button-danger', type: 'button', 'data-key': 'end', onclick: () => act('end', {}, 'End this call for everybody?') }, 'End call'),
      ],
    ),
    h('p', { class: 'hint' }, summary(head, past, toMs - fromMs)),
    h('ol', { class: 'events', 'aria-label': 'Timeline', tabindex: 0, 'data-key': 'events' }, events(head, past, legs)),
    legs.length === 0 && h('p', { class: 'hint' }, 'Nobody was connected.'),
    legs.map((each) => leg(each, fromMs, toMs, mayAct && running, act)),
    legs.length > 0 && legend(),
  );
  stays(place.querySelector('.events'));
}

/** Who reads in the middle of a list stays there; else its end is shown, which is news. */
function reading(list) {
  const at = list && list.scrollTop + list.clientHeight < list.scrollHeight - 4 ? list.scrollTop : null;
  return (fresh) => {
    fresh.scrollTop = at ?? fresh.scrollHeight;
  };
}

function summary(head, past, lengthMs) {
  const parts = [`call ${head.uid.slice(0, 8)}`, `rang at ${time(head.created)}`];
  parts.push(head.start ? `began at ${time(head.start)}` : 'nobody answered');
  if (past) parts.push(`ended at ${time(past.finish)} after ${duration(lengthMs)}: ${past.reason}`);
  return parts.join(' · ');
}

/** What happened, in order. */
function events(head, past, legs) {
  const all = [[Date.parse(head.created), 'rang']];
  if (head.start) all.push([Date.parse(head.start), 'somebody was reached']);
  for (const { leg: one, course: went } of legs) {
    const began = Date.parse(one.began);
    all.push([began, `${one.display_name} joins`]);
    const reached = milestones(went);
    if (reached.length > 0) {
      all.push([began + reached.at(-1).ms, `${one.display_name}: ${reached.map(({ ms, name }) => `${name} after ${ms} ms`).join(', ')}`]);
    }
    let troubled = false;
    for (const turn of went.turns) {
      if (['connecting', 'alone'].includes(turn.fault)) continue;
      if (turn.fault === 'none') {
        if (troubled) all.push([began + turn.at_ms, `${one.display_name}: all well again`]);
        troubled = false;
        continue;
      }
      troubled ||= !turn.intended;
      all.push([began + turn.at_ms, `${one.display_name}: ${words(turn.fault)}`, turn.intended ? 'off' : 'bad']);
    }
    if (one.ended) all.push([Date.parse(one.ended), `${one.display_name} leaves: ${one.reason}`]);
  }
  if (past) all.push([Date.parse(past.finish), `over: ${past.reason}`]);
  const start = Math.min(...all.map(([ms]) => ms));
  return all
    .sort((a, b) => a[0] - b[0])
    .slice(-60)
    .map(([ms, text, kind]) => h('li', { class: kind ? `event event-${kind}` : 'event' }, h('time', {}, duration(ms - start)), h('span', {}, text)));
}

function leg({ leg: one, course: went }, fromMs, toMs, actable, act) {
  const who = { contact: one.contact };
  return h(
    'article',
    { class: `leg leg-${grade(one)}`, 'aria-label': one.display_name },
    h(
      'div',
      { class: 'leg-head' },
      h('span', { class: `dot dot-${grade(one)}` }),
      h('h2', {}, one.display_name),
      h('span', { class: 'hint' }, one.useragent ? device(one.useragent) : ''),
      h('span', { class: 'grow' }),
      actable && one.live && [
        h('button', { class: 'text', type: 'button', 'data-key': `mute ${one.peer}`, onclick: () => act('mute', who, `Mute ${one.display_name}?`) }, 'Mute'),
        h('button', { class: 'text text-danger', type: 'button', 'data-key': `remove ${one.peer}`, onclick: () => act('remove', who, `Put ${one.display_name} out of the call?`) }, 'Remove'),
      ],
    ),
    h('p', { class: 'sentence' }, one.sentence),
    course(went, one, fromMs, toMs),
    h('dl', { class: 'figures' }, figures(one, went)),
  );
}

const device = (agent) => {
  const browser = /Firefox|Edg|Chrome|Safari/.exec(agent)?.[0].replace('Edg', 'Edge') ?? agent.slice(0, 30);
  const system = /Android|iPhone|Windows|Mac OS|Linux/.exec(agent)?.[0];
  return system ? `${browser} on ${system}` : browser;
};

function figures(one, went) {
  const row = (name, value) => value !== undefined && h('div', {}, h('dt', {}, name), h('dd', {}, value));
  const ms = (value) => (value === undefined ? undefined : `${Math.round(value)} ms`);
  return [
    row('reached by', went.kind ? `${KIND[went.kind] ?? went.kind}` : 'no path yet'),
    row('address', one.path.remote),
    row('set up in', ms(went.connected_ms)),
    row('first audio after', ms(went.audio_ms)),
    row('quality up', one.up.mos?.toFixed(1)),
    row('quality down', one.down.mos?.toFixed(1)),
    row('lost up', `${one.up.loss_percent.toFixed(1)} %`),
    row('lost down', `${one.down.loss_percent.toFixed(1)} %`),
    row('jitter up', ms(one.up.jitter_ms)),
    row('jitter down', ms(one.down.jitter_ms)),
    row('round trip', ms(one.down.round_trip_ms)),
    row('level', one.up.level_dbov === undefined ? undefined : `${one.up.level_dbov} dBov`),
  ];
}

const KIND = { host: 'its own address', srflx: 'its NAT, as STUN saw it', prflx: 'its NAT, as seen here', relay: 'a TURN server' };

function legend() {
  const key = (kind, text) => h('span', { class: 'key' }, h('i', { class: `swatch swatch-${kind}` }), text);
  return h(
    'p',
    { class: 'legend' },
    key('good', 'all well'),
    key('off', 'as somebody wanted it'),
    key('fair', 'heard or hears badly'),
    key('bad', 'not heard, or hears nobody'),
    key('talk', 'talks'),
    key('mute', 'muted'),
    key('up', 'quality to others (1 to 4.5)'),
    key('down', 'quality from others'),
    key('loss', 'lost packets (to 50 %)'),
  );
}
