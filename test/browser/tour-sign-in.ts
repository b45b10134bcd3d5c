// The pages on which somebody shows who they are by a second step, and those on which that is set up.
import { codeAt } from '../support/authenticator.ts';
import type { Sitter } from '../support/browser.ts';
import { START } from '../support/world.ts';
import { type Stop, WHO } from './tour.ts';

type Going = Stop['go'];

const stop = (name: string, route: string, as: string | null, go: Going, status = 200): Stop => ({
  ...{ name, route, as, status, go },
});
const OWN = '/profile/sign-in';

const to =
  (path: string): Going =>
  (sitter) =>
    sitter.goto(path);
/** Types the code that the app would show which was set up with the page's key. */
async function enrol(sitter: Sitter): Promise<void> {
  const secret = (await sitter.page.locator('#secret').textContent()) ?? '';
  await sitter.page.getByLabel('Code', { exact: true }).fill(codeAt(secret, START));
  await sitter.press('Set it up');
}
const half =
  (...more: readonly Going[]): Going =>
  async (sitter) => {
    await sitter.signIn(WHO.second);
    for (const go of more) await go(sitter);
  };

export const secondStep: readonly Stop[] = [
  stop('how you sign in, without', OWN, WHO.second, to(OWN)),
  stop('setting up an app', `${OWN}/app`, WHO.second, to(`${OWN}/app`)),
  stop(
    'setting up an app, wrong code',
    `POST ${OWN}/app`,
    WHO.second,
    async (sitter) => {
      await sitter.goto(`${OWN}/app`);
      await sitter.press('Set it up');
    },
    422,
  ),
  stop('recovery codes', `POST ${OWN}/app`, WHO.second, async (sitter) => {
    await sitter.goto(`${OWN}/app`);
    await enrol(sitter);
  }),
  stop('how you sign in', OWN, WHO.second, to(OWN)),
  stop('adding a passkey', `${OWN}/passkeys`, WHO.second, to(`${OWN}/passkeys`)),
  stop('second step', '/sign-in/code', null, half()),
  stop(
    'second step, wrong code',
    'POST /sign-in/code',
    null,
    half((sitter) => sitter.press('Sign in')),
    422,
  ),
  stop(
    'second step, wrong recovery code',
    'POST /sign-in/recovery',
    null,
    half(async (sitter) => {
      await sitter.page.getByText('Use a recovery code').click();
      await sitter.press('Sign in with it');
    }),
    422,
  ),
  stop('somebody with a second step', '/staff/:person', WHO.admin, async (sitter) => {
    await sitter.goto('/staff');
    await sitter.follow('Jonas Berg');
  }),
  stop('show that it is you', '/sign-in', WHO.second, to(`/sign-in?again=1&next=${OWN}`)),
  stop('settings, signing in', '/settings/sign-in', WHO.admin, to('/settings/sign-in')),
  stop('settings, signing in, saved', 'POST /settings/sign-in', WHO.admin, async (sitter) => {
    await sitter.goto('/settings/sign-in');
    await sitter.tick('Required for staff');
    await sitter.press('Save');
  }),
  stop('second step to be set up', '/sign-in/enrolment', null, (sitter) => sitter.signIn(WHO.insider)),
  stop('where one is signed in', OWN, null, async (sitter) => {
    await sitter.signIn(WHO.lumen);
    await sitter.page.context().clearCookies();
    await sitter.signIn(WHO.lumen);
    await sitter.goto(OWN);
  }),
  stop('second step asked for, own page', OWN, WHO.admin, to(OWN)),
];
