/**
 * An error that can be shown to a person as it is: `message` says what happened, `remedy` what to do
 * about it, `code` is for programs.
 */
export class ParleyError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {string} [remedy]
   * @param {unknown} [cause]
   */
  constructor(code, message, remedy = '', cause) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'ParleyError';
    this.code = code;
    this.remedy = remedy;
  }
}

export function mediaFailed() {
  return new ParleyError(
    'media-failed',
    'The sound could not get through to the server.',
    'The network may block UDP: try another one, or ask your administrator for a TURN server.',
  );
}

/** @param {unknown} cause */
export function badAnswer(cause) {
  return new ParleyError(
    'bad-answer',
    'The browser did not accept the answer of the server.',
    'Try again; if it stays, update the browser.',
    cause,
  );
}

export function notAgreed() {
  return new ParleyError(
    'consent',
    'Calls here are recorded, and you did not agree to that.',
    'Call again to be asked once more.',
  );
}

export function soundless() {
  const sentence = 'The microphone delivers no sound.';
  return new ParleyError('microphone-missing', sentence, 'Choose another one.');
}

export function notConnected() {
  return new ParleyError(
    'not-connected',
    'There is no connection to the server.',
    'Sign in first.',
  );
}

export function noAnswer() {
  const sentence = 'The server did not answer the call.';
  return new ParleyError('no-answer', sentence, 'Check the connection and call again.');
}

/** @param {string} sentence the server's */
export function refusedBecause(sentence) {
  return new ParleyError('refused', `The server refused the call: ${sentence}`);
}

/** @param {unknown} cause */
export function asParleyError(cause) {
  if (cause instanceof ParleyError) return cause;
  const text = cause instanceof Error ? cause.message : String(cause);
  return new ParleyError('failed', `The call could not be started: ${text}`, 'Try again.', cause);
}

/** @param {unknown} [cause] */
export function unreachable(cause) {
  const sentence = 'The server cannot be reached.';
  return new ParleyError('unreachable', sentence, 'Check the connection and try again.', cause);
}

/**
 * @param {number} status
 * @param {string} code
 */
export function refused(status, code) {
  if (status === 401) {
    return new ParleyError(
      'unauthorized',
      'The server does not know you (any more).',
      'Sign in again.',
    );
  }
  if (status === 403 || status === 404) {
    return new ParleyError(
      'no-access',
      'You have no access to this team.',
      'Ask its administrator.',
    );
  }
  const sentence = `The server could not answer (${code || status}).`;
  return new ParleyError('server-error', sentence, 'Try again in a moment.');
}

/** @param {string} code */
export function panic(code) {
  if (code === 'INVALID_TEAM') {
    return new ParleyError('no-access', 'This team does not exist.', 'Check the address.');
  }
  return new ParleyError('panic', `The server ended the connection (${code}).`, 'Sign in again.');
}
