// What the machine is busy with, and what the doctor finds.

import { bytes, duration, h, show, words } from './dom.js';
import { line } from './plot.js';

/** @param {?Function} drain what the button does; none: there is no button */
export function node(place, { node: state, health }, drain) {
  const history = state.history;
  const plot = (name, value, max, text) =>
    h('figure', { class: 'figure-plot' }, h('figcaption', {}, h('span', {}, name), h('b', {}, text)), line(history.map(value), { max, title: `${name} in the last hour, now ${text}` }));
  const last = history.at(-1);
  show(
    place,
    h('h1', {}, 'This node'),
    h('p', { class: 'hint' }, `Parley ${state.version} · up ${duration(state.uptime_s * 1000)} · ${state.processors} processors · ${words(health.status)}`),
    health.reasons.length > 0 && h('ul', { class: 'alarms' }, health.reasons.map((r) => h('li', { class: 'alarm alarm-bad' }, h('b', {}, words(r.check)), h('span', {}, r.sentence)))),
    h(
      'div',
      { class: 'plots' },
      plot('Processors', (s) => s.cpu, 1, `${Math.round(Math.max(0, state.cpu) * 100)} %`),
      plot('Calls', (s) => s.calls, undefined, String(last?.calls ?? 0)),
      plot('Devices', (s) => s.peers, undefined, String(state.peers)),
      plot('Packets a second', (s) => s.packets_per_s, undefined, String(last?.packets_per_s ?? 0)),
      plot('Media late', (s) => s.lag_ms, undefined, `${state.lag_ms} ms`),
    ),
    h('p', { class: 'hint' }, 'The last hour, or since the node began.'),
    h(
      'div',
      { class: 'columns' },
      table('Recordings', [
        ['can be made', state.recording.possible ? 'yes' : state.recording.reason],
        ['running', state.recording.running],
        ['complete', state.recording.complete],
        ['broken off', state.recording.stopped],
        ['seconds missing', state.recording.missing_s],
        ['packets the recorder did not take', state.recording.dropped],
        ['behind', `${state.recording.lag_ms} ms`],
        ...(state.recording.waiting >= 0 ? [['waiting for the bucket', state.recording.waiting]] : []),
      ]),
      table('How people were reached', Object.entries(state.paths).map(([kind, n]) => [kind, n])),
      table('How connections ended', Object.entries(state.legs).map(([kind, n]) => [words(kind), n])),
      table('Process', [
        ['sockets signed in', state.sessions],
        ['inputs that wait', state.inputs_waiting],
        ['heap', `${bytes(state.heap_bytes)} of ${bytes(state.heap_max_bytes)}`],
        ['outside of the heap', bytes(state.direct_bytes)],
        ...(state.turn ? [['TURN allocations', state.turn.allocations], ['TURN relayed', bytes(state.turn.bytes)]] : []),
      ]),
    ),
    drain && h('button', { class: 'button button-danger', id: 'drain', type: 'button', 'data-key': 'drain', onclick: drain }, 'Drain this node …'),
  );
}

function table(name, rows) {
  return h('section', { class: 'panel' }, h('h2', {}, name), h('table', {}, h('tbody', {}, rows.map(([key, value]) => h('tr', {}, h('th', { scope: 'row' }, key), h('td', {}, String(value)))))));
}

export function doctor(place, findings) {
  const order = ['WRONG', 'WARNING', 'SKIPPED', 'OK'];
  const sorted = [...findings].sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
  show(
    place,
    h('h1', {}, 'Doctor'),
    h('p', { class: 'hint' }, 'What the node finds when it examines its settings, network and machine.'),
    h(
      'ul',
      { class: 'findings' },
      sorted.map((f) =>
        h(
          'li',
          { class: `finding finding-${f.verdict.toLowerCase()}` },
          h('b', {}, words(f.check.replaceAll('-', ' '))),
          h('span', { class: 'verdict' }, f.verdict.toLowerCase()),
          h('p', {}, f.found),
          f.why && h('p', { class: 'hint' }, f.why),
          f.change && h('p', {}, h('b', {}, 'Do: '), f.change),
        ),
      ),
    ),
  );
}
