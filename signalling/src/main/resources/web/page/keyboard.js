/**
 * @typedef {import('../parley-client.js').Parley} Parley
 */

/** M mutes and unmutes; space, held while muted, lets one talk. @param {Parley} parley */
export function listenToKeys(parley) {
  let talking = false;
  const release = () => {
    if (!talking) return;
    talking = false;
    parley.mute(true);
  };
  addEventListener('keydown', (key) => {
    const call = parley.currentCall;
    if (!call || key.ctrlKey || key.metaKey || key.altKey || document.querySelector('dialog[open]'))
      return;
    if (key.code === 'KeyM' && !key.repeat) {
      call.mute(!call.muted);
    } else if (key.code === 'Space' && !pressable(key.target)) {
      key.preventDefault(); // It would scroll.
      if (!call.muted || talking || key.repeat) return;
      talking = true;
      call.mute(false);
    }
  });
  addEventListener('keyup', (key) => {
    if (key.code === 'Space') release();
  });
  addEventListener('blur', release);
}

/** @param {EventTarget | null} target whether space already means something there */
function pressable(target) {
  return target instanceof Element && target.closest('button, a, input, select, textarea') !== null;
}
