#!/usr/bin/env bash
# Installs what the machine lacks; when all is there it is done in half a second and says nothing.
#   scripts/setup.sh GROUP...     groups: test, check, clients, node, servers, fuzz, bench, translate, chroot
# System packages come from apt (as root, or through sudo); Python tools and Node packages go into build/, never into
# the system.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH="/usr/bin:/bin:/usr/sbin:/sbin:$PATH"

TEST_PACKAGES=(qgis python3-qgis python3-shapely python3-pyproj python3-requests python3-venv xvfb xauth openssl
    proj-bin) # proj-bin: inside a venv pyproj finds its data by the place of this program
NODE_PACKAGES=(nodejs npm)
JAVA_PACKAGES=(default-jre-headless)
BENCH_PACKAGES=(aria2 curl unzip gdal-bin)
TRANSLATE_PACKAGES=(pyqt5-dev-tools qttools5-dev-tools)
CHROOT_PACKAGES=(debootstrap)

say() { printf 'setup: %s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

missing_packages() {
    local package
    for package in "$@"; do
        [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
            printf '%s\n' "$package"
    done
}

# Debian's and Ubuntu's way; elsewhere the person installs the programs and we only look whether they are there.
install_packages() {
    local needs="$1" missing
    shift
    if ! command -v apt-get >/dev/null; then
        eval "$needs" >/dev/null 2>&1 || stop "this system has no apt-get. Install what Debian calls: $*; then run make again."
        return
    fi
    mapfile -t missing < <(missing_packages "$@")
    [ "${#missing[@]}" -gt 0 ] || return 0
    [ "$(id -u)" = 0 ] || command -v sudo >/dev/null ||
        stop "needs root to install ${missing[*]}. Ask an administrator for: apt-get install ${missing[*]}"
    say "installing ${missing[*]}"
    as_root apt-get -qq -o DPkg::Lock::Timeout=300 update || say "apt-get update failed; going on with the lists at hand"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 \
        install --no-install-recommends "${missing[@]}" </dev/null >build/apt.log ||
        stop "apt-get could not install ${missing[*]}: see build/apt.log and the lines above"
}

# fill_venv VENV NAME [FLAG...]: a venv with what scripts/requirements-NAME.txt lists. It is made anew when the list,
# the system's Python or the place of the checkout is another, or when its making was broken off.
fill_venv() {
    local venv="$1" requirements="scripts/requirements-$2.txt" wanted
    shift 2
    wanted="$(cat "$requirements" && /usr/bin/python3 --version && pwd)"
    [ "$(cat "$venv/.filled" 2>/dev/null)" != "$wanted" ] || return 0
    say "filling $venv from $requirements"
    rm -rf "$venv"
    /usr/bin/python3 -m venv "$@" "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$requirements"
    printf '%s\n' "$wanted" >"$venv/.filled"
}

setup_test() {
    install_packages "/usr/bin/python3 -c 'import qgis.core, shapely, pyproj, requests, venv' && command -v xvfb-run" \
        "${TEST_PACKAGES[@]}"
    fill_venv build/venv test --system-site-packages
}

setup_check() {
    setup_test
    fill_venv build/check-venv check
}

setup_clients() {
    setup_test
    fill_venv build/clients-venv clients
}

# fill_node FOLDER LIST: a folder with the Node packages that scripts/LIST names. Node may have come otherwise than from
# the system, and then often brings npm along: only what is not there is installed. Peers are left out: of Bentley's
# package nothing is run that needs them.
fill_node() {
    local folder="$1" list="scripts/$2" wanted
    command -v node >/dev/null && command -v npm >/dev/null ||
        install_packages "command -v node && command -v npm" "${NODE_PACKAGES[@]}"
    wanted="$(cat "$list" && node --version && pwd)"
    [ "$(cat "$folder/.filled" 2>/dev/null)" != "$wanted" ] || return 0
    say "filling $folder from $list"
    rm -rf "$folder"
    mkdir "$folder"
    cp "$list" "$folder/package.json"
    (cd "$folder" && npm install --silent --no-audit --no-fund --no-update-notifier --no-package-lock --ignore-scripts \
        --legacy-peer-deps </dev/null) || stop "npm could not install what $list lists"
    printf '%s\n' "$wanted" >"$folder/.filled"
}

setup_node() {
    fill_node build/node package.json
}

# Servers that other people wrote. nginx is only unpacked: installed, it would serve on port 80 from then on.
setup_servers() {
    setup_test
    fill_venv build/servers-venv servers
    fill_node build/servers package-servers.json
    command -v java >/dev/null || install_packages "command -v java" "${JAVA_PACKAGES[@]}"
    command -v nginx >/dev/null || [ -x build/nginx/usr/sbin/nginx ] || unpack_nginx
}

unpack_nginx() {
    local folder=build/nginx
    if ! command -v apt-get >/dev/null; then
        say "this system has no apt-get; install nginx, or the tests that use it are left out"
        return
    fi
    say "unpacking nginx into $folder"
    rm -rf "$folder"
    mkdir "$folder"
    (cd "$folder" && apt-get -qq download nginx && dpkg -x nginx_*.deb . && rm nginx_*.deb) ||
        say "apt-get could not fetch nginx; the tests that use it are left out"
}

setup_fuzz() {
    setup_test
    fill_venv build/fuzz-venv fuzz --system-site-packages
}

setup_bench() {
    setup_test
    install_packages "command -v aria2c && command -v curl && command -v unzip && command -v ogr2ogr" "${BENCH_PACKAGES[@]}"
    fill_venv build/bench-venv bench --system-site-packages
}

setup_translate() {
    install_packages "command -v pylupdate5 && command -v lrelease" "${TRANSLATE_PACKAGES[@]}"
}

setup_chroot() {
    install_packages "command -v debootstrap" "${CHROOT_PACKAGES[@]}"
}

mkdir -p build
exec 9>build/.setup.lock
flock 9 # two makes at once would fill one venv twice
for group in "${@:-test}"; do
    "setup_$group" 9>&-
done
