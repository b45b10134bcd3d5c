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
    ATTACHMENTS_DIR: ['public', './public/files', 'src/../public/assets'],
    SMTP_URL: ['mail.example', 'http://mail.example', 'smtp:/', 'smtp://', 'smtp://mail.example:port', 'smtp:mail'],
    MAIL_FROM: ['Desk', 'a@b.example, c@d.example', 'Desk <desk>'],
    DNS_SERVERS: ['dns.example', '192.0.2.53:0', ','],
    INBOUND_DOMAIN: ['reply', 'reply example.com', 'reply.example.com, b.example', '-.example.com'],
    INBOUND_AUTHSERV_ID: ['mx example', 'mx;dmarc=pass'],
    DEMO: ['maybe'],
    NODE_ENV: ['prod'],
    SESSION_SECRET: ['short'],
    TRUST_PROXY: ['many', '-1'],
    WEBHOOK_NETWORKS: ['intranet', '10.1.2.3/8', '0.0.0.0/0'],
    UNDO_SECONDS: ['61', '-1', '1.5', 'soon'],
    KEEP_COUNTS_DAYS: ['199', '-1', '200.5', 'always'],
    KEEP_BATCHES_DAYS: ['29', '1e3'],
    KEEP_MAILS_DAYS: ['119'],
    KEEP_INBOUND_DAYS: ['119', 'never'],
    KEEP_RAW_DAYS: ['0'],
    KEEP_WARMUP_DAYS: ['89'],
    KEEP_OUTSIDE_DAYS: ['89'],
    KEEP_LISTINGS_DAYS: ['89'],
    KEEP_LINKS_DAYS: ['0'],
    LOG_LEVEL: ['loud'],
    OIDC_SCOPE: ['email profile', 'openid, email\n'],
    OIDC_ROLES: ['admins', 'admins=boss', '=admin', 'a=admin, b=reviewer'],
    OIDC_NEW_STAFF: ['perhaps'],
    OIDC_SECOND_FACTOR: ['none'],
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

test('where others can reach it, the demo and the mailbox are not opened by a forgotten setting', (t) => {
  const reached: readonly Record<string, string>[] = [
    { BASE_URL: 'https://desk.example' },
    { BASE_URL: 'http://192.0.2.7:3000' },
    { HOST: '0.0.0.0' },
    { HOST: '::' },
    { TRUST_PROXY: '1' },
    { BASE_URL: 'https://desk.example', TRUST_PROXY: '1', HOST: '0.0.0.0', SMTP_URL: 'smtp://mail.example:587' },
  ];
  for (const settings of reached) {
    for (const said of [{}, { NODE_ENV: 'development' }, { DEMO: 'on' }, { DEMO: 'off' }]) {
      const told = problems({ ...settings, ...said } as Record<string, string>);
      t.is(told.length, 1, JSON.stringify({ ...settings, ...said }));
      t.regex(
        told[0] ?? '',
        /^NODE_ENV: must be production where others can reach Warmdesk \((HOST|BASE_URL|TRUST_PROXY) is /,
      );
    }
    t.deepEqual(problems({ ...settings, NODE_ENV: 'development', DEMO: 'on' }), [], 'said');
    t.deepEqual(problems({ ...PRODUCTION, ...settings }), []);
  }
  for (const HOST of ['127.0.0.1', '127.1.2.3', 'localhost', '::1']) t.deepEqual(problems({ HOST }), [], HOST);
  for (const BASE_URL of ['http://localhost:3000', 'http://[::1]:3000', 'http://desk.localhost'])
    t.deepEqual(problems({ BASE_URL }), [], BASE_URL);
});

test('databases are named by a file or by an address of PostgreSQL', (t) => {
  const names = ['data/desk.sqlite', '/var/desk.sqlite', 'file:desk.sqlite', 'sqlite://desk.sqlite'];
  const addresses = ['postgres://app:secret@host:5432/desk', 'postgresql://localhost/desk?host=/run/postgresql'];
  for (const DATABASE_URL of [...names, ...addresses]) t.deepEqual(problems({ DATABASE_URL }), [], DATABASE_URL);
});

test('an OpenID provider needs a client, https beyond this machine, and roles for new staff', (t) => {
  const OIDC = { OIDC_ISSUER: 'https://id.example', OIDC_CLIENT_ID: 'desk' };
  t.regex(problems({ OIDC_ISSUER: OIDC.OIDC_ISSUER })[0] ?? '', /^OIDC_CLIENT_ID: is required with OIDC_ISSUER/);
  t.regex(problems({ OIDC_CLIENT_ID: 'desk' })[0] ?? '', /^OIDC_ISSUER: is required/);
  t.regex(problems({ ...OIDC, OIDC_ISSUER: 'http://id.example' })[0] ?? '', /^OIDC_ISSUER: must begin with https/);
  t.regex(problems({ ...OIDC, OIDC_NEW_STAFF: 'on' })[0] ?? '', /^OIDC_ROLES: is required with OIDC_NEW_STAFF/);
  t.deepEqual(problems({ ...OIDC, OIDC_ISSUER: 'http://127.0.0.1:8080' }), []);
  const read = readConfig({ ...OIDC, OIDC_ROLES: 'cn=desk,dc=id,dc=example=admin; desk readers = reviewer;' });
  t.deepEqual(read.ok && read.value.openId?.roles, [
    { group: 'cn=desk,dc=id,dc=example', role: 'admin' },
    { group: 'desk readers', role: 'reviewer' },
  ]);
  t.is(readConfig({}).ok && readConfig({ OIDC_ISSUER: '' }).ok, true);
});
