// The steps by which a provider sets up its desk, and which of them are done. Pure.
import type { Config } from '../config.ts';
import type { Begun, Settings } from './store.ts';

export const stepKeys = ['provider', 'mail', 'policy', 'ips', 'pools', 'staff', 'customer'] as const;
export type StepKey = (typeof stepKeys)[number];

export type Step = {
  readonly key: StepKey;
  readonly title: string;
  readonly sentence: string;
  readonly href: string;
  readonly state: 'done' | 'open' | 'skipped';
};

const WORDS: Readonly<Record<StepKey, Pick<Step, 'title' | 'sentence' | 'href'>>> = {
  provider: {
    title: 'Name, logo and colour',
    sentence: 'What customers see in the header, in titles and in mails.',
    href: '/settings/provider',
  },
  mail: { title: 'Mail', sentence: 'Send a test mail to yourself and see whether it left.', href: '/settings/mail' },
  policy: {
    title: 'Policy',
    sentence: 'Who may have what, at what price, and how warm-up goes: one that ships with Warmdesk, or your own file.',
    href: '/settings/policy',
  },
  ips: { title: 'Dedicated IPs', sentence: 'The stock that approved requests are served from.', href: '/inventory' },
  pools: {
    title: 'Addresses of shared pools',
    sentence: 'What mail servers send shared mail from.',
    href: '/settings/pools',
  },
  staff: { title: 'Staff', sentence: 'Invite a second person: exceptions need two reviewers.', href: '/staff' },
  customer: {
    title: 'First customer',
    sentence: 'Add one, or import all of them from a file; then the dedicated IPs that they have already.',
    href: '/customers/new',
  },
};

export type Facts = {
  readonly config: Pick<Config, 'isPolicySet' | 'isProviderSet'>;
  readonly begun: Begun;
  readonly isMailTested: boolean;
};

/** All steps in their order, each done, passed over or open. */
export function openSteps(settings: Partial<Settings>, { config, begun, isMailTested }: Facts): Step[] {
  const isDone: Readonly<Record<StepKey, boolean>> = {
    provider: settings.provider !== undefined || config.isProviderSet,
    mail: isMailTested,
    policy: settings.policy !== undefined || config.isPolicySet,
    ips: begun.ips,
    pools: begun.pools,
    staff: begun.staff > 1,
    customer: begun.customers,
  };
  return stepKeys.map((key) => {
    const state = isDone[key] ? 'done' : settings.skipped?.includes(key) ? 'skipped' : 'open';
    return { key, ...WORDS[key], state };
  });
}
