// The staff's chat, as an administrator sets it: where its webhook is and what it hears of.
import type { Request, Response } from 'express';
import type { Actor, Person } from '../accounts/person.ts';
import type { Deps } from '../deps.ts';
import { type FieldErrors, readForm, type Typed, typedOf } from '../form.ts';
import { sendText } from '../requests/chat/background.ts';
import {
  CHAT_WORDS,
  type ChatEvent,
  chatEvents,
  harmless,
  openUrl,
  readWebhook,
  sealUrl,
} from '../requests/chat/chat.ts';
import { findChat, type LastPost, listPosts } from '../requests/chat/store.ts';
import { NotFound } from '../web/errors.ts';
import type { Route } from '../web/router.ts';
import { setChat } from './actions.ts';

declare module '../web/page.ts' {
  interface Views {
    'setup/chat': {
      title: string;
      typed: Typed;
      errors: FieldErrors;
      /** The server of the address that is set; null: none is. */
      host: string | null;
      words: typeof CHAT_WORDS;
      /** What was said last. */
      posts: readonly LastPost[];
      /** What became of a test; null: there was none. */
      test: string | null;
    };
  }
}

const SHOWN = 10;

type Administrator = Actor & { readonly person: Person };

export function chatRoutes(deps: Deps): Route[] {
  const may = 'set up';
  const post = (path: string, handle: (deps: Deps, req: Request, res: Response) => Promise<void>): Route => ({
    ...{ method: 'post', path: `/settings/chat${path}`, may },
    handle: (req, res) => handle(deps, req, res),
  });
  return [
    { method: 'get', path: '/settings/chat', may, handle: (_req, res) => show(deps, res, {}) },
    post('', take),
    post('/test', test),
    post('/removal', drop),
  ];
}

function actorOf({ now }: Deps, { person }: Request): Administrator {
  if (person === null) throw new NotFound();
  return { person, at: now() };
}

type Shown = { readonly typed?: Typed; readonly errors?: FieldErrors; readonly test?: string };

async function show({ db }: Deps, res: Response, { typed, errors = {}, test }: Shown): Promise<void> {
  const chat = await findChat(db);
  const page = {
    title: 'Chat',
    typed: typed ?? { url: '', events: [...(chat?.events ?? chatEvents)] },
    errors,
    host: chat?.host ?? null,
    words: CHAT_WORDS,
    posts: await listPosts(db, SHOWN),
    test: test ?? null,
  };
  res.page('setup/chat', page, Object.keys(errors).length > 0 ? 422 : 200);
}

async function take(deps: Deps, req: Request, res: Response): Promise<void> {
  const { db, sessionSecret, config } = deps;
  const actor = actorOf(deps, req);
  const chat = await findChat(db);
  const form = readForm(req.body);
  const text = form.text('url', { label: 'Address', max: 2000, required: chat === undefined });
  const url = readWebhook(text, config.webhookNetworks);
  if (text !== '' && url === undefined)
    form.fail(
      'url',
      'Address must begin with https://, have no name and password in it, and be outside private networks, unless WEBHOOK_NETWORKS names them.',
    );
  const events = eventsIn(req.body);
  if (events.length === 0) form.fail('events', 'Choose at least one, or remove the chat.');
  const read = form.result(() => events);
  if (!read.ok) return show(deps, res, { ...read, typed: { url: '', events } });
  const sealed = url ? { url: sealUrl(sessionSecret, url.href), host: url.host } : chat;
  if (sealed === undefined) throw new NotFound();
  await setChat(db, actor, { url: sealed.url, host: sealed.host, events: read.value });
  res.redirect(303, '/settings/chat?note=settings-saved');
}

function eventsIn(body: unknown): ChatEvent[] {
  const { events = [] } = typedOf(body);
  const chosen = Array.isArray(events) ? events : [events];
  return chatEvents.filter((event) => chosen.includes(event));
}

async function test(deps: Deps, req: Request, res: Response): Promise<void> {
  const { person } = actorOf(deps, req);
  const chat = await findChat(deps.db);
  const url = chat === undefined ? null : openUrl(deps.sessionSecret, chat.url);
  if (url === null)
    return show(deps, res, { errors: { url: 'Address is missing, or can no longer be read. Set it again.' } });
  const text = `A test from ${harmless(deps.provider.name)}, by ${harmless(person.name)}.`;
  const complaint = await sendText(url, text, deps.config.webhookNetworks);
  await show(deps, res, { test: complaint ?? 'The server accepted it. Look in your chat.' });
}

async function drop(deps: Deps, req: Request, res: Response): Promise<void> {
  await setChat(deps.db, actorOf(deps, req), null);
  res.redirect(303, '/settings/chat?note=settings-saved');
}
