// Who is told that nobody decides a request.

import { listStaff } from '../../accounts/store.ts';
import type { Act } from '../../act.ts';
import { barToClaim } from '../claims/claim.ts';
import { listClaims } from '../claims/store.ts';
import { present, type Reader, reachable } from '../notify.ts';
import type { IpRequest } from '../request.ts';
import type { Notice } from './clock.ts';

type Told = { readonly people: readonly Reader[]; readonly holder: string | null };

/**
 * The person who has the request on the desk or their stand-in, or else everybody who may decide it; in the end the administrators among
 * them. `holder`: who has it.
 */
export async function whomToTell({ trx, actor }: Act, request: IpRequest, notice: Notice): Promise<Told> {
  const staff = await listStaff(trx, actor.at);
  const able = staff.filter((one) => barToClaim(request, one) === null);
  const claim = (await listClaims(trx, [request.id], actor.at)).get(request.id);
  const holder = able.find((one) => one.id === claim?.personId);
  const admins = able.filter((one) => one.staffRole === 'admin');
  if (notice === 'escalated')
    return { people: present(admins.length > 0 ? admins : able), holder: holder?.name ?? null };
  const reached = holder ? reachable(holder, able) : [];
  return reached.length > 0
    ? { people: reached, holder: holder?.name ?? null }
    : { people: present(able), holder: null };
}
