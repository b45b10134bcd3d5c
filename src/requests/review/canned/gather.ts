// The texts that a reviewer can use in the form that is open.
import type { Db } from '../../../database.ts';
import type { Dossier, DossierMode } from '../gather.ts';
import { factsOf, filled, isPurpose, type Purpose } from './canned.ts';
import { listCanned } from './store.ts';

/** A text as it would be written into the form. */
export type Offered = { readonly id: number; readonly name: string; readonly text: string };

/** The form that is open on a request, where words are written in it; null: none is. */
function purposeOf(mode: DossierMode, { request, steps, failedTitles, bar, stop }: Dossier): Purpose | null {
  if (!isPurpose(mode) || bar !== null) return null;
  if (mode !== 'approve') return steps.includes(mode === 'send-back' ? 'sendBack' : mode) ? mode : null;
  return request.status === 'submitted' && failedTitles.length > 0 && stop === null ? mode : null;
}

/** The texts for the form that is open, each filled with what is known of the request. One query, or none. */
export async function gatherOffered(db: Db, mode: DossierMode, dossier: Dossier): Promise<Offered[]> {
  const purpose = purposeOf(mode, dossier);
  if (purpose === null) return [];
  const facts = factsOf(dossier.request, dossier.evidence);
  return (await listCanned(db, purpose)).map(({ id, name, body }) => ({ id, name, text: filled(body, facts) }));
}
