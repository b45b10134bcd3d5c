import type { ErrorRequestHandler, RequestHandler } from 'express';
import { isAway, isFull } from '../database.ts';
import type { Log } from '../log.ts';
import { pathForLog } from './request-log.ts';

/** There is no such thing, or not for this person: the answer is the same. */
export class NotFound extends Error {
  readonly status = 404;
  constructor() {
    super('not found');
  }
}

/** A program came without a token that is good. */
export class NoToken extends Error {
  readonly status = 401;
  constructor() {
    super('no token');
  }
}

/** S-27: where the request comes from is not among the addresses that are let in. */
export class NotFromHere extends Error {
  readonly status = 403;
  constructor() {
    super('not from here');
  }
}

type Words = { readonly title: string; readonly explanation: string; readonly next: string };

const WORDS: Readonly<Record<number, Words>> = {
  400: {
    title: 'We could not read that',
    explanation: 'What your browser sent is not a form that we know.',
    next: 'Go back, load the page again and repeat the last step.',
  },
  401: {
    title: 'No token',
    explanation: 'This address is for mail systems, which send a token that staff made for them. Nothing was changed.',
    next: 'Send it as the header Authorization: Bearer TOKEN. One that was revoked is not taken any more.',
  },
  403: {
    title: 'This came from another site',
    explanation: 'For your safety we only take forms that were sent from our own pages. Nothing was changed.',
    next: 'Open the page here and send the form again.',
  },
  404: {
    title: 'There is no such page',
    explanation: 'The address may be mistyped, or what it showed is not yours to see.',
    next: 'Start from the home page.',
  },
  413: {
    title: 'That is too much at once',
    explanation: 'The form you sent is larger than we accept, so nothing was stored.',
    next: 'Go back, shorten the texts or choose fewer, and send it again.',
  },
  415: {
    title: 'We cannot take that form',
    explanation: 'It was sent compressed or in a format that we do not read. Nothing was stored.',
    next: 'Send it as an ordinary, uncompressed form.',
  },
  429: {
    title: 'Too many tries',
    explanation: 'There were too many tries in a short time, so we slow down for a while.',
    next: 'Wait a few minutes and try again.',
  },
  503: {
    title: 'The database does not answer',
    explanation: 'What you sent was not stored. What was stored before is safe.',
    next: 'Wait a minute and try again.',
  },
  507: {
    title: 'There is no room left',
    explanation:
      'The disk on which we keep it is full, so what you sent was not stored. What was stored before is safe.',
    next: 'Tell the people who run this site. Once they made room, send it again.',
  },
  500: {
    title: 'Something went wrong on our side',
    explanation: 'What you sent may not have been stored. We have a record of the fault.',
    next: 'Go back and try again. If it stays, write to us and quote the reference below.',
  },
};

/** What is said otherwise to programs, which send JSON and no forms. */
const WORDS_FOR_PROGRAMS: Readonly<Record<number, Words>> = {
  415: {
    title: 'We cannot take that body',
    explanation: 'It was sent compressed, or in a character set that is not UTF-8. Nothing was stored.',
    next: 'Send it uncompressed, in UTF-8, with Content-Type: application/json.',
  },
  400: {
    title: 'That is not JSON',
    explanation: 'The body could not be read as JSON, so nothing was stored.',
    next: 'Send one JSON object, with Content-Type: application/json.',
  },
  413: {
    title: 'That is too much at once',
    explanation: 'The body is larger than we accept, so nothing was stored.',
    next: 'Send it in several parts.',
  },
};

const NOT_FROM_HERE: Words = {
  title: 'Not from where you are',
  explanation:
    'This account can be reached from certain addresses only, and yours is not among them. Nothing was changed.',
  next: 'Come in from your office or over its VPN, or ask an admin and name the reference below.',
};
const NOT_FROM_HERE_FOR_PROGRAMS: Words = {
  title: 'Not from this address',
  explanation: 'The API can be reached from certain addresses only, and this is not one of them. Nothing was changed.',
  next: 'Ask from an allowed address, or tell the administrators the reference.',
};

/** Anything that no route took is not found. */
export const notFound: RequestHandler = () => {
  throw new NotFound();
};

/** The last middleware: one plain page for each kind of trouble, with a reference; the cause goes to the log alone. */
export function errorPage(log: Log): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    const status = statusOf(error);
    if (status >= 500)
      log.error({ err: error, requestId: req.requestId, path: pathForLog(req.path) }, 'request failed');
    if (res.headersSent) return next(error);
    const isOutside = error instanceof NotFromHere;
    const words = isOutside ? NOT_FROM_HERE : (WORDS[status] ?? (WORDS[500] as Words));
    if (isForPrograms(req.path)) {
      const told = isOutside ? NOT_FROM_HERE_FOR_PROGRAMS : (WORDS_FOR_PROGRAMS[status] ?? words);
      return void res.status(status).json(asJson(status, told, req.requestId));
    }
    res.page('errors/error', { ...words, status, reference: req.requestId }, status);
  };
}

/** Addresses that programs ask: they answer JSON, errors too. `/v3` is where clients of SendGrid's API ask. */
export const FOR_PROGRAMS: readonly string[] = ['/api', '/v3'];
const isForPrograms = (path: string): boolean => FOR_PROGRAMS.some((one) => path.startsWith(`${one}/`));

const asJson = (status: number, { title, explanation, next }: Words, reference: string) => ({
  error: { status, message: `${title}. ${explanation} ${next}`, reference },
});

function statusOf(error: unknown): number {
  const { status } = error as { status?: unknown };
  if (typeof status === 'number' && status >= 400 && status < 500) return status in WORDS ? status : 400;
  if (isFull(error)) return 507;
  return isAway(error) ? 503 : 500;
}
