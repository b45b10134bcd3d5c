// The development mailbox: shows the mails that, without SMTP_URL, do not leave. Never there in production.
import type { Request } from 'express';
import type { Deps } from '../deps.ts';
import { NotFound } from '../web/errors.ts';
import { idOf } from '../web/params.ts';
import type { Route } from '../web/router.ts';
import { type Rendered, type RenderSettings, renderMail, subjectOf } from './render.ts';
import { findMail, listOutbox, type OutboxMail } from './store.ts';

declare module '../web/page.ts' {
  interface Views {
    'mailbox/list': { title: string; mails: readonly (OutboxMail & { subject: string })[] };
    'mailbox/mail': { title: string; mail: OutboxMail; rendered: Rendered; from: string };
  }
}

const SHOWN = 200;
// The mail's own styles are in its elements, so only here inline styles are allowed, and nothing else is.
const MAIL_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox allow-top-navigation-by-user-activation";

/** The mailbox's pages, open to anyone: they exist only where nobody but the developer is. */
export function mailboxRoutes(deps: Deps, settings: RenderSettings): Route[] {
  const mailOf = async (req: Request): Promise<OutboxMail> => {
    const mail = await findMail(deps.db, idOf(req));
    if (!mail) throw new NotFound();
    return mail;
  };
  return [
    {
      method: 'get',
      path: '/mailbox',
      may: 'anyone',
      handle: async (_req, res) => {
        const mails = await listOutbox(deps.db, ['waiting', 'sending', 'sent', 'failed'], { skip: 0, limit: SHOWN });
        const named = mails.map((mail) => ({ ...mail, subject: subjectOf(mail, settings) }));
        res.page('mailbox/list', { title: 'Development mailbox', mails: named });
      },
    },
    {
      method: 'get',
      path: '/mailbox/:id',
      may: 'anyone',
      handle: async (req, res) => {
        const mail = await mailOf(req);
        const rendered = await renderMail(mail, settings);
        res.page('mailbox/mail', { title: rendered.subject, mail, rendered, from: deps.config.mailFrom });
      },
    },
    {
      method: 'get',
      path: '/mailbox/:id/html',
      may: 'anyone',
      handle: async (req, res) => {
        const { html } = await renderMail(await mailOf(req), settings);
        res.set('Content-Security-Policy', MAIL_POLICY);
        // Means nothing in a sandbox, and browsers complain of it.
        res.removeHeader('Origin-Agent-Cluster');
        // Links of the mail open in the window, not in the frame around it.
        res.type('html').send(html.replace('<head>', '<head>\n<base target="_top">'));
      },
    },
  ];
}
