import { assignHues } from '../page/avatar.js';
import { byId, setText } from '../page/elements.js';
import { announce, toast } from '../page/notices.js';
import { showAbout, showEvents, showMarks } from './about.js';
import { Refusal, ask, made } from './api.js';
import { ExportJob } from './export-job.js';
import { Player } from './player.js';
import { askReason } from './reason-dialog.js';
import { TimelineView } from './timeline-view.js';
import { day, place } from './words.js';

/**
 * @typedef {import('./api.js').Detail} Detail
 * @typedef {import('./api.js').Item} Item
 * @typedef {import('./api.js').Session} Session
 * @typedef {import('./api.js').Timeline} Timeline
 * @typedef {{session: () => Session, onChange: (item: Item) => void, onProblem: (error: unknown) => void}} Around
 */

/** Enough for a wide screen at the deepest zoom that one uses. */
const POINTS = 6_000;

/** One recording: what is known of it, who spoke when, and what may be done with it. */
export class RecordingView {
  /** @type {Detail | null} */
  #detail = null;
  #id = '';
  /** @type {string | null} what the server knows this listening by */
  #play = null;
  #playUntil = 0;
  #playing = /** @type {Promise<string | null> | null} */ (null);

  /** @param {Around} around */
  constructor(around) {
    this.around = around;
    this.timeline = new TimelineView(() => this.player);
    this.player = new Player({
      plays: () => this.#plays(),
      onTime: (at) => {
        this.timeline.show(at);
        this.timeline.heard(this.player?.track ?? '');
      },
      onProblem: (error) => {
        if (error instanceof Refusal && [404, 410].includes(error.status)) this.#play = null;
        around.onProblem(error);
      },
    });
    this.exports = new ExportJob();
    byId('fetch').onclick = () => void this.#fetch();
    byId('export').onclick = () => void this.#export();
    byId('hold').onclick = () => void this.#hold();
    byId('retain').onclick = () => void this.#retain();
    byId('delete').onclick = () => void this.#delete();
  }

  /** Another one. @param {string} id */
  async open(id) {
    this.close();
    this.#id = id;
    /** @type {Detail} */
    const detail = (await ask('GET', `/${id}`)).body;
    if (id !== this.#id) return;
    this.#show(detail);
    byId('idle').hidden = true;
    byId('recording').hidden = false;
    document.title = `${detail.recording.title || 'Recording'} – Parley`;
    if (detail.recording.state === 'deleted') return;
    /** @type {Timeline} */
    const line = (await ask('GET', `/${id}/timeline`)).body;
    if (id !== this.#id) return;
    assignHues(line.lanes.map((lane) => ({ jid: lane.contact })));
    this.player.open(id, line);
    this.timeline.open(line);
    showEvents(line, detail.recording, (at) => this.player.seek(at));
    for (const name of ['player', 'timeline']) byId(name).hidden = false;
    if (this.#may('export')) void this.exports.look(id);
  }

  close() {
    this.#id = '';
    this.#detail = null;
    this.#play = null;
    this.#playing = null;
    this.player.close();
    void this.exports.look('');
    for (const name of ['player', 'timeline']) byId(name).hidden = true;
    byId('events').replaceChildren();
    byId('recording').hidden = true;
    byId('idle').hidden = false;
    document.title = 'Recordings – Parley';
  }

  /** Whether keys are for it. */
  get shown() {
    return this.#id !== '' && !byId('player').hidden;
  }

  /** @param {string} right */
  #may(right) {
    const may = this.#detail?.may ?? this.around.session().rights;
    return may.includes(right);
  }

  /** @param {Detail} detail */
  #show(detail) {
    this.#detail = detail;
    const item = detail.recording;
    const gone = item.state === 'deleted';
    setText(byId('title'), item.title || item.call || item.id);
    const people = new Set((item.parties ?? []).map((party) => party.contact)).size;
    const who = people > 0 ? ` · ${people} ${people === 1 ? 'person' : 'people'}` : '';
    setText(byId('when'), gone ? day(item.began) : `${day(item.began)} · ${place(item.length ?? 0)}${who}`);
    byId('recording').classList.toggle('gone', gone);
    showMarks(item, () => void this.#verify());
    showAbout(detail);
    setText(byId('hold-name'), item.held ? 'Release' : 'Hold');
    byId('export').hidden = gone || !this.#may('export');
    byId('hold').hidden = byId('retain').hidden = gone || !this.#may('hold');
    byId('delete').hidden = gone || !this.#may('delete');
    byId('fetch').hidden = item.place !== 'store' || !this.#may('play');
    const elsewhere = item.place === 'store' ? 'Its audio is only in the object store, and has to be fetched before it can be heard or exported.' : '';
    this.#trouble(gone ? `It was deleted.\n${detail.certificate ?? ''}` : elsewhere);
  }

  /** @param {string} words "": none */
  #trouble(words) {
    byId('trouble').hidden = words === '';
    setText(byId('trouble'), words);
  }

  /** @param {{recording: Item, custody?: any, certificate?: string | null}} answer */
  #changed(answer) {
    if (!this.#detail || answer.recording.id !== this.#id) return;
    this.#show({ ...this.#detail, ...answer });
    this.around.onChange(answer.recording);
  }

  /**
   * What lets this person listen; asked for once, and the reason with it, as it is written down.
   *
   * @returns {Promise<string | null>} null: better not
   */
  #plays() {
    if (this.#play !== null && Date.now() < this.#playUntil) return Promise.resolve(this.#play);
    this.#playing ??= this.#askToPlay().finally(() => (this.#playing = null));
    return this.#playing;
  }

  async #askToPlay() {
    const id = this.#id;
    const begin = async (/** @type {string} */ why) => {
      const { body } = await ask('POST', `/${id}/plays`, { why });
      if (id !== this.#id) return;
      this.#play = body.play;
      this.#playUntil = new Date(body.expires).getTime() - 60_000;
      void this.#drawWave(id, body.play);
    };
    const why = this.around.session().why;
    if (why !== '') await begin(why);
    else
      await askReason(
        { title: 'Listen', words: 'That you listen, and for what, is written down.', go: 'Listen' },
        ({ why: said }) => begin(said),
      );
    return id === this.#id ? this.#play : null;
  }

  /** @param {string} id @param {string} play */
  async #drawWave(id, play) {
    try {
      const path = `/${id}/waveform?play=${encodeURIComponent(play)}&points=${POINTS}`;
      const wave = await made(path, () => {}, () => id === this.#id);
      if (wave && id === this.#id) this.timeline.draw(wave);
    } catch {
      // The lanes say who spoke without it, too; playing will say what is wrong.
    }
  }

  async #verify() {
    const id = this.#id;
    const button = /** @type {HTMLButtonElement} */ (byId('verify'));
    button.disabled = true;
    button.textContent = 'Comparing…';
    try {
      const { body } = await ask('POST', `/${id}/verify`, {});
      if (id !== this.#id || !this.#detail) return;
      const verified = { state: body.state, at: body.at, note: '' };
      this.#changed({ recording: { ...this.#detail.recording, verified } });
      const words = body.state === 'proven' ? 'Every byte is as it was sealed.' : 'It is not as it was sealed.';
      announce(words);
      this.#trouble(body.state === 'proven' ? '' : `${words}\n${(body.findings ?? []).join('\n')}`);
      if (body.state === 'proven') toast(words);
    } catch (error) {
      if (id !== this.#id) return;
      button.disabled = false;
      button.textContent = 'Verify';
      this.around.onProblem(error);
    }
  }

  async #fetch() {
    const id = this.#id;
    await askReason(
      { title: 'Fetch audio', words: 'It is brought back from the object store.', go: 'Fetch' },
      async ({ why }) => {
        const { body } = await ask('POST', `/${id}/fetch`, { why });
        this.#changed({ recording: body });
        toast('The audio is here.');
      },
    );
  }

  async #export() {
    const id = this.#id;
    await askReason(
      {
        title: 'Export',
        words:
          'A zip file with the tracks, the seal, what is written down of it, and a program that proves all of that.',
        go: 'Export',
        why: this.around.session().why,
        parts: true,
      },
      ({ why, mix, wav }) => this.exports.begin(id, { why, mix, wav }),
    );
  }

  async #hold() {
    const id = this.#id;
    const held = this.#detail?.recording.held ?? false;
    await askReason(
      held
        ? { title: 'Release', words: 'The legal hold ends. How long it has to be kept stays.', go: 'Release' }
        : { title: 'Legal hold', words: 'Nothing deletes it before it is released.', go: 'Hold' },
      async ({ why }) => {
        const { body } = await ask('POST', `/${id}/${held ? 'release' : 'hold'}`, { why });
        this.#changed(body);
        toast(held ? 'Released.' : 'On legal hold.');
      },
    );
  }

  async #retain() {
    const id = this.#id;
    await askReason(
      {
        title: 'Keep',
        words: 'It cannot be deleted before that day. The latest day that was said counts.',
        go: 'Keep',
        until: true,
      },
      async ({ why, until }) => {
        const { body } = await ask('POST', `/${id}/retain`, { why, until });
        this.#changed(body);
        toast('Noted.');
      },
    );
  }

  async #delete() {
    const id = this.#id;
    const title = this.#detail?.recording.title ?? '';
    await askReason(
      {
        title: 'Delete for good',
        words: `“${title}” and its key are destroyed, and nobody can bring them back. A signed certificate stays.`,
        go: 'Delete for good',
        danger: true,
      },
      async ({ why }) => {
        const { body } = await ask('DELETE', `/${id}`, { why });
        this.player.close();
        for (const name of ['player', 'timeline']) byId(name).hidden = true;
        byId('events').replaceChildren();
        this.#changed(body);
        toast('Deleted. The certificate is shown.');
      },
    );
  }
}
