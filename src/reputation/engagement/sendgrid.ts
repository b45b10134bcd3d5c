/*
 * Engagement quality in the shape of SendGrid's own API, so that its clients can ask here. As documented: “Twilio SendGrid
 * Engagement Quality API” 1.0.0, `spec/json/tsg_seq_v3.json` of github.com/twilio/sendgrid-oai (CHANGELOG 1.0.0-rc.10 of
 * 2025-10-31). Pure.
 */
import { type Day, startOfDay } from '../../day.ts';
import { parseDay } from '../../form.ts';
import { ok, type Result, refused } from '../../result.ts';
import { type EngagementQuality, metricNames } from './score.ts';

/** Days for which a score can be asked, counted back from today. */
const MOST_DAYS = 90;
const MOST_ACCOUNTS = 1000;

type Query = Readonly<Record<string, unknown>>;

/** What is wrong with a question. */
export type SeqError = { readonly field: string; readonly message: string };

const error = (field: string, what: string): Result<never, SeqError> =>
  refused({ field, message: `failed to parse request: "${field}" ${what}` });

function readDay(query: Query, field: string, today: Day): Result<Day, SeqError> {
  const written = query[field];
  if (typeof written !== 'string' || written === '') return error(field, 'must be provided');
  const day = parseDay(written);
  if (day === undefined) return error(field, 'invalid');
  if (day > today) return error(field, 'cannot be in the future');
  return day < today - MOST_DAYS ? error(field, `cannot be more than ${MOST_DAYS} days in the past`) : ok(day);
}

/** The days `from` and `to` of a question, both included. */
export function readSpan(query: Query, today: Day): Result<{ readonly from: Day; readonly to: Day }, SeqError> {
  const from = readDay(query, 'from', today);
  if (!from.ok) return from;
  const to = readDay(query, 'to', today);
  if (!to.ok) return to;
  if (from.value > to.value)
    return refused({ field: 'to', message: 'failed to parse request: "from" cannot come after "to"' });
  return ok({ from: from.value, to: to.value });
}

/** A question about all accounts on a day: at most `limit`, from the one after the account `after`. */
export type SeqPage = { readonly day: Day; readonly limit: number; readonly after: number };

export function readPage(query: Query, today: Day): Result<SeqPage, SeqError> {
  const day = readDay(query, 'date', today);
  if (!day.ok) return day;
  const limit = readNumber(query['limit'], MOST_ACCOUNTS);
  if (limit === undefined || limit < 1 || limit > MOST_ACCOUNTS)
    return error('limit', `must be from 1 to ${MOST_ACCOUNTS}`);
  const after = readNumber(query['after_key'], 0);
  return after === undefined ? error('after_key', 'invalid') : ok({ day: day.value, limit, after });
}

const readNumber = (written: unknown, otherwise: number): number | undefined => {
  if (written === undefined) return otherwise;
  return typeof written === 'string' && /^[0-9]{1,9}$/.test(written) ? Number(written) : undefined;
};

/** On whose behalf a question is: by account number, or by the account's name. */
export type Behalf = { readonly id: number } | { readonly name: string };

/** The header `on-behalf-of`: `account-id 12`, or the name of an account. */
export function readBehalf(header: string | undefined): Result<Behalf, SeqError> {
  // HTTP hands headers over byte by byte; names are UTF-8.
  const text = Buffer.from(header ?? '', 'latin1')
    .toString('utf8')
    .trim();
  if (text === '') return error('on-behalf-of', 'must be provided, as account-id and a number');
  const [, id] = /^account-id +([1-9][0-9]{0,8})$/i.exec(text) ?? [];
  return ok(id === undefined ? { name: text } : { id: Number(id) });
}

type Scored = { readonly id: number; readonly name: string; readonly day: Day };

/**
 * One score. Its document asks for all five metrics or none: where one is missing, `score` and `metrics` are left out, as
 * they are with too little mail.
 */
export function scoreJson({ id, name, day }: Scored, quality: EngagementQuality | null): Record<string, unknown> {
  const date = new Date(startOfDay(day)).toISOString().slice(0, 10);
  const who = { user_id: String(id), username: name, date };
  if (quality === null || quality.missing.length > 0) return who;
  const scoreOf = (metric: (typeof metricNames)[number]) => quality.metrics.find((one) => one.name === metric)?.score;
  const metrics = Object.fromEntries(metricNames.map((metric) => [metric, scoreOf(metric)]));
  return { ...who, score: quality.score, metrics };
}
