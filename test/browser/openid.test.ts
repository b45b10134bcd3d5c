// Signing in over a provider of another site, in a real browser: what its cookies and its policy of forms make of it.
import ava, { type ExecutionContext } from 'ava';
import { openBrowser, type Sitter, sitDown } from '../support/browser.ts';
import * as make from '../support/make.ts';
import { openIdPlace } from '../support/openid-provider.ts';

async function open(t: ExecutionContext) {
  const { world, people } = await openIdPlace(t, 'SQLite');
  const acme = await make.account(world);
  people['u1'] = { email: acme.admin.email, email_verified: true };
  const sitter = await sitDown(await openBrowser(t), world.url);
  return { world, acme, sitter };
}

/** Fills in the form of the provider, which is on the page now. */
async function signInThere({ page }: Sitter): Promise<void> {
  await page.locator('input[name=login]').fill('u1');
  await page.locator('input[name=password]').fill('any');
  await page.locator('button[type=submit]').click();
}

ava('somebody goes to the provider and comes back signed in, to the page that they wanted', async (t) => {
  t.timeout(600_000);
  const { world, sitter } = await open(t);
  await sitter.goto('/domains');
  t.is(sitter.path, '/sign-in');
  await sitter.follow('Sign in with Nimbus ID');
  t.not(new URL(sitter.page.url()).hostname, new URL(world.url).hostname, 'another site');
  await signInThere(sitter);
  await sitter.page.waitForURL(`${world.url}/domains`);
  t.regex(await sitter.text(), /Domains/);
});

ava('a form that was sent after the session had ended is sent after all', async (t) => {
  t.timeout(600_000);
  const { world, acme, sitter } = await open(t);
  await sitter.signIn(acme.admin.email);
  await sitter.goto('/profile');
  await world.db('sessions').delete();
  await sitter.fill({ Name: 'Ana of the provider' });
  await sitter.press('Save');
  await sitter.press('Sign in with Nimbus ID');
  await sitter.follow('Continue at Nimbus ID');
  await signInThere(sitter);
  await sitter.page.waitForURL(/\/sign-in\/openid\/callback/);
  await sitter.page.locator('main button').click();
  await sitter.page.waitForURL(/\/profile\?note=profile-saved/);
  t.is((await world.db('people').where({ id: acme.admin.id }).first()).name, 'Ana of the provider');
});
