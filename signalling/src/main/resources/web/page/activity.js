/** For a server that does not say when somebody counts as away. */
const USUAL_AGE_S = 300;

/**
 * Tells the server when nobody has touched this page for a while. In a call nobody is away.
 *
 * @param {import('../parley-client.js').Parley} parley
 */
export function watchActivity(parley) {
  let away = false;
  let touchedAt = Date.now();
  const settle = () => {
    const idleS = (Date.now() - touchedAt) / 1000;
    const now = !parley.currentCall && idleS > (parley.features.afk_age || USUAL_AGE_S);
    if (now === away) return;
    away = now;
    parley.setAway(away);
  };
  const touched = () => {
    touchedAt = Date.now();
    settle();
  };
  for (const event of ['pointermove', 'pointerdown', 'keydown', 'focus']) {
    addEventListener(event, touched, { passive: true });
  }
  parley.addEventListener('state', settle);
  parley.addEventListener('connected', () => {
    away = false; // A new socket begins as present.
    settle();
  });
  setInterval(settle, 10_000);
}
