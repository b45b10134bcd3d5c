// What a request is called, and what its status says, once IPs that it brought were given back. Pure.
import type { Allocation, GivenBack } from '../ips/allocation.ts';
import { capitalised, inWords } from '../wording.ts';
import { type IpRequest, STATUS_WORDS, titleOf } from './request.ts';

const isAll = ({ of, count }: GivenBack): boolean => count >= of;

/** What was given back of the IPs that one request brought; undefined: nothing. */
export function givenBackOf(allocations: readonly Pick<Allocation, 'releasedOn'>[]): GivenBack | undefined {
  const days = allocations.flatMap(({ releasedOn }) => releasedOn ?? []);
  return days.length === 0 ? undefined : { of: allocations.length, count: days.length, lastOn: Math.max(...days) };
}

/** The ids of those that brought something: of the others nothing can have been given back. */
export const fulfilledIds = (requests: readonly Pick<IpRequest, 'id' | 'status'>[]): number[] =>
  requests.flatMap(({ id, status }) => (status === 'fulfilled' ? [id] : []));

type Stated = Pick<IpRequest, 'status' | 'automaticAt' | 'isAutomatic'>;

/** What its customer reads while Warmdesk is about to approve it by itself, and once it has (S-12). */
function automaticWords({ status, automaticAt, isAutomatic }: Stated) {
  if (status === 'submitted' && automaticAt !== undefined) {
    const customer =
      'We have your request. Every check passed, and it is approved automatically once the time for changes is over, if that is still so. If not, a reviewer looks at it next.';
    return { customer, turn: 'Us' };
  }
  if (status !== 'fulfilled' || !isAutomatic) return {};
  return { customer: 'Your request was approved automatically, because every check passed, and is set up.' };
}

/** The words for a request's status. `given`: what was given back; undefined: nothing. */
export function statusOf(request: Stated, given: GivenBack | undefined) {
  const words = { ...STATUS_WORDS[request.status], ...automaticWords(request) };
  if (given === undefined) return words;
  if (!isAll(given)) return { ...words, label: 'Partly given back' };
  const customer = 'Your request was approved and set up.';
  return { ...words, label: 'Given back', tone: 'quiet', customer, turn: 'Nobody: it is closed' } as const;
}

/** `Two dedicated IPs, one given back`, or what a request is called as long as nothing was. */
export function titleWith(request: Parameters<typeof titleOf>[0], given: GivenBack | undefined): string {
  if (given === undefined) return titleOf(request);
  return `${titleOf(request)}, ${isAll(given) ? '' : `${inWords(given.count)} `}given back`;
}

/** What was given back of a request's IPs, and until when. `day`: the last day of it, in words. */
export function givenBackSentence(given: GivenBack, day: string): string {
  const { of, count } = given;
  if (of === 1) return `Its IP was given back on ${day} (UTC).`;
  if (isAll(given)) return `Its ${inWords(of)} IPs were given back, the last on ${day} (UTC).`;
  const some = `${capitalised(inWords(count))} of its ${inWords(of)} IPs`;
  return count === 1 ? `${some} was given back on ${day} (UTC).` : `${some} were given back, the last on ${day} (UTC).`;
}
