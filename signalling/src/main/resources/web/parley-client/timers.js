/** Timers by name: setting one again replaces it, and all of them can be dropped at once. */
export class Timers {
  /** @type {Map<string, ReturnType<typeof setTimeout>>} */
  #running = new Map();

  /**
   * @param {string} name
   * @param {number} ms
   * @param {() => void} then
   */
  after(name, ms, then) {
    this.cancel(name);
    const fire = () => {
      this.#running.delete(name);
      then();
    };
    this.#running.set(name, setTimeout(fire, ms));
  }

  /** @param {string} name */
  waits(name) {
    return this.#running.has(name);
  }

  /** @param {string} name @returns {boolean} whether it was running */
  cancel(name) {
    clearTimeout(this.#running.get(name));
    return this.#running.delete(name);
  }

  cancelAll() {
    for (const timer of this.#running.values()) clearTimeout(timer);
    this.#running.clear();
  }
}
