// Files as people attach them, and what came of them.
import { readdirSync } from 'node:fs';
import { Readable } from 'node:stream';
import type { Person } from '../../src/accounts/person.ts';
import { keepFile } from '../../src/attachments/folder.ts';
import { addComment } from '../../src/requests/comments/actions.ts';
import type { Answer, Visitor } from './visitor.ts';
import type { World } from './world.ts';

export type Chosen = { readonly name: string; readonly content: Uint8Array | string; readonly type?: string };

const base64 = (text: string): Buffer => Buffer.from(text, 'base64');

/** One pixel each, as picture programs write them. */
export const PNG = base64(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
);
export const GIF = base64('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7');
export const WEBP = base64('UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA');
export const JPEG = Buffer.concat([
  base64('/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP8='),
  Buffer.alloc(80, 1),
  base64('/9k='),
]);

/** Attaches a picture to a comment on an open request. Returns the file's id. */
export async function attached(world: World, person: Person, requestId: number): Promise<number> {
  const kept = await keepFile(world.deps.config.attachmentsDir, Readable.from([PNG]));
  const files = [{ ...kept, name: 'volume.png', type: 'png' as const }];
  const said = { text: 'See the chart.', files };
  const added = await addComment(world.db, { person, at: world.now }, requestId, said);
  if (!added.ok) throw new Error(added.problem.name);
  return (await world.db('attachments').orderBy('id', 'desc').first('id')).id;
}

/** Sends a message with files, as a browser sends the form of a page. */
export function sendMessage(
  visitor: Visitor,
  path: string,
  { field, text, files }: { readonly field: string; readonly text: string; readonly files: readonly Chosen[] },
): Promise<Answer> {
  const form = new FormData();
  form.append(field, text);
  // A browser sends the field without a name where nothing was chosen.
  if (files.length === 0) form.append(`${field}Files`, new Blob([]), '');
  for (const { name, content, type = 'application/octet-stream' } of files)
    form.append(
      `${field}Files`,
      new Blob([typeof content === 'string' ? content : new Uint8Array(content)], { type }),
      name,
    );
  return visitor.send(path, form);
}

/** Addresses of the files that a page lists, by their names. */
export const filesOn = (page: Answer): Map<string, string> =>
  new Map(
    [...page.html.matchAll(/<a href="([^"]*\/files\/\d+)" download>([^<]*)<\/a>/g)].map(([, href = '', name = '']) => [
      name,
      href,
    ]),
  );

/** Gets a file as a browser saves it. */
export async function getFile(world: World, visitor: Visitor, path: string) {
  const answer = await fetch(new URL(path, world.url), { headers: { cookie: visitor.cookie }, redirect: 'manual' });
  return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
}

/** The keys of the files in the world's folder. */
export const filesIn = (world: World): string[] => readdirSync(world.deps.config.attachmentsDir).toSorted();
