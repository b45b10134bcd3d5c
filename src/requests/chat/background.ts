// Sends what the staff's chat is told: one JSON text each, as Slack, Teams, Mattermost and others take it from a webhook.
import type { Ranges } from '../../accounts/addresses/ranges.ts';
import type { Deps } from '../../deps.ts';
import { oneLine, waitAfter } from '../../notifications/retry.ts';
import { openUrl } from './chat.ts';
import { NOT_ALLOWED, postJson } from './post.ts';
import { claimPost, deletePosts, endTry, findChat } from './store.ts';

/** A claim outlives its try, so that it ends only where the process is gone. */
const CLAIM_MS = 30_000;
const MOST_AT_ONCE = 50;
const KEPT_MS = 30 * 86_400_000;

type Sending = Pick<Deps, 'db' | 'now' | 'config' | 'sessionSecret' | 'log'>;

/**
 * Sends what is due, one after the other, until one does not go out: other jobs wait meanwhile, ten seconds for each of them
 * where the server is silent. Returns how many went out; what did not is tried again, later each time.
 */
export async function postToChat({ db, now, config, sessionSecret, log }: Sending): Promise<number> {
  let sent = 0;
  for (let n = 0; n < MOST_AT_ONCE; n += 1) {
    const post = await claimPost(db, now(), now() + CLAIM_MS);
    if (post === undefined) break;
    const chat = await findChat(db);
    const url = chat === undefined ? null : openUrl(sessionSecret, chat.url);
    const complaint =
      url === null
        ? 'The address of the chat is missing, or can no longer be read. Set it again.'
        : await sendText(url, `${post.text} ${config.baseUrl}${post.path}`, config.webhookNetworks);
    const wait = complaint === null ? null : waitAfter(post.tries + 1);
    await endTry(db, post, { at: now(), complaint, nextAt: wait === null ? null : now() + wait });
    if (complaint !== null) {
      log.warn({ post: post.id, tries: post.tries + 1, complaint }, 'the chat was not told');
      break;
    }
    sent += 1;
  }
  if (sent > 0) await deletePosts(db, now() - KEPT_MS);
  return sent;
}

/** Posts a text. Returns null where it was taken, or what went wrong, without the address: it is a secret. */
export async function sendText(address: string, text: string, networks: Ranges): Promise<string | null> {
  const url = new URL(address);
  try {
    const answer = await postJson(url, { text }, networks);
    if (answer.status >= 200 && answer.status < 300) return null;
    const secret = `${url.pathname}${url.search}`;
    const words = oneLine(answer.text.replaceAll(url.href, '…').replaceAll(secret === '/' ? url.href : secret, '…'));
    return `${answer.status} ${words.slice(0, 200)}`.trim();
  } catch (error) {
    const { name, code } = error as { name?: string; code?: string };
    if (name === 'AbortError' || name === 'TimeoutError') return 'The server did not answer within ten seconds.';
    if (code === NOT_ALLOWED)
      return 'The server is in a private network. Add its address to WEBHOOK_NETWORKS, where Warmdesk is started.';
    return `The server could not be reached${code === undefined ? '' : ` (${code})`}.`;
  }
}
