import test from 'ava';
import { readConfig } from '../src/config.ts';

const PRODUCTION = {
  NODE_ENV: 'production',
  SESSION_SECRET: 'a secret of more than 32 characters',
  BASE_URL: 'https://desk.example/',
  SMTP_URL: 'smtp://mail.example:587',
  MAIL_FROM: 'Desk <desk@desk.example>',
};

const problems = (settings: Record<string, string>): string[] => {
  const read = readConfig(settings);
  return read.ok ? [] : read.problem;
};

test('a setting that cannot be right is named', (t) => {
  const wrong: Readonly<Record<string, readonly string[]>> = {
    PORT: ['http', '65536', '-1', '3000.5', ' ', '0x50', '1e3', '３０００'],
    BASE_URL: ['desk.example', 'ftp://desk.example', '//desk.example'],
    DATABASE_URL: ['mysql://app@localhost/warmdesk', 'postgres://app@host:port/warmdesk'],
    SMTP_URL: ['mail.example', 'http://mail.example', 'smtp:/', 'smtp://', 'smtp://mail.example:port', 'smtp:mail'],
    MAIL_FROM: ['Desk', 'a@b.example, c@d.example', 'Desk <desk>'],
    DEMO: ['maybe'],
    NODE_ENV: ['prod'],
    SESSION_SECRET: ['short'],
    TRUST_PROXY: ['many', '-1'],
    LOG_LEVEL: ['loud'],
  };
  for (const [name, values] of Object.entries(wrong)) {
    for (const value of values) {
      const told = problems({ [name]: value });
      t.is(told.length, 1, `${name}=${value}`);
      t.true(told[0]?.startsWith(`${name}: `), `${name}=${value}: ${told[0]}`);
    }
  }
});

test('all problems are told at once', (t) => {
  t.is(problems({ PORT: 'x', SMTP_URL: 'x', BASE_URL: 'x' }).length, 3);
});

test('what is empty counts as not given, and all has a default in development', (t) => {
  for (const settings of [{}, { PORT: '', SMTP_URL: '', SESSION_SECRET: '' }]) {
    const read = readConfig(settings);
    t.true(read.ok);
    if (!read.ok) return;
    t.like(read.value, { port: 3000, baseUrl: 'http://localhost:3000', host: '127.0.0.1', demo: true, smtpUrl: null });
  }
});

test('in production what has no safe default is required, and the demo is off', (t) => {
  t.deepEqual(
    problems({ NODE_ENV: 'production' }).map((line) => line.split(':')[0]),
    ['SESSION_SECRET', 'BASE_URL', 'SMTP_URL', 'MAIL_FROM'],
  );
  const read = readConfig(PRODUCTION);
  t.like(read, { ok: true, value: { demo: false, host: '0.0.0.0', baseUrl: 'https://desk.example' } });
});

test('databases are named by a file or by an address of PostgreSQL', (t) => {
  const names = ['data/desk.sqlite', '/var/desk.sqlite', 'file:desk.sqlite', 'sqlite://desk.sqlite'];
  const addresses = ['postgres://app:secret@host:5432/desk', 'postgresql://localhost/desk?host=/run/postgresql'];
  for (const DATABASE_URL of [...names, ...addresses]) t.deepEqual(problems({ DATABASE_URL }), [], DATABASE_URL);
});
