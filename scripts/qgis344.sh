#!/usr/bin/env bash
# Tests and measures on a newer QGIS: 3.44 of Debian's trixie-backports in a chroot, beside the QGIS of this machine.
#   scripts/qgis344.sh build                  makes the chroot where it is missing or half made
#   scripts/qgis344.sh test [PYTEST ARGUMENT...]
#   scripts/qgis344.sh bench NAME FILE SECONDS     one measure of tests/bench; its result is written to FILE
#   scripts/qgis344.sh ready                       whether the chroot is there, by the exit status
# The chroot lives outside the checkout (CUTOUT_QGIS344 names another folder). It is entered in a mount namespace of
# its own: /proc and /dev go with the last process in it, so nothing stays mounted and the folder may be removed.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH="/usr/bin:/bin:/usr/sbin:/sbin:$PATH"

SUITE=trixie
ROOT="${CUTOUT_QGIS344:-${XDG_CACHE_HOME:-$HOME/.cache}/cutout/qgis344}"
COPY="$ROOT/srv/checkout"
QGIS_PACKAGES=(qgis python3-qgis)
TEST_PACKAGES=(python3-shapely python3-pyproj python3-requests python3-pytest python3-pytest-xdist python3-flask python3-hypothesis
    openssl xvfb xauth iproute2 fonts-open-sans) # without the font QGIS sets about downloading it at its start

say() { printf 'qgis344: %s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# inside COMMAND...: runs it in the chroot. `offline COMMAND...` does without the network.
inside() {
    # shellcheck disable=SC2016
    as_root unshare --mount --propagation private sh -c '
        root="$1"; shift
        mount --bind /proc "$root/proc" && mount --bind /dev "$root/dev" || exit 97
        exec chroot "$root" env -i HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
            PATH=/usr/sbin:/usr/bin:/sbin:/bin ${http_proxy:+http_proxy="$http_proxy"} "$@"' sh "$ROOT" "$@"
}

offline() {
    # shellcheck disable=SC2016
    inside unshare --net sh -c 'ip link set lo up && cd /srv/checkout && exec "$@"' sh env --unset=http_proxy "$@"
}

# The mirror that this machine's own apt uses, whichever format its sources are in; nothing on another distribution
# than Debian, whose mirrors do not have the suite: there debootstrap uses its own default.
mirror() {
    # shellcheck source=/dev/null
    . /etc/os-release
    [ "$ID" = debian ] || return 0
    apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
        awk -v release="$VERSION_CODENAME" '$2 == release && $3 == "main" && $1 ~ /^(https?|file):/ { print $1; exit }'
}

can_mount() {
    [ "$(id -u)" = 0 ] || command -v sudo >/dev/null || stop "needs root to make a chroot. Run it as root."
    as_root unshare --mount true 2>/dev/null ||
        stop "may not mount here, which a chroot needs. Run it as root, outside of an unprivileged container."
}

bootstrap() {
    say "debootstrap $SUITE into $ROOT"
    as_root rm -rf --one-file-system "$ROOT"
    mkdir -p "$(dirname "$ROOT")"
    eval "$(apt-config shell http_proxy Acquire::http::Proxy)"
    # shellcheck disable=SC2046
    as_root env ${http_proxy:+http_proxy="$http_proxy"} debootstrap --variant=minbase "$SUITE" "$ROOT" $(mirror) >build/qgis344.log ||
        stop "debootstrap failed: see build/qgis344.log"
    as_root touch "$ROOT/.bootstrapped"
}

fill() {
    say "installing QGIS from $SUITE-backports"
    apt-config dump --no-empty | grep -E '^Acquire::(https?|Check-)' | as_root tee "$ROOT/etc/apt/apt.conf.d/10host" >/dev/null || true
    awk '$1 == "deb" { print "deb", $2, suite "-backports main"; exit }' suite="$SUITE" "$ROOT/etc/apt/sources.list" |
        as_root tee "$ROOT/etc/apt/sources.list.d/backports.list" >/dev/null
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$ROOT/usr/sbin/policy-rc.d" >/dev/null # start no service in there
    as_root chmod +x "$ROOT/usr/sbin/policy-rc.d"
    as_root cp /etc/resolv.conf "$ROOT/etc/resolv.conf"
    printf '127.0.0.1 localhost\n::1 localhost\n' | as_root tee "$ROOT/etc/hosts" >/dev/null
    {
        inside apt-get -qq update &&
            inside apt-get -qq -y install --no-install-recommends -t "$SUITE-backports" "${QGIS_PACKAGES[@]}" "${TEST_PACKAGES[@]}" &&
            inside apt-get clean
    } </dev/null >>build/qgis344.log || stop "apt-get failed in the chroot: see build/qgis344.log"
    echo "${QGIS_PACKAGES[*]} ${TEST_PACKAGES[*]}" | as_root tee "$ROOT/.filled" >/dev/null
}

is_ready() {
    [ "$(cat "$ROOT/.filled" 2>/dev/null)" = "${QGIS_PACKAGES[*]} ${TEST_PACKAGES[*]}" ]
}

build() {
    mkdir -p build
    can_mount
    [ -e "$ROOT/.bootstrapped" ] || bootstrap
    is_ready || fill
}

# A copy, not a mount: what root writes in there must not land in the checkout.
copy_checkout() {
    as_root rm -rf --one-file-system "$COPY"
    as_root mkdir -p "$COPY"
    git ls-files -z --cached --others --exclude-standard |
        tar --null --files-from=- --ignore-failed-read --warning=no-failed-read -c |
        as_root tar -x --no-same-owner -C "$COPY"
}

run_tests() {
    local status=0
    copy_checkout
    say "$(offline env QT_QPA_PLATFORM=offscreen python3 -W ignore -c \
        'import qgis.core, sys; print("QGIS", qgis.core.Qgis.QGIS_VERSION, "Python", sys.version.split()[0])')"
    # Other people's clients are installed from the network, and no QGIS takes part: once, on the host, is enough.
    offline python3 -m pytest -n 2 tests/unit tests/services tests/scenes tests/clients/test_standin.py "$@" || status=1
    offline env QT_QPA_PLATFORM=offscreen python3 -m pytest -n 2 --dist loadfile tests/qgis "$@" || status=1
    offline env QT_QPA_PLATFORM=offscreen python3 -m pytest -n 2 --dist loadfile tests/headless "$@" || status=1
    offline xvfb-run -a -s "-screen 0 1280x1024x24" python3 -m pytest tests/desktop "$@" || status=1
    return "$status"
}

run_bench() {
    local name="$1" file="$2" seconds="$3"
    copy_checkout
    offline timeout --foreground --kill-after=10 "$seconds" \
        python3 -m tests.bench.one "$name" build/result.json qgis344
    cat "$COPY/build/result.json" >"$file"
}

verb="${1:-test}"
shift || true
[ "$verb" != ready ] || { is_ready; exit; }
mkdir -p "$(dirname "$ROOT")"
exec 9>"$ROOT.lock"
flock 9
case "$verb" in
    build) build 9>&- ;;
    test) build 9>&- && run_tests "$@" 9>&- ;;
    bench) is_ready || stop "the chroot is not there: make test-qgis344 makes it"; run_bench "$@" 9>&- ;;
    *) stop "knows build, test, bench and ready, not $verb" ;;
esac
