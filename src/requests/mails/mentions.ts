// What staff read when somebody names them in a text about a request. Pure.
import type { Writer } from '../../notifications/letter.ts';
import { requestButton, subject } from './wording.ts';

/** The texts in which staff can be named: their own, and a customer's appeal. */
export type MentionedIn = 'note' | 'hand-over' | 'appeal';

const IN: Readonly<Record<MentionedIn, string>> = {
  note: 'in a note',
  'hand-over': 'in the note of a hand-over',
  appeal: 'in an appeal',
};

export const mentionLetters: { readonly 'request-mentioned': Writer<'request-mentioned'> } = {
  'request-mentioned': ({ where = 'note', ...facts }) => ({
    subject: subject('You are mentioned', facts),
    preview: `${facts.by} mentions you ${IN[where]}.`,
    reference: facts.reference,
    state: { word: where === 'appeal' ? 'Appeal' : 'Note', tone: 'plain' },
    title: `${facts.by} mentions you ${IN[where]}`,
    blocks: [
      { kind: 'facts', rows: [['Request', facts.what]] },
      { kind: 'quote', title: `${facts.by} writes`, text: facts.note },
      {
        kind: 'text',
        text: where === 'appeal' ? 'A colleague decides on the appeal.' : 'Only staff can read this note.',
      },
    ],
    button: requestButton(facts, 'Open the request'),
    why: `You get this mail because ${facts.by} named you ${IN[where]} on request ${facts.reference}.`,
  }),
};
