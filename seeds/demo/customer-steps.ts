// What customers do in the demo, each as one step. Texts are what they typed.
import { randomUUID } from 'node:crypto';
import { dayOf } from '../../src/day.ts';
import type { Region, Stream } from '../../src/policy/checks/facts.ts';
import { addComment } from '../../src/requests/comments/actions.ts';
import {
  acceptOffer,
  answerRequest,
  previewRequest,
  sendRequest,
  withdrawRequest,
} from '../../src/requests/customer/actions.ts';
import type { Answers } from '../../src/requests/request.ts';
import { acting, type Desk, done, known, type Step } from './desk.ts';

type Asked = (desk: Desk, at: number) => Answers;

const idsOf = (desk: Desk, names: readonly string[]) => names.map((name) => known(desk.domains, name).id);

/** Answers of a request for dedicated IPs; `startsIn` is in days. */
export function dedicatedIps(asked: {
  ips: number;
  region: Region;
  stream: Stream;
  weekly: number;
  peak: number;
  startsIn: number;
  domains: readonly string[];
  sends: string;
  signup: string;
}): Asked {
  return (desk, at) => ({
    kind: 'dedicated_ip',
    ipCount: asked.ips,
    region: asked.region,
    stream: asked.stream,
    weeklyVolume: asked.weekly,
    peakWeeklyVolume: asked.peak,
    mailing: null,
    automatedWarmup: true,
    startsOn: dayOf(at) + asked.startsIn,
    domainIds: idsOf(desk, asked.domains),
    sends: asked.sends,
    signup: asked.signup,
  });
}

/** Answers of a request for the transactional pool. */
export function transactionalPool(asked: { domain: string; weekly: number; sends: string; samples: string[] }): Asked {
  return (desk) => ({
    kind: 'transactional_pool',
    weeklyVolume: asked.weekly,
    domainIds: idsOf(desk, [asked.domain]),
    sends: asked.sends,
    samples: asked.samples.join('\n'),
  });
}

/** Sends a request; later steps know it by `key`. */
export const ask = (key: string, email: string, at: number, asked: Asked): Step => ({
  at,
  async take(desk) {
    const actor = acting(desk, email, at);
    const answers = asked(desk, at);
    const evidence = await previewRequest(desk.trx, actor, desk.policy, { answers });
    const shownCents = evidence?.quote?.monthlyCents ?? null;
    const sent = await sendRequest(desk.trx, actor, desk.policy, { answers, formToken: randomUUID(), shownCents });
    desk.requests.set(key, done(sent, `send ${key}`));
  },
});

export const answer = (key: string, email: string, at: number, text: string): Step => ({
  at,
  take: async (desk) =>
    done(await answerRequest(desk.trx, acting(desk, email, at), known(desk.requests, key), text), `answer ${key}`),
});

/** Comments on an open request, with files of `files.ts`. */
export const comment = (key: string, email: string, at: number, text: string, names: readonly string[]): Step => ({
  at,
  async take(desk) {
    const said = { text, files: names.map((name) => known(desk.files, name)) };
    done(await addComment(desk.trx, acting(desk, email, at), known(desk.requests, key), said), `comment on ${key}`);
  },
});

export const accept = (key: string, email: string, at: number): Step => ({
  at,
  take: async (desk) =>
    done(await acceptOffer(desk.trx, acting(desk, email, at), known(desk.requests, key)), `accept ${key}`),
});

export const withdraw = (key: string, email: string, at: number): Step => ({
  at,
  take: async (desk) =>
    done(await withdrawRequest(desk.trx, acting(desk, email, at), known(desk.requests, key)), `withdraw ${key}`),
});
