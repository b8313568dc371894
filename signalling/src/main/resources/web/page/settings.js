import { loudness } from '../parley-client.js';
import { byId, make } from './elements.js';
import { toast } from './notices.js';
import { allowTone } from './ring-tone.js';

/**
 * @typedef {import('../parley-client.js').Parley} Parley
 */

/** The choice of microphone and loudspeaker. */
export class Settings {
  #dialog = /** @type {HTMLDialogElement} */ (byId('settings'));
  #microphones = /** @type {HTMLSelectElement} */ (byId('pick-microphone'));
  #outputs = /** @type {HTMLSelectElement} */ (byId('pick-output'));

  /** @param {Parley} parley */
  constructor(parley) {
    this.parley = parley;
    this.#microphones.onchange = () =>
      this.#use(() => parley.setMicrophone(this.#microphones.value));
    this.#outputs.onchange = () => this.#use(() => parley.setOutput(this.#outputs.value));
    const ring = /** @type {HTMLInputElement} */ (byId('ring-sound'));
    ring.onchange = () => allowTone(ring.checked);
    this.#dialog.onclick = (click) => {
      if (click.target === this.#dialog) this.#dialog.close();
    };
    parley.addEventListener('level', (event) =>
      this.#level(/** @type {CustomEvent} */ (event).detail.own),
    );
    parley.addEventListener('ended', () => (byId('meter').hidden = true));
    navigator.mediaDevices?.addEventListener?.('devicechange', () => {
      if (this.#dialog.open) void this.#fill();
    });
  }

  async open() {
    await this.#fill();
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  async #fill() {
    const devices = (await navigator.mediaDevices?.enumerateDevices?.().catch(() => [])) ?? [];
    const { microphoneId = '', outputId = '' } = this.parley.options;
    fill(
      this.#microphones,
      devices.filter((it) => it.kind === 'audioinput'),
      microphoneId,
    );
    fill(
      this.#outputs,
      devices.filter((it) => it.kind === 'audiooutput'),
      outputId,
    );
    byId('pick-output-label').hidden = !('setSinkId' in HTMLMediaElement.prototype);
    const unnamed = devices.every((it) => !it.label);
    const hint = byId('settings-hint');
    hint.hidden = !unnamed;
    hint.textContent = 'The browser names the devices once the microphone was used in a call.';
  }

  /** @param {() => Promise<void>} change */
  async #use(change) {
    try {
      await change();
    } catch (error) {
      const { message, remedy } = /** @type {any} */ (error);
      toast(message, { remedy, problem: true });
    }
  }

  /** @param {number} own */
  #level(own) {
    if (!this.#dialog.open) return;
    const meter = byId('meter');
    meter.hidden = false;
    meter.style.setProperty('--level', loudness(own).toFixed(2));
  }
}

/**
 * @param {HTMLSelectElement} select
 * @param {MediaDeviceInfo[]} devices
 * @param {string} chosen
 */
function fill(select, devices, chosen) {
  const named = devices.filter((it) => it.deviceId && it.deviceId !== 'default');
  const options = named.map((it, i) =>
    make('option', { value: it.deviceId }, it.label || `Device ${i + 1}`),
  );
  select.replaceChildren(make('option', { value: '' }, 'As in the system settings'), ...options);
  select.value = named.some((it) => it.deviceId === chosen) ? chosen : '';
}
