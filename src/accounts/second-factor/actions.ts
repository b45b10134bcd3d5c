// Setting up, using and removing a second factor. One act, one transaction each; the person is told by mail.
import { type Act, act } from '../../act.ts';
import { record } from '../../audit/actions.ts';
import type { AuditEvent } from '../../audit/event.ts';
import { type Db, isDuplicate } from '../../database.ts';
import { queueMail } from '../../notifications/actions.ts';
import { ok, type Result, refused } from '../../result.ts';
import { recipient } from '../people/notify.ts';
import type { Actor, Person } from '../person.ts';
import type { SecondFactorFacts } from './mail.ts';
import { hasSecondFactor, mustHave, type SecondFactorRule } from './need.ts';
import { newRecoveryCodes, recoveryHash } from './recovery-code.ts';
import {
  claimRecoveryCode,
  claimStep,
  deleteApp,
  findAppSecret,
  findSecondFactor,
  findSecondFactorRule,
  insertApp,
  putSecondFactorRule,
  replaceRecoveryCodes,
} from './store.ts';
import { sealSecret, stepOf, unsealSecret } from './totp.ts';

/** Somebody about themself. */
export type Self = Actor & { readonly person: Person };

/** Records what was done to somebody's second factor and tells them. */
export async function tellOf(
  act: Act,
  about: Person,
  event: Pick<AuditEvent, 'name' | 'facts'>,
  facts: SecondFactorFacts,
): Promise<number> {
  const subject = { type: 'person', id: about.id } as const;
  const id = await record(act, { ...event, subject, accountId: about.accountId } as AuditEvent);
  await queueMail(act, [{ eventId: id, to: recipient(about), template: 'second-factor', facts, thread: null }]);
  return id;
}

/** Makes recovery codes in place of those there are. Returns them: they can be read only now. */
export async function makeCodes({ trx, actor: { person, at } }: Act<never, Self>): Promise<string[]> {
  const codes = newRecoveryCodes();
  const hashes = codes.map((code) => recoveryHash(person.id, code));
  await replaceRecoveryCodes(trx, person.id, hashes, at);
  return codes;
}

export type NewApp = {
  readonly key: string;
  readonly secret: string;
  readonly code: string;
  /** Whether it has to be all of the person's second factor: on the way in, where nothing of one has been shown. */
  readonly isFirst: boolean;
};

/**
 * Sets up an authenticator app, which `code` shows to work; the code is used up by it. Returns new recovery codes, which
 * can be read only now. Refused as `wrong-code`, and as `has-one` where there is an app already, or
 * anything of a second factor where it has to be the first.
 */
export async function addApp(
  db: Db,
  actor: Self,
  { key, secret, code, isFirst }: NewApp,
): Promise<Result<string[], 'wrong-code' | 'has-one'>> {
  try {
    return await act<string[], 'wrong-code' | 'has-one', Self>(db, actor, async (act) => {
      const { person, at } = act.actor;
      if (isFirst && hasSecondFactor(await findSecondFactor(act.trx, person.id))) return act.refuse('has-one');
      const step = stepOf(secret, code, at) ?? act.refuse('wrong-code');
      await insertApp(act.trx, { personId: person.id, secret: sealSecret(key, person.id, secret), step, at });
      const codes = await makeCodes(act);
      await tellOf(act, person, { name: 'person.appAdded', facts: {} }, { change: 'app-added', at });
      return codes;
    });
  } catch (error) {
    if (isDuplicate(error)) return refused('has-one');
    throw error;
  }
}

/** Removes one's own authenticator app. Refused as `required` where the provider asks for a second factor. */
export function removeApp(db: Db, actor: Self): Promise<Result<void, 'none' | 'required'>> {
  return act<void, 'none' | 'required', Self>(db, actor, async (act) => {
    const { trx } = act;
    const { person, at } = act.actor;
    if (!(await deleteApp(trx, person.id))) return act.refuse('none');
    await keepRequired(act);
    await tellOf(act, person, { name: 'person.appRemoved', facts: {} }, { change: 'app-removed', at });
  });
}

/** After something was taken away: refuses where nothing is left that has to be there; codes for nothing go too. */
export async function keepRequired(act: Act<'required', Self>): Promise<void> {
  const { trx } = act;
  const { person, at } = act.actor;
  if (hasSecondFactor(await findSecondFactor(trx, person.id))) return;
  if (mustHave(await findSecondFactorRule(trx), person)) return act.refuse('required');
  await replaceRecoveryCodes(trx, person.id, [], at);
}

/** Makes new recovery codes; those there were stop working. Refused as `none` where there is no second factor. */
export function renewCodes(db: Db, actor: Self): Promise<Result<string[], 'none'>> {
  return act<string[], 'none', Self>(db, actor, async (act) => {
    const { person, at } = act.actor;
    if (!hasSecondFactor(await findSecondFactor(act.trx, person.id))) return act.refuse('none');
    const codes = await makeCodes(act);
    await tellOf(act, person, { name: 'person.codesMade', facts: {} }, { change: 'codes-made', at });
    return codes;
  });
}

/** `used`: right, but not for the first time. `unreadable`: the server's secret is another than when the app was set up. */
export type CodeProblem = 'wrong' | 'used' | 'unreadable';

/** Checks a code of somebody's app and uses it up: each works once. `key` is the server's secret. */
export async function takeCode(
  db: Db,
  { person, at }: Self,
  { key, code }: { readonly key: string; readonly code: string },
): Promise<Result<void, CodeProblem>> {
  const sealed = await findAppSecret(db, person.id);
  if (sealed === undefined) return refused('wrong');
  const secret = unsealSecret(key, person.id, sealed);
  if (secret === null) return refused('unreadable');
  const step = stepOf(secret, code, at);
  if (step === null) return refused('wrong');
  return (await claimStep(db, person.id, step)) ? ok(undefined) : refused('used');
}

/** Uses up a recovery code. Returns how many are left. */
export function takeRecoveryCode(db: Db, actor: Self, typed: string): Promise<Result<number, 'wrong'>> {
  return act<number, 'wrong', Self>(db, actor, async (act) => {
    const { trx } = act;
    const { person, at } = act.actor;
    if (!(await claimRecoveryCode(trx, person.id, recoveryHash(person.id, typed), at))) return act.refuse('wrong');
    const { codesLeft: left } = await findSecondFactor(trx, person.id);
    await tellOf(act, person, { name: 'person.codeUsed', facts: { left } }, { change: 'code-used', at, left });
    return left;
  });
}

/** Tells somebody that wrong codes are tried by one who knows the password. */
export async function warnOfCodes(db: Db, person: Person, at: number): Promise<void> {
  await act<void, never>(db, { person: null, at }, async (act) => {
    await tellOf(act, person, { name: 'person.codesRefused', facts: {} }, { change: 'many-wrong', at });
  });
}

/** Sets of whom a second factor is asked, from the next sign-in on. */
export async function setSecondFactorRule(db: Db, actor: Actor, rule: SecondFactorRule): Promise<void> {
  await act<void, never>(db, actor, async (act) => {
    await putSecondFactorRule(act.trx, rule, act.actor.at);
    const what = rule === 'staff' ? 'the second step of staff to required' : 'the second step to optional';
    await record(act, {
      name: 'settings.changed',
      subject: { type: 'settings', id: 1 },
      accountId: null,
      facts: { what },
    });
  });
}
