// The mail about a file that was taken in. Pure.
import type { Writer } from '../notifications/letter.ts';
import type { ImportKind } from './store.ts';
import { KIND_WORDS } from './wording.ts';

declare module '../notifications/mail.ts' {
  interface MailFacts {
    'import-finished': {
      readonly kind: ImportKind;
      readonly file: string;
      readonly items: number;
      readonly path: string;
    };
  }
}

export const importLetters: { readonly 'import-finished': Writer<'import-finished'> } = {
  'import-finished': ({ kind, file, items, path }, { h }) => ({
    subject: `${file} is imported`,
    preview: `${h.plural(items, KIND_WORDS[kind].noun)} added.`,
    reference: null,
    state: { word: 'Import', tone: 'good' },
    title: 'Your import is done',
    blocks: [
      {
        kind: 'text',
        text: `All of ${file} is imported: ${h.plural(items, KIND_WORDS[kind].noun)} added${KIND_WORDS[kind].added}.`,
      },
    ],
    button: { label: 'See the import', path },
    why: 'You get this mail because you sent the file.',
  }),
};
