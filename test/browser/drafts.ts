// A draft for the tour.
import { randomUUID } from 'node:crypto';
import type { World } from '../support/world.ts';
import { WHO } from './tour.ts';

/** A request that Acme's member prepared and handed to its owner. */
export async function handOverDraft({ db }: World): Promise<void> {
  const owner = await db('people').where({ email: WHO.acme }).first();
  const member = await db('people').where({ email: 'member@acme.example' }).first();
  const { id } = await db('domains').where({ account_id: owner.account_id }).first('id');
  const typed = {
    domains: [String(id)],
    ipCount: '1',
    weeklyVolume: '180,000',
    stream: 'both',
    region: 'us',
    ...WRITTEN,
  };
  await db('request_drafts').insert({
    ...{ account_id: owner.account_id, kind: 'dedicated_ip', form_token: randomUUID(), made_at: Date.now() },
    ...{ typed: JSON.stringify(typed), made_by: member.id, handed_to: owner.id },
  });
}

const WRITTEN = {
  startsOn: new Date(Date.now() + 86_400_000).toISOString().slice(0, 10),
  sends: 'Order confirmations.',
  signup: 'At the checkout.',
};
