#!/usr/bin/env bash
# Expected: an `mx` mechanism whose domain has eleven mail servers is a permerror everywhere (RFC 7208, section 4.6.4: at most ten may be looked up).
# Found (Mail::SPF 2.9.0-5 of Debian 12, mailauth 4.13.3): mailauth says permerror. Mail::SPF looks at the first ten and goes on, as RFC 4408 had it, so the same record passes by a later
#   mechanism.
# What follows: a sender with a record like this passes at one receiver and not at the next; warn of it, whatever one's own library says.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
get() { apt-get download -qq "$@" 2>/dev/null || { apt-get update -qq && apt-get download -qq "$@"; }; }
get libmail-spf-perl=2.9.0-5 libnetaddr-ip-perl libnet-dns-perl liberror-perl liburi-perl libnet-ip-perl libnet-dns-resolver-programmable-perl libsub-uplevel-perl
for file in *.deb; do dpkg -x "$file" .; done
npm install --ignore-scripts --omit=optional --no-audit --no-fund --loglevel=error mailauth@4.13.3 >/dev/null
cat >ask.pl <<'PERL'
use Mail::SPF;
use Net::DNS::Resolver::Programmable;
my $count = shift;
my $resolver = Net::DNS::Resolver::Programmable->new(resolver_code => sub {
  my ($name, $type) = @_;
  my @lines = $type eq 'TXT' ? (qq{$name 60 IN TXT "v=spf1 mx ip4:192.0.2.1 -all"})
    : $type eq 'MX' ? (map { "$name 60 IN MX $_ mx$_.shop.example" } 1 .. $count)
    : $type eq 'A' ? ("$name 60 IN A 198.51.100.1") : ();
  return ('NOERROR', undef, map { Net::DNS::RR->new($_) } @lines);
});
my $request = Mail::SPF::Request->new(identity => 'news@shop.example', ip_address => '192.0.2.1');
print "Mail::SPF, $count servers: ", Mail::SPF::Server->new(dns_resolver => $resolver)->process($request)->code, "\n";
PERL
cat >ask.cjs <<'JS'
const { spf } = require('mailauth/lib/spf')
const count = Number(process.argv[2])
const resolver = async (name, type) => {
  if (type === 'TXT') return [['v=spf1 mx ip4:192.0.2.1 -all']]
  if (type === 'MX') return Array.from({ length: count }, (_, one) => ({ priority: one, exchange: `mx${one}.shop.example` }))
  if (type === 'A') return ['198.51.100.1']
  throw Object.assign(new Error('no data'), { code: 'ENODATA' })
}
spf({ sender: 'news@shop.example', ip: '192.0.2.1', helo: 'mx.shop.example', mta: 'mta', resolver }).then(({ status }) => console.log(`mailauth, ${count} servers: ${status.result}`))
JS
dpkg-deb -f libmail-spf-perl_*.deb Package Version
echo "mailauth $(node -p "require('./node_modules/mailauth/package.json').version")"
library=usr/share/perl5:$(echo usr/lib/*/perl5/*)
out=$(for count in 10 11; do PERL5LIB=$library perl ask.pl $count; node ask.cjs $count; done)
echo "$out"
diff - <(echo "$out") <<'EXPECTED'
Mail::SPF, 10 servers: pass
mailauth, 10 servers: pass
Mail::SPF, 11 servers: pass
mailauth, 11 servers: permerror
EXPECTED
