// Domains of subusers in a request of their parent. Pure.
import { listed } from '../../wording.ts';
import { type Check, finding, type Said } from './check.ts';
import { regionNames } from './dedicated.ts';
import type { DedicatedFacts, DomainFacts, SubuserFacts } from './facts.ts';

/** The subusers whose domains these are, each once, by name. */
function subusersOf(domains: readonly DomainFacts[]): SubuserFacts[] {
  const byName = new Map(domains.flatMap(({ subuser }) => (subuser ? [[subuser.name, subuser] as const] : [])));
  return [...byName.values()].toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

/** Whether all of these domains belong to subusers, so that the account itself does not send over what is asked for (S-17). */
export const isForSubusersAlone = (domains: readonly Pick<DomainFacts, 'subuser'>[]): boolean =>
  domains.length > 0 && domains.every(({ subuser }) => subuser !== undefined);

/**
 * What is approved is assigned to the subusers whose domains are named (S-18), so that the rules of assigning hold: S-23, one
 * region; S-22, by those who may assign; and no subuser that is suspended. Says nothing where there are no such domains.
 */
export const subuserDomains: Check<DedicatedFacts> = (_policy, { asked, domains, requester }, at) => {
  const subusers = subusersOf(domains);
  if (subusers.length === 0) return null;
  const elsewhere = subusers.filter(({ region }) => region !== asked.region);
  const inactive = subusers.filter(({ status }) => status !== 'active');
  const about = { check: 'subuser-domains', title: 'Subusers', source: 'account', asOf: at } as const;
  const fact = listed(subusers.map(factOf));
  const limit = `active, in ${asked.region.toUpperCase()}`;
  if (elsewhere.length > 0) return finding({ ...about, fact, limit, ...fromElsewhere(elsewhere, asked) });
  if (inactive.length > 0) return finding({ ...about, fact, limit, ...notActive(inactive) });
  if (requester.role === 'member')
    return finding({ ...about, ...notByMembers, fact: `${requester.name}, account member` });
  const names = listed(subusers.map(({ name }) => name));
  return finding({
    ...about,
    ...{ fact, limit, rule: 'S-18', verdict: 'passes' },
    says: ['Your subusers may send over it.', `What is approved is assigned to ${names}.`],
  });
};

const factOf = ({ name, region, status }: SubuserFacts): string =>
  `${name} (${region.toUpperCase()}${status === 'active' ? '' : `, ${status}`})`;

type Bar = Pick<Said, 'rule' | 'verdict' | 'says'> & { readonly remedy: string };

function fromElsewhere(subusers: readonly SubuserFacts[], { region }: DedicatedFacts['asked']): Bar {
  const which = subusers.map((one) => `${one.name} sends from ${regionNames[one.region]} only`);
  const names = listed(subusers.map(({ name }) => name));
  return {
    rule: 'S-23',
    verdict: 'blocks',
    says: ['Not the region of your subuser.', `${listed(which)}; you ask for IPs in ${regionNames[region]}.`],
    remedy: `Ask for IPs in ${subusers.length === 1 ? 'its' : 'their'} own region for ${names}, in a request without domains of another region.`,
  };
}

function notActive(subusers: readonly SubuserFacts[]): Bar {
  const which = subusers.map(({ name, status }) => `${name} is ${status}`);
  const [it, is, its] = subusers.length === 1 ? ['it', 'it is', 'its'] : ['them', 'they are', 'their'];
  return {
    rule: 'own choice',
    verdict: 'blocks',
    says: ['A subuser is not active.', `${listed(which)}. No IPs are assigned to ${it} until ${is} reopened.`],
    remedy: `Leave ${its} domains out of this request.`,
  };
}

const notByMembers = {
  rule: 'S-22',
  limit: 'admin or billing',
  verdict: 'blocks',
  says: [
    'You may not assign IPs to subusers.',
    'Only admins and billing contacts of your account may, and you are a member of it.',
  ],
  remedy: 'Ask one of them to send this request, or leave out the domains of subusers.',
} as const satisfies Bar & { readonly limit: string };
