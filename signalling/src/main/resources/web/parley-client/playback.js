/**
 * Plays what the receivers of a call deliver: one audio element a section. When the browser's
 * autoplay policy holds it back, it tries again at the user's next touch or key.
 */
export class Playback {
  /** @type {HTMLAudioElement[]} */
  #elements = [];
  #waiting = false;

  /**
   * @param {string} outputId device to play on; "": the system's
   * @param {(why: 'autoplay-blocked' | 'output-failed') => void} onTrouble
   */
  constructor(outputId, onTrouble) {
    this.outputId = outputId;
    this.onTrouble = onTrouble;
  }

  /** Whether the browser plays nothing before the user does something. */
  get heldBack() {
    return this.#waiting;
  }

  /** @returns {readonly HTMLAudioElement[]} */
  get elements() {
    return this.#elements;
  }

  /** @param {MediaStream[]} streams played from now on, instead of those before */
  play(streams) {
    this.#remove();
    this.#elements = streams.map((stream) => {
      const element = document.createElement('audio');
      element.autoplay = true;
      element.hidden = true;
      element.dataset.parley = 'voice';
      element.srcObject = stream;
      document.body.append(element);
      return element;
    });
    if (this.outputId) void this.setOutput(this.outputId);
    void this.#start();
  }

  /** @param {string} outputId */
  async setOutput(outputId) {
    this.outputId = outputId;
    for (const element of this.#elements) {
      await element.setSinkId?.(outputId).catch(() => this.onTrouble('output-failed'));
    }
  }

  stop() {
    this.#remove();
    this.#listen(false);
  }

  #remove() {
    for (const element of this.#elements) {
      element.srcObject = null;
      element.remove();
    }
    this.#elements = [];
  }

  #start = async () => {
    this.#listen(false);
    const results = await Promise.allSettled(this.#elements.map((element) => element.play()));
    const blocked = results.some(
      (it) => it.status === 'rejected' && it.reason?.name === 'NotAllowedError',
    );
    if (!blocked || this.#waiting || this.#elements.length === 0) return;
    this.#listen(true);
    this.onTrouble('autoplay-blocked');
  };

  /** @param {boolean} on */
  #listen(on) {
    this.#waiting = on;
    for (const gesture of ['pointerdown', 'keydown']) {
      if (on) addEventListener(gesture, this.#start, { capture: true });
      else removeEventListener(gesture, this.#start, { capture: true });
    }
  }
}
