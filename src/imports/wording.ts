// What is imported, in words. Pure.
import type { ImportKind } from './store.ts';

export type KindWords = {
  /** Of the page with the form, and its address. */
  readonly title: string;
  readonly path: string;
  /** Where what was imported is found. */
  readonly list: { readonly label: string; readonly href: string };
  readonly noun: string;
  readonly heading: string;
  /** What the mail about it says was added. */
  readonly added: string;
  readonly leftOut: string;
};

export const KIND_WORDS: Readonly<Record<ImportKind, KindWords>> = {
  customers: {
    title: 'Import customers',
    path: '/customers/import',
    list: { label: 'Customers', href: '/customers' },
    noun: 'customer',
    heading: 'Customers',
    added: ', with their people and domains',
    leftOut: 'Their name, an address or a domain was taken by somebody else after the file was checked:',
  },
  holdings: {
    title: 'Import dedicated IPs',
    path: '/inventory/import',
    list: { label: 'Inventory', href: '/inventory' },
    noun: 'dedicated IP',
    heading: 'IPs',
    added: ', with what they are warmed to and what they cost',
    leftOut: 'The IP, its customer or one of its domains was changed by somebody else after the file was checked:',
  },
};
