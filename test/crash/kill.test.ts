// The real process, killed again and again while customers ask, reviewers decide and mails leave.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { checkData } from '../../src/invariants/store.ts';
import { sendDue } from '../../src/notifications/background.ts';
import { CONNECTIONS } from '../../src/notifications/outgoing.ts';
import { Door, Lane, type Yes } from '../support/load.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import * as make from '../support/make.ts';
import { deliveryTo } from '../support/outbox.ts';
import { type Running, startProcess } from '../support/process.ts';
import { Visitor } from '../support/visitor.ts';
import { createWorld, type Engine, MINUTE, PASSWORD, type World } from '../support/world.ts';

// Each round costs a start. PostgreSQL does not die with the process, so there fewer rounds show what there is to see.
const ROUNDS: Readonly<Record<Engine, number>> = { SQLite: 50, PostgreSQL: 15 };
const LANES = 4;
// On a busy machine lives end before much was done: it is killed on until this many requests were taken in between.
const LEAST_TAKEN = 6;
// The longest life of a process, as a multiple of the time that it took to start.
const LIFE_IN_STARTS = 2;

for (const engine of ['SQLite', 'PostgreSQL'] as const) {
  test.serial(`killed at random points, it loses nothing and leaves nothing half done (${engine})`, async (t) => {
    t.timeout(20 * MINUTE);
    const world = await createWorld(t, engine);
    // The process has a clock of its own.
    world.now = Date.now();
    const sink = await startMailServer(t);
    const desk = new Desk(t, world, sink);
    const lanes = await desk.open();
    const working = Promise.all(lanes.map((lane) => lane.work()));
    const yes = () => lanes.flatMap((lane) => lane.yes);
    const isEnough = () => yes().filter(({ token }) => token !== null).length >= LEAST_TAKEN;
    let kills = 0;
    while (kills < ROUNDS[engine] || !isEnough()) {
      kills += 1;
      await Promise.race([desk.killSometime(kills), working]);
      t.deepEqual(await checkData(world.db, Date.now()), [], `kill ${kills}`);
      if (kills % 10 === 0) t.log(`${kills} kills, ${yes().length} steps were acknowledged`);
    }
    await desk.finish(working);
    t.deepEqual(
      lanes.flatMap(({ faults }) => faults),
      [],
    );
    await everyYesIsKept(t, world, yes());
    await everyMailArrived(t, world, sink, kills);
    t.deepEqual(await checkData(world.db, world.now), []);
  });
}

/** The process, its database and the people at work with it. */
class Desk {
  readonly #t: ExecutionContext;
  readonly #world: World;
  readonly #settings: Record<string, string>;
  readonly #door = new Door();
  #running: Running;
  /** How long the last start took, in ms: the measure of this machine at this time. */
  #startTook = 0;

  constructor(t: ExecutionContext, world: World, sink: MailServer) {
    this.#t = t;
    this.#world = world;
    this.#settings = {
      DATABASE_URL: world.databaseUrl,
      SMTP_URL: sink.url,
      MAIL_FROM: 'Warmdesk <desk@warmdesk.example>',
      SESSION_SECRET: randomUUID(),
      UNDO_SECONDS: '0',
    };
    this.#running = this.#start();
    // Where the test fails, nobody goes on knocking at a door behind which nobody is.
    t.teardown(() => this.#door.shut());
  }

  /** Fills the database, signs everybody in. */
  async open(): Promise<Lane[]> {
    const world = this.#world;
    const { reviewer, reviewer2 } = await make.staff(world);
    for (let batch = 0; batch < 5; batch += 1) await make.ips(world, 'us', 200);
    const home = await this.#running.listens;
    const enter = async (email: string) => {
      const visitor = new Visitor(home);
      const { status } = await visitor.post('/sign-in', { email, password: PASSWORD });
      if (status !== 303) throw new Error(`${email} could not sign in: ${status}`);
      return visitor;
    };
    const staff = { reviewer: await enter(reviewer.email), second: await enter(reviewer2.email) };
    const lanes: Lane[] = [];
    for (let i = 0; i < LANES; i += 1) {
      const account = await make.account(world);
      lanes.push(new Lane(this.#door, { ...staff, customer: await enter(account.admin.email) }, account));
    }
    return lanes;
  }

  /** Lets it serve for a while, or not even start, and kills it; then it is started again. */
  async killSometime(kill: number): Promise<void> {
    const isStarting = kill % 10 === 0;
    if (!isStarting) this.#door.open(await this.#running.listens);
    // Short lives are the more likely ones; on a busy machine all are longer, so that each gets as far.
    await pause(20 + LIFE_IN_STARTS * this.#startTook * Math.random() ** 2);
    this.#door.shut();
    this.#running.child.kill('SIGKILL');
    const { signal } = await this.#running.ended;
    this.#t.is(signal, 'SIGKILL', `it ends by nothing else: ${this.#running.stderr()}`);
    this.#running = this.#start();
  }

  /** Lets everybody finish, and ends it as a supervisor would. */
  async finish(working: Promise<unknown>): Promise<void> {
    this.#door.closing = true;
    this.#door.open(await this.#running.listens);
    await working;
    this.#running.child.kill('SIGTERM');
    this.#t.deepEqual(await this.#running.ended, { code: 0, signal: null });
  }

  #start(): Running {
    const began = performance.now();
    const running = startProcess(this.#t, this.#settings);
    const took = () => {
      this.#startTook = performance.now() - began;
    };
    running.listens.then(took, () => {});
    return running;
  }
}

async function everyYesIsKept(t: ExecutionContext, world: World, yes: readonly Yes[]): Promise<void> {
  const taken = yes.filter(({ token }) => token !== null);
  const requests = await world.db('requests').select('id', 'form_token');
  const kept = new Map(requests.map((row) => [row.form_token, `WD-${1000 + row.id}`]));
  for (const { token, reference } of taken) t.is(kept.get(token), reference);
  t.is(requests.length, taken.length, 'there is no request that nobody was told of');
  const records = await world.db('audit_events').where({ subject_type: 'request' }).select('subject_id', 'name');
  const recorded = new Set(records.map((row) => `WD-${1000 + row.subject_id} ${row.name}`));
  for (const { reference, did } of yes) t.true(recorded.has(`${reference} ${did}`), `${reference} ${did}`);
  t.is(recorded.size, records.length, 'no step was taken twice');
}

async function everyMailArrived(t: ExecutionContext, world: World, sink: MailServer, kills: number): Promise<void> {
  // By then the claims of those that were killed have run out.
  world.now = Date.now() + 10 * MINUTE;
  await sendDue(deliveryTo(t, world, sink));
  const mails = await world.db('outbox').select('message_id', 'to_address', 'status');
  t.deepEqual(
    mails.filter(({ status }) => status !== 'sent'),
    [],
  );
  const arrived = new Map<string, string[]>();
  for (const { mail, to } of sink.accepted) {
    const id = mail.messageId ?? '';
    arrived.set(id, [...(arrived.get(id) ?? []), ...to]);
  }
  t.is(arrived.size, mails.length, 'each mail arrived, under one Message-ID');
  for (const { message_id, to_address } of mails) {
    const to = arrived.get(`<${message_id}@warmdesk.example>`) ?? [];
    t.true(to.length > 0 && to.every((address) => address === to_address), `${message_id}: ${to}`);
  }
  const again = sink.accepted.length - mails.length;
  t.log(`${mails.length} mails, ${again} of them arrived a second time after ${kills} kills`);
  t.true(again <= kills * CONNECTIONS, 'at most what was under way when it was killed');
}
