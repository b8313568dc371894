import { byId, changeIcon, make, setText } from '../page/elements.js';
import { ROOT, soundMade } from './api.js';
import { place } from './words.js';

/**
 * @typedef {import('./api.js').Timeline} Timeline
 * @typedef {{plays: () => Promise<string | null>, onTime: (at: number) => void, onProblem: (error: unknown) => void}} Around
 */

/** The mix is no track. */
const MIX = '';

const UNPLAYABLE = 'The browser cannot play this sound, or may not any more: try again.';

/** Plays the mix of a recording, or one of its speakers. */
export class Player {
  #audio = /** @type {HTMLAudioElement} */ (byId('audio'));
  #source = /** @type {HTMLSelectElement} */ (byId('source'));
  #speed = /** @type {HTMLSelectElement} */ (byId('speed'));
  #id = '';
  #length = 0;
  #at = 0;
  #wanted = false;
  /** What the element has been given: a source that it plays, or is about to. */
  #loaded = '';
  #giving = new AbortController();
  #run = 0;

  /** @param {Around} around */
  constructor(around) {
    this.around = around;
    byId('play').onclick = () => this.toggle();
    this.#source.onchange = () => this.hear(this.#source.value);
    this.#speed.onchange = () => this.#applySpeed();
    const audio = this.#audio;
    audio.onplay = audio.onpause = () => this.#showState();
    audio.onended = () => {
      this.#wanted = false;
      this.#showState();
    };
    audio.ontimeupdate = () => this.#follow();
    audio.onerror = () => {
      if (this.#loaded === '') return;
      this.#loaded = '';
      this.#wanted = false;
      this.#showState();
      around.onProblem(new Error(UNPLAYABLE));
    };
    const glide = () => {
      if (!audio.paused) this.#follow();
      requestAnimationFrame(glide);
    };
    requestAnimationFrame(glide);
  }

  /** @param {string} id @param {Timeline} line */
  open(id, line) {
    this.close();
    this.#id = id;
    this.#length = line.length;
    const tracks = line.lanes.filter((lane) => lane.track !== '');
    this.#source.replaceChildren(
      make('option', { value: MIX }, 'Everybody'),
      ...tracks.map((lane) => make('option', { value: lane.track }, `Only ${lane.name}`)),
    );
    setText(byId('whole'), `/ ${place(line.length)}`);
    this.#show(0);
  }

  close() {
    this.#run++;
    this.#id = '';
    this.#wanted = false;
    this.#giving.abort();
    this.#loaded = '';
    this.#at = 0;
    this.#audio.pause();
    this.#audio.removeAttribute('src');
    this.#audio.load();
    this.#preparing('');
    this.#showState();
  }

  /** Seconds. */
  get at() {
    return this.#at;
  }

  get length() {
    return this.#length;
  }

  /** "": everybody. */
  get track() {
    return this.#source.value;
  }

  get playing() {
    return this.#wanted;
  }

  /** Whom to hear, from now on or when it plays. @param {string} track "": everybody */
  hear(track) {
    this.#source.value = track;
    if (this.#wanted) void this.#load();
    this.around.onTime(this.#at);
  }

  toggle() {
    this.#wanted = !this.#wanted;
    if (!this.#wanted) this.#audio.pause();
    else void this.#load();
    this.#showState();
  }

  /** @param {number} at */
  seek(at) {
    const to = Math.min(Math.max(0, at), this.#length);
    this.#show(to);
    if (this.#loaded && this.#audio.readyState >= HTMLMediaElement.HAVE_METADATA)
      this.#audio.currentTime = to;
  }

  /** Gives the element what is to be heard, and goes on where it was. */
  async #load() {
    const run = ++this.#run;
    const id = this.#id;
    try {
      const play = await this.around.plays();
      if (play === null || run !== this.#run || id !== this.#id) {
        this.#wanted = play === null ? false : this.#wanted;
        this.#showState();
        return;
      }
      const sound = this.track === MIX ? 'mix' : `tracks/${encodeURIComponent(this.track)}`;
      const path = `/${id}/${sound}?play=${encodeURIComponent(play)}`;
      if (this.#loaded !== path) {
        this.#audio.pause();
        const progress = (/** @type {number} */ share) =>
          this.#preparing(`Mixing, ${Math.round(100 * share)} %`);
        if (this.track === MIX && !(await soundMade(path, progress, () => run === this.#run))) return;
        if (run !== this.#run) return;
        this.#preparing('');
        await this.#give(path);
        if (run !== this.#run) return;
        this.#audio.currentTime = this.#at;
      } else if (this.#audio.ended || this.#at >= this.#length) {
        this.seek(this.#at >= this.#length ? 0 : this.#at);
      }
      this.#applySpeed();
      if (this.#wanted) await this.#audio.play();
    } catch (error) {
      if (run !== this.#run || /** @type {Error} */ (error).name === 'AbortError') return;
      this.#wanted = false;
      this.#preparing('');
      this.#showState();
      this.around.onProblem(error);
    }
  }

  /** @param {string} path @returns {Promise<void>} when it knows how long it is */
  #give(path) {
    this.#loaded = '';
    this.#giving.abort(); // whoever waits for another sound waits in vain
    const over = (this.#giving = new AbortController());
    return new Promise((done, fail) => {
      const audio = this.#audio;
      const once = { once: true, signal: over.signal };
      const known = () => {
        over.abort();
        this.#loaded = path;
        done();
      };
      const broken = () => {
        over.abort();
        fail(new Error(UNPLAYABLE));
      };
      audio.addEventListener('loadedmetadata', known, once);
      audio.addEventListener('error', broken, once);
      audio.src = ROOT + path;
      audio.load();
    });
  }

  #applySpeed() {
    this.#audio.playbackRate = Number(this.#speed.value);
    this.#audio.preservesPitch = true;
  }

  #follow() {
    if (this.#loaded && !this.#audio.seeking && this.#audio.readyState > 0)
      this.#show(Math.min(this.#audio.currentTime, this.#length));
  }

  /** @param {number} at */
  #show(at) {
    this.#at = at;
    setText(byId('now'), place(at, true));
    this.around.onTime(at);
  }

  #showState() {
    const button = byId('play');
    const name = this.#wanted ? 'Pause' : 'Play';
    changeIcon(button, this.#wanted ? 'pause' : 'play');
    button.setAttribute('aria-label', name);
    button.title = `${name} (space)`;
  }

  /** @param {string} words */
  #preparing(words) {
    byId('preparing').hidden = words === '';
    setText(byId('preparing'), words);
  }
}
