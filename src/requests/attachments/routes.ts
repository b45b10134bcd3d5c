// Files that were attached to messages, for those who may read the message. They are saved, never shown: no browser opens them
// as a page of ours.
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import { mimeOf } from '../../attachments/attachment.ts';
import { openFile } from '../../attachments/folder.ts';
import { findAttachment } from '../../attachments/store.ts';
import type { Deps } from '../../deps.ts';
import { NotFound } from '../../web/errors.ts';
import { idIn } from '../../web/params.ts';
import type { Route } from '../../web/router.ts';
import { findOwn } from '../customer/routes-show.ts';
import type { IpRequest } from '../request.ts';
import { findAsked } from '../review/routes-page.ts';

export function attachmentRoutes(deps: Deps): Route[] {
  return [
    {
      method: 'get',
      path: '/requests/:reference/files/:file',
      may: 'see own account',
      handle: async (req, res) => send(deps, req, res, { ...(await findOwn(deps, req)), staff: false }),
    },
    {
      method: 'get',
      path: '/review/:reference/files/:file',
      may: 'review requests',
      handle: async (req, res) => {
        const { actor, request } = await findAsked(deps, req);
        // What staff say among themselves is not for the customer's own people, be they staff or not.
        await send(deps, req, res, { request, staff: actor.person.accountId !== request.account.id });
      },
    },
  ];
}

type Reader = { readonly request: IpRequest; readonly staff: boolean };

async function send(deps: Deps, req: Request, res: Response, { request, staff }: Reader): Promise<void> {
  const id = idIn(req.params.file);
  const found = id === undefined ? undefined : await findAttachment(deps.db, { requestId: request.id, id }, { staff });
  if (!found) throw new NotFound();
  const content = await openFile(deps.config.attachmentsDir, found.key);
  if (!content) throw new Error(`attachment ${found.id} has no file ${found.key}`);
  // It sets a type by the name's ending, which the one by the content replaces.
  res.attachment(found.name);
  res.set({
    'Content-Type': mimeOf(found.type),
    'Content-Length': String(found.bytes),
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': "sandbox; default-src 'none'",
    'Cross-Origin-Resource-Policy': 'same-origin',
  });
  if (req.method === 'HEAD') {
    content.destroy();
    return void res.end();
  }
  await pipeline(content, res).catch((err: unknown) => {
    deps.log.warn({ err, attachment: found.id, requestId: req.requestId }, 'a file was not sent to its end');
    res.destroy();
  });
}
