// The real process, killed between a decision and its effect: what a reviewer was told is kept, and happens once.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { checkData } from '../../src/invariants/store.ts';
import { reference } from '../../src/requests/request.ts';
import * as make from '../support/make.ts';
import { type Running, startProcess } from '../support/process.ts';
import { Visitor } from '../support/visitor.ts';
import { createWorld, MINUTE, PASSWORD, type World } from '../support/world.ts';

/** When it is killed: with the answer, some time about when the decision takes effect, or once it has. */
const MOMENTS = ['before', 'about', 'after'] as const;
const ROUNDS = 3 * MOMENTS.length;
/** A decision takes effect after a second, at a look that comes each second. */
const UNDO_SECONDS = 1;
const LONGEST_MS = 2_200;

type Asked = { readonly id: number; readonly account: make.Account };

for (const engine of ['SQLite', 'PostgreSQL'] as const) {
  test.serial(`killed between decisions and their effect, it carries each out once (${engine})`, async (t) => {
    t.timeout(20 * MINUTE);
    const world = await createWorld(t, engine);
    // The process has a clock of its own.
    world.now = Date.now();
    const { reviewer } = await make.staff(world);
    await make.ips(world, 'us', ROUNDS);
    const asked: Asked[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const account = await make.account(world);
      asked.push({ account, id: await make.request(world, account.admin) });
    }
    const settings = {
      DATABASE_URL: world.databaseUrl,
      SESSION_SECRET: randomUUID(),
      UNDO_SECONDS: String(UNDO_SECONDS),
    };
    let running = startProcess(t, settings);
    const desk = new Visitor(await running.listens);
    t.is((await desk.post('/sign-in', { email: reviewer.email, password: PASSWORD })).status, 303);
    for (const [round, { id }] of asked.entries()) {
      await approve(t, desk.at(await running.listens), `/review/${reference(id)}`);
      const moment = MOMENTS[round % MOMENTS.length];
      if (moment === 'about') await pause(LONGEST_MS * Math.random());
      if (moment === 'after') await allTookEffect(world, running);
      await kill(running);
      t.deepEqual(await checkData(world.db, Date.now()), [], `kill ${round + 1}, ${moment}`);
      for (const one of asked.slice(0, round + 1)) t.true(await isKept(world, one.id), reference(one.id));
      running = startProcess(t, settings);
    }
    await running.listens;
    await allTookEffect(world, running);
    running.child.kill('SIGTERM');
    t.deepEqual(await running.ended, { code: 0, signal: null });
    await eachHappenedOnce(t, world, asked);
  });
}

async function approve(t: ExecutionContext, desk: Visitor, path: string): Promise<void> {
  const page = await desk.get(path);
  const answer = await desk.submit(page, `${path}/approval`, { reason: '' });
  t.is(answer.location, `${path}?note=pending`, answer.text.slice(0, 300));
}

/** Waits until nothing is pending: each time that anything took effect the process says so, after it is stored. Throws where something did not. */
async function allTookEffect({ db }: World, { says, log }: Running): Promise<void> {
  const lapsed = /^a decision did not take effect$/;
  for (let times = 1; (await db('pending_decisions')).length > 0; times += 1) {
    await says(/^(?:decisions took effect|a decision did not take effect)$/, times);
    const why = log.find(({ msg }) => lapsed.test(msg))?.['why'];
    if (why !== undefined) throw new Error(`a decision did not take effect: ${why}`);
  }
}

async function kill({ child, ended, stderr }: Running): Promise<void> {
  child.kill('SIGKILL');
  const { signal } = await ended;
  if (signal !== 'SIGKILL') throw new Error(`it ended by itself: ${stderr()}`);
}

/** Whether a decision waits for its time or has taken effect, one of the two; at one instant, since a server may still be at it. */
async function isKept({ db }: World, id: number): Promise<boolean> {
  const { status, waits } = await db('requests as r')
    .leftJoin('pending_decisions as pd', 'pd.request_id', 'r.id')
    .where({ 'r.id': id })
    .first('r.status', 'pd.request_id as waits');
  return (status === 'fulfilled') !== (waits !== null);
}

async function eachHappenedOnce(t: ExecutionContext, { db }: World, asked: readonly Asked[]): Promise<void> {
  const ids = asked.map(({ id }) => id);
  const ofRequests = { subject_type: 'request', name: 'request.fulfilled' };
  t.deepEqual(await db('audit_events').where(ofRequests).orderBy('subject_id').pluck('subject_id'), ids);
  t.is((await db('audit_events').where({ name: 'request.lapsed' })).length, 0);
  t.deepEqual(await db('allocations').orderBy('request_id').pluck('request_id'), ids);
  // The requester, who is the admin here, and who pays.
  const told = await db('outbox').where({ template: 'request-approved' }).pluck('to_address');
  const wanted = asked.flatMap(({ account }) => [account.admin.email, account.billing.email]);
  t.deepEqual(told.sort(), wanted.sort(), 'each of them has one mail of it');
  t.deepEqual(await checkData(db, Date.now()), []);
}
