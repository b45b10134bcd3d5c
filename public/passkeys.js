// Signs in with a passkey, or adds one. Where a browser has none, its forms stay hidden: passwords and codes need no script.
const knows = Boolean(
  window.PublicKeyCredential?.parseRequestOptionsFromJSON && window.PublicKeyCredential.parseCreationOptionsFromJSON,
);
for (const without of document.querySelectorAll('[data-without-passkeys]')) without.hidden = knows;

for (const form of knows ? document.querySelectorAll('form[data-passkey]') : []) {
  form.hidden = false;
  const told = form.querySelector('[role="status"]');
  form.addEventListener('submit', async (event) => {
    // Prevented at this form already, so the page does not take it for sent.
    event.preventDefault();
    told.textContent = '';
    const options = JSON.parse(form.dataset.passkey);
    try {
      const credential =
        form.dataset.does === 'add'
          ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
          : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
      form.elements.credential.value = JSON.stringify(credential.toJSON());
      form.submit();
    } catch (error) {
      told.textContent =
        error.name === 'InvalidStateError'
          ? 'This device has a passkey for your account already.'
          : 'No passkey was used. Try again, or go on without one.';
    }
  });
}
