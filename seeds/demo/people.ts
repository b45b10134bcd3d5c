// The provider's own people.
import type { Step } from './desk.ts';
import { hire } from './setup.ts';
import type { When } from './when.ts';

export const rea = 'reviewer@warmdesk.example';
export const jonas = 'reviewer2@warmdesk.example';
export const admin = 'admin@warmdesk.example';

export const staff = (when: When): Step[] => [
  hire(when.day(345, '09:00'), admin, 'Ana Ruiz', 'admin', 'Europe/Madrid'),
  hire(when.day(344, '09:00'), rea, 'Rea Vogt', 'reviewer', 'Europe/Berlin'),
  hire(when.day(344, '09:10'), jonas, 'Jonas Berg', 'reviewer', 'America/New_York'),
];
