// What goes on now: alarms first, then calls, those in trouble first.

import { duration, grade, h, show, WEIGHT, words } from './dom.js';

const worst = (legs) => Math.min(4, ...legs.map((leg) => WEIGHT[grade(leg)]));

export function live(place, { calls, health, node, now, omitted }) {
  const sorted = [...calls].sort((a, b) => worst(a.legs) - worst(b.legs) || a.call.created.localeCompare(b.call.created));
  show(
    place,
    h('section', { class: 'tiles', 'aria-label': 'This node' }, tiles(calls, node)),
    alarms(health, node, sorted),
    h('h2', {}, calls.length === 0 ? 'No calls at the moment' : calls.length === 1 ? 'One call' : `${calls.length + omitted} calls`),
    h('div', { class: 'calls' }, sorted.map((each) => card(each, now))),
    omitted > 0 && h('p', { class: 'hint' }, `${omitted} more calls are not listed.`),
  );
}

function tiles(calls, node) {
  const tile = (value, name) => h('div', { class: 'tile' }, h('b', {}, value), h('span', {}, name));
  return [
    tile(calls.length, calls.length === 1 ? 'call' : 'calls'),
    tile(node.peers, node.peers === 1 ? 'device' : 'devices'),
    tile(node.recording.running, 'being recorded'),
    tile(`${Math.round(Math.max(0, node.cpu) * 100)} %`, 'of the processors'),
    tile(`${node.lag_ms.toFixed(1)} ms`, 'media late at worst'),
  ];
}

function alarms(health, node, calls) {
  const all = health.reasons.map((reason) => h('li', { class: 'alarm alarm-bad' }, h('b', {}, words(reason.check)), h('span', {}, reason.sentence)));
  if (!node.recording.possible && health.reasons.every((r) => !['disk', 'key', 'clock'].includes(r.check))) {
    all.push(h('li', { class: 'alarm alarm-bad' }, h('b', {}, 'recording'), h('span', {}, node.recording.reason)));
  }
  for (const { call, legs } of calls) {
    for (const leg of legs) {
      const kind = grade(leg);
      if (kind !== 'bad' && !(kind === 'fair' && leg.fault !== 'none')) continue;
      all.push(
        h('li', { class: `alarm alarm-${kind}` }, h('a', { href: link(call), 'data-key': `alarm ${call.uid} ${leg.peer}` }, call.chat.display_name), h('span', {}, leg.sentence)),
      );
    }
  }
  return all.length === 0
    ? h('p', { class: 'all-well' }, 'Nothing is wrong that this node knows of.')
    : h('section', {}, h('h2', {}, all.length === 1 ? 'One alarm' : `${all.length} alarms`), h('ul', { class: 'alarms' }, all));
}

export const link = (call) => `#call/${call.team}/${call.uid}`;

function card({ call, legs }, now) {
  const since = Date.parse(now) - Date.parse(call.start ?? call.created);
  return h(
    'a',
    { class: 'card', href: link(call), 'data-key': `call ${call.uid}` },
    h(
      'span',
      { class: 'card-head' },
      h('b', {}, call.chat.display_name),
      call.audiorecord && h('span', { class: 'badge badge-rec' }, 'recorded'),
      h('span', { class: 'since' }, call.state === 'active' ? duration(since) : call.state),
    ),
    h('ul', {}, people(call, legs)),
  );
}

function people(call, legs) {
  const seen = legs.map((leg) =>
    h(
      'li',
      { class: 'person' },
      h('span', { class: `dot dot-${grade(leg)}`, title: words(leg.fault === 'none' ? 'all well' : leg.fault) }),
      h('span', { class: 'name' }, leg.display_name),
      meter(leg),
      h('span', { class: 'figure' }, leg.up.mos === undefined ? '' : `${leg.up.mos.toFixed(1)} ↑`),
      h('span', { class: 'figure' }, leg.down.mos === undefined ? '' : `${leg.down.mos.toFixed(1)} ↓`),
    ),
  );
  const ringing = call.ringing.length;
  if (ringing > 0) seen.push(h('li', { class: 'person person-ringing' }, ringing === 1 ? 'one is being rung' : `${ringing} are being rung`));
  return seen;
}

/** How loud somebody is, −60 to 0 dBov. */
function meter(leg) {
  const level = leg.up.muted ? -127 : (leg.up.level_dbov ?? -127);
  const share = Math.max(0, Math.min(1, (level + 60) / 60));
  const bar = h('span', { class: leg.up.talking ? 'bar bar-talking' : 'bar' });
  bar.style.width = `${Math.round(share * 100)}%`;
  return h('span', { class: 'meter', title: leg.up.muted ? 'muted' : `${level} dBov` }, bar);
}
