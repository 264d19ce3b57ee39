#!/bin/sh
# Installs the named Debian packages if they are missing and no password is needed: as root, or
# with sudo. Otherwise prints the command and continues, since the tests that need the packages
# skip and say what to install. In CI a missing package is an error.
set -u
command -v dpkg-query >/dev/null 2>&1 || { echo "not a Debian system: install $* yourself"; exit 0; }
missing=
for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ]; then as=
elif sudo -n true 2>/dev/null; then as="sudo -n"
else
    echo "not installed:$missing. Some tests will be skipped. To run them: sudo apt install$missing"
    exit 0
fi
echo "installing$missing"
# shellcheck disable=SC2086
$as apt-get update -qq && $as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null && exit 0
echo "could not install$missing. To try yourself: sudo apt install$missing"
[ "${CI:-}" != true ]
