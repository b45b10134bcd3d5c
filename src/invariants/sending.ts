import type { Invariant } from './invariant.ts';

/** What was counted, and what is still to be stored of it. */
export const sendingInvariants: readonly Invariant[] = [
  {
    no: 'I150',
    of: 'upload',
    must: 'what is not stored yet of an uploaded file is kept, and nothing else',
    wrong: `select u.id from sending_uploads u where u.kept_at is not null and u.counts - u.stored
      <> coalesce((select sum(p.counts) from sending_upload_parts p where p.upload_id = u.id), 0)`,
  },
  {
    no: 'I151',
    of: 'upload',
    must: 'nothing is stored of an uploaded file that is not kept whole, and one that is stored is on record',
    wrong: `select id from sending_uploads where kept_at is null and stored > 0
      union select u.id from sending_uploads u where u.finished_at is not null and not exists (
        select 1 from sending_batches b join audit_events e on e.subject_type = 'upload' and e.subject_id = b.id
        where b.source = 'upload' and b.name = 'file ' || u.id)`,
  },
];
