// Whoever reads CommonJS reads it on every page: the tab that was chosen last is chosen in all groups of code that have it.
const KEY = 'code-tab';

export function keepTab(router) {
  if (typeof document === 'undefined') return;
  document.addEventListener('change', ({ target, isTrusted }) => {
    if (isTrusted && target.matches('.vp-code-group .tabs input')) choose(labelOf(target), true);
  });
  router.onAfterRouteChange = () => setTimeout(() => choose(localStorage.getItem(KEY)));
}

function choose(name, isNew = false) {
  if (!name) return;
  if (isNew) localStorage.setItem(KEY, name);
  for (const input of document.querySelectorAll('.vp-code-group .tabs input'))
    if (!input.checked && labelOf(input) === name) input.click();
}

function labelOf({ id }) {
  return document.querySelector(`label[for="${id}"]`)?.textContent.trim();
}
