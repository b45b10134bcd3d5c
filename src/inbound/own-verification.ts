// Whether a mail is from the domain that it names, by its own DKIM signature and that domain's DMARC policy: this needs nothing
// but the mail and DNS, so it holds behind any mail server that leaves mails as they are.
import type { Resolver } from '../dns/resolver.ts';
import { bounded } from '../domains/records/bounded.ts';
import { resolving } from '../domains/records/resolving.ts';

/** Whether a signature that covers all of the mail is of `domain`, or of one that DMARC takes for the same organisation. */
export async function isSignedBy(dns: Resolver, raw: Buffer, domain: string): Promise<boolean> {
  const { authenticate } = await import('mailauth');
  const { dkim, dmarc } = await authenticate(raw, {
    mta: 'warmdesk',
    sender: '',
    disableArc: true,
    disableBimi: true,
    rejectRsaSha1: true,
    resolver: resolving(bounded(dns)),
  });
  const whole = dkim.results.filter(({ status }) => status.result === 'pass' && !status.underSized);
  if (dmarc && dmarc.status.result !== 'none') {
    return dmarc.status.result === 'pass' && whole.some(({ status }) => Boolean(status.aligned));
  }
  return whole.some(({ signingDomain }) => signingDomain?.toLowerCase() === domain);
}
