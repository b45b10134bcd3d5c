import type { Request, Response } from 'express';
import type { Deps } from '../deps.ts';
import type { FieldErrors, Typed } from '../form.ts';
import type { Route } from '../web/router.ts';
import { changeProfile } from './actions.ts';
import { readProfile, timeZones } from './form.ts';
import type { Person } from './person.ts';
import { findPreferences } from './store.ts';

declare module '../web/page.ts' {
  interface Views {
    'profile/form': {
      title: string;
      typed: Typed;
      errors: FieldErrors;
      email: string;
      timeZones: readonly string[];
      /** Whether there are single keys to switch off: only staff's pages have them. */
      hasKeys: boolean;
    };
  }
}

export function profileRoutes(deps: Deps): Route[] {
  return [
    {
      method: 'get',
      path: '/profile',
      may: 'signed in',
      handle: async (req, res) => {
        const person = req.person as Person;
        const chosen = await findPreferences(deps.db, person.id);
        const singleKeys = chosen.singleKeys ? 'on' : '';
        show(res, person, { name: person.name, timeZone: person.timeZone, singleKeys }, {});
      },
    },
    { method: 'post', path: '/profile', may: 'signed in', handle: (req, res) => save(deps, req, res) },
  ];
}

async function save(deps: Deps, req: Request, res: Response): Promise<void> {
  const person = req.person as Person;
  const form = readProfile(req.body);
  if (!form.ok) return show(res, person, form.typed, form.errors);
  await changeProfile(deps.db, { person, at: deps.now() }, form.value);
  res.redirect(303, '/profile?note=profile-saved');
}

function show(res: Response, person: Person, typed: Typed, errors: FieldErrors): void {
  const status = Object.keys(errors).length > 0 ? 422 : 200;
  const zones = timeZones();
  // A zone under an old name stays choosable for a person who has it.
  const shown = zones.includes(person.timeZone) ? zones : [person.timeZone, ...zones];
  const data = {
    title: 'Your profile',
    typed,
    errors,
    email: person.email,
    timeZones: shown,
    hasKeys: person.staffRole !== null,
  };
  res.page('profile/form', data, status);
}
