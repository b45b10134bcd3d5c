// Every page that each person can reach by links, in a desk where everything has markup in its words.

import { mailSettings } from '../../src/mail.ts';
import { renderMail } from '../../src/notifications/render.ts';
import { checked, DEDICATED, dedicatedForm, send } from '../support/asking.ts';
import { crawl } from '../support/crawl.ts';
import * as make from '../support/make.ts';
import { onBothEngines, type World } from '../support/world.ts';

/** What is typed, with a word that tells where it went. */
const marked = (word: string): string => `${word} <i>in</i> "quotes" & 'more' {{x}} <script>alert(1)</script> \${y}`;
const RAW = /<i>in|<script>alert/;

onBothEngines(
  'markup is shown as it was typed, on every page and in every mail, and all links lead somewhere',
  async (t, world) => {
    t.timeout(600_000);
    const { people, typed } = await scene(world);
    const seen: string[] = [];
    for (const email of people) {
      const visitor = await world.signedIn(email);
      for (const [path, answer] of await crawl(visitor)) {
        t.true([200, 303].includes(answer.status), `${email}: ${path} answers ${answer.status}`);
        const isPage = answer.headers.get('content-type')?.startsWith('text/html') ?? false;
        if (isPage) t.notRegex(answer.html, RAW, `${email}: ${path}`);
        seen.push(answer.text.replace(/\s+/g, ' '));
      }
    }
    const settings = mailSettings(world.deps);
    const staff = await world.signedIn((await make.staff(world)).admin.email);
    for (const { id } of await world.db('outbox').select('id')) {
      const { html } = await staff.get(`/mailbox/${id}/html`);
      t.notRegex(html, RAW);
    }
    const mails = await Promise.all((await stored(world)).map((mail) => renderMail(mail, settings)));
    for (const word of typed)
      t.true(
        seen.some((text) => text.includes(marked(word))),
        `${word} is shown on a page`,
      );
    const texts = mails.map(({ text, html }) => ({ text: text.replace(/\s+/g, ' '), html }));
    for (const word of ['Question', 'Answer', 'Refusal']) {
      t.true(
        texts.some(({ text }) => text.includes(marked(word))),
        `${word} is in a mail’s text`,
      );
      t.true(
        texts.some(({ html }) => html.includes(`${word} &lt;i&gt;in&lt;/i&gt;`)),
        `${word} is in a mail’s HTML`,
      );
    }
  },
);

const stored = async (world: World) => {
  const { findMail } = await import('../../src/notifications/store.ts');
  const rows = await world.db('outbox').select('id');
  const mails = await Promise.all(rows.map(({ id }) => findMail(world.db, id)));
  return mails.filter((mail) => mail !== null && mail !== undefined);
};

/** A request that was asked, answered and declined, through the pages, with markup wherever somebody can write. */
async function scene(world: World) {
  const acme = await make.account(world, { name: 'Acme <i>in</i>c' });
  const { reviewer, admin } = await make.staff(world);
  await make.ips(world, 'us', 1);
  await make.requestIn(world, 'fulfilled', acme.admin);
  const customer = await world.signedIn(acme.admin.email);
  const staff = await world.signedIn(reviewer.email);
  await customer.post('/profile', { name: marked('Name'), timeZone: 'Europe/Berlin' });
  const form = { ...dedicatedForm(acme.domains), sends: marked('Sends'), signup: marked('Signup') };
  const { location } = await send(customer, DEDICATED, await checked(customer, DEDICATED, form));
  const reference = /WD-\d+/.exec(location ?? '')?.[0] ?? '';
  const review = `/review/${reference}`;
  await staff.post(`${review}/notes`, { note: marked('Note') });
  await staff.post(`${review}/question`, { question: marked('Question') });
  await customer.post(`/requests/${reference}/answer`, { answer: marked('Answer') });
  const page = await staff.get(`${review}?decision=decline`);
  await staff.submit(page, `${review}/refusal`, { reason: marked('Refusal') });
  const low = await make.account(world, { weekly: 20_000 });
  await make.request(world, low.admin);
  return {
    people: [acme.admin.email, acme.member.email, low.billing.email, reviewer.email, admin.email],
    typed: ['Name', 'Sends', 'Signup', 'Note', 'Question', 'Answer', 'Refusal'],
  };
}
