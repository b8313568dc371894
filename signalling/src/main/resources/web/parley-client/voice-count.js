/** Who speaks sends every 20 ms; a voice of which nothing came for so long is silent, or gone. */
const SILENT_MS = 200;

/** Counts the voices that come in by a peer connection. */
export class VoiceCount {
  /** @type {Map<string, {packets: number, grewAtMs: number}>} by the stream's id in the statistics */
  #streams = new Map();

  /** @param {RTCPeerConnection} pc */
  constructor(pc) {
    this.pc = pc;
  }

  /**
   * A look; the first one finds none, as it has nothing to compare with.
   *
   * @returns {Promise<number>} how many voices come in at this moment
   */
  async look() {
    const report = await this.pc.getStats().catch(() => new Map()); // closed meanwhile
    const nowMs = performance.now();
    for (const stats of report.values()) {
      if (stats.type !== 'inbound-rtp') continue;
      const before = this.#streams.get(stats.id);
      const packets = stats.packetsReceived ?? 0;
      const grewAtMs = before && packets > before.packets ? nowMs : (before?.grewAtMs ?? -Infinity);
      this.#streams.set(stats.id, { packets, grewAtMs });
    }
    return [...this.#streams.values()].filter((it) => nowMs - it.grewAtMs < SILENT_MS).length;
  }
}
