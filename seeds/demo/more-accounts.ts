// The other customers, whose requests are in every state.
import type { DemoAccount } from './setup.ts';

const calm = { weeks: 20, growth: 0.01, bounces: 0.007, complaints: 0.0003 };
const clean = { weeks: 20, growth: 0.005, bounces: 0.003, complaints: 0.0001 };

export const others: readonly DemoAccount[] = [
  {
    name: 'Lumen Energie',
    plan: 'enterprise',
    region: 'eu',
    opened: 320,
    people: [
      { email: 'd.brandt@lumen-energie.example', name: 'Dörte Brandt', role: 'admin', zone: 'Europe/Berlin' },
      { email: 'rechnung@lumen-energie.example', name: 'Klaus Weidner', role: 'billing', zone: 'Europe/Berlin' },
    ],
    domains: [
      { ...calm, name: 'lumen-energie.example', usage: 'both', weekly: 240_000, weeks: 40 },
      { ...clean, name: 'rechnung.lumen-energie.example', usage: 'transactional', weekly: 84_000, weeks: 40 },
      { ...clean, name: 'konto.lumen-energie.example', usage: 'transactional', weekly: 18_000 },
    ],
  },
  {
    name: 'Warmdesk Newsletter',
    plan: 'enterprise',
    region: null,
    opened: 280,
    people: [
      {
        email: 'insider@warmdesk.example',
        name: 'Ines Duarte',
        role: 'admin',
        staff: 'reviewer',
        zone: 'Europe/Lisbon',
      },
    ],
    domains: [{ ...calm, name: 'news.warmdesk.example', usage: 'marketing', weekly: 64_000 }],
  },
  {
    name: 'Hearth & Loom',
    plan: 'premium',
    region: null,
    opened: 230,
    people: [
      { email: 'priya@hearthandloom.example', name: 'Priya Raman', role: 'admin', zone: 'Europe/London' },
      { email: 'tom@hearthandloom.example', name: 'Tom Ashby', role: 'member', zone: 'Europe/London' },
    ],
    domains: [
      { ...calm, name: 'hearthandloom.example', usage: 'marketing', weekly: 92_000 },
      { ...clean, name: 'orders.hearthandloom.example', usage: 'transactional', weekly: 21_000 },
    ],
  },
  {
    name: 'Nordlys Reiser',
    plan: 'essentials',
    region: null,
    opened: 190,
    people: [{ email: 'sigrid@nordlysreiser.example', name: 'Sigrid Aasen', role: 'admin', zone: 'Europe/Oslo' }],
    domains: [
      { ...calm, name: 'nordlysreiser.example', usage: 'both', weekly: 31_400 },
      { ...clean, name: 'billett.nordlysreiser.example', usage: 'transactional', weekly: 6_200 },
    ],
  },
  {
    name: 'Kitebox',
    plan: 'premium',
    region: null,
    opened: 160,
    people: [
      { email: 'jun@kitebox.example', name: 'Jun Tanaka', role: 'admin', zone: 'America/Los_Angeles' },
      { email: 'finance@kitebox.example', name: 'Dana Whitlock', role: 'billing', zone: 'America/Los_Angeles' },
    ],
    domains: [
      { ...calm, name: 'kitebox.example', usage: 'both', weekly: 118_000, growth: 0.02 },
      { ...clean, name: 'notify.kitebox.example', usage: 'transactional', weekly: 260_000 },
    ],
  },
  {
    name: 'Fernhill Learning',
    plan: 'enterprise',
    region: null,
    opened: 210,
    people: [
      { email: 'c.moreau@fernhill.example', name: 'Claire Moreau', role: 'admin', zone: 'America/New_York' },
      { email: 'g.ellis@fernhill.example', name: 'Grant Ellis', role: 'member', zone: 'America/Denver' },
    ],
    domains: [
      { ...calm, name: 'fernhill.example', usage: 'both', weekly: 71_000, dmarc: 'later' },
      { ...clean, name: 'alerts.fernhill.example', usage: 'transactional', weekly: 15_500 },
    ],
  },
  {
    name: 'Solstice Tickets',
    plan: 'premium',
    region: 'eu',
    opened: 185,
    people: [{ email: 'rui@solstice.example', name: 'Rui Cardoso', role: 'admin', zone: 'Europe/Lisbon' }],
    domains: [{ ...calm, name: 'solstice.example', usage: 'marketing', weekly: 46_800, growth: 0.03 }],
  },
  {
    name: 'Cobalt Games',
    plan: 'essentials',
    region: null,
    opened: 170,
    people: [{ email: 'leticia@cobaltgames.example', name: 'Letícia Prado', role: 'admin', zone: 'America/Sao_Paulo' }],
    domains: [
      { ...calm, name: 'cobaltgames.example', usage: 'marketing', weekly: 138_000, bounces: 0.019 },
      { ...clean, name: 'play.cobaltgames.example', usage: 'transactional', weekly: 52_000, bounces: 0.041 },
    ],
  },
  {
    name: 'Quickpost Couriers',
    plan: 'premium',
    region: null,
    opened: 165,
    people: [
      { email: 'arjun@quickpost.example', name: 'Arjun Mehta', role: 'admin', zone: 'Asia/Kolkata' },
      { email: 'leela@quickpost.example', name: 'Leela Iyer', role: 'billing', zone: 'Asia/Kolkata' },
    ],
    domains: [
      { ...calm, name: 'quickpost.example', usage: 'marketing', weekly: 66_000 },
      { ...clean, name: 'track.quickpost.example', usage: 'transactional', weekly: 143_000, bounces: 0.026 },
    ],
  },
  {
    name: 'Maple & Rye',
    plan: 'essentials',
    region: null,
    opened: 158,
    people: [{ email: 'hannah@mapleandrye.example', name: 'Hannah Kowalski', role: 'admin', zone: 'America/Chicago' }],
    domains: [
      { ...calm, name: 'mapleandrye.example', usage: 'marketing', weekly: 57_000, growth: 0.05, dmarc: 'missing' },
      { ...clean, name: 'order.mapleandrye.example', usage: 'transactional', weekly: 180, weeks: 9 },
    ],
  },
];
