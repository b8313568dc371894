import { FigureReader } from './connection-figures.js';

/** Between two looks at the browser's figures. */
const LOOK_MS = 2_000;

/** Every so many looks the server is asked … */
const LOOKS_A_QUESTION = 2;

/** … and of a call with more people more seldom: the relay has each of them to look at. */
const LARGE_CALL = 20;
const LOOKS_A_QUESTION_IN_LARGE_CALLS = 8;

/** So many refusals in a row: this server does not tell. */
const MOST_REFUSALS = 3;

/** How a call just is, or how somebody wanted it. */
const INTENDED = ['none', 'connecting', 'muted', 'no_microphone', 'alone', 'others_muted'];

/**
 * @typedef {import('./connection-figures.js').Figures} Figures
 *
 * @typedef {'unknown'|'good'|'fair'|'poor'|'lost'} Quality
 *   lost: one does not hear, or is not heard, at all
 *
 * @typedef {object} Finding
 * @property {string} fault for programs; `none`
 * @property {'neither'|'unheard'|'deaf'|'heard_badly'|'hears_badly'|'both_badly'|'none'} effect
 * @property {string} sentence for the user: effect, cause, remedy
 *
 * @typedef {object} OtherFinding somebody else who is not heard, or badly
 * @property {string} jid
 * @property {string} displayName
 * @property {string} fault
 * @property {string} effect
 * @property {string} sentence
 *
 * @typedef {object} ConnectionState
 * @property {Quality} quality
 * @property {string} fault
 * @property {Finding['effect']} effect
 * @property {string} sentence
 * @property {OtherFinding[]} others
 * @property {Figures | null} figures
 * @property {number} [mosUp] how the others hear this client, 1 to 4.5, by the relay's estimate
 * @property {number} [mosDown] how this client hears the others
 * @property {number} [levelDbov] of the microphone, as it reaches the relay
 *
 * @typedef {object} Situation what only the client knows
 * @property {boolean} reconnecting
 * @property {boolean} heldBack whether the browser plays nothing before the user does something
 * @property {boolean} muted
 * @property {MediaStreamTrack | undefined} track of the microphone
 * @property {boolean} othersTalk
 * @property {number} people
 *
 * @typedef {object} WatchSources
 * @property {() => RTCPeerConnection | null} peerConnection
 * @property {() => Situation} situation
 * @property {() => Promise<any>} ask the server, of this device's connection
 */

/** Finds out how well this device hears and is heard: from the browser, and from the relay. */
export class ConnectionWatch {
  /** @type {ConnectionState} */
  state = { quality: 'unknown', ...nothing(), others: [], figures: null };

  #figures = new FigureReader();
  /** @type {any} the server's last answer */
  #told = null;
  #looks = 0;
  #refusals = 0;
  #deafLooks = 0;
  #received = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  /**
   * @param {WatchSources} sources
   * @param {(state: ConnectionState, previous: ConnectionState) => void} onLook
   */
  constructor(sources, onLook) {
    this.sources = sources;
    this.onLook = onLook;
  }

  start() {
    this.#timer ??= setInterval(() => void this.#look(), LOOK_MS);
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #look() {
    const connection = this.sources.peerConnection();
    const situation = this.sources.situation();
    const figures = connection && (await this.#figures.read(connection).catch(() => null));
    const large = situation.people > LARGE_CALL;
    const rhythm = large ? LOOKS_A_QUESTION_IN_LARGE_CALLS : LOOKS_A_QUESTION;
    if (this.#looks++ % rhythm === 0 && this.#refusals < MOST_REFUSALS) await this.#ask();
    if (this.#timer === undefined) return; // The call ended meanwhile.
    this.#countDeafLooks(situation, figures);
    const own = ownLeg(this.#told?.own ?? [], figures);
    const finding = this.#finding(situation, figures, own);
    const previous = this.state;
    this.state = {
      ...finding,
      quality: quality(finding, figures, own),
      others: (this.#told?.others ?? []).map(other),
      figures,
      mosUp: own?.up?.mos,
      mosDown: own?.down?.mos,
      levelDbov: own?.up?.level_dbov,
    };
    this.onLook(this.state, previous);
  }

  async #ask() {
    try {
      this.#told = await this.sources.ask();
      this.#refusals = 0;
    } catch {
      this.#told = null; // What is old may be wrong.
      this.#refusals++;
    }
  }

  /**
   * @param {Situation} situation
   * @param {Figures | null} figures
   */
  #countDeafLooks({ othersTalk }, figures) {
    const received = figures?.packetsReceived ?? 0;
    const deaf = othersTalk && figures !== null && received === this.#received;
    this.#deafLooks = deaf ? this.#deafLooks + 1 : 0;
    this.#received = received;
  }

  /**
   * What the client knows best, then what the relay says, then what the figures show.
   *
   * @param {Situation} situation
   * @param {Figures | null} figures
   * @param {any} own
   * @returns {Finding}
   */
  #finding(situation, figures, own) {
    if (situation.reconnecting) {
      return find(
        'reconnecting',
        'neither',
        'You neither hear nor are heard: the connection is lost and is being set up again.' +
          ' If it takes long, check Wi-Fi or cable.',
      );
    }
    if (!situation.muted && situation.track?.readyState === 'ended') {
      return find(
        'microphone_lost',
        'unheard',
        'You are not heard: the microphone was unplugged or switched off.' +
          ' Choose another one in the settings.',
      );
    }
    if (!situation.muted && situation.track?.muted) {
      return find(
        'microphone_muted_by_system',
        'unheard',
        'You are not heard: the system or the browser keeps the microphone muted.' +
          ' Check its switch, and the microphone in the system settings.',
      );
    }
    if (situation.heldBack) {
      return find(
        'sound_held_back',
        'deaf',
        'You hear nobody: the browser holds the sound back.' +
          ' Click anywhere on the page to hear the others.',
      );
    }
    const told = own && find(own.fault, own.effect, own.sentence);
    if (told && told.effect !== 'none' && !INTENDED.includes(told.fault)) return told;
    if (this.#deafLooks >= 2) {
      return find(
        'blocked_down',
        'deaf',
        'You hear nobody: the sound that the relay sends does not arrive here.' +
          ' A firewall blocks UDP, or the network is overloaded: try another one.',
      );
    }
    return told ?? byFigures(figures);
  }
}

/**
 * Of several devices of the same person this one's, unless a NAT hides which it is.
 *
 * @param {any[]} legs
 * @param {Figures | null} figures
 */
function ownLeg(legs, figures) {
  const live = legs.filter((leg) => leg.live);
  return live.find((leg) => leg.path.remote?.endsWith(`:${figures?.port}`)) ?? live.at(-1);
}

/** @param {Figures | null} figures @returns {Finding} */
function byFigures(figures) {
  const { lossDownPercent = 0, lossUpPercent = 0 } = figures ?? {};
  if (lossUpPercent >= 10) {
    return find(
      'loss_up',
      'heard_badly',
      `You are heard badly: ${Math.round(lossUpPercent)} % of your packets are lost on the way.` +
        ' Prefer a cable to Wi-Fi and stop other uploads.',
    );
  }
  if (lossDownPercent >= 10) {
    return find(
      'loss_down',
      'hears_badly',
      `You hear others badly: ${Math.round(lossDownPercent)} % of the packets to you are lost.` +
        ' Prefer a cable to Wi-Fi and stop other downloads.',
    );
  }
  return nothing();
}

/**
 * @param {Finding} finding
 * @param {Figures | null} figures
 * @param {any} own
 * @returns {Quality}
 */
function quality({ fault, effect }, figures, own) {
  if (effect !== 'none' && !INTENDED.includes(fault) && fault !== 'others_not_heard') {
    return ['neither', 'unheard', 'deaf'].includes(effect) ? 'lost' : 'poor';
  }
  const opinions = [own?.up?.mos, own?.down?.mos].filter((it) => it !== undefined);
  if (opinions.length > 0) return grade(-Math.min(...opinions), -3.8, -3.1);
  if (!figures || (figures.packetsSent === 0 && figures.packetsReceived === 0)) return 'unknown';
  const loss = Math.max(figures.lossUpPercent ?? 0, figures.lossDownPercent ?? 0);
  const byLoss = grade(loss, 3, 10);
  return byLoss === 'good' ? grade(figures.roundTripMs ?? 0, 300, 600) : byLoss;
}

/**
 * @param {number} value
 * @param {number} fair
 * @param {number} poor
 * @returns {Quality}
 */
function grade(value, fair, poor) {
  if (value >= poor) return 'poor';
  return value >= fair ? 'fair' : 'good';
}

/**
 * @param {string} fault
 * @param {Finding['effect']} effect
 * @param {string} sentence
 * @returns {Finding}
 */
function find(fault, effect, sentence) {
  return { fault, effect, sentence };
}

function nothing() {
  return find('none', 'none', 'You hear and are heard.');
}

/** @param {any} told @returns {OtherFinding} */
function other(told) {
  return {
    jid: told.contact,
    displayName: told.display_name,
    fault: told.fault,
    effect: told.effect,
    sentence: told.sentence,
  };
}
