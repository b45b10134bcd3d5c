#!/usr/bin/env bash
# Runs docs/production.md as written: its `sh` blocks, on a Debian of its own with systemd, nginx and PostgreSQL (systemd-nspawn,
# with a network of its own), on SQLite and then on PostgreSQL; and builds and runs deploy/Containerfile with Buildah.
# Needs root, debootstrap, systemd-container, buildah and the npm registry. Not tried: downloading Node (npm's build of the same
# version is used instead), `podman run`. Here a version takes its own place; `npm run test:upgrade` goes from the released one to this.
set -euo pipefail
cd "$(dirname "$0")/.."

NODE=26.12.1
# libatomic1 is for Node 26.
PACKAGES=systemd,systemd-sysv,dbus,nginx-light,postgresql,openssl,curl,passwd,procps,libatomic1
work=$(mktemp -d "${TMPDIR:-/tmp}/warmdesk-deployment-XXXXXX")
root=$work/root
home=/root # of the administrator on that Debian
container=
store=(--root "$work/images" --runroot "$work/images-run" --storage-driver vfs)

clean_up() {
  if [ -n "$container" ]; then kill "$container" 2>/dev/null && wait "$container" || true; fi
  if [ -n "${desk:-}" ]; then kill -- "-$desk" 2>/dev/null && wait "$desk" || true; fi
  if grep -q " $work/" /proc/mounts; then echo "Left behind, something is mounted below it: $work"; else rm -rf "$work"; fi
}
trap clean_up EXIT
say() { printf '\n== %s\n' "$*"; }
fail() { echo "FAILED: $*" >&2; exit 1; }

# The sh blocks below a heading of the page, from the FROMth to the TOth.
blocks() { # HEADING FROM [TO]
  awk -v heading="$1" -v from="$2" -v to="${3:-$2}" '
    /^##+ / { inside = ($0 ~ "^##+ " heading "$") }
    inside && /^```sh$/ { n += 1; shown = (n >= from && n <= to); next }
    /^```$/ { shown = 0 }
    inside && shown { print; lines += 1 }
    END { exit lines == 0 }
  ' docs/production.md || fail "the page has no block $2 below $1"
}

on_machine() { # runs a shell text on the booted machine, as root
  nsenter --target "$leader" --mount --uts --ipc --net --pid --root --wd -- \
    env -i HOME="$home" PATH=/usr/sbin:/usr/bin:/sbin:/bin npm_config_offline=true "${given[@]}" bash -euo pipefail -c "$1"
}
given=()
as_written() { # HEADING FROM [TO]
  local lines
  lines=$(blocks "$@")
  printf '%s\n' "$lines" | sed 's/^/   # /'
  on_machine "cd /opt/warmdesk; $lines"
}
until_true() { # WHAT, a shell text on the machine
  for _ in $(seq 120); do if on_machine "$2" >/dev/null 2>&1; then echo "   $1"; return; fi; sleep 1; done
  on_machine 'journalctl --no-pager -n 60 -u "warmdesk*"; systemctl --no-pager --failed' || true
  fail "not in two minutes: $1"
}
ready() { until_true 'the desk is ready' 'curl --fail --silent http://127.0.0.1:3000/readyz'; }

say 'A Debian of its own'
debootstrap --variant=minbase --include="$PACKAGES" bookworm "$root" >"$work/debootstrap.log" 2>&1 || { tail "$work/debootstrap.log"; exit 1; }
(cd "$work" && npm pack --silent "node-linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')@$NODE" >/dev/null && tar -xzf node-linux-*.tgz)
npm=$(readlink -f "$(dirname "$(readlink -f "$(command -v npm)")")/..")
own_node() { # FOLDER: Node and npm below it, as nodejs.org packs them
  mkdir -p "$1/bin" "$1/lib/node_modules"
  cp "$work/package/bin/node" "$1/bin/node"
  cp -r "$npm" "$1/lib/node_modules/npm"
  ln -sf ../lib/node_modules/npm/bin/npm-cli.js "$1/bin/npm"
}
to_registry() { # ROOT: how this machine reaches the npm registry
  for file in /etc/resolv.conf "$(npm config get globalconfig)" "$(npm config get cafile)" "${NODE_EXTRA_CA_CERTS:-}"; do
    if [ -e "$file" ]; then install -D -m 644 "$(readlink -f "$file")" "$1$file"; fi
  done
  # The npm settings of the user who runs this: behind a mirror neither `npm ci` nor, later and offline, the upgrade finds a package
  # without them. They may hold a password, so they are root's alone, are never printed, and go with $work at the end.
  if [ -f "$(npm config get userconfig)" ]; then install -m 600 "$(npm config get userconfig)" "$1$home/.npmrc"; fi
}
lay_files() { mkdir -p "$1"; git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents --target-directory="$1"; }
own_node "$root/opt/node"
to_registry "$root"
lay_files "$root/opt/warmdesk"

say 'Install (before it boots, with the network of this machine)'
blocks Install 1 | sed 's/^/   # /'
chroot "$root" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin ${NODE_EXTRA_CA_CERTS:+NODE_EXTRA_CA_CERTS="$NODE_EXTRA_CA_CERTS"} \
  SYSTEMD_OFFLINE=1 npm_config_loglevel=error bash -euo pipefail -c "$(blocks Install 1)"
if find "$root/opt/warmdesk/node_modules" -name '*.o' | grep .; then fail 'something was compiled'; fi

say 'It boots'
systemd-nspawn --quiet --directory="$root" --register=no --keep-unit --private-network --boot >"$work/boot.log" 2>&1 </dev/null &
container=$!
leader=
for _ in $(seq 60); do leader=$(ps --ppid "$container" -o pid= | tr -d ' ') && [ -n "$leader" ] && break; sleep 1; done
until_true 'systemd is up' 'systemctl is-active multi-user.target'
on_machine 'systemd-analyze verify /etc/systemd/system/warmdesk*' && echo '   systemd-analyze verify has nothing to say'

say 'First start, router and jobs'
as_written 'First start' 1
ready
until_true 'the router listens for Postfix' 'exec 3<>/dev/tcp/127.0.0.1/10040'
on_machine 'touch /var/log/mail.log && chgrp adm /var/log/mail.log && chmod 640 /var/log/mail.log'
as_written 'First start' 2
on_machine 'systemctl start warmdesk-ingest warmdesk-check'
on_machine 'journalctl --no-pager --output=cat -u warmdesk' >"$work/desk.log"
grep -o '"msg":"[^"]*"' "$work/desk.log"
if grep 'known holes' "$work/desk.log"; then fail 'the page names a Node that Warmdesk calls unsafe'; fi
on_machine 'systemctl kill --signal=KILL --kill-whom=main warmdesk'
sleep 3
ready

say 'Behind a proxy'
on_machine 'mkdir -p /etc/ssl/warmdesk && openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=desk.example.com \
  -addext subjectAltName=DNS:desk.example.com -keyout /etc/ssl/warmdesk/privkey.pem -out /etc/ssl/warmdesk/fullchain.pem 2>/dev/null'
as_written 'Behind a proxy' 1
web='curl --silent --max-time 60 --cacert /etc/ssl/warmdesk/fullchain.pem --resolve desk.example.com:443:127.0.0.1 --resolve desk.example.com:80:127.0.0.1'
until_true 'https answers with the page to sign in' "$web --fail https://desk.example.com/sign-in | grep -q 'Sign in'"
# After a reload a worker with the settings of before may still answer on port 80 for a moment.
until_true 'http leads to https' "$web --output /dev/null --write-out '%{http_code} %{redirect_url}\n' http://desk.example.com/ | grep -qx '301 https://desk.example.com/'"
refused=$(on_machine "$web --output /dev/null --write-out '%{http_code}' --data 'email=a@b.example&password=wrong' -H 'Sec-Fetch-Site: cross-site' https://desk.example.com/sign-in")
[ "$refused" = 403 ] || fail "a post from another site was answered $refused"

try_backup() { # HEADING BLOCK LINE-THAT-MARKS LINE-THAT-LOOKS; the mark is made after the backup, and has to be gone after the restore
  as_written 'Backup and restore' 1
  given=("BACKUP=$(on_machine 'ls -t /var/backups/warmdesk/warmdesk-* | head -1')")
  echo "   ${given[0]}"
  on_machine "$2"
  on_machine "$3" >/dev/null || fail 'the mark was not made'
  as_written 'Backup and restore' "$1"
  given=()
  ready
  if on_machine "$3" >/dev/null 2>&1; then fail 'the restored database is not the one of the backup'; fi
}
sqlite() { echo "/opt/node/bin/node -e 'new (require(\"node:sqlite\").DatabaseSync)(\"/var/lib/warmdesk/warmdesk.sqlite\").exec(\"$1\")'"; }

say 'Backup and restore on SQLite'
try_backup 2 "$(sqlite 'create table after_backup (id integer)')" "$(sqlite 'select id from after_backup')"

say 'Upgrade'
as_written Upgrade 1
lay_files "$root/opt/warmdesk"
as_written Upgrade 2
ready

say 'On PostgreSQL: backup and restore'
on_machine 'systemctl stop warmdesk.target'
as_written 'On PostgreSQL' 1
on_machine 'systemctl start warmdesk.target'
ready
on_machine 'journalctl --no-pager --output=cat -u warmdesk' | grep -o '"msg":"database: PostgreSQL[^"]*"'
try_backup 3 "runuser -u warmdesk -- psql --quiet -d warmdesk -c 'create table after_backup (id integer)'" \
  "runuser -u warmdesk -- psql --quiet -v ON_ERROR_STOP=1 -d warmdesk -c 'select id from after_backup'"
failed=$(on_machine 'systemctl list-units --state=failed --plain --no-legend "warmdesk*"')
[ -z "$failed" ] || fail "a unit failed: $failed"
on_machine 'systemctl poweroff' || true
wait "$container" || true
container=

say 'The Containerfile, built and run with Buildah'
base=$work/base
mkdir "$base"
tar -C "$root" --one-file-system --exclude=./opt --exclude=./var/lib/postgresql --exclude=./var/lib/warmdesk --exclude=./var/cache -cf - . | tar -C "$base" -xf -
own_node "$base/usr/local"
to_registry "$base"
chroot "$base" useradd --create-home node
from=$(buildah "${store[@]}" from scratch)
buildah "${store[@]}" add --quiet "$from" "$base" / >/dev/null
buildah "${store[@]}" config ${NODE_EXTRA_CA_CERTS:+--env NODE_EXTRA_CA_CERTS="$NODE_EXTRA_CA_CERTS"} --env PATH=/usr/local/bin:/usr/bin:/bin "$from"
image=$(sed -n 's/^FROM //p' deploy/Containerfile)
buildah "${store[@]}" commit --quiet --rm "$from" "$image" >/dev/null
buildah "${store[@]}" build --quiet --isolation chroot --network host --pull=never -t warmdesk -f deploy/Containerfile .
from=$(buildah "${store[@]}" from --pull=never warmdesk)
setsid buildah "${store[@]}" run --isolation chroot "$from" -- env HOST=127.0.0.1 PORT=13999 BASE_URL=https://desk.example.com TRUST_PROXY=1 \
  SMTP_URL=smtp://127.0.0.1:1 MAIL_FROM=desk@example.com SESSION_SECRET="$(openssl rand -hex 32)" node src/main.ts >"$work/image.log" 2>&1 &
desk=$!
for _ in $(seq 60); do curl --fail --silent http://127.0.0.1:13999/readyz >/dev/null && break; sleep 1; done
curl --fail --silent http://127.0.0.1:13999/readyz || { cat "$work/image.log"; fail 'the image does not serve'; }
echo
buildah "${store[@]}" run --isolation chroot "$from" -- id -un | grep -x node
say 'The page holds as written.'
