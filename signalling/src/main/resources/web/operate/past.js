// Calls that are over, for a day.

import { duration, h, show, time } from './dom.js';

export function past(place, { calls }) {
  show(
    place,
    h('h1', {}, 'Past calls'),
    calls.length === 0
      ? h('p', { class: 'hint' }, 'No call has ended within a day, or since the node began.')
      : h(
          'table',
          { class: 'past' },
          h('thead', {}, h('tr', {}, ['Began', 'Chat', 'Length', 'People', 'What there was'].map((name) => h('th', { scope: 'col' }, name)))),
          h('tbody', {}, calls.map(row)),
        ),
  );
}

function row(call) {
  const length = call.start ? duration(Date.parse(call.finish) - Date.parse(call.start)) : '–';
  return h(
    'tr',
    { class: call.troubled > 0 ? 'troubled' : '' },
    h('td', {}, time(call.created)),
    h('td', {}, h('a', { href: `#call/${call.team}/${call.uid}`, 'data-key': `past ${call.uid}` }, call.chat.display_name)),
    h('td', {}, length),
    h('td', {}, call.participants),
    h('td', {}, call.sentence ?? (call.start ? call.reason : `not answered: ${call.reason}`)),
  );
}
