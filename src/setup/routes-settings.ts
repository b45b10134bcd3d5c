// What an administrator sets: name and looks, mail, policy, addresses of pools.
import { readdirSync } from 'node:fs';
import type { Request, Response } from 'express';
import type { Actor, Person } from '../accounts/person.ts';
import { askAgain } from '../accounts/session/routes-again.ts';
import { isFresh } from '../accounts/session/session.ts';
import type { Deps } from '../deps.ts';
import type { FieldErrors, Typed } from '../form.ts';
import { loadPolicy, policyPath, SHIPPED } from '../policy/document/load.ts';
import { type Policy, readPolicy } from '../policy/document/policy.ts';
import { receiveFile } from '../sending/upload/receive.ts';
import { NotFound } from '../web/errors.ts';
import type { Route } from '../web/router.ts';
import { choosePolicy, sendTestMail, setLogo, setProvider } from './actions.ts';
import { readProvider } from './form.ts';
import { type Provider, pictureType } from './provider.ts';
import { chatRoutes } from './routes-chat.ts';
import { hoursRoutes } from './routes-hours.ts';
import { poolRoutes } from './routes-pools.ts';
import { recordRoutes } from './routes-records.ts';
import { findTestMail, type TestMail } from './store.ts';

type Choice = { readonly name: string; readonly title: string };

declare module '../web/page.ts' {
  interface Views {
    'setup/settings': { title: string };
    'setup/provider': { title: string; provider: Provider; typed: Typed; errors: FieldErrors };
    'setup/mail': { title: string; server: string | null; from: string; test: TestMail | null; to: string };
    'setup/policy': {
      title: string;
      current: { readonly name: string; readonly title: string; readonly number: number };
      isFixed: boolean;
      shipped: readonly Choice[];
      /** What is wrong with the file that was sent. */
      wrong: readonly string[];
      errors: FieldErrors;
    };
  }
}

export function settingsRoutes(deps: Deps): Route[] {
  const may = 'set up';
  const post = (path: string, handle: (desk: Desk) => Promise<void>): Route => ({
    method: 'post',
    path: `/settings/${path}`,
    may,
    handle: (req, res) => handle(deskOf(deps, req, res)),
  });
  return [
    { method: 'get', path: '/settings', may, handle: (_req, res) => res.page('setup/settings', { title: 'Settings' }) },
    { method: 'get', path: '/settings/provider', may, handle: (_req, res) => showProvider(deps, res) },
    post('provider', takeProvider),
    post('logo', takeLogo),
    post('logo/removal', dropLogo),
    { method: 'get', path: '/settings/mail', may, handle: (req, res) => showMail(deskOf(deps, req, res)) },
    post('mail/test', testMail),
    { method: 'get', path: '/settings/policy', may, handle: (_req, res) => showPolicy(deps, res) },
    post('policy', takePolicy),
    post('policy/file', takePolicyFile),
    ...hoursRoutes(deps),
    ...chatRoutes(deps),
    ...recordRoutes(deps),
    ...poolRoutes(deps),
  ];
}

type Desk = {
  readonly deps: Deps;
  readonly req: Request;
  readonly res: Response;
  readonly actor: Actor & { readonly person: Person };
};

function deskOf(deps: Deps, req: Request, res: Response): Desk {
  if (req.person === null) throw new NotFound();
  return { deps, req, res, actor: { person: req.person, at: deps.now() } };
}

function showProvider({ provider }: Deps, res: Response, typed?: Typed, errors: FieldErrors = {}): void {
  const status = Object.keys(errors).length > 0 ? 422 : 200;
  const stored = { name: provider.name, colour: provider.colour ?? '' };
  res.page('setup/provider', { title: 'Name, logo and colour', provider, typed: typed ?? stored, errors }, status);
}

async function takeProvider({ deps, req, res, actor }: Desk): Promise<void> {
  const form = readProvider(req.body);
  if (!form.ok) return showProvider(deps, res, form.typed, form.errors);
  await setProvider(deps.db, actor, form.value);
  await deps.reload();
  res.redirect(303, '/settings/provider?note=settings-saved');
}

const MOST_LOGO_BYTES = 200_000;

async function takeLogo({ deps, req, res, actor }: Desk): Promise<void> {
  const received = await receiveFile(req, MOST_LOGO_BYTES, whole, nothing);
  const again = (logo: string): void => showProvider(deps, res, undefined, { logo });
  if (!received.ok && received.problem === 'too large')
    return again('The picture is larger than 200 kB. Make it smaller.');
  if (!received.ok) return again('Choose a picture.');
  const bytes = received.value;
  const type = pictureType(bytes);
  if (type === undefined)
    return again('The logo must be a PNG, JPEG, GIF or WebP picture. Save it as PNG and choose it again.');
  await setLogo(deps.db, actor, { type, bytes });
  await deps.reload();
  res.redirect(303, '/settings/provider?note=settings-saved');
}

async function nothing(): Promise<void> {}

async function whole(file: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of file) parts.push(part);
  return Buffer.concat(parts);
}

async function dropLogo({ deps, res, actor }: Desk): Promise<void> {
  await setLogo(deps.db, actor, null);
  await deps.reload();
  res.redirect(303, '/settings/provider?note=settings-saved');
}

async function showMail({ deps, res, actor }: Desk): Promise<void> {
  const { smtpUrl, mailFrom } = deps.config;
  res.page('setup/mail', {
    title: 'Mail',
    server: smtpUrl === null ? null : new URL(smtpUrl).host,
    from: mailFrom,
    test: (await findTestMail(deps.db)) ?? null,
    to: actor.person.email,
  });
}

async function testMail({ deps, res, actor }: Desk): Promise<void> {
  await sendTestMail(deps.db, actor);
  res.redirect(303, '/settings/mail?note=test-mail');
}

type Trouble = { readonly errors?: FieldErrors; readonly wrong?: readonly string[] };

function showPolicy({ policy, config }: Deps, res: Response, { errors = {}, wrong = [] }: Trouble = {}): void {
  const { name, number, document } = policy;
  const status = Object.keys(errors).length > 0 ? 422 : 200;
  const current = { name, number, title: document.title };
  const page = { title: 'Policy', current, isFixed: config.isPolicySet, shipped: shippedPolicies(), wrong, errors };
  res.page('setup/policy', page, status);
}

/** The policies that ship with Warmdesk. */
function shippedPolicies(): Choice[] {
  const names = readdirSync(SHIPPED).flatMap((file) => /^([a-z][a-z0-9_-]*)\.json$/.exec(file)?.[1] ?? []);
  return names.sort().flatMap((name) => {
    const loaded = loadPolicy(policyPath(name));
    return loaded.ok ? [{ name, title: loaded.value.title }] : [];
  });
}

async function takePolicy(desk: Desk): Promise<void> {
  const { deps, req, res } = desk;
  const own: unknown = req.body?.document;
  if (typeof own === 'string') return takeOwnPolicy(desk, own);
  const { name } = shippedPolicies().find((one) => one.name === req.body?.policy) ?? {};
  if (name === undefined) return showPolicy(deps, res, { errors: { policy: 'Choose a policy.' } });
  const loaded = loadPolicy(policyPath(name));
  if (!loaded.ok) return showPolicy(deps, res, { errors: { policy: 'It cannot be used.' }, wrong: loaded.problem });
  await adopt(desk, 'shipped', loaded.value);
}

const MOST_POLICY_BYTES = 1_000_000;

async function takePolicyFile(desk: Desk): Promise<void> {
  const { deps, req, res } = desk;
  const received = await receiveFile(req, MOST_POLICY_BYTES, whole, nothing);
  if (received.ok) return takeOwnPolicy(desk, received.value.toString('utf8'));
  const file = received.problem === 'too large' ? 'The file is larger than 1 MB.' : 'Choose a file.';
  showPolicy(deps, res, { errors: { file } });
}

async function takeOwnPolicy(desk: Desk, text: string): Promise<void> {
  const { deps, res } = desk;
  const again = (file: string, wrong: readonly string[] = []): void =>
    showPolicy(deps, res, { errors: { file }, wrong });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return again(`The file is not JSON: ${(error as Error).message}.`);
  }
  const read = readPolicy(json);
  if (!read.ok) return again('The policy cannot be used. Nothing was changed.', read.problem.slice(0, 50));
  await adopt(desk, 'file', read.value);
}

/** A longer document is not carried through the sign-in; its file is then chosen once more. */
const MOST_CARRIED = 30_000;

async function adopt(desk: Desk, source: 'shipped' | 'file', document: Policy): Promise<void> {
  const { deps, req, res, actor } = desk;
  if (deps.config.isPolicySet)
    return showPolicy(deps, res, { errors: { policy: 'POLICY is set in the environment, so it holds.' } });
  if (!isFresh(req, actor.at)) {
    if (source === 'shipped') return askAgain(desk);
    const text = JSON.stringify(document);
    const kept = text.length > MOST_CARRIED ? null : { document: text };
    return askAgain(desk, { next: '/settings/policy', kept });
  }
  await choosePolicy(deps.db, actor, { source, document });
  await deps.reload();
  res.redirect(303, '/settings/policy?note=settings-saved');
}
