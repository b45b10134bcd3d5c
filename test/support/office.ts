// The demo provider at work: its world, a browser for each person, and a real mail server that takes the mails.
import type { ExecutionContext } from 'ava';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { seedDemo } from '../../seeds/demo.ts';
import { checkData } from '../../src/invariants/store.ts';
import { createMail } from '../../src/mail.ts';
import { openBrowser, type Sitter, sitDown } from './browser.ts';
import { type MailServer, type Received, startMailServer } from './mail-server.ts';
import { createWorld, type Engine, type World } from './world.ts';

export const ACME = 'owner@acme.example';
export const TINY = 'owner@tinyco.example';
export const RECEIPTS = 'owner@receipts.example';
export const INSIDER = 'insider@warmdesk.example';
export const REVIEWER = 'reviewer@warmdesk.example';
export const SECOND = 'reviewer2@warmdesk.example';
export const ADMIN = 'admin@warmdesk.example';
export const STAFF = [ADMIN, INSIDER, REVIEWER, SECOND];

export class Office {
  readonly world: World;
  readonly #browser: Browser;
  readonly #mailServer: MailServer;
  readonly #sitters: Sitter[] = [];
  /** Mails of the demo's past, which nobody is sent. */
  readonly #past: number;
  #read = 0;

  constructor(world: World, browser: Browser, mailServer: MailServer, past: number) {
    this.world = world;
    this.#past = past;
    this.#browser = browser;
    this.#mailServer = mailServer;
  }

  /** Somebody at a browser of their own, signed in. */
  async sit(email: string, options: BrowserContextOptions = {}): Promise<Sitter> {
    const sitter = await sitDown(this.#browser, this.world.url, options);
    this.#sitters.push(sitter);
    await sitter.signIn(email);
    return sitter;
  }

  /** The mails since the last call, when the server has taken all that were queued. */
  async post(): Promise<Letters> {
    await this.#mailServer.took((await countMails(this.world)) - this.#past);
    const fresh = this.#mailServer.accepted.slice(this.#read);
    this.#read = this.#mailServer.accepted.length;
    return new Letters(fresh);
  }

  /** What went wrong behind the scenes: complaints of browsers, data that do not hold together. */
  async faults(): Promise<string[]> {
    const { db, now } = this.world;
    return [...this.#sitters.flatMap((sitter) => sitter.troubles), ...(await checkData(db, now))];
  }
}

async function countMails({ db }: World): Promise<number> {
  return (await db('outbox').pluck('id')).length;
}

/** Some mails, by who got them. */
export class Letters {
  readonly #all: readonly Received[];
  constructor(all: readonly Received[]) {
    this.#all = all;
  }

  /** Recipients, one for each mail, sorted. */
  get to(): string[] {
    return this.#all.flatMap(({ to }) => to).sort();
  }

  subjectTo(email: string): string {
    return this.#of(email).mail.subject ?? '';
  }

  /** The path that the first link of the mail leads to. Throws where it leads to another host. */
  linkTo(email: string, home: string): string {
    const [link = ''] = /https?:\/\/[^\s>)]+/.exec(this.#of(email).mail.text ?? '') ?? [];
    if (!link.startsWith(home)) throw new Error(`the mail to ${email} leads to ${link}`);
    return link.slice(home.length);
  }

  #of(email: string): Received {
    const found = this.#all.find(({ to }) => to.includes(email));
    if (!found) throw new Error(`no mail to ${email}`);
    return found;
  }
}

/** Opens the demo's office; it is gone when the test ends. */
export async function openOffice(t: ExecutionContext, engine: Engine = 'SQLite'): Promise<Office> {
  t.timeout(600_000);
  const mailServer = await startMailServer(t);
  const world = await createWorld(t, engine, { SMTP_URL: mailServer.url, MAIL_FROM: 'Desk <desk@warmdesk.example>' });
  await seedDemo(world.deps);
  const { sender } = createMail(world.deps);
  sender.start();
  t.teardown(() => sender.stop());
  return new Office(world, await openBrowser(t), mailServer, await countMails(world));
}
