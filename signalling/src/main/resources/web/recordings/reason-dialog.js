import { byId } from '../page/elements.js';

/**
 * @typedef {{title: string, words: string, go: string, danger?: boolean, why?: string, until?: boolean, parts?: boolean}} Question
 * @typedef {{why: string, until: string, mix: boolean, wav: boolean}} Answer
 */

const dialog = /** @type {HTMLDialogElement} */ (byId('reason'));
const why = /** @type {HTMLInputElement} */ (byId('reason-why'));
const until = /** @type {HTMLInputElement} */ (byId('reason-until'));
const go = /** @type {HTMLButtonElement} */ (byId('reason-go'));
const mix = /** @type {HTMLInputElement} */ (byId('reason-mix'));
const wav = /** @type {HTMLInputElement} */ (byId('reason-wav'));

/**
 * Asks for the reason of what is to be done, and does it; stays open with the server's words when
 * it is refused.
 *
 * @param {Question} question
 * @param {(answer: Answer) => Promise<void>} act
 * @returns {Promise<boolean>} whether it was done
 */
export function askReason(question, act) {
  byId('reason-title').textContent = question.title;
  byId('reason-words').textContent = question.words;
  byId('reason-until-field').hidden = !question.until;
  byId('reason-parts').hidden = !question.parts;
  until.required = Boolean(question.until);
  go.textContent = question.go;
  go.classList.toggle('primary-danger', Boolean(question.danger));
  why.value = question.why ?? '';
  tell('');
  dialog.showModal();
  if (why.value === '') why.focus();
  else if (question.until) until.focus();
  else go.focus();
  return new Promise((done) => {
    let acted = false;
    const close = () => dialog.close();
    byId('reason-cancel').onclick = close;
    dialog.onclick = (click) => {
      if (click.target === dialog) close();
    };
    dialog.onclose = () => done(acted);
    byId('reason-form').onsubmit = async (submit) => {
      submit.preventDefault();
      go.disabled = true;
      tell('');
      try {
        const answer = { why: why.value.trim(), until: until.value, mix: mix.checked, wav: wav.checked };
        await act(answer);
        acted = true;
        close();
      } catch (error) {
        tell(/** @type {Error} */ (error).message);
      } finally {
        go.disabled = false;
      }
    };
  });
}

/** @param {string} problem */
function tell(problem) {
  const element = byId('reason-problem');
  element.hidden = problem === '';
  element.textContent = problem;
}
