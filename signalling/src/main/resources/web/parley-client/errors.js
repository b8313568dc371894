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
