// The name server of a run, as a process of its own: each of the domains d1.bench.test … publishes all that it should.
import { generateKeyPairSync } from 'node:crypto';
import { NameServer, type Records } from '../support/name-server.ts';

const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'der' });
const text = `v=DKIM1; k=rsa; p=${key.toString('base64')}`;

process.on('message', async ({ domains }: { domains: number }) => {
  const zones: Record<string, Records> = {
    'spf.bench.test': { TXT: ['v=spf1 ip4:198.51.100.0/24 -all'] },
    'mx.bench.test': { A: ['192.0.2.25'] },
  };
  for (let i = 1; i <= domains; i += 1) {
    const name = `d${i}.bench.test`;
    zones[name] = { TXT: ['v=spf1 include:spf.bench.test -all'], MX: ['10 mx.bench.test'] };
    zones[`s1._domainkey.${name}`] = { TXT: [[text.slice(0, 255), text.slice(255)]] };
    zones[`_dmarc.${name}`] = { TXT: ['v=DMARC1; p=reject'] };
  }
  const server = await NameServer.start(zones);
  process.send?.({ address: server.address });
});
