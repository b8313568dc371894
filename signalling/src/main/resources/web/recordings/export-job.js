import { byId } from '../page/elements.js';
import { announce, toast } from '../page/notices.js';
import { ROOT, Refusal, ask, pause } from './api.js';
import { bytes } from './words.js';

/**
 * @typedef {import('./api.js').Job} Job
 */

const AGAIN_MS = 500;

/** The export of the recording that is shown: how far it is, and the bundle. */
export class ExportJob {
  /** @type {Job | null} */
  #job = null;
  #run = 0;

  constructor() {
    byId('job-close').onclick = () => void this.#discard();
  }

  /** Shows the newest export of a recording that this person has begun. @param {string} id "": none */
  async look(id) {
    this.#run++;
    this.#show(null);
    if (id === '') return;
    const run = this.#run;
    try {
      const { body } = await ask('GET', '/exports');
      const job = body.exports.filter((/** @type {Job} */ it) => it.recording === id).pop();
      if (job && run === this.#run) await this.#follow(job);
    } catch {
      // Then there is none to be shown.
    }
  }

  /** @param {string} id @param {{why: string, mix: boolean, wav: boolean}} asked */
  async begin(id, asked) {
    this.#run++;
    const { body } = await ask('POST', `/${id}/exports`, asked);
    void this.#follow(body);
  }

  /** @param {Job} job */
  async #follow(job) {
    const run = this.#run;
    this.#show(job);
    let now = job;
    while (now.state === 'waiting' || now.state === 'running') {
      await pause(AGAIN_MS);
      if (run !== this.#run) return;
      try {
        now = (await ask('GET', `/exports/${job.job}`)).body;
      } catch (error) {
        if (run !== this.#run) return;
        if (error instanceof Refusal && error.status === 0) continue; // it may come back
        this.#show(null);
        toast('The export is not there any more.', { problem: true });
        return;
      }
      if (run !== this.#run) return;
      this.#show(now);
    }
    announce(now.state === 'ready' ? 'The export is ready.' : 'The export has failed.');
  }

  async #discard() {
    this.#run++;
    const job = this.#job;
    this.#show(null);
    if (job) await ask('DELETE', `/exports/${job.job}`).catch(() => null);
  }

  /** @param {Job | null} job */
  #show(job) {
    this.#job = job;
    byId('job').hidden = job === null;
    if (!job) return;
    const ready = job.state === 'ready';
    const failed = job.state === 'failed';
    const progress = /** @type {HTMLProgressElement} */ (byId('job-progress'));
    progress.hidden = ready || failed;
    progress.value = job.progress;
    byId('job').dataset.state = job.state;
    const link = /** @type {HTMLAnchorElement} */ (byId('job-bundle'));
    link.hidden = !ready;
    link.href = `${ROOT}/exports/${job.job}/bundle`;
    byId('job-words').textContent = ready
      ? `The export is ready${job.bytes ? `: ${bytes(job.bytes)}` : ''}. It is kept for an hour.`
      : failed
        ? `The export has failed: ${job.detail ?? 'the server does not say why.'}`
        : job.state === 'waiting'
          ? 'Waiting for other exports…'
          : `Exporting, ${Math.floor(100 * job.progress)} %${job.step ? `: ${job.step}` : ''}`;
  }
}
