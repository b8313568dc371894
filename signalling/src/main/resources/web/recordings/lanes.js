import { place } from './words.js';

/**
 * @typedef {import('./api.js').Lane} Lane
 * @typedef {import('./api.js').Timeline} Timeline
 * @typedef {{from: number, to: number}} View seconds that are shown
 */

/** Of a lane's height; what is not talk is drawn lower, so that talk stands out. */
const TALK_INSET = 0.1;
const BAND_HEIGHT = 0.16;

/** Shorter things are drawn as wide as this, CSS pixels: a lost packet has to be seen. */
const LEAST = 2;

/** Between a ruler's words and its ends. */
const PAD = 5;

/** What a ruler's marks may be apart, seconds. */
const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200];

/** @param {HTMLCanvasElement} canvas @returns {CanvasRenderingContext2D | null} in CSS pixels */
function prepare(canvas) {
  const ratio = window.devicePixelRatio || 1;
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  if (width === 0 || height === 0) return null;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const pen = canvas.getContext('2d');
  pen?.setTransform(ratio, 0, 0, ratio, 0, 0);
  return pen;
}

/** @param {Element} element the colours that it has by the style sheet */
function coloursOf(element) {
  const style = getComputedStyle(element);
  const named = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  return {
    talk: named('--talk'),
    wave: named('--wave'),
    there: named('--there'),
    mute: named('--mute'),
    mask: named('--mask'),
    missing: named('--danger'),
    notice: named('--notice'),
    line: named('--line'),
    soft: named('--ink-soft'),
  };
}

/**
 * One speaker: where he was, talked, was muted or masked, and what is missing.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Lane} lane
 * @param {number[] | null} peaks 0 to 255, evenly over the whole length
 * @param {number} length
 * @param {View} view
 * @param {number[]} notices places
 */
export function drawLane(canvas, lane, peaks, length, view, notices) {
  const pen = prepare(canvas);
  if (!pen) return;
  const colours = coloursOf(canvas);
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  const x = (/** @type {number} */ at) => ((at - view.from) / (view.to - view.from)) * width;
  const band = Math.round(height * BAND_HEIGHT);
  /** @param {{from: number, to: number}[]} spans @param {any} fill @param {number} top @param {number} high */
  const bars = (spans, fill, top, high) => {
    pen.fillStyle = fill;
    for (const { from, to } of spans) {
      const left = x(from);
      const right = Math.max(x(to), left + LEAST);
      if (right < 0 || left > width) continue;
      pen.fillRect(Math.max(0, left), top, Math.min(width, right) - Math.max(0, left), high);
    }
  };
  bars([{ from: lane.joined, to: lane.left }], colours.there, 0, height);
  bars(lane.talked, colours.talk, 0, height);
  if (peaks) wave(pen, peaks, length, view, width, height, colours.wave);
  bars(lane.muted, hatched(pen, colours.mute, 1), 0, height);
  bars(lane.masked, hatched(pen, colours.mask, -1), 0, height);
  bars(
    lane.gaps.filter((gap) => gap.due),
    colours.missing,
    height - band,
    band,
  );
  pen.fillStyle = colours.notice;
  for (const at of notices) pen.fillRect(x(at) - 1, 0, 2, height);
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number[]} peaks
 * @param {number} length
 * @param {View} view
 * @param {number} width
 * @param {number} height
 * @param {string} colour
 */
function wave(pen, peaks, length, view, width, height, colour) {
  pen.fillStyle = colour;
  const each = peaks.length / length;
  const column = (view.to - view.from) / width;
  const middle = height / 2;
  for (let i = 0; i < width; i++) {
    const from = Math.floor((view.from + i * column) * each);
    const to = Math.max(from + 1, Math.ceil((view.from + (i + 1) * column) * each));
    let peak = 0;
    for (let p = from; p < to && p < peaks.length; p++) peak = Math.max(peak, peaks[p]);
    // The square root shows quiet speech, too, which is most of it.
    const high = Math.sqrt(peak / 255) * (height / 2) * (1 - TALK_INSET);
    if (peak > 0) pen.fillRect(i, middle - high, 1, 2 * high);
  }
}

/**
 * Stripes, so that it is not the colour alone that tells.
 *
 * @param {CanvasRenderingContext2D} pen
 * @param {string} colour
 * @param {1 | -1} slope
 */
function hatched(pen, colour, slope) {
  const ratio = window.devicePixelRatio || 1;
  const tile = document.createElement('canvas');
  const size = 8;
  tile.width = tile.height = size * ratio;
  const brush = tile.getContext('2d');
  if (!brush) return colour;
  brush.scale(ratio, ratio);
  brush.strokeStyle = colour;
  brush.lineWidth = slope > 0 ? 1.6 : 4;
  for (const shift of [-size, 0, size]) {
    brush.beginPath();
    brush.moveTo(shift, slope > 0 ? size : 0);
    brush.lineTo(shift + size, slope > 0 ? 0 : size);
    brush.stroke();
  }
  const pattern = pen.createPattern(tile, 'repeat');
  pattern?.setTransform(new DOMMatrix().scale(1 / ratio));
  return pattern ?? colour;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {View} view
 */
export function drawRuler(canvas, view) {
  const pen = prepare(canvas);
  if (!pen) return;
  const colours = coloursOf(canvas);
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  const shown = view.to - view.from;
  const step = STEPS.find((it) => (it / shown) * width >= 72) ?? STEPS[STEPS.length - 1];
  pen.font = `12px ${getComputedStyle(canvas).fontFamily}`;
  pen.textBaseline = 'middle';
  for (let n = Math.ceil(view.from / step); n * step <= view.to + 1e-9; n++) {
    const at = ((n * step - view.from) / shown) * width;
    pen.fillStyle = colours.line;
    pen.fillRect(at, height - 6, 1, 6);
    pen.fillStyle = colours.soft;
    const words = place(n * step, step < 1);
    const wide = pen.measureText(words).width;
    pen.fillText(words, Math.min(Math.max(PAD, at - wide / 2), width - wide - PAD), height / 2 - 3);
  }
}

/** In words, for whoever does not see it. @param {Lane} lane */
export function describe(lane) {
  const sum = (/** @type {{from: number, to: number}[]} */ spans) =>
    spans.reduce((all, { from, to }) => all + to - from, 0);
  const parts = [`${lane.name}, there from ${place(lane.joined)} to ${place(lane.left)}`];
  if (lane.talked.length > 0) {
    const spans = lane.talked.slice(0, 12).map(({ from, to }) => `${place(from)} to ${place(to)}`);
    if (lane.talked.length > spans.length) spans.push('and later');
    parts.push(`talked ${spans.join(', ')}`);
  }
  if (lane.muted.length > 0) parts.push(`muted ${Math.round(sum(lane.muted))} seconds`);
  if (lane.masked.length > 0) parts.push(`masked ${Math.round(sum(lane.masked))} seconds`);
  const missing = lane.gaps.filter((gap) => gap.due);
  if (missing.length > 0) parts.push(`${sum(missing).toFixed(1)} seconds missing`);
  return parts.join('; ');
}

/**
 * What there is at a place of a lane, in some words.
 *
 * @param {Lane} lane
 * @param {number} at
 * @param {number} near what a pixel stands for
 */
export function whatIsAt(lane, at, near) {
  const within = (/** @type {{from: number, to: number}} */ it) =>
    it.from - near <= at && at <= it.to + near;
  const gap = lane.gaps.find((it) => it.due && within(it));
  if (gap) return { word: 'missing', why: gap.why };
  const mask = lane.masked.find(within);
  if (mask) return { word: 'masked', why: mask.why };
  if (lane.muted.some(within)) return { word: 'muted', why: '' };
  if (lane.talked.some(within)) return { word: 'talks', why: '' };
  return { word: lane.joined <= at && at <= lane.left ? 'silent' : 'not there', why: '' };
}
