/**
 * @typedef {object} DeviceList
 * @property {MediaDeviceInfo[]} microphones
 * @property {MediaDeviceInfo[]} outputs
 */

/** Tells of microphones and loudspeakers that are plugged in or out. */
export class Devices {
  /** @param {(devices: DeviceList) => void} onChange */
  constructor(onChange) {
    this.onChange = onChange;
  }

  start() {
    navigator.mediaDevices?.addEventListener?.('devicechange', this.#changed);
  }

  stop() {
    navigator.mediaDevices?.removeEventListener?.('devicechange', this.#changed);
  }

  #changed = async () => {
    const all = (await navigator.mediaDevices.enumerateDevices().catch(() => null)) ?? [];
    this.onChange({
      microphones: all.filter((it) => it.kind === 'audioinput'),
      outputs: all.filter((it) => it.kind === 'audiooutput'),
    });
  };
}
