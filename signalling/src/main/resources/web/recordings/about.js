import { byId, icon, make } from '../page/elements.js';
import { bytes, cause, date, day, exact, happening, lasting, percent, place } from './words.js';

/**
 * @typedef {import('./api.js').Detail} Detail
 * @typedef {import('./api.js').Item} Item
 * @typedef {import('./api.js').Timeline} Timeline
 */

/** More gaps than this are a bad network, and the lanes show it better. */
const MOST_GAPS = 200;

/** @param {Item} item @param {() => void} verify null: it may not */
export function showMarks(item, verify) {
  const marks = [];
  const mark = (/** @type {string} */ name, /** @type {string} */ words, kind = '', title = '') =>
    marks.push(make('li', { class: `mark ${kind}`, title }, icon(name), make('span', {}, words)));
  const state = item.verified?.state ?? 'unknown';
  if (item.state === 'deleted') {
    mark('bin', 'Deleted', 'mark-bad');
  } else {
    const at = item.verified?.at ? ` on ${day(item.verified.at)}` : '';
    if (state === 'proven') mark('seal', `Proven${at}`, 'mark-good', 'Every byte is as it was sealed');
    else if (state === 'broken') mark('broken', `Not as it was sealed${at}`, 'mark-bad');
    else mark('seal', 'Seal not looked at yet');
    const again = make('button', { type: 'button', class: 'text', id: 'verify', onclick: verify }, 'Verify');
    marks[0].append(again);
  }
  if (item.state !== 'complete' && item.state !== 'deleted') mark('broken', item.state, 'mark-bad');
  if (item.state !== 'deleted' && item.completeness !== undefined && item.completeness < 1)
    mark('broken', `${percent(item.completeness)} recorded`, 'mark-bad', 'The rest is missing, as the lanes show');
  if (item.held) mark('hold', 'On legal hold', 'mark-held');
  if (item.kept_until) mark('calendar', `Kept until ${date(item.kept_until)}`);
  if (item.encrypted) mark('lock', 'Encrypted');
  byId('marks').replaceChildren(...marks);
}

/**
 * @param {Timeline} line
 * @param {Item} item
 * @param {(at: number) => void} seek
 */
export function showEvents(line, item, seek) {
  const devices = new Map((item.parties ?? []).map((party) => [party.track, party.device]));
  /** @type {{at: number, words: string, more: string, bad: boolean}[]} */
  const all = [];
  for (const lane of line.lanes) {
    all.push({ at: lane.joined, words: `${lane.name} comes`, more: devices.get(lane.track) ?? lane.device, bad: false });
    if (lane.left_reason)
      all.push({ at: lane.left, words: `${lane.name} leaves`, more: lane.left_reason.replaceAll('_', ' '), bad: false });
    for (const mask of lane.masked)
      all.push({ at: mask.from, words: `${lane.name} is masked for ${lasting(mask.to - mask.from)}`, more: mask.why, bad: false });
    for (const gap of lane.gaps.filter((it) => it.due).slice(0, MOST_GAPS))
      all.push({ at: gap.from, words: `${lane.name}: ${Number((gap.to - gap.from).toFixed(3))} s missing`, more: cause(gap.why), bad: true });
  }
  for (const event of line.events) {
    if (event.what.includes('mask')) continue; // the lanes have told
    const about = event.name ? `: ${event.name}` : '';
    all.push({ at: event.at, words: `${happening(event.what)}${about}`, more: event.text, bad: /impossible|broken|unconfirmed/.test(event.what) });
  }
  all.sort((a, b) => a.at - b.at);
  byId('events').replaceChildren(
    ...all.map(({ at, words, more, bad }) =>
      make(
        'li',
        {},
        make('button', { type: 'button', class: 'at', onclick: () => seek(at), title: `Go to ${place(at)}` }, place(at)),
        make('span', { class: bad ? 'event flaw' : 'event' }, words, more ? make('small', {}, more) : null),
      ),
    ),
  );
}

/** @param {Detail} detail */
export function showAbout(detail) {
  const { recording: item, call, custody } = detail;
  /** @type {[string, string][]} */
  const facts = [['Began', exact(item.began)]];
  if (item.state !== 'deleted' && item.talk !== undefined) facts.push(['Talk', lasting(item.talk)]);
  if (item.talked_over) facts.push(['Talked at once', lasting(item.talked_over)]);
  if (item.state !== 'deleted' && item.completeness !== undefined) facts.push(['Recorded', percent(item.completeness)]);
  const policy = item.policy ?? call?.policy;
  if (policy?.name) facts.push(['Policy', `${policy.name} ${policy.version}, ${policy.mode.replaceAll('_', ' ')}`]);
  if (item.retention) facts.push(['Retention', item.retention]);
  if (item.kept_until) facts.push(['Kept until', date(item.kept_until)]);
  for (const entry of custody ?? [])
    facts.push([entry.act.charAt(0).toUpperCase() + entry.act.slice(1), `${day(entry.when)} by ${entry.who.replace(/^person /, '')}: ${entry.why}${entry.until ? ` (until ${date(entry.until)})` : ''}`]);
  if (item.node) facts.push(['Recorded by', item.node]);
  if (item.bytes) facts.push(['Size', bytes(item.bytes)]);
  if (item.place) facts.push(['Lies', item.place.replaceAll('_', ' ')]);
  facts.push(['Call', item.call], ['Folder', item.id]);
  byId('about').replaceChildren(
    ...facts.map(([name, words]) => make('div', {}, make('dt', {}, name), make('dd', {}, words))),
  );
}
