// The lifetime of the token as a bar that runs out, and is full again when the token was refreshed.
import { by } from './elements.js';

/** Draws what is left of the token that `current` returns, with each frame. */
export function showLife(current) {
  const draw = () => {
    const token = current();
    const left = token?.expiresAt === undefined ? 0 : token.expiresAt.getTime() - Date.now();
    const whole = token?.expiresAt === undefined ? 1 : token.expiresAt.getTime() - token.issuedAt.getTime();
    const share = Math.max(0, Math.min(1, left / whole));
    by('life').style.width = `${share * 100}%`;
    by('life').className = share < 0.3 ? 'late' : '';
    by('life').parentElement.setAttribute('aria-valuenow', String(Math.round(share * 100)));
    by('life-text').textContent = token === undefined ? 'No token yet.' : sentence(left, whole);
    requestAnimationFrame(draw);
  };
  draw();
}

function sentence(left, whole) {
  const seconds = (ms) => (ms / 1000).toFixed(1);
  return left > 0 ? `${seconds(left)} of ${seconds(whole)} seconds left` : 'It has expired.';
}
