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

// A key presses or focuses what carries it, unless somebody is typing.
document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest('input, textarea, select, [contenteditable]')) return;
  const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!target) return;
  event.preventDefault();
  if (target.matches('a, button, summary')) target.click();
  else target.focus();
});

// A button that copies a text is there only where copying works.
for (const button of navigator.clipboard ? document.querySelectorAll('[data-copy]') : []) {
  button.hidden = false;
  button.addEventListener('click', async () => {
    const text = document.getElementById(button.dataset.copy)?.textContent ?? '';
    await navigator.clipboard.writeText(text);
    button.firstChild.textContent = 'Copied';
    setTimeout(() => {
      button.firstChild.textContent = 'Copy';
    }, 2_000);
  });
}
