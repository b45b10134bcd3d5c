// The same through the daily evaluation: counts by provider, the limit that stays, what people read of it.
import test from 'ava';
import { actIn } from '../../src/act.ts';
import { dayOf } from '../../src/day.ts';
import type { Deps } from '../../src/deps.ts';
import { lettersOf } from '../../src/letters.ts';
import { asHtml } from '../../src/mail.ts';
import { renderMail } from '../../src/notifications/render.ts';
import { recordCounts } from '../../src/sending/actions.ts';
import { plainCount } from '../../src/sending/counts.ts';
import { evaluateDue } from '../../src/warmup/daily/run.ts';
import { itself } from '../support/people.ts';
import { sampleFacts } from '../support/sample-mails.ts';
import { acmeWithIp } from '../support/scene.ts';
import { atThree, begun, mailedTo, overIp, type Scene, step, warmupNow } from '../support/warm.ts';
import { onBothEngines, type World } from '../support/world.ts';

test('C-17: the mail about a completed IP says which provider does not get all of it yet', async (t) => {
  const settings = {
    letters: lettersOf({ sessionSecret: 'a secret' } as Deps),
    baseUrl: 'https://desk.example',
    provider: 'Example Mail',
    html: asHtml,
  };
  const to = { id: 1, email: 'ola@acme.example', name: 'Ola Acme', timeZone: 'UTC' };
  const textOf = async (limits?: string) => {
    const facts = { ...sampleFacts['warmup-complete'], ...(limits === undefined ? {} : { limits }) };
    const mail = { to, template: 'warmup-complete', facts, createdAt: Date.UTC(2026, 10, 23, 9) } as const;
    return (await renderMail(mail, settings)).text.replace(/\s+/g, ' ');
  };
  for (const nothing of [undefined, '']) t.regex(await textOf(nothing), /no mail of .* needs the shared pool/);
  const limited = await textOf('at most 300 messages a day to Yahoo');
  t.notRegex(limited, /needs the shared pool/);
  t.regex(
    limited,
    /One exception for now: [\d.]+ sends at most 300 messages a day to Yahoo, because mail was deferred/,
  );
});

/** Acme’s IP at its last stage, with a limit for Outlook.com. Returns the plan’s target and the day. */
async function atLastStage(world: World): Promise<Scene & { readonly target: number; readonly day: number }> {
  const scene = await acmeWithIp(world);
  const today = await begun(world, scene);
  const { plan } = await warmupNow(world, scene.warmupId);
  const target = plan.targetPerDay;
  const slowed = JSON.stringify({ microsoft: Math.floor(target / 20) });
  await world
    .db('warmups')
    .where({ id: scene.warmupId })
    .update({ stage: plan.caps.length, carried: target, is_again: true, slowed });
  return { ...scene, target, day: today };
}

const overPool = (world: World, { domain }: Scene, on: number, sent: number, provider: string) =>
  world.db.transaction((trx) =>
    recordCounts(actIn(trx, itself(world)), domain.id, [
      plainCount({ day: on, provider, sent, bounced: 0, complained: 0 }),
    ]),
  );

onBothEngines(
  'S-26: a plan completes without what its slowed provider did not take, which its people read',
  async (t, world) => {
    const scene = await atLastStage(world);
    const { target, warmupId } = scene;
    const limit = Math.floor(target / 20);
    const night = async (on: number) => {
      atThree(world, on + 1);
      await step(world);
      return warmupNow(world, warmupId);
    };
    await overIp(world, scene, scene.day, { sent: Math.floor(target * 0.7) });
    await overIp(world, scene, scene.day, { sent: limit }, 'microsoft');
    await overPool(world, scene, scene.day, Math.floor(target / 5), 'other');
    t.like(await night(scene.day), { status: 'running', slowed: { microsoft: 2 * limit } }, 'others’ mail is missing');
    await world.db('warmups').where({ id: warmupId }).update({ progress: 0 });

    const next = scene.day + 1;
    await overIp(world, scene, next, { sent: Math.floor(target * 0.7) });
    await overIp(world, scene, next, { sent: 2 * limit }, 'microsoft');
    await overPool(world, scene, next, Math.floor(target / 5), 'microsoft');
    t.like(await night(next), { status: 'complete', slowed: { microsoft: 4 * limit } });
    t.is((await mailedTo(world, 'warmup-complete')).length, 2);
    const { facts } = await world.db('outbox').where({ template: 'warmup-complete' }).first('facts');
    t.regex(facts, /"limits":"at most [\d,]+ messages a day to Outlook\.com"/);

    const page = await (await world.signedIn('owner@acme.example')).get(`/warm-ups/${warmupId}`);
    const most = (4 * limit).toLocaleString('en-US');
    const limited = new RegExp(
      `Complete\\..* For now Outlook\\.com gets at most ${most} messages a day over it, .*; the rest goes over the shared pool\\.`,
    );
    t.regex(page.text, limited);
    const { policy } = world.deps;
    const withoutPool = { ...policy.document, pools: policy.document.pools.slice(0, 0) };
    Object.assign(world.deps, { policy: { ...policy, document: withoutPool } });
    const poolless = await (await world.signedIn('owner@acme.example')).get(`/warm-ups/${warmupId}`);
    t.notRegex(poolless.text, /For now/, 'the router limits nothing then');
    t.regex(poolless.text, /Outlook\.com [\d,]+ (\d+ % )+none/);
    Object.assign(world.deps, { policy });

    await overIp(world, scene, next + 1, { sent: Math.floor(target * 0.7) });
    await overIp(world, scene, next + 1, { sent: 4 * limit }, 'microsoft');
    const before = await world.db('warmups').where({ id: warmupId }).first('changed_at');
    t.like(await night(next + 1), { status: 'complete', slowed: { microsoft: 8 * limit } });
    const after = await world.db('warmups').where({ id: warmupId }).first('changed_at');
    t.true(after.changed_at > before.changed_at, 'routers read it again');
    t.is(dayOf(world.now), next + 2);
  },
);

onBothEngines('C-17: where the account’s region has no pool nothing is limited, nor said to be', async (t, world) => {
  const scene = await atLastStage(world);
  const { target, warmupId, day } = scene;
  await world.db('accounts').update({ region: 'us' });
  await overIp(world, scene, day, { sent: Math.ceil(target * 0.95) });
  await overIp(world, scene, day, { sent: Math.floor(target / 20) }, 'microsoft');
  atThree(world, day + 1);
  const { document } = world.deps.policy;
  const pools = document.pools.filter((pool) => pool.region !== 'us');
  await evaluateDue(world.db, { ...document, pools }, world.now);
  t.like(await warmupNow(world, warmupId), { status: 'complete', slowed: {} });
  const { facts } = await world.db('outbox').where({ template: 'warmup-complete' }).first('facts');
  t.is(JSON.parse(facts).limits, '');
});
