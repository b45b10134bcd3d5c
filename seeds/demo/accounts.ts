// The customers that the demo's README line promises. Their own pages are free of open requests, to be tried out.
import type { DemoAccount } from './setup.ts';

const calm = { growth: 0.01, bounces: 0.006, complaints: 0.0002 };

export const tried: readonly DemoAccount[] = [
  {
    name: 'Acme',
    plan: 'premium',
    region: null,
    opened: 310,
    people: [
      { email: 'owner@acme.example', name: 'Ola Nyström', role: 'admin', zone: 'Europe/Stockholm' },
      { email: 'billing@acme.example', name: 'Bill Okafor', role: 'billing', zone: 'Europe/London' },
      { email: 'member@acme.example', name: 'Mia Lindqvist', role: 'member', zone: 'Europe/Stockholm' },
    ],
    domains: [
      { ...calm, name: 'shop.acme.example', usage: 'marketing', weekly: 126_000, weeks: 40 },
      { ...calm, name: 'mail.acme.example', usage: 'transactional', weekly: 54_000, weeks: 40, bounces: 0.004 },
    ],
  },
  {
    name: 'TinyCo',
    plan: 'essentials',
    region: null,
    opened: 175,
    people: [{ email: 'owner@tinyco.example', name: 'Tina Marsh', role: 'admin', zone: 'America/New_York' }],
    domains: [{ ...calm, name: 'tinyco.example', usage: 'both', weekly: 12_000, weeks: 20, bounces: 0.011 }],
  },
  {
    name: 'Bigmail',
    plan: 'premium',
    region: null,
    opened: 330,
    people: [
      { email: 'owner@bigmail.example', name: 'Bea Castillo', role: 'admin', zone: 'America/New_York' },
      { email: 'accounts@bigmail.example', name: 'Howard Finch', role: 'billing', zone: 'America/Chicago' },
    ],
    domains: [
      { ...calm, name: 'news.bigmail.example', usage: 'marketing', weekly: 1_500_000, weeks: 42 },
      { ...calm, name: 'offers.bigmail.example', usage: 'marketing', weekly: 650_000, weeks: 42, bounces: 0.012 },
      { ...calm, name: 'account.bigmail.example', usage: 'transactional', weekly: 250_000, weeks: 42 },
    ],
  },
  {
    name: 'Receipts',
    plan: 'premium',
    region: null,
    opened: 240,
    people: [{ email: 'owner@receipts.example', name: 'Remy Fontaine', role: 'admin', zone: 'Europe/Paris' }],
    domains: [
      {
        name: 'receipts.example',
        usage: 'transactional',
        weekly: 88_000,
        weeks: 20,
        growth: 0.005,
        bounces: 0.003,
        complaints: 0.0001,
      },
      { ...calm, name: 'news.receipts.example', usage: 'marketing', weekly: 41_000, weeks: 20 },
    ],
  },
];
