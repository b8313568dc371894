// The HTTP API of recordings, as API.md describes it.

export const ROOT = '/parley/v1/recordings';

/**
 * @typedef {{name: string, rights: string[], teams: string[], why: string, csrf: string, expires: string}} Session
 * @typedef {{contact: string, name: string, device: string, track: string, joined: number, left: number, talk: number, completeness: number}} Party
 * @typedef {{id: string, call: string, title: string, chat: string, team: string, node?: string, began: string, ended?: string, length: number, state: string, completeness?: number, talk?: number, talked_over?: number, parties: Party[], policy?: {name: string, version: string, mode: string}, retention?: string, kept_until?: string, held?: boolean, encrypted?: boolean, place?: string, bytes?: number, verified?: {state: string, at?: string, note?: string}}} Item
 * @typedef {{act: string, when: string, who: string, why: string, until?: string | null}} Entry
 * @typedef {{recording: Item, call: any, custody: Entry[], certificate: string | null, may: string[]}} Detail
 * @typedef {{from: number, to: number}} Span
 * @typedef {{track: string, peer: string, contact: string, name: string, device: string, joined: number, left: number, left_reason?: string, completeness: number, talked: Span[], muted: Span[], masked: (Span & {why: string})[], gaps: (Span & {why: string, due: boolean})[], gaps_omitted: number}} Lane
 * @typedef {{at: number, what: string, contact: string, name: string, text: string}} Happening
 * @typedef {{call: string, title: string, began: string, length: number, state: string, lanes: Lane[], events: Happening[]}} Timeline
 * @typedef {{length: number, points: number, tracks: Record<string, number[]>, mix: number[]}} Waveform
 * @typedef {{job: string, recording: string, state: string, progress: number, step: string | null, bytes: number | null, detail: string | null, expires: string}} Job
 */

/** What the server refused, in its own words. */
export class Refusal extends Error {
  /**
   * @param {number} status 0: it did not answer
   * @param {string} code
   * @param {string} message
   */
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

let csrf = '';

/**
 * @param {string} method
 * @param {string} path below the root
 * @param {any} [body]
 * @returns {Promise<{status: number, body: any}>}
 */
export async function ask(method, path, body) {
  /** @type {Record<string, string>} */
  const headers = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (method !== 'GET' && csrf) headers['parley-csrf'] = csrf;
  let response;
  try {
    response = await fetch(ROOT + path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Refusal(0, 'unreachable', 'The server does not answer.');
  }
  const answer = response.status === 204 ? null : await response.json().catch(() => null);
  if (!response.ok) throw refusal(response.status, answer);
  return { status: response.status, body: answer };
}

/**
 * @param {number} status
 * @param {any} answer
 */
function refusal(status, answer) {
  const words = answer?.detail || answer?.title || `The server answered ${status}.`;
  return new Refusal(status, answer?.code ?? '', words);
}

/** @param {Session} session */
function remember(session) {
  csrf = session.csrf;
  return session;
}

/** @returns {Promise<Session | null>} null: nobody is signed in */
export async function session() {
  try {
    return remember((await ask('GET', '/session')).body);
  } catch (error) {
    if (error instanceof Refusal && error.status === 401) return null;
    throw error;
  }
}

/**
 * @param {string} token
 * @param {string} why
 * @returns {Promise<Session>}
 */
export async function signIn(token, why) {
  csrf = '';
  return remember((await ask('POST', '/session', { token, why })).body);
}

/** @param {string} why @returns {Promise<Session>} */
export async function changeWhy(why) {
  return remember((await ask('PUT', '/session', { why })).body);
}

export async function signOut() {
  await ask('DELETE', '/session').catch(() => null);
  csrf = '';
}

/**
 * Asks until it is no longer answered that it is being made.
 *
 * @param {string} path
 * @param {(progress: number) => void} onProgress
 * @param {() => boolean} wanted
 * @returns {Promise<any>} the body; null when it is not wanted any more
 */
export async function made(path, onProgress, wanted) {
  for (;;) {
    const { status, body } = await ask('GET', path);
    if (status !== 202) return body;
    onProgress(body?.progress ?? 0);
    await pause(500);
    if (!wanted()) return null;
  }
}

/**
 * The same for a sound, of which one byte is enough to see that it is there.
 *
 * @param {string} path
 * @param {(progress: number) => void} onProgress
 * @param {() => boolean} wanted
 * @returns {Promise<boolean>} false: not wanted any more
 */
export async function soundMade(path, onProgress, wanted) {
  for (;;) {
    const response = await fetch(ROOT + path, { headers: { range: 'bytes=0-0' } });
    if (response.status !== 202) {
      if (!response.ok)
        throw refusal(response.status, await response.json().catch(() => null));
      await response.body?.cancel();
      return true;
    }
    onProgress((await response.json()).progress ?? 0);
    await pause(500);
    if (!wanted()) return false;
  }
}

/** @param {number} ms */
export function pause(ms) {
  return new Promise((done) => setTimeout(done, ms));
}
