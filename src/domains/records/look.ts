// Looks up all records of one domain.
import type { Resolver } from '../../dns/resolver.ts';
import { PROOF_KINDS, type ProofKind } from '../domain.ts';
import { bounded, type Questions } from './bounded.ts';
import { lookAtKey } from './dkim.ts';
import { lookAtDmarc } from './dmarc.ts';
import { lookAtMx, lookAtReturnPath } from './return-path.ts';
import { type RecordSetting, type Wanted, type Wanting, wantedRecords } from './setting.ts';
import { lookAtSpf } from './spf.ts';
import { isTrouble, type Look } from './verdict.ts';

export type Looked = { readonly wanted: Wanted; readonly look: Look };

/** What a domain needs to be looked up: `addresses` are those over which its mail goes. */
export type Subject = Wanting & { readonly addresses: readonly string[] };

export async function lookAtRecords(dns: Resolver, subject: Subject, setting: RecordSetting): Promise<Looked[]> {
  const questions = bounded(dns);
  const wanted = wantedRecords(subject, setting);
  const looks = await Promise.all(wanted.map((one) => lookAt(questions, one, subject, setting)));
  return wanted.map((one, index) => ({ wanted: one, look: looks[index] as Look }));
}

function lookAt(
  dns: Questions,
  { kind, at, type, value }: Wanted,
  { name, addresses }: Subject,
  setting: RecordSetting,
) {
  switch (kind) {
    case 'spf':
      return lookAtSpf(dns, name, { include: setting.spfInclude, addresses });
    case 'dkim':
      return lookAtKey(dns, at, type === 'CNAME' ? value : null);
    case 'dmarc':
      return lookAtDmarc(dns, name);
    case 'return-path':
      return lookAtReturnPath(dns, at, value ?? '');
    case 'mx':
      return lookAtMx(dns, name);
  }
}

/** The proofs that a domain lacks although some record is there, which is not right. What could not be found out stays as it was. */
export function wrongOf(looked: readonly Looked[], now: Proven, before: readonly ProofKind[]): ProofKind[] {
  return PROOF_KINDS.filter((kind) => {
    if (now[kind]) return false;
    const looks = looked.filter(({ wanted }) => wanted.kind === kind).map(({ look }) => look);
    if (looks.length > 0 && looks.every(isTrouble)) return before.includes(kind);
    return looks.some((look) => !isTrouble(look) && look.state === 'wrong');
  });
}

export type Proven = { readonly spf: boolean; readonly dkim: boolean; readonly dmarc: boolean };

/** What the domain proves now; what could not be found out stays as it was. Without any selector there is no DKIM. */
export function provenBy(looked: readonly Looked[], before: Proven): Proven {
  const of = (kind: keyof Proven): boolean => {
    const looks = looked.filter(({ wanted }) => wanted.kind === kind).map(({ look }) => look);
    const certain = looks.filter((look) => !isTrouble(look));
    if (certain.some((look) => !isTrouble(look) && look.state !== 'found')) return false;
    return certain.length === looks.length ? looks.length > 0 : before[kind];
  };
  return { spf: of('spf'), dkim: of('dkim'), dmarc: of('dmarc') };
}
