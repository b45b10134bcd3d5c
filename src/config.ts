// Every setting. Nothing but this file and main.ts reads the environment.
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { Ranges } from './accounts/addresses/ranges.ts';
import { type OpenIdSetting, readGroupRoles } from './accounts/openid/setting.ts';
import {
  attachmentsDir,
  database,
  domainName,
  flag,
  httpUrl,
  nameServers,
  networks,
  port,
  sender,
  smtpUrl,
} from './config-values.ts';
import { dataFolder } from './data-folder.ts';
import { ok, type Result, refused } from './result.ts';
import { type Keep, keepOf, keepSettings } from './retention/keep.ts';

const groupRoles = z.string().transform((text, context) => {
  const read = readGroupRoles(text);
  if (!read.ok) context.addIssue(read.problem);
  return read.ok ? read.value : [];
});
const issuer = httpUrl.refine(
  (url) => url.startsWith('https:') || (URL.canParse(url) && isLoopback(new URL(url).hostname)),
  'must begin with https://, except on this machine',
);

const Settings = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).optional(),
  HOST: z.string().optional(),
  PORT: port.default(3000),
  BASE_URL: httpUrl.optional(),
  DATABASE_URL: database.default('data/warmdesk.sqlite'),
  ATTACHMENTS_DIR: attachmentsDir.optional(),
  SMTP_URL: smtpUrl.optional(),
  MAIL_FROM: sender.optional(),
  SESSION_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  DEMO: flag.optional(),
  PROVIDER_NAME: z.string().min(1).max(60).optional(),
  POLICY: z.string().min(1).optional(),
  DNS_SERVERS: nameServers.optional(),
  INBOUND_DOMAIN: domainName.optional(),
  INBOUND_AUTHSERV_ID: z
    .string()
    .regex(/^[\w.-]{1,253}$/, 'must be the name in Authentication-Results, like mx.example.net')
    .optional(),
  OIDC_ISSUER: issuer.optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  OIDC_LABEL: z.string().max(60).default('single sign-on'),
  OIDC_SCOPE: z
    .string()
    .regex(
      /^(?=.*\bopenid\b)[\x21-\x7e]+( [\x21-\x7e]+)*$/,
      'must be words with a space between them, openid among them',
    )
    .default('openid email profile'),
  OIDC_GROUPS_CLAIM: z.string().default('groups'),
  OIDC_ROLES: groupRoles.default([]),
  OIDC_NEW_STAFF: flag.default(false),
  OIDC_SECOND_FACTOR: z.enum(['warmdesk', 'provider']).default('warmdesk'),
  WEBHOOK_NETWORKS: networks.default([]),
  UNDO_SECONDS: z
    .string()
    .regex(/^([0-9]|[1-5][0-9]|60)$/, 'must be a number from 0 to 60')
    .default('30')
    .transform(Number),
  ...keepSettings,
  TRUST_PROXY: z.coerce.number().int().min(0).max(10).default(0),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

export type Config = {
  readonly production: boolean;
  readonly host: string;
  readonly port: number;
  /** Without a slash at its end. All links in mails start with it. */
  readonly baseUrl: string;
  readonly databaseUrl: string;
  /** The folder of attached files; its path is absolute. */
  readonly attachmentsDir: string;
  /** null: mail goes to the development mailbox. */
  readonly smtpUrl: string | null;
  readonly mailFrom: string;
  /** null: made and kept beside the database. */
  readonly sessionSecret: string | null;
  readonly demo: boolean;
  /** The provider's name, as its customers read it on pages and in mails. */
  readonly providerName: string;
  /** Whether the name was given: else an administrator sets it on a page. */
  readonly isProviderSet: boolean;
  /** A name under seeds/policies, or a path to a file of one's own. */
  readonly policy: string;
  /** Whether the policy was given: then nobody changes it on a page. */
  readonly isPolicySet: boolean;
  /** `address` or `address:port`; null: the resolvers of the machine. */
  readonly dnsServers: readonly string[] | null;
  /** The domain to which people reply by mail, and where bounces come back; null: replies are not read. */
  readonly inboundDomain: string | null;
  /** The name that the mail server in front gives its results (RFC 8601); null: they are not heeded. */
  readonly inboundAuthservId: string | null;
  /** null: people sign in with passwords alone. */
  readonly openId: OpenIdSetting | null;
  /** How long a reviewer can undo a decision (milliseconds); 0: it takes effect at once. */
  readonly undoMs: number;
  /** Networks of one's own that webhooks may reach, and over http. */
  readonly webhookNetworks: Ranges;
  /** For how many days old rows are kept, by what they are. */
  readonly keep: Keep;
  readonly trustProxy: number;
  readonly logLevel: string;
};

/** Reads all settings; a setting that is empty counts as not given. Returns every problem at once, each by its name. */
export function readConfig(env: NodeJS.ProcessEnv): Result<Config, string[]> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const read = Settings.safeParse(given);
  if (!read.success) return refused(read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  const settings = read.data;
  const missing = settings.NODE_ENV === 'production' ? missingInProduction(settings) : exposed(settings);
  missing.push(...incomplete(settings));
  return missing.length > 0 ? refused(missing) : ok(toConfig(settings));
}

function missingInProduction(settings: z.infer<typeof Settings>): string[] {
  return (['SESSION_SECRET', 'BASE_URL', 'SMTP_URL', 'MAIL_FROM'] as const)
    .filter((name) => settings[name] === undefined)
    .map((name) => `${name}: is required in production`);
}

/** Outside production anybody who reaches Warmdesk can read the mailbox and knows the demo's passwords: that has to be said, not forgotten. */
function exposed({ NODE_ENV, DEMO, HOST, BASE_URL, TRUST_PROXY }: z.infer<typeof Settings>): string[] {
  const reached = [
    HOST !== undefined && !isLoopback(HOST) && `HOST is ${HOST}`,
    BASE_URL !== undefined && !isLoopback(new URL(BASE_URL).hostname) && `BASE_URL is ${BASE_URL}`,
    TRUST_PROXY > 0 && `TRUST_PROXY is ${TRUST_PROXY}`,
  ].find((reason) => reason !== false);
  if (reached === undefined || (NODE_ENV !== undefined && DEMO !== undefined)) return [];
  const anyway = 'to show the mailbox and the demo to all of them, set NODE_ENV=development and DEMO=on';
  return [`NODE_ENV: must be production where others can reach Warmdesk (${reached}); ${anyway}`];
}

const isLoopback = (host: string): boolean => /^(localhost|.+\.localhost|127(\.[0-9]{1,3}){3}|\[?::1\]?)$/i.test(host);

function toConfig(settings: z.infer<typeof Settings>): Config {
  const production = settings.NODE_ENV === 'production';
  return Object.freeze({
    production,
    host: settings.HOST ?? (production ? '0.0.0.0' : '127.0.0.1'),
    port: settings.PORT,
    baseUrl: (settings.BASE_URL ?? `http://localhost:${settings.PORT}`).replace(/\/+$/, ''),
    databaseUrl: settings.DATABASE_URL,
    attachmentsDir: resolve(settings.ATTACHMENTS_DIR ?? join(dataFolder(settings.DATABASE_URL), 'attachments')),
    smtpUrl: settings.SMTP_URL ?? null,
    mailFrom: settings.MAIL_FROM ?? 'Warmdesk <warmdesk@localhost.localdomain>',
    sessionSecret: settings.SESSION_SECRET ?? null,
    demo: settings.DEMO ?? !production,
    providerName: settings.PROVIDER_NAME ?? 'Warmdesk',
    isProviderSet: settings.PROVIDER_NAME !== undefined,
    policy: settings.POLICY ?? 'customerio',
    isPolicySet: settings.POLICY !== undefined,
    dnsServers: settings.DNS_SERVERS ?? null,
    inboundDomain: settings.INBOUND_DOMAIN ?? null,
    inboundAuthservId: settings.INBOUND_AUTHSERV_ID ?? null,
    openId: openIdOf(settings),
    undoMs: settings.UNDO_SECONDS * 1000,
    webhookNetworks: settings.WEBHOOK_NETWORKS,
    keep: keepOf(settings),
    trustProxy: settings.TRUST_PROXY,
    logLevel: settings.LOG_LEVEL,
  });
}

function openIdOf(settings: z.infer<typeof Settings>): OpenIdSetting | null {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId } = settings;
  if (issuer === undefined || clientId === undefined) return null;
  return {
    issuer,
    clientId,
    clientSecret: settings.OIDC_CLIENT_SECRET ?? null,
    label: settings.OIDC_LABEL,
    scope: settings.OIDC_SCOPE,
    groupsClaim: settings.OIDC_GROUPS_CLAIM,
    roles: settings.OIDC_ROLES,
    createsStaff: settings.OIDC_NEW_STAFF,
    trustsSecondFactor: settings.OIDC_SECOND_FACTOR === 'provider',
  };
}

/** Settings that say nothing without others. */
function incomplete(settings: z.infer<typeof Settings>): string[] {
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_ROLES, OIDC_NEW_STAFF } = settings;
  const { INBOUND_DOMAIN, INBOUND_AUTHSERV_ID } = settings;
  return [
    INBOUND_AUTHSERV_ID !== undefined &&
      INBOUND_DOMAIN === undefined &&
      'INBOUND_DOMAIN: is required with INBOUND_AUTHSERV_ID',
    OIDC_ISSUER !== undefined && OIDC_CLIENT_ID === undefined && 'OIDC_CLIENT_ID: is required with OIDC_ISSUER',
    OIDC_CLIENT_ID !== undefined && OIDC_ISSUER === undefined && 'OIDC_ISSUER: is required with OIDC_CLIENT_ID',
    OIDC_NEW_STAFF &&
      OIDC_ROLES.length === 0 &&
      'OIDC_ROLES: is required with OIDC_NEW_STAFF, or nobody would have a role',
  ].filter((problem) => problem !== false);
}
