// What values of settings look like. Pure.
import { z } from 'zod';
import { readRanges } from './accounts/addresses/ranges.ts';
import { isPublic } from './data-folder.ts';
import { isDatabaseUrl } from './database.ts';
import { readServers } from './dns/servers.ts';
import { isPlainAddress } from './notifications/mail.ts';

export const flag = z
  .enum(['true', 'false', '1', '0', 'on', 'off', 'yes', 'no'])
  .transform((word) => /^(true|1|on|yes)$/.test(word));
export const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' });
export const smtpUrl = z
  .string()
  .refine(
    (url) => /^smtps?:\/\//.test(url) && URL.canParse(url) && new URL(url).hostname !== '',
    'must look like smtp://user:password@host:587',
  );
export const port = z
  .string()
  .regex(/^[0-9]{1,5}$/, 'must be a number from 0 to 65535')
  .transform(Number)
  .refine((number) => number <= 65_535, 'must be a number from 0 to 65535');
export const sender = z
  .string()
  .regex(
    /^(?:[^<>"\r\n]* <[^\s<>"]+@[^\s<>"]+>|[^\s<>"]+@[^\s<>"]+)$/,
    'must be an address, like Warmdesk <desk@example.com>',
  );

export const database = z.string().refine(isDatabaseUrl, 'must be a file, or postgres://user:password@host/name');

export const nameServers = z.string().transform((text, context) => {
  const servers = readServers(text);
  if (!servers) context.addIssue('must be addresses of name servers, like 192.0.2.53, [2001:db8::53]:5353');
  return servers ?? [];
});

export const attachmentsDir = z
  .string()
  .refine((path) => !isPublic(path), 'must not be in public, which everybody can read');

export const domainName = z
  .string()
  .transform((name) => name.toLowerCase())
  .refine((name) => isPlainAddress(`reply@${name}`), 'must be a domain, like reply.example.com');

export const networks = z.string().transform((text, context) => {
  const read = readRanges(text.replaceAll(',', '\n'));
  if (!read.ok) context.addIssue(read.problem);
  return read.ok ? read.value : [];
});
