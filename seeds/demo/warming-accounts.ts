// Customers whose IPs warm up now, each in another way.
import type { DemoAccount } from './setup.ts';

const calm = { weeks: 20, growth: 0.01, bounces: 0.006, complaints: 0.0002 };

export const warmers: readonly DemoAccount[] = [
  {
    name: 'Alder Analytics',
    plan: 'premium',
    region: null,
    opened: 150,
    people: [{ email: 'nora@alder.example', name: 'Nora Lindgren', role: 'admin', zone: 'Europe/Stockholm' }],
    domains: [{ ...calm, name: 'reports.alder.example', usage: 'both', weekly: 212_000 }],
  },
  {
    name: 'Harbour Books',
    plan: 'premium',
    region: null,
    opened: 145,
    people: [{ email: 'owen@harbourbooks.example', name: 'Owen Price', role: 'admin', zone: 'Europe/London' }],
    domains: [{ ...calm, name: 'harbourbooks.example', usage: 'marketing', weekly: 86_000 }],
  },
  {
    name: 'Pinewood Outdoor',
    plan: 'premium',
    region: null,
    opened: 140,
    people: [
      { email: 'kari@pinewood.example', name: 'Kari Mäkelä', role: 'admin', zone: 'Europe/Helsinki' },
      { email: 'finance@pinewood.example', name: 'Seth Abara', role: 'billing', zone: 'Europe/Helsinki' },
    ],
    domains: [{ ...calm, name: 'pinewood.example', usage: 'marketing', weekly: 121_000 }],
  },
  {
    name: 'Saltmarsh Press',
    plan: 'premium',
    region: null,
    opened: 135,
    people: [{ email: 'ida@saltmarsh.example', name: 'Ida Brennan', role: 'admin', zone: 'Europe/Dublin' }],
    // Two letters a week, and nothing between them.
    domains: [
      { ...calm, name: 'saltmarsh.example', usage: 'marketing', weekly: 58_000, days: [0, 0.55, 0, 0, 0.45, 0, 0] },
    ],
  },
];
