// Questions to a router over a real database.
import type { Load } from '../../src/routing/load.ts';
import type { Question } from '../../src/routing/question.ts';
import type { routerOver, Warming } from './scene.ts';

export const ONE: Load = [{ provider: 'other', count: 1 }];

export type Desk = Awaited<ReturnType<typeof routerOver>>;

export const question = (
  { router }: Desk,
  domain: string,
  message: string,
  change: Partial<Question> = {},
): Question => {
  const sender = router.senderOf(`news@${domain}`);
  if (sender === undefined) throw new Error(`${domain} is not known`);
  return { sender, recipients: ['a@shop.example'], stream: 'marketing', message, count: null, ...change };
};

/** Asks for `count` messages, letting blocks arrive in between. Returns how many the IP got. */
export async function granted(
  desk: Desk,
  { domain, address }: Warming,
  count: number,
  prefix: string,
): Promise<number> {
  let got = 0;
  for (let i = 0; i < count; i += 1) {
    const answer = desk.router.answer(question(desk, domain, `${prefix}${i}`));
    if (answer.via === 'ip' && answer.ip.address === address) got += 1;
    if (i % 3 === 0) await desk.leases.settled();
  }
  return got;
}
