// The tones are made here, so that there is no file to load: two soft notes for an incoming call,
// the familiar single tone for an outgoing one.

/** @type {AudioContext | null} */
let context = null;
/** @type {ReturnType<typeof setInterval> | undefined} */
let repeat;
/** @type {'incoming' | 'outgoing' | null} */
let playing = null;
let allowed = true;

/** @param {boolean} on */
export function allowTone(on) {
  allowed = on;
  if (!on) tone(null);
}

/** @param {'incoming' | 'outgoing' | null} kind null: silence */
export function tone(kind) {
  const next = allowed ? kind : null;
  if (next === playing) return;
  playing = next;
  clearInterval(repeat);
  if (!next) {
    void context?.close().catch(() => {}); // And with it the notes that are still to come.
    context = null;
    return;
  }
  const [play, everyMs] = next === 'incoming' ? [incoming, 2_600] : [outgoing, 4_000];
  const once = () => {
    // A page that nobody has touched yet may make no sound; the browser would only complain.
    if (navigator.userActivation && !navigator.userActivation.hasBeenActive) return;
    context ??= new AudioContext();
    void context.resume().catch(() => {});
    play(context);
  };
  once();
  repeat = setInterval(once, everyMs);
}

/** @param {AudioContext} to */
function incoming(to) {
  navigator.vibrate?.([250, 120, 250]);
  [587.3, 880, 587.3, 880].forEach((pitch, i) => strike(to, pitch, to.currentTime + i * 0.22));
}

/** @param {AudioContext} to */
function outgoing(to) {
  const at = to.currentTime;
  const volume = to.createGain();
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(0.06, at + 0.04);
  volume.gain.setValueAtTime(0.06, at + 1);
  volume.gain.linearRampToValueAtTime(0, at + 1.06);
  sound(to, 425, volume, at, 1.1);
}

/**
 * @param {AudioContext} to
 * @param {number} pitch
 * @param {number} at
 */
function strike(to, pitch, at) {
  const volume = to.createGain();
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(0.16, at + 0.012);
  volume.gain.exponentialRampToValueAtTime(0.0005, at + 0.7);
  sound(to, pitch, volume, at, 0.75);
}

/**
 * @param {AudioContext} to
 * @param {number} pitch
 * @param {GainNode} volume
 * @param {number} at
 * @param {number} seconds
 */
function sound(to, pitch, volume, at, seconds) {
  const source = to.createOscillator();
  source.frequency.value = pitch;
  source.connect(volume).connect(to.destination);
  source.start(at);
  source.stop(at + seconds);
}
