// A mail system that reports what Acme sent, over 192.0.2.1 and the shared pool.
import { dayOf } from '../../src/day.ts';
import { storeUploads } from '../../src/sending/upload/background.ts';
import { insertPart, insertUpload, markKept, packed } from '../../src/sending/upload/store.ts';
import { addSystem } from '../../src/systems/actions.ts';
import { acmeWithIp } from './scene.ts';
import type { Answer, Visitor } from './visitor.ts';
import type { World } from './world.ts';

export type ApiAnswer = {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers as programs do
  readonly json: any;
};

/** Sends JSON to an address as a program does. `body` as a text is sent as it is. */
export async function postJson(
  world: World,
  path: string,
  token: string | null,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<ApiAnswer> {
  const answer = await fetch(new URL(path, world.url), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: answer.status, json: await answer.json() };
}

/** Returns a mail system a token. */
export async function token(world: World, name = 'mx1'): Promise<string> {
  const made = await addSystem(world.db, { person: null, at: world.now }, name);
  if (!made.ok) throw new Error(made.problem);
  return made.value.token;
}

/** A UTC day of the world, some days ago, as `2026-11-23`. */
export const dayText = (world: World, ago = 0): string =>
  new Date((dayOf(world.now) - ago) * 86_400_000).toISOString().slice(0, 10);

/** Today's count of shop.acme.example over its IP, 100 sent and 90 delivered to Gmail, but for what is said otherwise. */
export const countOf = (world: World, wish: Record<string, unknown> = {}) => ({
  day: dayText(world),
  domain: 'shop.acme.example',
  via: '192.0.2.1',
  provider: 'gmail',
  stream: 'marketing',
  sent: 100,
  delivered: 90,
  deferred: 5,
  bounced: 3,
  complained: 1,
  ...wish,
});

/** S-24: all that a mail system can tell beside such a count. */
export const TOLD = {
  ...{ opened: 30, openedByProxy: 20, clicked: 9 },
  ...{ recency30: 50, recency90: 20, recency180: 10, recencyOlder: 5, recencyNever: 5 },
  ...{ bouncedInvalid: 1, bouncedReputation: 1, bouncedContent: 0, bouncedOther: 1 },
};

/** Acme with its IP, and a mail system that reports. Only what it reports is counted. */
export async function reporting(world: World) {
  const acme = await acmeWithIp(world);
  for (const table of ['sending_counts', 'pool_windows']) await world.db(table).delete();
  const bearer = await token(world);
  // When a token was used last has nothing to do with what is counted.
  await world.db('mail_systems').update({ used_at: world.now });
  const report = (batch: string, counts: unknown, headers?: Record<string, string>) =>
    postJson(world, '/api/v1/sending-counts', bearer, { batch, counts }, headers);
  return { ...acme, bearer, report };
}

/** Uploads a CSV file as a browser does and waits until it is stored. Returns the page that it leads to. */
export async function uploadCounts(world: World, visitor: Visitor, content: string | Uint8Array): Promise<Answer> {
  const form = new FormData();
  form.append('file', new Blob([content as Uint8Array<ArrayBuffer>]), 'counts.csv');
  const answer = await visitor.send('/sending/upload', form);
  if (answer.location === null) return answer;
  await untilStored(world);
  return visitor.get(answer.location);
}

/** A file of one row that waits to be stored. Returns its id. */
export async function keptUpload(world: World): Promise<number> {
  const file = { file: 'a.csv', contentHash: 'x', counts: 1, madeById: null, madeAt: world.now };
  const uploadId = await insertUpload(world.db, file);
  await insertPart(world.db, { uploadId, part: 1, counts: 1, list: await packed('[]') });
  await markKept(world.db, uploadId, world.now);
  return uploadId;
}

/** The route goes on in the background; this waits until nothing is left. */
export async function untilStored(world: World): Promise<void> {
  while (await world.db('sending_uploads').whereNull('finished_at').first()) await storeUploads(world.deps);
}

/** What is counted now: one line for each row, sorted. */
export async function counted(world: World): Promise<string[]> {
  const rows = await world
    .db('sending_counts as c')
    .join('domains as d', 'd.id', 'c.domain_id')
    .leftJoin('ips as i', 'i.id', 'c.ip_id')
    .select('c.*', 'd.name', 'i.address');
  return rows
    .map((row) => {
      const day = new Date(row.day * 86_400_000).toISOString().slice(0, 10);
      const figures = [row.sent, row.delivered, row.deferred, row.bounced, row.complained, row.opened ?? '-'];
      return `${day} ${row.name} ${row.address ?? row.pool} ${row.provider} ${row.stream} ${figures.join(' ')}`;
    })
    .sort();
}
