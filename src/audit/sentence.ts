// What a record says, in a sentence without its subject: "Ola Acme", "sent WD-1042". Pure.
import { startOfDay } from '../day.ts';
import { formatMoney } from '../money.ts';
import { counted, grouped, inWords, listed } from '../wording.ts';
import { deskSentences } from './desk.ts';
import type { AuditFacts, AuditRecord, EventName } from './event.ts';
import { ownPoolSentences } from './own-pools.ts';
import { reputationSentences } from './reputation.ts';
import { subuserSentences } from './subusers.ts';
import { APPROVED, DECIDED, KEPT } from './wording.ts';

export type Reader = {
  readonly staff: boolean;
  /** The reader's own account. */
  readonly accountId: number | null;
};

type Telling<Name extends EventName> = (
  facts: AuditFacts[Name],
  about: { readonly reference: string; readonly person: string; readonly reader: Reader },
) => string;

const isoDay = (day: number): string => new Date(startOfDay(day)).toISOString().slice(0, 10);
const imported = (kind: string, items: number): string =>
  `${grouped(items)} ${kind === 'holdings' ? 'dedicated IP' : 'customer'}${items === 1 ? '' : 's'}`;
const toldOf = (names: string[]): string => (names.length === 0 ? 'nobody' : listed(names));
const region = (key: string): string => key.toUpperCase();

// One line for each kind of event: a new one does not compile without.
const SENTENCES: { readonly [Name in EventName]: Telling<Name> } = {
  ...deskSentences,
  ...ownPoolSentences,
  ...reputationSentences,
  ...subuserSentences,
  'request.submitted': (_, { reference }) => `sent request ${reference}`,
  'request.asked': (_, { reference }) => `asked a question about ${reference}`,
  'request.answered': (_, { reference }) => `answered the question about ${reference}`,
  'request.noted': (_, { reference }) => `wrote a note on ${reference}`,
  'request.commented': (_, { reference }) => `commented on ${reference}`,
  'request.mailQuarantined': ({ from, why }, { reference }) =>
    `put a mail from ${from} about ${reference} into quarantine: ${why}`,
  'request.quarantineTold': ({ told }, { reference }) =>
    `told ${toldOf(told)} that mail about ${reference} is in quarantine`,
  'request.mailAccepted': ({ from }, { reference }) => `added a mail from ${from} to ${reference}`,
  'request.mailDeleted': ({ from }, { reference }) => `deleted a mail from ${from} about ${reference}`,
  'request.edited': (_, { reference }) => `changed request ${reference}`,
  'request.claimed': ({ from }, { reference }) =>
    from === null ? `claimed ${reference}` : `took ${reference} over from ${from}`,
  'request.released': (_, { reference }) => `gave ${reference} back to the queue`,
  'request.undone': ({ decision, afterSeconds }, { reference }) =>
    `${DECIDED[decision] ?? 'decided on'} ${reference}, and undid that after ${counted(afterSeconds, 'second')}`,
  'request.lapsed': ({ decision, why }, { reference }) =>
    `${DECIDED[decision] ?? 'decided on'} ${reference}, which did not take effect: ${why.join(' ')}`,
  'request.dueSoon': ({ told }, { reference }) => `told ${toldOf(told)} that ${reference} is due soon`,
  'request.overdue': ({ told }, { reference }) => `told ${toldOf(told)} that ${reference} is overdue`,
  'request.escalated': ({ told }, { reference }) => `told ${toldOf(told)} that ${reference} is still not decided`,
  'request.assigned': ({ to }, { reference }) => `assigned ${reference} to ${to}`,
  'request.passedOn': ({ to }, { reference }) => `handed ${reference} over to ${to}`,
  'request.proposed': ({ failedChecks }, { reference, reader }) =>
    `proposed approval of ${reference}${reader.staff && failedChecks.length > 0 ? ` although it fails ${listed(failedChecks)}` : ''}; a second reviewer must confirm`,
  'request.sentBack': (_, { reference }) => `sent ${reference} back for another look`,
  'request.offered': ({ asked, granted }, { reference }) =>
    `offered ${inWords(granted)} of the ${counted(asked, 'IP')} asked for in ${reference}`,
  'request.waitlisted': ({ step, region: where, granted, monthlyCents, currency }, { reference }) =>
    `${APPROVED[step]} ${reference}; it waits for ${counted(granted, 'free IP')} in ${region(where)}, at ${formatMoney(monthlyCents, currency)} a month`,
  'request.fulfilled': ({ step, addresses, monthlyCents, currency, domains }, { reference }) =>
    addresses.length > 0
      ? `${APPROVED[step]} ${reference}: ${listed(addresses)} for ${listed(domains)}, ${formatMoney(monthlyCents, currency)} a month`
      : `${APPROVED[step]} ${reference}: ${listed(domains)} in the transactional pool`,
  'request.lookedAtAgain': ({ differences }, { reference }) =>
    `would have served ${reference} from the waitlist, but it went back to the reviewers: ${differences.join(' ')}`,
  'request.poolAsked': ({ domains }, { reference }) =>
    `asked whether ${listed(domains)} ${domains.length === 1 ? 'leaves' : 'leave'} the transactional pool for the IPs of ${reference}`,
  'request.poolDecided': ({ domains, leaves }, { reference }) =>
    leaves
      ? `decided that ${listed(domains)} ${domains.length === 1 ? 'leaves' : 'leave'} the transactional pool for the IPs of ${reference}`
      : `decided that ${listed(domains)} ${domains.length === 1 ? 'stays' : 'stay'} in the transactional pool, without the IPs of ${reference}`,
  'request.appealed': (_, { reference }) => `appealed the decline of ${reference}`,
  'request.declined': (_, { reference }) => `declined ${reference}`,
  'request.withdrawn': (_, { reference }) => `withdrew ${reference}`,
  'request.expired': ({ waitedForDays }, { reference }) =>
    `closed ${reference}: no answer for ${counted(waitedForDays, 'day')}`,
  'allocation.made': ({ address, region: where, reference, withoutWarmup }) =>
    `allocated ${address} in ${region(where)} for ${reference}${withoutWarmup ? ', without automated warm-up' : ''}`,
  'allocation.movedIn': ({ address, region: where, warming, perDay }) =>
    `moved in ${address} in ${region(where)}, ${warming ? `warming up at ${grouped(perDay)}` : `warmed to ${grouped(perDay)}`} messages a day`,
  'allocation.releasing': ({ address, releasedOn }) =>
    `gave back ${address}; ${isoDay(releasedOn)} is the last day charged`,
  'allocation.used': ({ address, added, removed, stream }) =>
    `changed ${added.length + removed.length > 0 ? 'which domains use' : 'what is sent over'} ${address}${added.length > 0 ? `; added ${listed(added)}` : ''}${removed.length > 0 ? `; took off ${listed(removed)}` : ''}${stream === undefined ? '' : `; it carries ${stream === 'both' ? 'all their mail' : `${stream} mail only`}`}`,
  'allocation.released': ({ address }) => `finished the release of ${address}: nothing more leaves over it`,
  'allocation.nameAsked': ({ address, name }) => `asked to link ${name} to ${address}`,
  'allocation.nameHalf': ({ address, name }) =>
    `found that ${name} has the address ${address}; its PTR record is still to be set`,
  'allocation.nameLinked': ({ address, name }) => `linked ${name} to ${address}: both records agree`,
  'allocation.nameLost': ({ address, name }) => `found that the records of ${name} and ${address} no longer agree`,
  'allocation.nameFound': ({ address, name }) => `found that the records of ${name} and ${address} agree again`,
  'allocation.nameEnded': ({ address, name }) => `ended the link of ${name} to ${address}`,
  'warmup.ended': ({ address, why }) => `ended the warm-up of ${address}: ${why}`,
  'warmup.started': ({ address, days, targetPerDay }) =>
    `planned the warm-up of ${address}: ${counted(days, 'day')}, up to ${grouped(targetPerDay)} messages a day`,
  'warmup.began': ({ address, cap }) =>
    `began the warm-up of ${address}: up to ${grouped(cap)} messages on the first day`,
  'warmup.paused': ({ address, stage, why }) =>
    `paused the warm-up of ${address} at stage ${stage}${why === null ? '' : `: ${why}`}`,
  'warmup.goOnAsked': ({ address }) => `asked to resume the warm-up of ${address}`,
  'warmup.resumed': ({ address, stage }) => `resumed the warm-up of ${address} at stage ${stage}`,
  'warmup.setBack': ({ address, before, stage }) =>
    `set the warm-up of ${address} back from stage ${before} to stage ${stage}`,
  'warmup.replanned': ({ address, before, target }) =>
    `planned the warm-up of ${address} again, for ${counted(target, 'message')} on the busiest day instead of ${grouped(before)}`,
  'warmup.followed': ({ address, why }) => `planned the warm-up of ${address} again: ${why}`,
  'warmup.cold': ({ address, idleDays }) =>
    `began the warm-up of ${address} again: no mail for ${counted(idleDays, 'day')}`,
  'warmup.stood': ({ address, stage, why }) =>
    `found that the warm-up of ${address} has stopped at stage ${stage}: ${why}`,
  'warmup.reopened': ({ address, why }) => `began the warm-up of ${address} again: ${why}`,
  'warmup.alarmed': ({ address, why }) => `asked the staff to look at ${address}: ${why}`,
  'warmup.earlyProposed': ({ address }) =>
    `proposed to complete the warm-up of ${address} early; a second person must confirm`,
  'warmup.earlyDropped': ({ address }) => `dropped the proposal to complete the warm-up of ${address} early`,
  'warmup.completed': ({ address, early }) =>
    early ? `agreed to complete the warm-up of ${address} early` : `completed the warm-up of ${address}`,
  'warmup.reported': ({ ips }) => `mailed the week’s progress of ${counted(ips, 'warm-up')}`,
  'domain.added': ({ domain }) => `added the domain ${domain}`,
  'domain.checked': ({ domain, spf, dkim, dmarc }) => `checked DNS of ${domain}: ${dns({ spf, dkim, dmarc })}`,
  'domain.wanted': ({ domain }) => `asked to add the domain ${domain}; it waits for its proof`,
  'domain.dropped': ({ domain }) => `no longer wants to add the domain ${domain}`,
  'domain.removed': ({ domain }) => `removed the domain ${domain}`,
  'domain.selectors': ({ domain, selectors }) =>
    selectors.length === 0
      ? `took the provider’s DKIM selectors for ${domain}`
      : `set the DKIM selectors of ${domain}: ${listed(selectors)}`,
  'domain.usageChanged': ({ domain, after }) =>
    `changed what ${domain} is used for: ${after === 'both' ? 'marketing and transactional' : after} mail`,
  'domain.stopped': ({ domain }) => `stopped ${domain}: its mail is refused`,
  'domain.letIn': ({ domain }) => `let ${domain} send again`,
  'domain.leaveAsked': ({ domain }) => `asked for ${domain} to leave the transactional pool`,
  'domain.leftPool': ({ domain }) => `took ${domain} out of the transactional pool`,
  'domain.kept': ({ domain }) => `decided that ${domain} stays in the transactional pool`,
  'domain.moved': ({ domain }) => `moved ${domain} to other mail servers`,
  'ip.added': ({ address, region: where }) => `added ${address} in ${region(where)} to the inventory`,
  'ip.quarantined': ({ address }) => `put ${address} into quarantine`,
  'ip.freed': ({ address }) => `made ${address} free again after its quarantine`,
  'ip.withdrawn': ({ address }) => `took ${address} out of stock`,
  'ip.putBack': ({ address, after }) =>
    `put ${address} back into stock${after === 'free' ? '' : ', where its quarantine continues'}`,
  'ip.listed': ({ address, list }) => `found ${address} on the blocklist ${list}`,
  'ip.unlisted': ({ address, list }) => `found ${address} off the blocklist ${list}`,
  'account.changed': ({ after }) =>
    `changed the account’s ${listed(Object.keys(after).map((what) => what.toLowerCase()))}`,
  'account.suspended': ({ name }) => `suspended the account ${name}`,
  'account.reopened': ({ name }) => `reopened the account ${name}`,
  'account.closed': ({ name }) => `closed the account ${name}`,
  'allocation.repriced': ({ address, beforeCents, afterCents, currency, fromDay }) =>
    `${fromDay === null ? 'changed the price of' : `announced from ${isoDay(fromDay)} a new price for`} ${address}: ${formatMoney(afterCents, currency)} a month instead of ${formatMoney(beforeCents, currency)}`,
  'charges.closed': ({ month, lines }) => `closed the charges of ${month}: ${counted(lines, 'line')}`,
  'request.requoted': ({ beforeCents, monthlyCents, currency }, { reference }) =>
    `priced ${reference} again: ${formatMoney(monthlyCents, currency)} a month instead of ${formatMoney(beforeCents, currency)}`,
  'request.handedOver': ({ to }) => `handed a prepared request to ${to}`,
  'person.added': ({ email, role }) => `added ${email} as ${role}`,
  'person.invited': ({ email, role }) => `invited ${email} as ${role.toLowerCase()}`,
  'person.wentAway': ({ until, standIn }) =>
    `is away until ${new Date(until).toISOString().slice(0, 10)}, with ${standIn ?? 'nobody'} as stand-in`,
  'person.cameBack': () => 'is back',
  'person.joined': ({ name }) => `followed the invitation as ${name}`,
  'person.roleChanged': (_, { person }) => `changed the role of ${person}`,
  'person.disabled': (_, { person }) => `disabled ${person}`,
  'person.enabled': (_, { person }) => `let ${person} in again`,
  'person.restored': ({ email }) =>
    `made ${email} an administrator at the server’s console, with a link for a password`,
  'person.identityForgotten': ({ label }) => `no longer signs in with ${label}`,
  'person.identityLinked': ({ label }) => `signed in with ${label} for the first time`,
  'person.emailAsked': ({ after }) => `asked to change their address to ${after}`,
  'person.emailTold': ({ to }) => `had ${to} told of the change of address`,
  'person.emailChanged': ({ before, after }) => `changed their address from ${before} to ${after}`,
  'person.emailKept': ({ after, why }) => `kept their address instead of ${after}: ${KEPT[why]}`,
  'person.resetRequested': (_, { person }) =>
    `mailed ${person} a link for a new password; who asked for it is not known`,
  'person.passwordChanged': (_, { person }) => `set a new password for ${person}`,
  'person.appAdded': (_, { person }) => `set up an authenticator app for the sign-in of ${person}`,
  'person.appRemoved': (_, { person }) => `removed the authenticator app of ${person}`,
  'person.passkeyAdded': ({ name }, { person }) => `added a passkey of ${person}, with ${name}`,
  'person.passkeyRemoved': ({ name }, { person }) => `removed the passkey of ${person} that was added with ${name}`,
  'person.codesMade': (_, { person }) => `made new recovery codes for ${person}`,
  'person.codeUsed': ({ left }, { person }) =>
    `signed in ${person} with a recovery code; ${left === 0 ? 'it was the last one' : `${left} ${left === 1 ? 'is' : 'are'} left`}`,
  'person.codesRefused': (_, { person }) =>
    `takes no more codes for ${person} for now: too many were wrong, after the right password`,
  'person.newDevice': ({ device, address }, { person }) =>
    `signed in ${person} from a new device: ${device}, ${address}`,
  'person.sessionsEnded': ({ count }, { person }) => `ended ${counted(count, 'session')} of ${person}`,
  'person.secondFactorReset': (_, { person }) => `removed the second step of the sign-in of ${person}`,
  'person.profileChanged': (_, { person }) => `changed the profile of ${person}`,
  'account.qualified': ({ to, kind }) =>
    `told ${to} that all checks pass for ${kind === 'dedicated_ip' ? 'a dedicated IP' : 'the transactional pool'}`,
  'person.scopeSet': ({ after }, { person }) => `set which requests ${person} is assigned: ${after}`,
  'person.summarised': ({ waiting, news }, { person }) =>
    `sent the daily summary to ${person}: ${counted(waiting, 'waiting request')}, ${counted(news, 'update')}`,
  'person.mailsChosen': ({ byLink }, { person }) =>
    byLink ? `stopped some mails to ${person}, through the link in one of them` : `changed which mails ${person} gets`,
  'import.begun': ({ kind, file, items }) => `began to import ${file}: ${imported(kind, items)}`,
  'import.finished': ({ kind, file, items }) => `imported ${file}: ${imported(kind, items)}`,
  'addresses.changed': ({ of, after }) =>
    after.length === 0
      ? `lifted the limit on the addresses of ${of}`
      : `limited from which addresses ${of} can come in`,
  'settings.changed': ({ what }) => `set ${what}`,
  'settings.tested': ({ what }) => `tried ${what}`,
  'pool.changed': ({ pool, added, removed }) =>
    `changed the addresses of the pool ${pool}: ${grouped(added.length)} added, ${grouped(removed.length)} removed`,
  'policy.adopted': ({ name, number }) => `adopted version ${number} of the policy ${name}`,
  'system.added': ({ name }) => `gave the mail system ${name} a token`,
  'system.revoked': ({ name }) => `revoked the token of the mail system ${name}`,
  'counts.uploaded': ({ file, rows, new: fresh, replaced }) =>
    `uploaded the counts of ${file}: ${counted(rows, 'row')}, ${grouped(fresh)} new, ${grouped(replaced)} replaced`,
  'mail.bounced': ({ to, reply }) => `could not deliver a mail to ${to}, which came back: ${reply}`,
  'mail.sentAgain': ({ to, subject }) => `queued the mail “${subject}” to ${to} again`,
};

function dns(found: Record<'spf' | 'dkim' | 'dmarc', boolean>): string {
  const missing = Object.entries(found).flatMap(([name, isThere]) => (isThere ? [] : [name.toUpperCase()]));
  return missing.length === 0 ? 'SPF, DKIM and DMARC found' : `${listed(missing)} missing or not right`;
}

/** What happened. `reference` writes a request's reference from its id. */
export function sentence(
  record: Pick<AuditRecord, 'name' | 'facts' | 'subject' | 'about'>,
  reader: Reader,
  reference: (id: number) => string,
): string {
  const tell = SENTENCES[record.name] as Telling<EventName>;
  return tell(record.facts, {
    reference: record.subject.type === 'request' ? reference(record.subject.id) : '',
    person: record.about ?? 'somebody',
    reader,
  });
}

/** Who did it. Customers read the names of their own people only. */
export function who({ actor }: Pick<AuditRecord, 'actor'>, reader: Reader): string {
  if (actor === null) return 'Warmdesk';
  const isOwn = reader.accountId !== null && actor.accountId === reader.accountId;
  if (reader.staff || isOwn) return actor.name;
  // Of customers, only the people of a subuser's parent do something in another account.
  if (!actor.staff) return reader.accountId === null ? actor.name : 'The parent account';
  return 'A reviewer';
}
