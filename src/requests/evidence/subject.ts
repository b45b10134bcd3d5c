// What is judged: a request, or one that is not sent yet. Pure.
import type { AccountRole } from '../../accounts/person.ts';
import type { Domain } from '../../domains/domain.ts';
import type { WarmIp } from '../../ips/assignments/store.ts';
import type { Holding } from '../../ips/store.ts';
import type { Region } from '../../policy/checks/facts.ts';
import type { PolicyVersion } from '../../policy/document/version.ts';
import type { Answers, IpRequest } from '../request.ts';

/** What is asked, by whom: a request, or one that is not sent yet. */
export type Subject = {
  readonly answers: Answers;
  readonly account: IpRequest['account'];
  readonly requester: { readonly name: string; readonly role: AccountRole };
  /** For dedicated IPs also those of subusers of the account. */
  readonly domains: readonly Domain[];
  /** The reference of another open request of the same kind. */
  readonly openRequest: string | null;
  readonly policy: PolicyVersion;
};

export const isForIps = ({ answers }: Pick<Subject, 'answers'>): boolean => answers.kind === 'dedicated_ip';

/** Whether it is about mail of subusers, too. */
export const namesSubusers = ({ account, domains }: Pick<Subject, 'account' | 'domains'>): boolean =>
  domains.some(({ accountId }) => accountId !== account.id);

/**
 * What the account of a subject holds, with the warm IPs that could take what a new one does not (S-16): those over which all
 * may send whose domains are named (S-17, S-18). `warm`: the warm IPs of accounts whose requests name subusers.
 */
export function holdingFor(subject: Subject, holding: Holding, warm: readonly WarmIp[]): Holding {
  if (!namesSubusers(subject)) return holding;
  const senders = subject.domains.map(({ accountId }) => accountId);
  const usable = warm.filter(
    (ip) => ip.accountId === subject.account.id && senders.every((id) => ip.senders.includes(id)),
  );
  const countIn = (region: Region) => usable.filter((ip) => ip.region === region).length;
  return { ...holding, warm: { us: countIn('us'), eu: countIn('eu') } };
}

/** S-22: whether somebody may not act on a request because approving it assigns IPs to subusers, which members do not. */
export const isBarredMember = (role: AccountRole | null, { domains }: Pick<Subject, 'domains'>): boolean =>
  role === 'member' && domains.some(({ subuser }) => subuser !== undefined);
