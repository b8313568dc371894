import { refused, unreachable } from './errors.js';

/** Requests that take longer are given up. */
const TIMEOUT_MS = 10_000;

/** The server's HTTP API. */
export class ServerApi {
  /**
   * @param {string} [url] of the server; default: this page's
   * @param {string} [token] default: the session cookie
   */
  constructor(url, token) {
    const base = new URL(url ?? '/', globalThis.location?.href);
    base.protocol = base.protocol.replace(/^ws/, 'http');
    this.base = new URL('/', base);
    this.token = token;
  }

  /** @param {string} path @returns {string} the address of a WebSocket */
  socketAddress(path) {
    return new URL(path, this.base).href.replace(/^http/, 'ws');
  }

  /**
   * @param {string} path
   * @returns {Promise<any>} the whole answer
   * @throws {import('./errors.js').ParleyError}
   */
  get(path) {
    return this.#ask(path, {});
  }

  /**
   * @param {string} path
   * @param {object} body
   * @returns {Promise<any>} the whole answer
   * @throws {import('./errors.js').ParleyError}
   */
  post(path, body) {
    return this.#ask(path, { method: 'POST', body: JSON.stringify(body) });
  }

  /**
   * @param {string} path
   * @param {RequestInit} how
   * @returns {Promise<any>}
   */
  async #ask(path, how) {
    let response;
    try {
      response = await fetch(new URL(path, this.base), {
        ...how,
        headers: {
          ...(this.token ? { token: this.token } : {}),
          ...(how.body ? { 'content-type': 'application/json' } : {}),
        },
        credentials: this.token ? 'omit' : 'include',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch (cause) {
      throw unreachable(cause);
    }
    const body = await response.json().catch(() => ({}));
    if (response.ok && body.ok !== false) return body;
    throw refused(response.status, body.error ?? '');
  }
}
