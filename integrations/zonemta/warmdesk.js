// ZoneMTA: each recipient's message leaves from the IP that Warmdesk's router names. See docs/zonemta.md.
const { Warmdesk, nameOf } = require('../warmdesk-client');

module.exports.title = 'Warmdesk';
module.exports.init = (app, done) => {
  const warmdesk = new Warmdesk(app.config);

  // C-06: a campaign of a domain in the transactional pool is refused while its sender still listens.
  app.addHook('smtp:rcpt_to', (address, session, next) => {
    const sender = session.envelope.mailFrom?.address;
    if (!sender) return next();
    session.warmdesk ??= { sender: undefined };
    if (session.warmdesk.sender !== sender)
      session.warmdesk = { sender, refusal: warmdesk.refusal(sender, address.address) };
    session.warmdesk.refusal.then((reason) => (reason ? next(failure(reason, 550)) : next()), next);
  });

  // ZoneMTA delivers to each recipient by itself. Asked about again at a retry, it counts once.
  app.addHook('sender:fetch', (delivery, next) => {
    if (!delivery.from) return next(); // a bounce: as ever
    warmdesk.route(delivery.from, [delivery.recipient], `${delivery.id}.${delivery.seq}`).then(
      (route) => {
        app.logger.info('Warmdesk', '%s.%s %s %s', delivery.id, delivery.seq, route.act, route.addresses.join(' '));
        if (route.act === 'refuse') return next(failure(route.reason, 550));
        if (route.act === 'wait') return next(failure(route.reason, 450));
        if (route.addresses.length > 0) bind(delivery, route.addresses, app.config.helo);
        next();
      },
      (error) => next(failure(`nobody says over which IP this message goes: ${error.message}`, 450)),
    );
  });

  done();
};

/** The first address is the message's own; one of the other family is for receivers without the first's. */
function bind(delivery, addresses, helo) {
  const [first] = addresses;
  const way = (address) => ({ address, name: nameOf(address, helo) });
  // Connections are kept by this key. ZoneMTA's own has the IPv4 address alone.
  delivery.connectionKey = [addresses.join('+'), delivery.domain, delivery.mxPort ?? 25].join(' ');
  if (addresses.length === 1 && !first.includes(':')) {
    delivery.dnsOptions.ignoreIPv6 = true;
    delivery.zoneAddress = way(first);
    return;
  }
  delivery.dnsOptions.ignoreIPv6 = false;
  delivery.dnsOptions.preferIPv6 = first.includes(':');
  delivery.zoneAddress = undefined;
  for (const address of addresses)
    delivery[address.includes(':') ? 'zoneAddressIPv6' : 'zoneAddressIPv4'] = way(address);
}

/** ZoneMTA goes by `action`: a code of 450 alone would bounce the message. */
const failure = (reason, responseCode) =>
  Object.assign(new Error(reason), {
    responseCode,
    response: `${responseCode} ${reason}`,
    category: 'policy',
    action: responseCode < 500 ? 'defer' : 'reject',
  });
