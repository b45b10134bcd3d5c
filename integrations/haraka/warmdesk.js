// Haraka: each message leaves from the IP that Warmdesk's router names. See docs/haraka.md.
const net = require('node:net');
const net_utils = require('haraka-net-utils');
const { Warmdesk, nameOf } = require('../warmdesk-client');

exports.register = function () {
  const load = () => {
    this.cfg = this.config.get('warmdesk.ini', load).main;
    this.warmdesk = new Warmdesk({ ...this.cfg, timeout: Number(this.cfg.timeout ?? 2000) });
  };
  load();
  this.register_hook('rcpt', 'refuse_campaigns');
  this.register_hook('get_mx', 'choose_source');
  this.register_hook('delivered', 'tell_delivered');
  this.register_hook('deferred', 'tell_deferred');
  this.register_hook('bounce', 'tell_bounced');
};

/** C-06: a campaign of a domain in the transactional pool is refused while its sender still listens. */
exports.refuse_campaigns = async function (next, connection, [recipient]) {
  const transaction = connection.transaction;
  const sender = transaction?.mail_from.address;
  if (!sender) return next();
  transaction.notes.warmdesk_refusal ??= this.warmdesk.refusal(sender, recipient.address);
  const reason = await transaction.notes.warmdesk_refusal;
  return reason ? next(DENY, reason) : next();
};

exports.choose_source = async function (next, hmail, domain) {
  const sender = hmail.todo.mail_from.address;
  if (!sender) return next(); // a bounce of our own: as ever
  const recipients = hmail.todo.rcpt_to.map(({ address }) => address);
  hmail.notes.warmdesk_hosts = undefined;
  let route;
  try {
    route = await this.warmdesk.route(sender, recipients, hmail.todo.uuid);
  } catch (error) {
    hmail.logerror(`nobody says over which IP this message goes, so it waits: ${error.message}`);
    return next(DENYSOFT, 'the mail router does not answer');
  }
  hmail.loginfo(`warmdesk: ${route.act} ${route.addresses.join(' ')} ${route.reason}`);
  if (route.act === 'refuse') return next(DENY, route.reason);
  if (route.act === 'wait') return next(DENYSOFT, route.reason);
  if (route.addresses.length === 0) return next();
  try {
    const mxs = await net_utils.get_mx(domain);
    // No MX or a null MX: Haraka bounces it by itself.
    if (!mxs.some(({ exchange }) => exchange)) return next();
    const hosts = await net_utils.resolve_mx_hosts(hmail.sort_mx(mxs));
    const bound = route.addresses.flatMap((address) => this.bound(hosts, address));
    if (bound.length > 0) hmail.notes.warmdesk_hosts = bound;
    return bound.length > 0 ? next(OK, bound) : next(DENYSOFT, `${domain} cannot be reached from ${route.addresses}`);
  } catch (error) {
    // Left to itself Haraka would look again, and then send from the machine's own address.
    return next(DENYSOFT, `the mail servers of ${domain} cannot be looked up: ${error.message}`);
  }
};

/** The hosts that an address can reach, each bound to it; in the order of their preference. */
exports.bound = function (hosts, address) {
  const family = net.isIP(address);
  return hosts
    .filter(({ exchange }) => net.isIP(exchange) === family)
    .map((host) => ({ ...host, bind: address, bind_helo: nameOf(address, this.cfg.helo) }));
};

/**
 * Haraka's own log names neither the sender nor the address that a message left from. These lines do, for
 * `npm run ingest -- haraka`: one for each delivery, with the recipients that it was about.
 */
const tell = (hmail, outcome, recipients, host) => {
  const hosts = hmail.notes.warmdesk_hosts;
  const used = hosts?.find(({ exchange }) => exchange === host) ?? hosts?.[0];
  const told = {
    outcome,
    id: hmail.todo.uuid,
    from: hmail.todo.mail_from.address ?? '',
    to: recipients.map(({ address }) => address),
    mx: used?.from_dns ?? host ?? '',
    source: used?.bind ?? '',
    queued: hmail.todo.queue_time,
    // No host was chosen: the router said to wait, or nobody could be asked.
    asked: hosts !== undefined,
  };
  hmail.lognotice(`warmdesk-outcome ${JSON.stringify(told)}`);
};

exports.tell_delivered = (next, hmail, [, host, , , , , recipients]) => {
  tell(hmail, 'sent', recipients, host);
  next();
};
exports.tell_deferred = (next, hmail, { mx }) => {
  tell(hmail, 'deferred', hmail.todo.rcpt_to, mx?.exchange);
  next();
};
exports.tell_bounced = (next, hmail, { mx, bounced_rcpt }) => {
  tell(hmail, 'bounced', bounced_rcpt ?? hmail.todo.rcpt_to, mx?.exchange);
  next();
};
