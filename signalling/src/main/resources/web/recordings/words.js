// How places, times and states are said.

const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const DATE = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });

/** @param {string} instant */
export function day(instant) {
  return said(DAY, instant);
}

/** @param {string} instant */
export function date(instant) {
  return said(DATE, instant);
}

/** @param {string} instant */
export function exact(instant) {
  return said(EXACT, instant);
}

/**
 * @param {Intl.DateTimeFormat} format
 * @param {string} instant
 */
function said(format, instant) {
  const at = new Date(instant);
  return Number.isNaN(at.getTime()) ? instant : format.format(at);
}

/** A place in a recording. @param {number} seconds @param {boolean} [tenths] */
export function place(seconds, tenths = false) {
  const unit = tenths ? 10 : 1;
  const whole = Math.floor(Math.max(0, seconds) * unit + 1e-6) / unit;
  const h = Math.floor(whole / 3600);
  const m = Math.floor(whole / 60) % 60;
  const s = (whole % 60).toFixed(tenths ? 1 : 0).padStart(tenths ? 4 : 2, '0');
  return h > 0 ? `${h}:${String(m).padStart(2, '0')}:${s}` : `${m}:${s}`;
}

/** A time. @param {number} seconds */
export function lasting(seconds) {
  if (seconds < 60) return `${seconds < 10 ? Math.round(seconds * 10) / 10 : Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** @param {number} count */
export function bytes(count) {
  if (count < 1e6) return `${Math.max(1, Math.round(count / 1e3))} kB`;
  return count < 1e9 ? `${(count / 1e6).toFixed(1)} MB` : `${(count / 1e9).toFixed(2)} GB`;
}

/** Rounded down: 100 % only when nothing is missing. @param {number} share */
export function percent(share) {
  return share >= 1 ? '100 %' : `${(Math.floor(share * 10_000) / 100).toFixed(2)} %`;
}

/** @type {Record<string, string>} */
const WHAT = {
  notice_played: 'Notice played',
  notice_confirmed: 'Notice received',
  notice_unconfirmed: 'Notice not confirmed',
  notice_broken_off: 'Notice broken off',
  notice_impossible: 'Notice not possible',
  consent: 'Consent',
  masked: 'Masked',
  unmasked: 'Mask taken off',
};

/** @param {string} what */
export function happening(what) {
  return WHAT[what] ?? (what.charAt(0).toUpperCase() + what.slice(1)).replaceAll('_', ' ');
}

/** @type {Record<string, string>} */
const WHY = {
  loss: 'lost on the way',
  mute: 'muted',
  mask: 'masked',
  overflow: 'recorder too slow',
  silence: 'nothing sent',
  restart: 'stream began anew',
  malformed: 'not understood',
  stopped: 'recording broke off',
  crash: 'recorder died',
};

/** @param {string} why of a gap */
export function cause(why) {
  return WHY[why] ?? why;
}
