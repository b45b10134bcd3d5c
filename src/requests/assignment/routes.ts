// Which requests somebody of the staff is assigned, as an administrator sets it.
import type { Request, Response } from 'express';
import { can } from '../../accounts/permissions.ts';
import type { Person } from '../../accounts/person.ts';
import { findActivePerson } from '../../accounts/store.ts';
import type { Deps } from '../../deps.ts';
import type { FieldErrors, Typed } from '../../form.ts';
import { NotFound } from '../../web/errors.ts';
import { idIn } from '../../web/params.ts';
import type { Route } from '../../web/router.ts';
import { kinds } from '../request.ts';
import { setScope } from './actions.ts';
import { KIND_WORDS, REGION_WORDS, readScope } from './scope.ts';
import { listScopes } from './store.ts';

type Option = { readonly value: string; readonly label: string };

declare module '../../web/page.ts' {
  interface Views {
    'people/assignments': {
      title: string;
      member: Pick<Person, 'id' | 'name'>;
      typed: Typed;
      errors: FieldErrors;
      kinds: readonly Option[];
      regions: readonly Option[];
      /** Whether the policy in force assigns requests at all. */
      isOn: boolean;
    };
  }
}

export function assignmentRoutes(deps: Deps): Route[] {
  const path = '/staff/:person/assignments';
  const may = 'manage staff';
  return [
    { method: 'get', path, may, handle: async (req, res) => show(deps, res, await reviewerIn(deps, req), {}) },
    { method: 'post', path, may, handle: (req, res) => save(deps, req, res) },
  ];
}

async function reviewerIn({ db }: Deps, req: Request): Promise<Person> {
  const person = await findActivePerson(db, idIn(req.params['person']) ?? 0);
  if (person === null || person.staffRole === null || !can(person, 'review requests')) throw new NotFound();
  return person;
}

type Shown = { readonly typed?: Typed; readonly errors?: FieldErrors };

async function show(deps: Deps, res: Response, person: Person, { typed, errors = {} }: Shown): Promise<void> {
  const { regions, assignByLoad } = deps.policy.document;
  const scope = (await listScopes(deps.db, [person.id])).get(person.id);
  const page = {
    title: `Requests assigned to ${person.name}`,
    member: person,
    typed: typed ?? { kinds: [...(scope?.kinds ?? kinds)], regions: [...(scope?.regions ?? regions.value)] },
    errors,
    kinds: kinds.map((value) => ({ value, label: KIND_WORDS[value] })),
    regions: regions.value.map((value) => ({ value, label: REGION_WORDS[value] })),
    isOn: assignByLoad.value,
  };
  res.page('people/assignments', page, Object.keys(errors).length > 0 ? 422 : 200);
}

async function save(deps: Deps, req: Request, res: Response): Promise<void> {
  const person = await reviewerIn(deps, req);
  const form = readScope(req.body, deps.policy.document.regions.value);
  if (!form.ok) return show(deps, res, person, form);
  await setScope(deps.db, { person: req.person, at: deps.now() }, person, form.value);
  res.redirect(303, `/staff/${person.id}?note=scope-set`);
}
