// What customers do in the browser to ask for something, from a page on which they are signed in.
import type { Sitter } from '../support/browser.ts';

/** From home to the page that shows the checks; the form is taken as it is prefilled. */
export async function checkDedicated(sitter: Sitter, fields: Readonly<Record<string, string>> = {}): Promise<void> {
  await sitter.goto('/');
  await sitter.follow('Request dedicated IPs');
  await sitter.fill({
    'What you send': 'Order confirmations, and offers of the week.',
    'How recipients signed up': 'At the checkout, with a link to confirm.',
    ...fields,
  });
  await sitter.press('Check your request');
}

/** From home to the receipt. Returns the reference of the new request. */
export async function askDedicated(sitter: Sitter, fields: Readonly<Record<string, string>> = {}): Promise<string> {
  await checkDedicated(sitter, fields);
  await sitter.press('Send request');
  return referenceOf(sitter);
}

/** The reference in the address of the page that is shown. */
export function referenceOf(sitter: Sitter): string {
  const reference = /WD-\d+/.exec(sitter.path)?.[0];
  if (!reference) throw new Error(`${sitter.path} isn't a page of a request`);
  return reference;
}
