// Plots as inline SVG: each has a title that says in words what it shows.

import { duration, h, svg, words } from './dom.js';

/** A line over time. `values`: numbers, null where nothing is known. */
export function line(values, { max, title, className = '', width = 240, height = 48 }) {
  const known = values.filter((v) => v !== null);
  const top = max ?? Math.max(1e-9, ...known) * 1.15;
  const x = (i) => (values.length < 2 ? width : (i / (values.length - 1)) * width);
  const y = (v) => height - 2 - (Math.min(v, top) / top) * (height - 4);
  const path = broken(values, x, y);
  const area = path && known.length === values.length ? `${path}L${x(values.length - 1)},${height}L0,${height}Z` : '';
  return svg(
    'svg',
    { class: `plot ${className}`, viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', role: 'img' },
    svg('title', {}, title),
    area && svg('path', { class: 'area', d: area }),
    svg('path', { class: 'line', d: path }),
  );
}

function broken(values, x, y) {
  let path = '';
  let pen = 'M';
  values.forEach((v, i) => {
    if (v === null) {
      pen = 'M';
      return;
    }
    path += `${pen}${x(i).toFixed(1)},${y(v).toFixed(1)}`;
    pen = 'L';
  });
  return path;
}

const WIDTH = 1000;
const BAND = 14;
const TALK = 22;
const CURVE_TOP = 30;
const CURVE = 56;
const HEIGHT = CURVE_TOP + CURVE;

/**
 * A connection's course, on the time scale of its call: what there was to tell, talk and mute, how
 * good it was (mean opinion score both ways), its losses, and its set-up.
 */
export function course(course, leg, fromMs, toMs) {
  const beganMs = Date.parse(leg.began);
  const endMs = leg.ended ? Date.parse(leg.ended) : toMs;
  const span = Math.max(1000, toMs - fromMs);
  const x = (ms) => Math.min(WIDTH, Math.max(0, ((ms - fromMs) / span) * WIDTH));
  const at = (sinceMs) => x(beganMs + sinceMs);
  const parts = [];
  parts.push(svg('rect', { class: 'lane', x: x(beganMs), y: 0, width: Math.max(2, x(endMs) - x(beganMs)), height: CURVE_TOP + CURVE, rx: 4 }));
  bands(course, endMs - beganMs).forEach((band) => {
    const left = at(band.from);
    const width = Math.max(1.5, at(band.to) - left);
    parts.push(
      svg('rect', { class: `band band-${band.kind}`, x: left, y: 0, width, height: BAND, rx: 2 }, svg('title', {}, `${words(band.fault)}, from ${duration(band.from)} to ${duration(band.to)}`)),
    );
  });
  course.points.forEach((point, i) => {
    const left = at(i * course.step_ms);
    const width = at((i + 1) * course.step_ms) - left;
    if (point.muted) parts.push(svg('rect', { class: 'mute', x: left, y: TALK - 2, width, height: 4 }));
    else if (point.talking) parts.push(svg('rect', { class: 'talk', x: left, y: TALK - 2, width, height: 4 }));
    const loss = Math.max(point.loss_up, point.loss_down);
    if (loss > 0.5) {
      const height = (Math.min(loss, 50) / 50) * CURVE;
      parts.push(svg('rect', { class: 'loss', x: left, y: CURVE_TOP + CURVE - height, width: Math.max(1.5, width - 0.5), height }, svg('title', {}, `${loss.toFixed(0)} % lost`)));
    }
  });
  const y = (mos) => CURVE_TOP + CURVE - ((Math.min(mos, 4.5) - 1) / 3.5) * CURVE;
  const middle = (i) => at((i + 0.5) * course.step_ms);
  parts.push(svg('line', { class: 'limit', x1: x(beganMs), x2: x(endMs), y1: y(3.1), y2: y(3.1) }));
  for (const way of ['up', 'down']) {
    const values = course.points.map((p) => p[`mos_${way}`] ?? null);
    parts.push(svg('path', { class: `line line-${way}`, d: broken(values, middle, y) }));
    const lone = values.findIndex((v, i) => v !== null && (values[i - 1] ?? null) === null && (values[i + 1] ?? null) === null);
    if (lone >= 0) parts.push(svg('circle', { class: `dot-${way}`, cx: middle(lone), cy: y(values[lone]), r: 3 }));
  }
  milestones(course).forEach(({ ms, name }) =>
    parts.push(svg('line', { class: 'mark', x1: at(ms), x2: at(ms), y1: 0, y2: CURVE_TOP + CURVE }, svg('title', {}, `${name} after ${ms} ms`))),
  );
  const plot = svg(
    'svg',
    { class: 'course', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img' },
    svg('title', {}, `The course of ${leg.display_name}'s connection: ${leg.sentence}`),
    parts,
  );
  const ticks = [0, 1, 2, 3, 4].map((i) => h('span', {}, duration((span * i) / 4)));
  return h('div', {}, plot, h('p', { class: 'ticks', 'aria-hidden': 'true' }, ticks));
}

/** The milestones of a set-up that were reached. */
export function milestones(course) {
  return [
    ['checked_ms', 'first connectivity check'],
    ['handshaking_ms', 'DTLS began'],
    ['connected_ms', 'connected'],
    ['audio_ms', 'first audio'],
  ]
    .filter(([key]) => course[key] !== undefined)
    .map(([key, name]) => ({ ms: course[key], name }));
}

function bands(course, lengthMs) {
  const turns = [{ at_ms: 0, fault: 'connecting', effect: 'none', intended: true }, ...course.turns];
  return turns.map((turn, i) => ({
    from: turn.at_ms,
    to: turns[i + 1]?.at_ms ?? lengthMs,
    fault: turn.fault === 'none' ? 'all well' : turn.fault,
    kind: turn.fault === 'none' ? 'good' : turn.intended ? 'off' : /badly/.test(turn.effect) ? 'fair' : 'bad',
  }));
}
