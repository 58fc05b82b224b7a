#!/bin/sh
# Starts Traywatch. Where its sandbox cannot start, it says why and what to do, and ends with 1: the program itself would be
# aborted before its first line runs. In doubt it starts. The sandbox is never turned off here.
#
# The sandbox is Chromium's. It uses user namespaces; where the system keeps them from ordinary users it needs its helper,
# chrome-sandbox, to belong to root with the setuid bit (Chromium: content/browser/zygote_host).

# The root of proc, sys and etc: another one in tests.
root=''

file=$(readlink -f -- "$0") || file=$0
folder=${file%/*}
program=$folder/traywatch-bin
# As /usr/bin/traywatch.
[ -e "$program" ] || program=${folder%/*}/lib/traywatch/traywatch
helper=${program%/*}/chrome-sandbox

# Prints the first line of a file; nothing where it cannot be read.
value() {
  if [ -r "$root$1" ]; then
    IFS= read -r line <"$root$1"
    printf '%s' "$line"
  fi
}

is_allowed_by_apparmor() {
  for profile in "$root"/etc/apparmor.d/*; do
    if [ -f "$profile" ] && grep -q userns "$profile" && grep -qF -e "${program##*/}" "$profile"; then return 0; fi
  done
  return 1
}

# Why user namespaces cannot be used, and the setting that opens them; nothing where they can.
find_cause() {
  if [ ! -e "$root/proc/self/ns/user" ]; then
    cause='this kernel has no user namespaces'
  elif [ "$(value /proc/sys/user/max_user_namespaces)" = 0 ]; then
    cause='user.max_user_namespaces is 0' setting=user.max_user_namespaces=10000
  elif [ "$(value /proc/sys/kernel/unprivileged_userns_clone)" = 0 ]; then
    cause='kernel.unprivileged_userns_clone is 0' setting=kernel.unprivileged_userns_clone=1
  elif [ "$(value /proc/sys/kernel/apparmor_restrict_unprivileged_userns)" = 1 ] && [ "$(value /sys/module/apparmor/parameters/enabled)" != N ] && ! is_allowed_by_apparmor; then
    cause='kernel.apparmor_restrict_unprivileged_userns is 1' setting=kernel.apparmor_restrict_unprivileged_userns=0
  fi
}

is_helper_ready() {
  [ -u "$helper" ] && [ "$(stat -c %u -- "$helper" 2>/dev/null)" = 0 ] && ! grep -qs '^NoNewPrivs:[[:space:]]*1' "$root/proc/self/status"
}

# Says it on the terminal; started from a menu, where nobody reads that, as a notification.
refuse() {
  printf '%s\n' "$@" >&2
  if [ ! -t 2 ] && command -v notify-send >/dev/null; then
    notify-send --app-name=Traywatch -- 'Traywatch cannot start' "$1 Start it in a terminal to see what to do." 2>/dev/null
  fi
  exit 1
}

explain() {
  quoted=$(printf '%s' "$helper" | sed "s/'/'\\\\''/g")
  set -- "Traywatch’s sandbox cannot start: $cause, and chrome-sandbox does not belong to root with mode 4755." 'Do one of these:' \
    '- Install the deb or rpm, which sets this up.' \
    '- Give chrome-sandbox to root, again after each update:' "    sudo chown root:root '$quoted'" "    sudo chmod 4755 '$quoted'"
  [ -z "$setting" ] || set -- "$@" '- Allow user namespaces to all programs, until the next boot:' "    sudo sysctl -w $setting"
  refuse "$@"
}

is_checked=yes
for argument in "$@"; do
  # Who turns it off knows.
  [ "$argument" != --no-sandbox ] || is_checked=no
done
if [ "$is_checked" = yes ] && [ -z "$ELECTRON_DISABLE_SANDBOX" ]; then
  [ "$(id -u)" != 0 ] || refuse 'Traywatch does not run as root, where its sandbox cannot start.' 'Start it as an ordinary user.'
  cause='' setting=''
  find_cause
  [ -z "$cause" ] || is_helper_ready || explain
fi
exec "$program" "$@"
