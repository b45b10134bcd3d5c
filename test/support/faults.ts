// For each invariant of src/invariants, a fault that breaks it. For tests of check-data alone.
import { closeDueMonths } from '../../src/charges/actions.ts';
import type { Db } from '../../src/database.ts';
import type { acmeWithIp } from './scene.ts';
import { HOUR, type World } from './world.ts';

/** Acme with an IP, and with a domain in the transactional pool. */
export type Scene = Awaited<ReturnType<typeof acmeWithIp>> & { poolRequest: number; poolDomain: number };
type Fault = (db: Db, scene: Scene, world: World) => Promise<unknown>;

// The record refuses changes by itself; a fault in it is what a damaged file or a hand at the database would leave.
const unguarded = async (db: Db, fault: () => PromiseLike<unknown>) => {
  for (const act of ['update', 'delete']) await db.raw(`drop trigger audit_events_no_${act}`);
  return fault();
};
/** Two months are closed, and a hand at the database changes the ledger. Its first line is given. */
const withLedger = async (db: Db, fault: (line: { id: number; cents: number }) => PromiseLike<unknown>) => {
  await closeDueMonths(db, Date.UTC(2027, 0, 3));
  for (const act of ['update', 'delete']) await db.raw(`drop trigger charge_lines_no_${act}`);
  return fault(await db('charge_lines').orderBy('id').first());
};
const withoutKeys = async (db: Db, fault: () => PromiseLike<unknown>) => {
  await db.raw('PRAGMA foreign_keys=OFF');
  return fault();
};
const withoutChecks = async (db: Db, fault: () => PromiseLike<unknown>) => {
  await db.raw('PRAGMA ignore_check_constraints=ON');
  return fault();
};
const UPLOAD = { file: 'a.csv', content_hash: 'x', counts: 3, made_at: 1 };
const withoutIndex = async (db: Db, name: string, fault: () => PromiseLike<unknown>) => {
  await db.raw(`drop index ${name}`);
  return fault();
};
const copy = async (db: Db, table: string, id: number, change: Record<string, unknown>) => {
  const { id: _, ...row } = await db(table).where({ id }).first();
  return db(table).insert({ ...row, ...change });
};
const inbound = (personId: number) => {
  const of = { mail_id: 1, person_id: personId, purpose: 'reply', envelope_from: '' };
  return { ...of, raw_hash: 'x', received_at: 0 };
};
const eventOf = async (db: Db, name: string): Promise<{ id: number; seq: number }> =>
  db('audit_events').where({ name }).orderBy('id', 'desc').first();

/** A subuser in the US, as it is stored. */
const subuserRow = async (db: Db, parentId: number): Promise<{ id: number }> => {
  const columns = { name: 'Labs', plan: 'premium', region: 'us', parent_id: parentId, created_at: 0 };
  const [row] = await db('accounts').insert(columns).returning('id');
  const event = { subject_type: 'account', subject_id: row.id, seq: 1, name: 'account.opened', at: 1 };
  await db('audit_events').insert({ ...event, facts: '{"name":"Labs","plan":"premium","region":"us"}' });
  return row;
};
const assignmentRow = async (db: Db, allocationId: number, subuserId: number) => {
  const { account_id: parent_id, ip_id } = await db('allocations').where({ id: allocationId }).first();
  const columns = { allocation_id: allocationId, account_id: subuserId, parent_id, ip_id, region: 'us' };
  return db('ip_assignments').insert({ ...columns, assigned_at: 1 });
};

/** A pool of an IP, to which all domains that use the IP point with all of their mail. Returns its id. */
const poolOf = async (db: Db, allocationId: number, weight = 1): Promise<number> => {
  const { account_id, ip_id } = await db('allocations').where({ id: allocationId }).first();
  const [pool] = await db('own_pools')
    .insert({ account_id, name: 'News', name_key: 'news', made_at: 1 })
    .returning('id');
  await db('own_pool_members').insert({ pool_id: pool.id, allocation_id: allocationId, account_id, ip_id, weight });
  for (const domain_id of await db('allocation_domains').where({ allocation_id: allocationId }).pluck('domain_id'))
    for (const kind of ['marketing', 'transactional'])
      await db('domain_pools').insert({ domain_id, kind, pool_id: pool.id, account_id });
  return pool.id;
};

/** Lets a plan run for `days` days. Returns the day that is judged next. */
const begunAt = async (db: Db, id: number, days: number): Promise<number> => {
  const { starts_on } = await db('warmups').where({ id }).first();
  await db('warmups')
    .where({ id })
    .update({ status: 'running', next_day: starts_on + days });
  return starts_on + days;
};
const judgedDay = (db: Db, id: number, day: number, change = {}) =>
  db('warmup_days').insert({
    ...{
      warmup_id: id,
      day,
      stage: 1,
      stage_cap: 200,
      cap: 200,
      sent: 0,
      delivered: 0,
      verdict: 'hold',
      why: 'No mail.',
    },
    ...change,
  });
const eventOn = (db: Db, id: number, name: string, facts: string, actor: number | null) =>
  db('audit_events').insert({
    ...{ subject_type: 'allocation', subject_id: id, seq: 99, name, facts, actor_id: actor, at: 9e12 },
  });

/** One fault for each invariant; a fault may break others as well. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  I01: (db, { allocationId }) =>
    withoutIndex(db, 'allocations_one_live', () => copy(db, 'allocations', allocationId, {})),
  I02: (db) => db('ips').where({ address: '192.0.2.2' }).update({ status: 'allocated' }),
  I03: async (db) => {
    await db('ips').insert({ address: '2001:DB8::1', region: 'us', status: 'free', created_at: 0 });
  },
  I04: (db, { allocationId }) => db('allocations').where({ id: allocationId }).update({ released_at: 1 }),
  I05: (db) => db('ips').where({ address: '192.0.2.1' }).update({ region: 'eu' }),
  I06: (db, { allocationId, poolRequest }) =>
    db('allocations').where({ id: allocationId }).update({ request_id: poolRequest }),
  I07: (db, { requestId }) => db('requests').where({ id: requestId }).update({ granted_count: 0 }),
  I08: (db, { requestId }) => db('requests').where({ id: requestId }).update({ granted_count: 2 }),
  I09: (db, { requestId }) => db('decisions').where({ request_id: requestId }).update({ void_at: 1 }),
  I10: (db, { requestId, acme }) =>
    db('decisions').where({ request_id: requestId }).update({ reviewer_id: acme.member.id }),
  I11: (db, { requestId }) => db('decisions').where({ request_id: requestId }).update({ failed_checks: 1 }),
  I12: (db, { requestId }) =>
    withoutIndex(db, 'decisions_one_standing', async () => {
      const { id } = await db('decisions').where({ request_id: requestId }).first();
      return copy(db, 'decisions', id, {});
    }),
  I13: (db, { requestId }) => db('requests').where({ id: requestId }).update({ decided_at: 1 }),
  I14: (db, { requestId }) => db('decisions').where({ request_id: requestId }).update({ quote_id: null }),
  I15: (db) => db('quotes').update({ unit_cents: 4_999 }),
  I16: (db) => withoutChecks(db, () => db('quotes').update({ monthly_cents: 1 })),
  I17: (db, _, { now }) => db('policy_versions').update({ effective_from: now + 1 }),
  I18: async (db) => {
    const { id } = await db('policy_versions').first();
    return copy(db, 'policy_versions', id, { number: 2, effective_from: 0 });
  },
  I20: (db) => db('allocations').update({ monthly_cents: 5_000 }),
  I22: (db, { requestId }) => db('requests').where({ id: requestId }).update({ status: 'declined' }),
  I23: (db) =>
    unguarded(db, () => db('audit_events').where({ name: 'request.fulfilled' }).update({ from_status: 'offered' })),
  I24: (db) => unguarded(db, () => db('audit_events').where({ name: 'warmup.started' }).update({ seq: 9 })),
  I26: (db) => unguarded(db, () => db('audit_events').where({ name: 'warmup.started' }).update({ at: 1 })),
  I27: (db, { requestId }) => db('requests').where({ id: requestId }).update({ version: 7 }),
  I29: async (db) =>
    db('outbox')
      .where({ event_id: (await eventOf(db, 'request.fulfilled')).id })
      .delete(),
  I30: async (db) => {
    const { id } = await db('outbox').first();
    return db('outbox').where({ id }).update({ message_id: '' });
  },
  I31: (db) => db('outbox').update({ status: 'sent', next_at: null, sent_at: 1, smtp_reply: '450 later' }),
  I32: (db, _, { now }) =>
    db('outbox').update({ status: 'sending', next_at: null, claim_token: 'x', claimed_until: now - 2 * HOUR }),
  I33: async (db, { acme }) => {
    const [row] = await db('accounts').insert({ name: 'Other', plan: 'premium', created_at: 0 }).returning('id');
    await db('people').where({ id: acme.owner.id }).update({ account_id: row.id });
  },
  I34: (db) => db('outbox').update({ to_address: 'one@acme.example, two@acme.example' }),
  I100: (db, { allocationId }) => db('allocations').where({ id: allocationId }).update({ released_on: 1 }),
  I101: (db) => db('ips').where({ address: '192.0.2.2' }).update({ status: 'quarantined' }),
  I102: (db, { allocationId, staff }) => eventOn(db, allocationId, 'ip.withdrawn', '{}', staff.admin.id),
  I103: (db, { warmupId }) => db('warmups').where({ id: warmupId }).update({ status: 'ended', why: 'It ended.' }),
  I120: async (db, { allocationId }) => {
    const { ip_id } = await db('allocations').where({ id: allocationId }).first('ip_id');
    const listing = { zone: 'bl.example', name: 'BL', codes: '127.0.0.2', found_at: 1, seen_at: 1 };
    return db('ip_listings').insert({ ip_id, ...listing });
  },
  I121: (db) => db('event_words').delete(),
  I140: async (db, { allocationId, domain }) => {
    const { ip_id } = await db('allocations').where({ id: allocationId }).first('ip_id');
    const link = { allocation_id: allocationId, ip_id, domain_id: domain.id, status: 'linked', changed_at: 1 };
    return db('ip_links').insert({ ...link, name: 'mail.other.example' });
  },
  I180: async (db, { acme }) => {
    const { id } = await db('audit_events').where({ subject_type: 'ip' }).first('id');
    const file = { name: 'a.png', type: 'png', bytes: 1, sha256: 'x'.repeat(64), file_key: 'x'.repeat(36) };
    return db('attachments').insert({ ...file, event_id: id, account_id: acme.id, attached_at: 0 });
  },
  I152: (db, { requestId }) => db('decisions').where({ request_id: requestId }).update({ reviewer_id: null }),
  I153: (db, { requestId }) => db('requests').where({ id: requestId }).update({ automatic_at: 1 }),
  I150: (db) => db('sending_uploads').insert({ ...UPLOAD, kept_at: 1 }),
  I151: (db) => db('sending_uploads').insert({ ...UPLOAD, kept_at: 1, stored: 3, finished_at: 2 }),
  I170: async (db, { acme }) => {
    const { id } = await subuserRow(db, acme.id);
    return db('accounts').where({ id }).update({ region: 'eu' });
  },
  I171: async (db, { acme, allocationId }) => {
    const { id } = await subuserRow(db, acme.id);
    await assignmentRow(db, allocationId, id);
    return db('accounts').where({ id }).update({ status: 'closed' });
  },
  I172: async (db, { acme, allocationId }) => {
    const { id } = await subuserRow(db, acme.id);
    return db('allocations').where({ id: allocationId }).update({ account_id: id });
  },
  I200: (db, { allocationId }) => poolOf(db, allocationId, 2),
  I201: async (db, { allocationId }) => {
    await poolOf(db, allocationId);
    return db('own_pool_members').delete();
  },
  I202: async (db, { allocationId }) => {
    await poolOf(db, allocationId);
    return db('allocations').where({ id: allocationId }).update({ stream: 'marketing' });
  },
  I203: async (db, { allocationId }) => {
    await poolOf(db, allocationId);
    return db('domain_pools').where({ kind: 'marketing' }).delete();
  },
  I204: (db, { allocationId }) =>
    db('allocation_domains').where({ allocation_id: allocationId }).update({ marketing_weight: 0 }),
  I173: (db, { allocationId }) => db('allocations').where({ id: allocationId }).update({ owner_sends: false }),
  I174: async (db, { acme, allocationId, requestId }) => {
    const { id } = await subuserRow(db, acme.id);
    const columns = { account_id: id, name: 'd.labs.example', usage: 'both', created_at: 1, changed_at: 1 };
    const [domain] = await db('domains').insert(columns).returning('id');
    await assignmentRow(db, allocationId, id);
    return db('request_domains').insert({ request_id: requestId, domain_id: domain.id });
  },
  I84: (db, { allocationId }) => db('allocation_domains').where({ allocation_id: allocationId }).delete(),
  I130: (db, { allocationId }) => db('allocations').where({ id: allocationId }).update({ stream: 'marketing' }),
  I85: (db, { requestId }) =>
    db('requests').where({ id: requestId }).update({ served_weekly: 49_999, served_gate: 50_000 }),
  I86: (db) => {
    const facts = '{"domain":"a.example","before":"transactional","after":"dedicated"}';
    return unguarded(db, () => db('audit_events').where({ name: 'domain.moved' }).update({ actor_id: null, facts }));
  },
  I42: async (db) => {
    await db('warmup_days').delete();
    return db('warmups').delete();
  },
  I43: (db) => db('allocations').update({ status: 'active' }),
  I44: (db) => db('requests').update({ form_token: 'same' }),
  I46: async (db, { acme }) => {
    await db('people').where({ id: acme.member.id }).update({ disabled_at: 1 });
    await db('sessions').insert({ id: 's', person_id: acme.member.id, data: '{}', expires_at: 9 });
  },
  I47: (db, { acme }) =>
    withoutIndex(db, 'password_resets_one_open', () =>
      db('password_resets').insert(
        ['a', 'b'].map((token_hash) => ({ person_id: acme.member.id, token_hash, created_at: 1, expires_at: 2 })),
      ),
    ),
  I48: (db, { acme }) =>
    withoutChecks(db, () => copy(db, 'people', acme.member.id, { email: acme.member.email.toUpperCase() })),
  I49: (db) =>
    db('audit_events').insert({ subject_type: 'ip', subject_id: 99, seq: 1, name: 'ip.added', at: 1, facts: '{}' }),
  I50: (db) => withoutChecks(db, () => db('ips').where({ address: '192.0.2.2' }).update({ status: 'lost' })),
  I51: (db, { domain }) => db('domains').where({ id: domain.id }).update({ route: 'default' }),
  I52: (db, { poolRequest }) => db('requests').where({ id: poolRequest }).update({ status: 'withdrawn' }),
  I53: async (db, { domain }) => {
    const [row] = await db('accounts').insert({ name: 'Other', plan: 'premium', created_at: 0 }).returning('id');
    await db('domains').where({ id: domain.id }).update({ account_id: row.id });
  },
  I54: (db, { requestId }) => db('requests').where({ id: requestId }).update({ due_at: 1 }),
  I55: (db, { requestId }) => withoutKeys(db, () => db('quotes').where({ request_id: requestId }).delete()),
  I56: (db, { poolRequest }) => db('request_domains').where({ request_id: poolRequest }).delete(),
  I57: (db, { requestId }) =>
    withoutIndex(db, 'requests_one_open', async () => {
      await db('requests').where({ id: requestId }).update({ status: 'submitted' });
      await copy(db, 'requests', requestId, { status: 'offered', form_token: 'other' });
    }),
  I58: (db, { requestId }) =>
    db('requests')
      .where({ id: requestId })
      .update({ status: 'second_review' })
      .then(() => db('decisions').where({ request_id: requestId }).update({ verdict: 'decline' })),
  I141: (db, { requestId }) => db('decisions').where({ request_id: requestId }).update({ decided_at: null }),
  I59: async (db, { requestId, staff }) => {
    const { id } = await db('decisions').where({ request_id: requestId }).first();
    await copy(db, 'decisions', id, { rank: 2, reviewer_id: staff.reviewer2.id });
  },
  I60: async (db, { requestId }) =>
    db('audit_events').insert({
      subject_type: 'request',
      subject_id: requestId,
      seq: 9,
      name: 'request.noted',
      at: 1,
      facts: '{}',
    }),
  I61: (db, { poolDomain }) => db('domains').where({ id: poolDomain }).update({ route: 'default' }),
  I62: (db) => db('allocations').update({ status: 'paused' }),
  I63: (db, { allocationId }) =>
    db('audit_events').insert({
      subject_type: 'allocation',
      subject_id: allocationId,
      seq: 3,
      name: 'warmup.completed',
      at: 1,
      facts: '{}',
    }),
  I70: async (db, { warmupId }) => {
    const next = await begunAt(db, warmupId, 3);
    await judgedDay(db, warmupId, next - 3);
    return judgedDay(db, warmupId, next - 1);
  },
  I71: (db, { warmupId }) => db('warmups').where({ id: warmupId }).update({ stage: 100 }),
  I72: async (db, { warmupId }) => judgedDay(db, warmupId, (await begunAt(db, warmupId, 1)) - 1, { cap: 201 }),
  I73: (db, { allocationId }) => db('allocations').where({ id: allocationId }).update({ status: 'paused' }),
  I74: (db, { warmupId, acme }) =>
    db('warmups').where({ id: warmupId }).update({ early_by: acme.owner.id, early_at: 1 }),
  I75: (db, { allocationId }) => eventOn(db, allocationId, 'warmup.paused', '{"why":null}', null),
  I76: (db, { allocationId, staff }) =>
    eventOn(db, allocationId, 'warmup.completed', '{"early":true}', staff.reviewer.id),
  I78: (db, { acme }) => db('people').where({ id: acme.member.id }).update({ name: '\u200b\u2060' }),
  I190: async (db, { warmupId }) => {
    const next = await begunAt(db, warmupId, 1);
    await judgedDay(db, warmupId, next - 1);
    const sums = { days: 1, sent: 0, delivered: 0, completions: 0 };
    return db('warmup_totals').insert({ warmup_id: warmupId, first_day: next - 1, last_day: next - 1, ...sums });
  },
  I79: (db, { warmupId }) => begunAt(db, warmupId, 30),
  I90: async (db, { acme, domain }) => {
    const row = { account_id: acme.id, usage: 'both', token: 't', created_at: 0 };
    await db('pending_domains').insert({ ...row, name: domain.name });
  },
  I91: (db, { domain }) => db('domains').where({ id: domain.id }).update({ removed_at: 1 }),
  I92: (db, { domain }) => db('domains').where({ id: domain.id }).update({ leave_asked_at: 1 }),
  I93: (db, { domain }) => db('domains').where({ id: domain.id }).update({ shared_pool: 'transactional' }),
  I80: (db, { acme }) => db('accounts').where({ id: acme.id }).update({ status: 'suspended' }),
  I81: (db, { acme }) => db('accounts').where({ id: acme.id }).update({ status: 'closed' }),
  I87: (db, { acme }) =>
    db('address_limits').insert({ holder: 'account 0', account_id: acme.id, ranges: '10.0.0.0/8', changed_at: 1 }),
  I82: async (db, { allocationId }) => {
    const { id: event_id } = await db('audit_events').first('id');
    const price = { allocation_id: allocationId, monthly_cents: 4999, currency: 'USD', from_day: 1, event_id };
    return db('allocation_prices').insert({ ...price, applied_at: 1 });
  },
  I95: (db, { acme }) =>
    db('recovery_codes').insert({ person_id: acme.owner.id, code_hash: 'x', made_at: 1, used_at: null }),
  I118: (db, { requestId }) => db('requests').where({ id: requestId }).update({ claimed_at: 1 }),
  I122: (db, { requestId }) => db('requests').where({ id: requestId }).update({ clock_since: 1 }),
  I119: async (db, { requestId, acme }) =>
    db('requests').where({ id: requestId }).update({ claimed_by: acme.owner.id, claimed_at: 1, claimed_until: 2 }),
  I123: (db, { requestId, staff }) =>
    db('pending_decisions').insert({
      ...{ request_id: requestId, person_id: staff.reviewer.id, decision: 'approve', form: '{}', ips: 1 },
      ...{ decided_at: 1, settles_at: 2 },
    }),
  I110: (db) =>
    withLedger(db, ({ id, cents }) =>
      db('charge_lines')
        .where({ id })
        .update({ cents: cents + 1 }),
    ),
  I111: (db) => withLedger(db, ({ id }) => copy(db, 'charge_lines', id, { credits_id: id, cents: -1 })),
  I112: (db) => withLedger(db, ({ id }) => copy(db, 'charge_lines', id, { monthly_cents: 7 })),
  I113: (db) => withLedger(db, ({ id }) => db('charge_lines').where({ id }).delete()),
  I114: (db) => withLedger(db, ({ id }) => db('charge_lines').where({ id }).update({ monthly_cents: 4_999 })),
  I115: (db) => withLedger(db, () => db('charge_totals').update({ charged_cents: 123_456 })),
  I37: async (db, { staff }) => {
    const { id, subject_id } = await db('audit_events').where({ name: 'request.submitted' }).first();
    const row = { ...inbound(staff.reviewer.id), status: 'filed', event_id: id, request_id: subject_id };
    return db('inbound_mails').insert(row);
  },
  I38: (db, { staff }) => db('inbound_mails').insert({ ...inbound(staff.reviewer.id), status: 'received' }),
  I83: async (db, { acme }) => {
    await db('audit_events').insert({
      ...{ subject_type: 'person', subject_id: acme.owner.id, seq: 99, name: 'person.disabled', at: 9e12 },
      ...{ facts: '{}', account_id: acme.id },
    });
    return db('people').where({ id: acme.owner.id }).update({ disabled_at: 1 });
  },
  I77: (db, { allocationId, acme }) =>
    db('audit_events').insert({
      ...{ subject_type: 'allocation', subject_id: allocationId, seq: 98, name: 'warmup.paused', at: 9e12 },
      ...{ facts: '{"why":"So."}', actor_id: null, account_id: acme.id },
    }),
};

/** What no fault can be planted for: a unique key refuses it, on both engines. */
export const REFUSED: Readonly<Record<string, Fault>> = {
  I03: (db) => db('ips').insert({ address: '192.0.2.2', region: 'us', status: 'free', created_at: 0 }),
  I28: async (db) => {
    const { id } = await db('outbox').first();
    return copy(db, 'outbox', id, { message_id: 'other' });
  },
  I30: async (db) => {
    const { id, message_id } = await db('outbox').orderBy('id', 'desc').first();
    return db('outbox').whereNot({ id }).update({ message_id });
  },
  I44: (db) => db('requests').update({ form_token: 'same' }),
  I70: async (db, { warmupId }) => {
    await judgedDay(db, warmupId, 20_787);
    return judgedDay(db, warmupId, 20_787);
  },
};
