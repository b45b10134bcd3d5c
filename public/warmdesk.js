// Adds comfort to pages that are whole without it: nothing here is needed to do anything.

document.getElementById('error-summary')?.focus();

// A second click on a button that already sends would only meet the form token.
document.addEventListener('submit', (event) => {
  if (event.defaultPrevented) return;
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = 'yes';
  event.submitter?.setAttribute('aria-disabled', 'true');
});

// Coming back to a page by the browser's history must find its forms ready again.
window.addEventListener('pageshow', (event) => {
  if (!event.persisted) return;
  for (const form of document.forms) delete form.dataset.sent;
  for (const button of document.querySelectorAll('[aria-disabled]')) button.removeAttribute('aria-disabled');
});

/** Shows how much of a text area's room is used. */
function count(area) {
  const room = Number(area.dataset.count);
  const line = document.getElementById(`${area.id}-count`);
  if (!line) return;
  const used = area.value.length;
  line.textContent = `${used.toLocaleString('en-US')} of ${room.toLocaleString('en-US')} characters`;
  line.classList.toggle('is-over', used > room);
}
for (const area of document.querySelectorAll('textarea[data-count]')) {
  area.addEventListener('input', () => count(area));
}

/** A second key within this time (milliseconds) is part of a word that somebody believes to be typing into a field. */
const WORD = 1_000;
let typedAt = -WORD;

/** The button that a key has armed: Enter presses it, any other key of a word lets go of it. */
const armed = () => document.activeElement?.closest('button[type="submit"][data-key]');

// A key follows a link or focuses what carries it, unless somebody is typing. It never presses a button that sends a form.
document.addEventListener('keydown', (event) => {
  if (!('keys' in document.body.dataset) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest('input:not([type="checkbox"]), textarea, select, [contenteditable]')) return;
  const isLetter = event.key.length === 1;
  const button = armed();
  if (button && (event.key === 'Escape' || (isLetter && event.key !== button.dataset.key))) {
    event.preventDefault();
    button.blur();
  }
  const isWord = event.timeStamp - typedAt < WORD;
  const target = ROW_KEYS[event.key]?.() ?? withKey(event.key);
  if (isLetter && (isWord || button || !target)) typedAt = event.timeStamp;
  if (!target || isWord || button || event.repeat) return;
  event.preventDefault();
  if (target.matches('a[data-key], button[type="button"], input[type="checkbox"]')) target.click();
  else target.focus();
});

const withKey = (key) => document.querySelector(`[data-key="${CSS.escape(key)}"]`);

/** The row of a list that has the focus. */
const row = () => document.activeElement?.closest('tr');

const ROW_KEYS = { j: () => nextRow(1), k: () => nextRow(-1), x: () => row()?.querySelector('input.choose') };

/** The link of the row that many after the one that has the focus. */
function nextRow(step) {
  const rows = [...document.querySelectorAll('a.row-link')];
  const at = rows.indexOf(row()?.querySelector('a.row-link'));
  return rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step))];
}

// A button that copies a text is there only where copying works.
for (const button of navigator.clipboard ? document.querySelectorAll('[data-copy]') : []) {
  button.hidden = false;
  button.addEventListener('click', async () => {
    const text = document.getElementById(button.dataset.copy)?.innerText ?? '';
    await navigator.clipboard.writeText(text);
    button.firstChild.textContent = 'Copied';
    setTimeout(() => {
      button.firstChild.textContent = 'Copy';
    }, 2_000);
  });
}

/** Seconds that a decision may take to take effect. */
const SETTLING = 2;

/** Whether loading the page again would take away what somebody writes. */
const isWriting = () =>
  document.activeElement?.matches('textarea, select, input:not([type="checkbox"])') ||
  [...document.querySelectorAll('textarea, input:not([type="hidden"])')].some(
    (field) => field.value !== field.defaultValue,
  );

// Counts down to when a decision takes effect; then the page is loaded as it is by now, unless somebody writes on it.
for (const left of document.querySelectorAll('[data-countdown]')) {
  const end = performance.now() + Number(left.dataset.countdown) * 1_000;
  const timer = setInterval(() => {
    const seconds = Math.ceil((end - performance.now()) / 1_000);
    if (seconds > 0) left.textContent = seconds === 1 ? '1 second' : `${seconds} seconds`;
    else left.textContent = 'a moment';
    if (seconds > -SETTLING || isWriting()) return;
    clearInterval(timer);
    location.replace(location.pathname);
  }, 250);
}
