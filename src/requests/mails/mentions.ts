// What staff read when a colleague names them in a note. Pure.
import type { Writer } from '../../notifications/letter.ts';
import { requestButton, subject } from './wording.ts';

export const mentionLetters: { readonly 'request-mentioned': Writer<'request-mentioned'> } = {
  'request-mentioned': (facts) => ({
    subject: subject('You are mentioned', facts),
    preview: `${facts.by} mentions you in a note.`,
    reference: facts.reference,
    state: { word: 'Note', tone: 'plain' },
    title: `${facts.by} mentions you in a note`,
    blocks: [
      { kind: 'facts', rows: [['Request', facts.what]] },
      { kind: 'quote', title: `${facts.by} writes`, text: facts.note },
      { kind: 'text', text: 'Only staff can read this note.' },
    ],
    button: requestButton(facts, 'Open the request'),
    why: `You get this mail because ${facts.by} named you in a note on request ${facts.reference}.`,
  }),
};
