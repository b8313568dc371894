/**
 * @typedef {object} Figures what the browser counts of one call; undefined: not known (yet)
 * @property {number} packetsSent
 * @property {number} packetsReceived
 * @property {number} [roundTripMs]
 * @property {number} [jitterUpMs] as the relay reports it
 * @property {number} [jitterDownMs] of the voice with most
 * @property {number} [lossUpPercent] as the relay reported it last
 * @property {number} [lossDownPercent] since the figures before
 * @property {number} [concealedPercent] of the sound that was made up where packets were missing
 * @property {string} [path] `udp, directly` or `tcp, by TURN`
 * @property {string} [relay] the relay's address
 * @property {number} [port] this device's own
 */

/**
 * @typedef {object} Totals
 * @property {number} received
 * @property {number} lost
 * @property {number} samples
 * @property {number} concealed
 */

/** Reads the browser's figures; rates are of the time since the reading before. */
export class FigureReader {
  /** @type {RTCPeerConnection | null} */
  #connection = null;
  /** @type {Totals | null} */
  #before = null;

  /** @param {RTCPeerConnection} connection @returns {Promise<Figures>} */
  async read(connection) {
    const stats = [...(await connection.getStats()).values()];
    if (connection !== this.#connection) this.#before = null; // Another link counts anew.
    this.#connection = connection;
    const inbound = stats.filter((it) => it.type === 'inbound-rtp' && it.kind === 'audio');
    const now = {
      received: sum(inbound, 'packetsReceived'),
      lost: sum(inbound, 'packetsLost'),
      samples: sum(inbound, 'totalSamplesReceived'),
      concealed: sum(inbound, 'concealedSamples') - sum(inbound, 'silentConcealedSamples'),
    };
    const before = this.#before ?? { received: 0, lost: 0, samples: 0, concealed: 0 };
    this.#before = now;
    const received = now.received - before.received;
    const lost = Math.max(0, now.lost - before.lost);
    const report = stats.find((it) => it.type === 'remote-inbound-rtp' && it.kind === 'audio');
    const outbound = stats.find((it) => it.type === 'outbound-rtp' && it.kind === 'audio');
    const pair = selectedPair(stats);
    const roundTrip = report?.roundTripTime ?? pair?.currentRoundTripTime;
    return {
      packetsSent: outbound?.packetsSent ?? 0,
      packetsReceived: now.received,
      roundTripMs: ms(roundTrip),
      jitterUpMs: ms(report?.jitter),
      jitterDownMs: received > 0 ? ms(Math.max(...inbound.map((it) => it.jitter ?? 0))) : undefined,
      lossUpPercent: report?.fractionLost === undefined ? undefined : 100 * report.fractionLost,
      lossDownPercent: received + lost > 0 ? (100 * lost) / (received + lost) : undefined,
      concealedPercent:
        now.samples > before.samples
          ? Math.max(0, (100 * (now.concealed - before.concealed)) / (now.samples - before.samples))
          : undefined,
      ...pathOf(stats, pair),
    };
  }
}

/**
 * @param {any[]} stats
 * @param {string} field
 */
function sum(stats, field) {
  return stats.reduce((total, it) => total + (it[field] ?? 0), 0);
}

/** @param {number | undefined} seconds */
function ms(seconds) {
  return seconds === undefined ? undefined : 1000 * seconds;
}

/** @param {any[]} stats */
function selectedPair(stats) {
  const id = stats.find((it) => it.type === 'transport')?.selectedCandidatePairId;
  const pairs = stats.filter((it) => it.type === 'candidate-pair');
  return (
    pairs.find((it) => it.id === id) ??
    pairs.find((it) => it.selected) ??
    pairs.find((it) => it.nominated && it.state === 'succeeded')
  );
}

/**
 * @param {any[]} stats
 * @param {any} pair
 */
function pathOf(stats, pair) {
  const local = stats.find((it) => it.id === pair?.localCandidateId);
  const remote = stats.find((it) => it.id === pair?.remoteCandidateId);
  if (!local) return {};
  const turn = local.candidateType === 'relay';
  const address = remote?.address ?? remote?.ip;
  return {
    port: local.port,
    path: `${(turn && local.relayProtocol) || local.protocol}, ${turn ? 'by TURN' : 'directly'}`,
    relay: address ? `${address.includes(':') ? `[${address}]` : address}:${remote.port}` : undefined,
  };
}
