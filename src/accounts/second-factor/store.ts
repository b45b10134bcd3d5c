import type { Db } from '../../database.ts';
import { type SecondFactor, type SecondFactorRule, secondFactorRules } from './need.ts';

/** What somebody has as a second factor, in one query. */
export async function findSecondFactor(db: Db, personId: number): Promise<SecondFactor> {
  const row = await db('people as p')
    .leftJoin('totp_apps as a', 'a.person_id', 'p.id')
    .where('p.id', personId)
    .first<{ added_at: number | null; codes: number; passkeys: number }>(
      'a.added_at',
      db.raw('(select count(*) from recovery_codes c where c.person_id = p.id and c.used_at is null) as codes'),
      db.raw('(select count(*) from passkeys k where k.person_id = p.id) as passkeys'),
    );
  return {
    appSince: row?.added_at ?? null,
    passkeys: Number(row?.passkeys ?? 0),
    codesLeft: Number(row?.codes ?? 0),
  };
}

/** Adds an authenticator app. Throws a duplicate error (`isDuplicate`) where there is one. */
export async function insertApp(
  trx: Db,
  app: { readonly personId: number; readonly secret: string; readonly step: number; readonly at: number },
): Promise<void> {
  await trx('totp_apps').insert({
    person_id: app.personId,
    secret: app.secret,
    last_step: app.step,
    added_at: app.at,
  });
}

/** The encrypted secret of somebody's authenticator app. */
export async function findAppSecret(db: Db, personId: number): Promise<string | undefined> {
  return (await db('totp_apps').where({ person_id: personId }).first('secret'))?.secret;
}

/** Uses up the code of a time step. False where it, or a later one, was used: of two at once with one code one gets in. */
export async function claimStep(db: Db, personId: number, step: number): Promise<boolean> {
  const query = db('totp_apps').where({ person_id: personId }).where('last_step', '<', step);
  return (await query.update({ last_step: step })) === 1;
}

/** Takes away the authenticator app. False where there is none. */
export async function deleteApp(trx: Db, personId: number): Promise<boolean> {
  return (await trx('totp_apps').where({ person_id: personId }).delete()) === 1;
}

/** Takes away all of somebody's second factor, recovery codes too. False where there is none. */
export async function deleteSecondFactor(trx: Db, personId: number): Promise<boolean> {
  await trx('recovery_codes').where({ person_id: personId }).delete();
  const passkeys = await trx('passkeys').where({ person_id: personId }).delete();
  return (await deleteApp(trx, personId)) || passkeys > 0;
}

/** Replaces all recovery codes of a person, used ones too. */
export async function replaceRecoveryCodes(
  trx: Db,
  personId: number,
  hashes: readonly string[],
  at: number,
): Promise<void> {
  await trx('recovery_codes').where({ person_id: personId }).delete();
  if (hashes.length === 0) return;
  const rows = hashes.map((code) => ({ person_id: personId, code_hash: code, made_at: at }));
  await trx('recovery_codes').insert(rows);
}

/** Uses up a recovery code. False where it is unknown or used: of two at once with one code one gets in. */
export async function claimRecoveryCode(trx: Db, personId: number, hash: string, at: number): Promise<boolean> {
  const query = trx('recovery_codes').where({ person_id: personId, code_hash: hash }).whereNull('used_at');
  return (await query.update({ used_at: at })) === 1;
}

const SETTING = 'secondFactor';

/** Of whom a second factor is asked. */
export async function findSecondFactorRule(db: Db): Promise<SecondFactorRule> {
  const row = await db('settings').where({ name: SETTING }).first('value');
  const stored: unknown = row && JSON.parse(row.value);
  return secondFactorRules.find((rule) => rule === stored) ?? 'optional';
}

export async function putSecondFactorRule(trx: Db, rule: SecondFactorRule, at: number): Promise<void> {
  const row = { name: SETTING, value: JSON.stringify(rule), changed_at: at };
  await trx('settings').insert(row).onConflict('name').merge();
}

/** How many of the staff who can sign in have no second factor. */
export async function countStaffWithout(db: Db): Promise<number> {
  const row = await db('people as p')
    .whereNotNull('p.staff_role')
    .whereNull('p.disabled_at')
    .whereNotExists((key) => key.select('k.id').from('passkeys as k').whereRaw('k.person_id = p.id'))
    .whereNotExists((app) => app.select('a.person_id').from('totp_apps as a').whereRaw('a.person_id = p.id'))
    .count({ n: '*' })
    .first();
  return Number(row?.['n'] ?? 0);
}
