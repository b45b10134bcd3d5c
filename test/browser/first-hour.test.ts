// The first hour of a provider, for real: an empty production database in the morning, a decided request and a warm-up that
// has begun in the afternoon. The process, its commands, DNS and mail are real; the browser runs no JavaScript.
import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { promisify } from 'node:util';
import ava, { type ExecutionContext } from 'ava';
import type { Browser } from 'playwright-core';
import { openBrowser, type Sitter, sitDown } from '../support/browser.ts';
import { freePort } from '../support/free-port.ts';
import { type MailServer, type Received, startMailServer } from '../support/mail-server.ts';
import { NameServer } from '../support/name-server.ts';
import { type Running, startProcess } from '../support/process.ts';
import { type Engine, emptyDatabase } from '../support/world.ts';
import { askDedicated, referenceOf } from './asking.ts';

const run = promisify(execFile);

const PASSWORD = 'a lamp on the sill';
const ADMIN = 'ana@postwerk.test';
const REVIEWER = 'rea@postwerk.test';
const OWNER = 'nils@nordwind.test';
const DOMAIN = 'news.nordwind.test';
const POOL_ADDRESS = '203.0.113.100';

/** A provider's machine on its first morning. */
class Morning {
  readonly url: string;
  readonly desk: Running;
  readonly mail: MailServer;
  readonly dns: NameServer;
  readonly sitters: Sitter[] = [];
  readonly #settings: Readonly<Record<string, string>>;
  readonly #browser: Browser;
  #read = 0;

  private constructor(
    made: Pick<Morning, 'url' | 'desk' | 'mail' | 'dns'>,
    settings: Record<string, string>,
    browser: Browser,
  ) {
    this.url = made.url;
    this.desk = made.desk;
    this.mail = made.mail;
    this.dns = made.dns;
    this.#settings = settings;
    this.#browser = browser;
  }

  static async begin(t: ExecutionContext, engine: Engine): Promise<Morning> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const [mail, dns] = [await startMailServer(t), await NameServer.start({})];
    t.teardown(() => dns.stop());
    const settings = {
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: `${port}`,
      BASE_URL: url,
      DATABASE_URL: await emptyDatabase(t, engine),
      SESSION_SECRET: 'a secret of more than 32 characters',
      SMTP_URL: mail.url,
      MAIL_FROM: 'Desk <desk@postwerk.test>',
      DNS_SERVERS: dns.address,
      UNDO_SECONDS: '2',
    };
    const desk = startProcess(t, { ...settings, DEMO: '' });
    await desk.listens;
    return new Morning({ url, desk, mail, dns }, settings, await openBrowser(t));
  }

  /** Runs one of the commands beside the running desk. */
  async command(name: string, ...args: string[]): Promise<string> {
    const { PATH = '', HOME = '' } = process.env;
    const env = { PATH, HOME, ...this.#settings };
    return (await run('npm', ['run', '--silent', name, '--', ...args], { env })).stdout;
  }

  /** Somebody at a browser of their own, which runs no scripts. */
  async sit(): Promise<Sitter> {
    const sitter = await sitDown(this.#browser, this.url, { javaScriptEnabled: false });
    this.sitters.push(sitter);
    return sitter;
  }

  /** The next mail to somebody whose subject matches; waits until it is there. */
  async letter(to: string, subject: RegExp): Promise<Received> {
    for (;;) {
      const found = this.mail.accepted.find((one) => one.to.includes(to) && subject.test(one.mail.subject ?? ''));
      if (found) return found;
      this.#read = this.mail.accepted.length;
      await this.mail.took(this.#read + 1);
    }
  }

  /** The path of the first link in a mail. */
  linkIn({ mail }: Received): string {
    const [link = ''] = /https?:\/\/[^\s>)]+/.exec(mail.text ?? '') ?? [];
    if (!link.startsWith(this.url)) throw new Error(`the mail leads to ${link}`);
    return link.slice(this.url.length);
  }
}

/** Loads the page again, as people do, until it says so. */
async function untilItSays(sitter: Sitter, path: string, pattern: RegExp): Promise<string> {
  for (const until = Date.now() + 600_000; ; await sitter.page.waitForTimeout(500)) {
    await sitter.goto(path);
    const text = await sitter.text();
    if (pattern.test(text)) return text;
    if (Date.now() > until) throw new Error(`${path} says: ${text}`);
  }
}

/** Follows a link for a password, and signs in with it. */
async function joins(sitter: Sitter, link: string, email: string, name: string): Promise<void> {
  await sitter.goto(link);
  await sitter.fill({ Name: name, Password: PASSWORD, 'Repeat the password': PASSWORD });
  await sitter.press('Save and go to sign in');
  await sitter.signIn(email, PASSWORD);
}

for (const engine of ['SQLite', 'PostgreSQL'] as const)
  ava.serial(`a provider moves in within its first hour (${engine}, JavaScript off)`, async (t) => {
    t.timeout(900_000);
    const morning = await Morning.begin(t, engine);
    const admin = await firstAdministrator(t, morning);
    await setsUp(t, morning, admin);
    const reviewer = await staffArrives(t, morning, admin);
    const owner = await customerArrives(t, morning, admin);
    await allIsSetUp(t, admin);
    await movesIn(t, morning, admin);
    await provesDomain(t, morning, owner);
    await uploads(t, admin);
    await asksAndIsServed(t, morning, { owner, reviewer });
    t.is(await morning.command('check-data'), '', 'check-data is silent');
    t.deepEqual(
      morning.sitters.flatMap(({ troubles }) => troubles),
      [],
    );
    t.deepEqual(
      morning.desk.log.filter(({ level }) => Number(level) >= 50),
      [],
      'nothing failed',
    );
  });

async function firstAdministrator(t: ExecutionContext, morning: Morning): Promise<Sitter> {
  await morning.desk.says(/npm run admin -- add/);
  const printed = await morning.command('admin', 'add', ADMIN);
  const link = new RegExp(`^${morning.url}(/\\S+)$`, 'm').exec(printed)?.[1] ?? '';
  const admin = await morning.sit();
  await joins(admin, link, ADMIN, 'Ana Ruiz');
  const late = await morning.sit();
  await late.goto(link);
  t.regex(await late.text(), /no longer works/, 'the link works once');
  await admin.goto('/set-up');
  t.regex(await admin.text(), /7 of 7 to do/);
  return admin;
}

async function setsUp(t: ExecutionContext, morning: Morning, admin: Sitter): Promise<void> {
  await admin.follow('Name, logo and colour');
  await admin.fill({ Name: 'Postwerk', 'Colour optional': '#7a2e8e' });
  await admin.press('Save');
  t.regex(await admin.page.title(), /Postwerk/);

  await admin.goto('/set-up');
  await admin.follow('Mail');
  await admin.press(`Send a test mail to ${ADMIN}`);
  const test = await morning.letter(ADMIN, /test/i);
  t.regex(`${test.mail.from?.text} ${test.mail.text}`, /Postwerk/);
  await untilItSays(admin, '/settings/mail', /Sent to ana@postwerk\.test|\bSent\b/);

  await admin.goto('/set-up');
  await admin.follow('Policy');
  await admin.press('Use this policy');

  await admin.goto('/set-up');
  await admin.press('Skip Dedicated IPs');
  t.regex(await admin.text(), /Dedicated IPs\s+Skipped/, 'a step can be skipped');
  await admin.press('Take it up again Dedicated IPs');
  await admin.follow('Dedicated IPs');
  await admin.page.getByText('Add IPs').first().click();
  await admin.fill({ Addresses: '203.0.113.10\n203.0.113.11\n' });
  await admin.tick('US');
  await admin.press('Add IPs');
  t.regex(await admin.text(), /203\.0\.113\.11/);

  await admin.goto('/set-up');
  await admin.follow('Addresses of shared pools');
  await admin.fill({ 'Addresses of shared-us optional': POOL_ADDRESS });
  await admin.press('Save shared-us');
  await admin.goto('/set-up');
  t.regex(await admin.text(), /2 of 7 to do/, await admin.text());
}

async function staffArrives(t: ExecutionContext, morning: Morning, admin: Sitter): Promise<Sitter> {
  await admin.follow('Staff');
  await admin.fill({ Email: REVIEWER, 'Name optional': 'Rea' });
  await admin.tick('Reviewer');
  await admin.press('Send the invitation');
  const invitation = await morning.letter(REVIEWER, /You are invited/);
  const reviewer = await morning.sit();
  await joins(reviewer, morning.linkIn(invitation), REVIEWER, 'Rea Vogt');
  t.is(reviewer.path, '/review');
  return reviewer;
}

async function customerArrives(t: ExecutionContext, morning: Morning, admin: Sitter): Promise<Sitter> {
  await admin.goto('/set-up');
  await admin.follow('First customer');
  await admin.fill({ Name: 'Nordwind', Email: OWNER, 'Name of the admin optional': 'Nils' });
  await admin.tick('Premium', 'Any');
  await admin.press('Add and invite');
  const owner = await morning.sit();
  await joins(owner, morning.linkIn(await morning.letter(OWNER, /You are invited/)), OWNER, 'Nils Holm');
  t.is(owner.path, '/');
  return owner;
}

/** Customers that the provider has already, and the IP that one of them has. */
async function movesIn(t: ExecutionContext, morning: Morning, admin: Sitter): Promise<void> {
  const sends = async (path: string, content: string) => {
    await admin.goto(path);
    const file = { name: 'moving.csv', mimeType: 'text/csv', buffer: Buffer.from(content) };
    await admin.page.getByLabel('CSV file').setInputFiles(file);
    await admin.press('Check and import');
    await untilItSays(admin, admin.path, /^(?![\s\S]*Under way)[\s\S]*Done/);
  };
  await sends(
    '/customers/import',
    'customer,plan,email,domains\nSudwind,premium,suse@sudwind.test,post.sudwind.test\n',
  );
  const holding = 'address,region,customer,domains,state,per_day,since,price\n';
  await sends(
    '/inventory/import',
    `${holding}203.0.113.50,us,Sudwind,post.sudwind.test,active,40000,2025-04-01,59.90\n`,
  );
  await admin.goto('/customers?q=203.0.113.50');
  await admin.follow('Sudwind');
  t.regex(await admin.text(), /203\.0\.113\.50\s+US\s+Active\s+\$59\.90/);
  t.deepEqual(
    morning.mail.accepted.filter(({ to }) => to.includes('suse@sudwind.test')),
    [],
    'nobody of it is mailed',
  );
}

async function allIsSetUp(t: ExecutionContext, admin: Sitter): Promise<void> {
  await admin.goto('/set-up');
  t.is(admin.path, '/settings', 'the page goes when all is done');
  t.is(await admin.page.getByRole('navigation').getByRole('link', { name: 'Set up' }).count(), 0);
}

async function provesDomain(t: ExecutionContext, morning: Morning, owner: Sitter): Promise<void> {
  await owner.goto('/domains/new');
  await owner.fill({ Domain: DOMAIN });
  await owner.tick('Marketing and transactional');
  await owner.press('Add the domain');
  const pending = owner.path;
  const [name = '', text = ''] = [
    await owner.page.locator('#proof-name').innerText(),
    await owner.page.locator('#proof-text').innerText(),
  ];
  // Otherwise the background could find the record before anybody presses the button.
  await untilItSays(owner, pending, /not found/);
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  morning.dns.zones = {
    [name]: { TXT: [text] },
    [DOMAIN]: { TXT: [`v=spf1 ip4:${POOL_ADDRESS} -all`], MX: ['10 mx.nordwind.test'] },
    'mx.nordwind.test': { A: ['203.0.113.200'] },
    [`s1._domainkey.${DOMAIN}`]: { TXT: [[`v=DKIM1; k=rsa; p=${key.slice(0, 200)}`, key.slice(200)]] },
    '_dmarc.nordwind.test': { TXT: ['v=DMARC1; p=quarantine'] },
  };
  await owner.goto(pending);
  await owner.press('Check now');
  await morning.letter(OWNER, /news\.nordwind\.test is added/);
  await owner.goto('/domains');
  await owner.follow(DOMAIN);
  await owner.fill({ 'DKIM selectors optional': 's1' });
  await owner.press('Use these selectors');
  const found = await untilItSays(owner, owner.path, /SPF\s+found[\s\S]*DKIM\s+found[\s\S]*DMARC\s+found/);
  t.regex(found, /It lets 203\.0\.113\.100 send/);
}

/** Twelve weeks of 26,000 messages a day. */
function counts(): string {
  const today = Math.floor(Date.now() / 86_400_000);
  const day = (ago: number) => new Date((today - ago) * 86_400_000).toISOString().slice(0, 10);
  const rows = Array.from(
    { length: 84 },
    (_, ago) => `${day(ago + 1)},${DOMAIN},shared-us,gmail,marketing,26000,25900,100,60,3`,
  );
  return `day,domain,via,provider,stream,sent,delivered,deferred,bounced,complained\n${rows.join('\n')}\n`;
}

async function uploads(t: ExecutionContext, admin: Sitter): Promise<void> {
  await admin.goto('/sending/upload');
  const file = { name: 'twelve-weeks.csv', mimeType: 'text/csv', buffer: Buffer.from(counts()) };
  await admin.page.getByLabel('CSV file').setInputFiles(file);
  await admin.press('Upload');
  while (/are being stored/.test(await admin.text())) await admin.goto(admin.path);
  t.regex(await admin.text(), /84 rows accepted/);
}

async function asksAndIsServed(
  t: ExecutionContext,
  morning: Morning,
  { owner, reviewer }: { readonly owner: Sitter; readonly reviewer: Sitter },
): Promise<void> {
  const reference = await askDedicated(owner);
  await morning.letter(OWNER, new RegExp(reference));
  const news = await morning.letter(REVIEWER, new RegExp(reference));
  await reviewer.goto(morning.linkIn(news));
  t.is(referenceOf(reviewer), reference);
  await reviewer.press('Approve');
  t.regex(await reviewer.text(), /It is decided\. It takes effect in a moment/);
  await morning.letter(OWNER, /Approved/);
  await morning.letter(OWNER, /Warm-up has begun/);
  await owner.goto(`/requests/${reference}`);
  await owner.leave(() => owner.page.locator('main a[href^="/warm-ups/"]').first().click());
  t.regex(await owner.text(), /Stage 1 of \d+\.\s+Today up to [\d,]+ messages go over 203\.0\.113\.10/);
}
