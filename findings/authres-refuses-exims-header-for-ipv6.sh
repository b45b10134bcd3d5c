#!/usr/bin/env bash
# Expected: python3-authres reads the Authentication-Results header that Exim's ${authresults} writes, over whichever family the client came; at most it leaves out a property that it does not know.
# Found (Exim 4.96, python3-authres 1.2.0, Debian 12): for a client with an IPv6 address it refuses the whole header. Exim writes smtp.remote-ip without quotation marks; RFC 8601 (section 2.2)
#   wants them around a value with colons. libmail-authenticationresults-perl 2.20230112 reads both.
# What follows: whatever else the header says, the results of mail that came over IPv6 are missing, and those over IPv4 are counted. Quote such values before the header is read.
set -euo pipefail
# Debian's Exim looks up the user that it was built for, and runs itself without LD_LIBRARY_PATH: it sees an /etc of its own.
[ -n "${OWN_ETC:-}" ] || OWN_ETC=1 exec unshare --mount bash "$0"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
get() { apt-get download -qq "$@" 2>/dev/null || { apt-get update -qq && apt-get download -qq "$@"; }; }
get exim4-daemon-light=4.96-15+deb12u10 libidn12 libnsl2 libgnutls-dane0 libunbound8 libevent-2.1-7 python3-authres=1.2.0-3 \
  libmail-authenticationresults-perl=2.20230112-1 libclone-perl libjson-perl libscalar-list-utils-perl
for file in *.deb; do dpkg -x "$file" .; done
cp /etc/passwd /etc/group .
echo 'Debian-exim:x:64101:64101::/:/usr/sbin/nologin' >>passwd
echo 'Debian-exim:x:64101:' >>group
printf '%s\n' 'include /etc/ld.so.conf' "$folder/usr/lib/$(uname -m)-linux-gnu" >ld.so.conf
/sbin/ldconfig -X -f ld.so.conf -C ld.so.cache
for name in passwd group ld.so.cache; do mount --bind $name /etc/$name; done
export LD_LIBRARY_PATH=$folder/usr/lib/$(uname -m)-linux-gnu PYTHONPATH=$folder/usr/lib/python3/dist-packages
chmod 755 .
mkdir spool
chown nobody:nogroup spool
cat >exim.conf <<CONF
primary_hostname = mx.firm.example
exim_path = $folder/usr/sbin/exim4
exim_user = nobody
exim_group = nogroup
spool_directory = $folder/spool
log_file_path = $folder/spool/%slog
keep_environment = LD_LIBRARY_PATH
tls_advertise_hosts =
queue_only = true
acl_smtp_rcpt = accept
acl_smtp_data = data
begin acl
data:
  accept add_header = :at_start:\${authresults {\$primary_hostname}}
CONF
cat >read.py <<'PY'
import sys
import authres

for line in sys.stdin:
    try:
        read = authres.AuthenticationResultsHeader.parse(line.strip())
        print('authres:', ', '.join(f'{one.method}={one.result}' for one in read.results))
    except authres.core.SyntaxError as error:
        print('authres:', type(error).__name__)
PY
cat >read.pl <<'PL'
use Mail::AuthenticationResults::Parser;
while (<STDIN>) {
    s/^[^:]*: //;
    chomp;
    my $read = Mail::AuthenticationResults::Parser->new->parse($_);
    print 'Mail::AuthenticationResults: ', join(', ', map { $_->key . '=' . $_->value } grep { $_->isa('Mail::AuthenticationResults::Header::Entry') } @{ $read->children }), "\n";
}
PL
usr/sbin/exim4 -C "$folder/exim.conf" -bV | head -1
dpkg-deb -f python3-authres_*.deb Package Version
found=$(for address in 192.0.2.1 2001:db8::1; do
  rm -rf spool/input
  # The client has this address and this name, as if it had been looked up.
  printf '%s\r\n' 'EHLO mail.shop.example' 'MAIL FROM:<news@shop.example>' 'RCPT TO:<ann@firm.example>' DATA 'Subject: x' '' x . QUIT |
    usr/sbin/exim4 -C "$folder/exim.conf" -bs -oMa $address -oMs mail.shop.example >/dev/null 2>&1
  sed -n '/Authentication-Results:/,/^[0-9]/{/Authentication-Results:\|^\t/p}' spool/input/*-H | tr -d '\n\t' | sed 's/^[0-9]* *//' >header
  echo >>header
  cat header
  python3 read.py <header
  perl -Iusr/share/perl5 -I"$(echo usr/lib/*/perl5/5.*)" read.pl <header
done)
echo "$found"
diff - <(echo "$found") <<'EXPECTED'
Authentication-Results: mx.firm.example;iprev=pass (mail.shop.example) smtp.remote-ip=192.0.2.1
authres: iprev=pass
Mail::AuthenticationResults: iprev=pass
Authentication-Results: mx.firm.example;iprev=pass (mail.shop.example) smtp.remote-ip=2001:db8::1
authres: SyntaxError
Mail::AuthenticationResults: iprev=pass
EXPECTED
