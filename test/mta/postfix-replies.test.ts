// A real Postfix in front of the listener for replies, with the configuration of docs/inbound.md.
import { generateKeyPairSync } from 'node:crypto';
import test, { type ExecutionContext } from 'ava';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { openResolver } from '../../src/dns/resolver.ts';
import { listenForReplies } from '../../src/inbound/listener.ts';
import { findRequest } from '../../src/requests/store.ts';
import * as make from '../support/make.ts';
import { NameServer, type Zones } from '../support/name-server.ts';
import { INBOUND, REPLY_DOMAIN, received, replyToOf, takingOf } from '../support/replies.ts';
import { createWorld, DAY, MINUTE } from '../support/world.ts';
import { block } from './page.ts';
import { type Postfix, startPostfix } from './postfix.ts';
import { ownAddress } from './server.ts';

/** Acme was asked a question, and somebody writes to Postfix from outside. */
async function build(t: ExecutionContext, zones: Zones) {
  const world = await createWorld(t, 'SQLite', INBOUND);
  // Postfix knows no clock but the machine's.
  world.now = Date.now() - DAY;
  const acme = await make.account(world);
  await make.staff(world);
  const id = await make.requestIn(world, 'needs_info', acme.admin);
  const to = replyToOf((await received(t, world, acme.admin.email)).at(-1));
  const host = ownAddress(53);
  const names = await NameServer.start(zones, { host, port: 53 });
  t.teardown(() => names.stop());
  const taking = takingOf(world, { dns: openResolver([host]), authservId: null });
  const listener = await listenForReplies(taking, { lmtp: true, host: '127.0.0.1', port: 0 });
  t.teardown(() => listener.stop());
  const main = block('docs/inbound.md', 'main.cf')
    .replaceAll('reply.example.com', REPLY_DOMAIN)
    .replaceAll('127.0.0.1]:10046', `127.0.0.1]:${listener.port}`);
  const postfix = await startPostfix({
    policyPort: 9,
    dns: host,
    transports: 'lmtp unix - - n - - lmtp\n',
    senders: '',
    refusals: '',
    // The test's sender is a stranger; and this instance takes mail in, where that of the other page sends it out.
    main: `${main}\nmynetworks = 192.0.2.1/32\nsmtpd_end_of_data_restrictions =\n`,
  });
  t.teardown(() => postfix.stop());
  const mailer = createTransport({ host: '127.0.0.1', port: postfix.port(2525), ignoreTLS: true });
  t.teardown(() => mailer.close());
  const send = (mail: SendMailOptions): Promise<string> =>
    mailer
      .sendMail({ from: acme.admin.email, to, subject: 'Re: A question', text: 'About 70,000.', ...mail })
      .then(({ response }) => response)
      .catch((error: { response?: string }) => error.response ?? String(error));
  return { world, id, postfix, send };
}

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const key = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
const dkim = {
  domainName: 'acme.example',
  keySelector: 's1',
  privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
};
const ZONES: Zones = {
  's1._domainkey.acme.example': { TXT: [['v=DKIM1; k=rsa; p=', ...(key.match(/.{1,200}/g) ?? [])]] },
  '_dmarc.acme.example': { TXT: ['v=DMARC1; p=none'] },
};

const taken = (postfix: Postfix, words: string, count = 1) =>
  postfix.logged(new RegExp(`status=sent \\(250 2\\.0\\.0 ${words}`), count);

test.serial('a reply goes through Postfix; what takes no mail is refused while its sender is connected', async (t) => {
  t.timeout(5 * MINUTE);
  const { world, id, postfix, send } = await build(t, ZONES);
  const wrong = `reply+1-${'0'.repeat(32)}@${REPLY_DOMAIN}`;
  t.regex(await send({ to: wrong }), /^550 5\.1\.1 .*There is no such address/);
  t.regex(await send({ to: 'ann@elsewhere.example' }), /^[45]54 .*Relay access denied/);
  t.regex(await send({ from: 'eve@evil.example' }), /^250 /);
  await taken(postfix, 'Kept for');
  t.regex(await send({ dkim }), /^250 /);
  await taken(postfix, 'Taken');
  t.deepEqual(await world.db('inbound_mails').orderBy('id').pluck('status'), ['quarantined', 'filed']);
  t.is((await findRequest(world.db, id))?.status, 'submitted');
});
