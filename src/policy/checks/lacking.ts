// What a domain lacks of SPF, DKIM and DMARC, and whether a record is missing or there but not right. Pure.
import { listed } from '../../wording.ts';
import type { DomainFacts } from './facts.ts';

type Proofs = Pick<DomainFacts, 'spf' | 'dkim' | 'dmarc' | 'wrong'>;

const KINDS = ['spf', 'dkim', 'dmarc'] as const;

/** The proofs that a domain lacks, as they are written: those without a record, and those whose record is not right. */
export function lackingOf(domain: Proofs): { readonly missing: string[]; readonly wrong: string[] } {
  const lacks = KINDS.filter((kind) => !domain[kind]);
  const isWrong = (kind: (typeof KINDS)[number]): boolean => domain.wrong?.includes(kind) ?? false;
  const written = (kinds: readonly string[]): string[] => kinds.map((kind) => kind.toUpperCase());
  return { missing: written(lacks.filter((kind) => !isWrong(kind))), wrong: written(lacks.filter(isWrong)) };
}

/** `SPF not right, DKIM and DMARC missing`; empty where the domain proves all three. */
export function lackingInWords(domain: Proofs): string {
  const { missing, wrong } = lackingOf(domain);
  return [
    ...(wrong.length > 0 ? [`${listed(wrong)} not right`] : []),
    ...(missing.length > 0 ? [`${listed(missing)} missing`] : []),
  ].join(', ');
}
