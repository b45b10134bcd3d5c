// The mails about who is on a team. Pure.
import type { Writer } from '../../notifications/letter.ts';
import { type Role, roleWords } from './role.ts';

/** `account`: the customer; null: the provider's own staff. */
type OfTeam = { readonly account: string | null; readonly role: Role };

export type InvitationFacts = OfTeam & {
  /** The link is made from it when the mail is written; by itself it opens nothing. */
  readonly seed: string;
  readonly expiresAt: number;
  /** Who invites; null: an operator at the server's console. */
  readonly by: string | null;
  /** The link's page; only there while the mail is written, never stored. */
  readonly path?: string;
};
export type RoleChangedFacts = OfTeam & { readonly by: string };
export type TeamChangedFacts = {
  readonly account: string | null;
  /** What happened, as a sentence without its subject: "invited ana@acme.example as admin". */
  readonly what: string;
  readonly by: string;
  readonly path: string;
};

declare module '../../notifications/mail.ts' {
  interface MailFacts {
    invitation: InvitationFacts;
    'role-changed': RoleChangedFacts;
    'team-changed': TeamChangedFacts;
  }
}

type PeopleMail = 'invitation' | 'role-changed' | 'team-changed';

const labelOf = ({ account, role }: OfTeam): string =>
  roleWords({ kind: account === null ? 'staff' : 'account' }, role).label.toLowerCase();
const hintOf = ({ account, role }: OfTeam): string =>
  roleWords({ kind: account === null ? 'staff' : 'account' }, role).hint;

export const peopleLetters: { readonly [Name in PeopleMail]: Writer<Name> } = {
  invitation: (facts, { h, provider, to }) => {
    const whose = facts.account === null ? `the staff of ${provider}` : `${facts.account} at ${provider}`;
    return {
      subject: `You are invited to ${whose}`,
      preview: `Choose a password until ${h.time(facts.expiresAt)}.`,
      reference: null,
      state: { word: 'Invitation', tone: 'plain' },
      title: `Join ${whose}`,
      blocks: [
        {
          kind: 'text',
          text: `${facts.by ?? `The operator of ${provider}`} invites you to join. Your role: ${labelOf(facts)}.`,
        },
        { kind: 'text', text: hintOf(facts) },
        {
          kind: 'text',
          text: `The link below lets you choose a password. It works once, until ${h.time(facts.expiresAt)}; a newer link replaces it.`,
        },
        {
          kind: 'text',
          text: 'If you do not know what this is about, do nothing: without a password nobody can sign in.',
        },
      ],
      button: { label: 'Choose a password', path: facts.path ?? '/sign-in' },
      why: `You get this mail because ${to.email} was invited.`,
    };
  },
  'role-changed': (facts, { provider }) => ({
    subject: `Your role at ${facts.account ?? provider} is now ${labelOf(facts)}`,
    preview: hintOf(facts),
    reference: null,
    state: { word: 'Role', tone: 'plain' },
    title: `Your role is now ${labelOf(facts)}`,
    blocks: [
      { kind: 'text', text: `${facts.by} changed your role in ${facts.account ?? `the staff of ${provider}`}.` },
      { kind: 'text', text: hintOf(facts) },
    ],
    button: { label: 'Open the desk', path: '/' },
    why: 'You get this mail because your role was changed.',
  }),
  'team-changed': (facts, { provider }) => {
    const team = facts.account ?? `the staff of ${provider}`;
    return {
      subject: `${facts.by} ${facts.what}`,
      preview: `A change to ${team}.`,
      reference: null,
      state: { word: 'People', tone: 'plain' },
      title: `A change to ${team}`,
      blocks: [
        { kind: 'text', text: `${facts.by} ${facts.what}.` },
        { kind: 'text', text: 'If this should not have happened, take it back on the page below.' },
      ],
      button: { label: 'See who is on the team', path: facts.path },
      why: `You get this mail because you are an admin of ${team}.`,
    };
  },
};
