// The operator's HTTP API. The session is in a cookie that no script can read.

const ROOT = 'api/';
let csrf = '';

/** What came instead of an answer. */
export class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

async function ask(method, path, body) {
  const headers = { 'Content-Type': 'application/json' };
  if (csrf) headers['Parley-CSRF'] = csrf;
  const answer = await fetch(ROOT + path, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(60_000),
  });
  const text = await answer.text();
  let read = null;
  try {
    read = text ? JSON.parse(text) : null;
  } catch {
    throw new Refused(answer.status, 'The server did not answer in JSON.');
  }
  if (!answer.ok) throw new Refused(answer.status, read?.detail ?? answer.statusText);
  return read;
}

function entered(session) {
  csrf = session.csrf;
  return session;
}

export const signIn = async (token) => entered(await ask('POST', 'session', { token }));
/** How one can sign in, besides a token. */
export const ways = () => ask('GET', 'ways');
export const session = async () => entered(await ask('GET', 'session'));
/** Answers where to sign out as well, if anywhere. */
export const signOut = () => ask('DELETE', 'session');
export const overview = () => ask('GET', 'overview');
export const past = () => ask('GET', 'past');
export const doctor = () => ask('GET', 'doctor');
export const drain = (body) => ask('POST', 'drain', body);

const at = (team, uid) => `teams/${encodeURIComponent(team)}/calls/${encodeURIComponent(uid)}`;

export const call = (team, uid) => ask('GET', at(team, uid));
/** @param {string} what end, mute or remove */
export const act = (team, uid, what, body) => ask('POST', `${at(team, uid)}/${what}`, body);
