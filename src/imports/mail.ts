// The mail about a file that was taken in. Pure.
import type { Writer } from '../notifications/letter.ts';

declare module '../notifications/mail.ts' {
  interface MailFacts {
    'import-finished': {
      readonly kind: 'customers';
      readonly file: string;
      readonly items: number;
      readonly path: string;
    };
  }
}

export const importLetters: { readonly 'import-finished': Writer<'import-finished'> } = {
  'import-finished': ({ file, items, path }, { h }) => ({
    subject: `${file} is imported`,
    preview: `${h.plural(items, 'customer')} added.`,
    reference: null,
    state: { word: 'Import', tone: 'good' },
    title: 'Your import is done',
    blocks: [
      {
        kind: 'text',
        text: `All of ${file} is imported: ${h.plural(items, 'customer')} added, with their people and domains.`,
      },
    ],
    button: { label: 'See the import', path },
    why: 'You get this mail because you sent the file.',
  }),
};
