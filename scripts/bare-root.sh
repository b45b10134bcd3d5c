#!/usr/bin/env bash
# Proves the README's two lines where nothing is installed but Node and npm: in a fresh Debian, entered by chroot.
# `npm run test:bare` runs every test there, `npm run test:bare -- FILES` only some. Needs root, debootstrap and the network.
# BARE_USER=root runs both lines as root instead of as an ordinary user; BARE_KEEP=1 leaves the folder behind.
set -euo pipefail
cd "$(dirname "$0")/.."

user=${BARE_USER:-desk}
suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-stable}")
root=$(mktemp -d "${TMPDIR:-/tmp}/warmdesk-bare-XXXXXX")
mounts=()

say() { printf '\n== %s\n' "$*"; }

mount_at() { # FOLDER, then what `mount` takes before it
  mount "${@:2}" "$root$1"
  mounts=("$root$1" "${mounts[@]}")
}

clean_up() {
  for at in "${mounts[@]}"; do umount --lazy "$at"; done
  rm -f "$root${home:-}/.npmrc"
  # Where something of this machine still hangs below the folder, removing it would remove that, too.
  if [ -n "${BARE_KEEP:-}" ] || grep -q " $root/" /proc/mounts; then echo "Left behind: $root"; else rm -rf "$root"; fi
}
trap clean_up EXIT

bring() { # copies files of this machine to the same place in the bare one, where they are here
  for file in "$@"; do
    if [ -e "$file" ]; then install -D -m 644 "$(readlink -f "$file")" "$root$file"; fi
  done
}

inside() { # a shell line, as the user, with no variable of this machine but what reaches the npm registry
  chroot --userspec="$user:$user" "$root" env -i HOME="$home" PATH=/usr/bin:/bin \
    ${NODE_EXTRA_CA_CERTS:+NODE_EXTRA_CA_CERTS="$NODE_EXTRA_CA_CERTS"} \
    bash -euo pipefail -c "cd $home/warmdesk; $1"
}

say "A bare Debian ($suite) in $root"
chmod 755 "$root"
debootstrap --variant=minbase "$suite" "$root" >/dev/null
mount_at /proc -t proc proc
mount_at /dev --bind /dev
mount_at /dev/shm -t tmpfs -o mode=1777 tmpfs

say 'Node and npm, and how this machine reaches the npm registry'
install -m 755 "$(readlink -f "$(command -v node)")" "$root/usr/bin/node"
mkdir -p "$root/usr/lib/node_modules"
cp -r "$(readlink -f "$(dirname "$(readlink -f "$(command -v npm)")")/..")" "$root/usr/lib/node_modules/npm"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/bin/npm"
bring /etc/resolv.conf "$(npm config get globalconfig)" "$(npm config get cafile)" "${NODE_EXTRA_CA_CERTS:-}"
home=/root
if [ "$user" != root ]; then
  home=/home/$user
  chroot "$root" useradd --create-home "$user"
fi
mkdir "$root$home/warmdesk"
git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents --target-directory="$root$home/warmdesk"
# The npm settings of the user who runs this, which may name a mirror and hold its password: the user's alone, never printed, and gone
# with the root or before.
userconfig=$(npm config get userconfig)
if [ -f "$userconfig" ]; then install -m 600 "$userconfig" "$root$home/.npmrc"; fi
chroot "$root" chown -R "$user:$user" "$home"

inside 'node --version; npm --version; id -un'
inside 'for one in cc c++ make python3 git chromium psql initdb postfix exim4; do
  if command -v $one || [ -e /usr/sbin/$one ]; then echo "$one is installed: this root is not bare"; exit 1; fi
done'

say 'npm install && npm start'
inside "npm install --no-fund --no-audit --loglevel=error"
if inside 'find node_modules -name "*.o" -o -path "*/build/Release/*.node" | grep .'; then
  echo 'something was compiled'; exit 1
fi
inside 'npm start >start.log 2>&1 & echo $! >start.pid'
asks='const until = Date.now() + 120_000;
for (;;) {
  const answer = await fetch("http://127.0.0.1:3000/sign-in").catch(() => null);
  if (answer?.status === 200 && (await answer.text()).includes("Sign in")) break;
  if (Date.now() > until) throw new Error("it does not answer");
  await new Promise((done) => setTimeout(done, 500));
}
console.log("it answers");'
inside "node --input-type=module -e '$asks'" || { cat "$root$home/warmdesk/start.log"; exit 1; }
inside 'kill $(cat start.pid)'
grep -o '"msg":"[^"]*"' "$root$home/warmdesk/start.log"

say 'npm install && npm test'
inside "npm install --no-fund --no-audit --loglevel=error && npm test ${*:+-- $*}" | tee "$root$home/tests.log"
# The only parts that may be missing are the mail servers, which npm does not have, and what they read.
if grep -E '^  ✘ ' "$root$home/tests.log" | grep -Ev '^  ✘ (mail through a real |exports read by real mail servers:)'; then
  echo 'more than mail servers did not run'; exit 1
fi
say 'Both lines hold here.'
