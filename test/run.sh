# shellcheck shell=bash disable=SC2154
# ./zinneke test: brings what the tests need, runs them all, and leaves nothing running. Read by ../zinneke, whose words (root, say, fail, step) it uses.

results=$root/artifacts/test-results
pg_bin='' pg_data='' pg_started='' running=()

test_usage() {
  cat <<'TXT'
./zinneke test [NAME...] [--filter EXPRESSION]
  Builds everything and runs all tests; NAME (Engines, Modules, Site, House) only those projects.
  --filter EXPRESSION   as `dotnet test` reads it, such as FullyQualifiedName~FileReport
Surroundings:
  ZINNEKE_REFERENCE       folder of reference data (default ../shared/data); tests that need what is not there are skipped
  ZINNEKE_TEST_POSTGRES   a PostgreSQL that is there already, instead of a throw-away one
  ZINNEKE_TEST_FSYNC=on   let the throw-away PostgreSQL wait for its disk
  ZINNEKE_TEST_CHROMIUM   a browser to test pages with, instead of the one on the path
  ZINNEKE_TEST_PICTURES   a folder in which the walk over all pages leaves a picture of each
  CI=true                 nothing may be missing: what would be skipped fails
Example: ./zinneke test Modules --filter FullyQualifiedName~FileReport
TXT
}

# ---- what the tests need

# As root or with sudo, installs a Debian package; otherwise says so and goes on: the tests that need it are then skipped, or fail under CI=true.
apt_install() {
  local what=$1 as_root=()
  if [[ $EUID -ne 0 ]]; then
    if ! sudo -n true 2>/dev/null; then
      say "$what is not installed, and without root it cannot be: tests that need it will be skipped (apt-get install $what)"
      return
    fi
    as_root=(sudo -n)
  fi
  if ! command -v apt-get >/dev/null; then
    say "$what is not installed, and there is no apt-get to install it: tests that need it will be skipped"
    return
  fi
  say "Installing $what ..."
  if ! { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends "$what" ||
    { "${as_root[@]}" apt-get update -qq && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends "$what"; }; } >>"$log" 2>&1 </dev/null; then
    say "$what could not be installed ($log): tests that need it will be skipped"
  fi
}

find_postgres() {
  local found
  found=$(find /usr/lib/postgresql -mindepth 3 -maxdepth 3 -name initdb 2>/dev/null | sort -V | tail -n 1)
  [[ -n $found ]] || found=$(command -v initdb || true)
  if [[ -n $found && $EUID -eq 0 ]] && ! id postgres >/dev/null 2>&1; then
    found='' # found, but nobody to run it: its package makes that user
  fi
  pg_bin=${found%/initdb}
}

# Any Chromium will do. The headless shell does with a quarter less work (test/Shared/Chromium.cs), so that is the one to install, and a build machine gets it in any case.
bring_browser() {
  local name there=''
  [[ -z ${ZINNEKE_TEST_CHROMIUM:-} ]] || return 0
  for name in chromium-headless-shell chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null; then there=$name && break; fi
  done
  if [[ -z $there ]]; then
    apt_install chromium-headless-shell
    command -v chromium-headless-shell >/dev/null || apt_install chromium
  elif [[ $there != chromium-headless-shell && ${CI:-} == true ]]; then
    apt_install chromium-headless-shell 2>/dev/null # Without it the other one will do: nothing to say.
  fi
}

bring_needs() {
  find_postgres
  if [[ -z ${ZINNEKE_TEST_POSTGRES:-} && -z $pg_bin ]]; then
    apt_install postgresql
    find_postgres
  fi
  bring_browser
  export ZINNEKE_REFERENCE=${ZINNEKE_REFERENCE:-$root/../shared/data}
  [[ -d $ZINNEKE_REFERENCE ]] || say "No reference data in $ZINNEKE_REFERENCE: tests that compare with it will be skipped (set ZINNEKE_REFERENCE)"
}

# The client of another city's app, which is tried against a running site.
fetch_client() {
  local packages
  packages=$(cksum <"$root/test/open311/package-lock.json")
  if ! is_fresh "$root/test/open311/node_modules/.stamp" "$packages"; then
    step "Fetching the Open311 client" npm --prefix "$root/test/open311" ci --no-audit --no-fund
    printf '%s\n' "$packages" >"$root/test/open311/node_modules/.stamp"
  fi
}

# ---- the throw-away PostgreSQL

# PostgreSQL refuses to run as root, so root becomes the user that its package made.
as_postgres() {
  if [[ $EUID -eq 0 ]]; then
    (cd / && runuser -u postgres -- "$@")
  else
    "$@"
  fi
}

start_postgres() {
  [[ -z ${ZINNEKE_TEST_POSTGRES:-} && -n $pg_bin ]] || return 0
  local port attempt options
  pg_data=$(mktemp -d "${TMPDIR:-/tmp}/zinneke-postgres.XXXXXX")
  if [[ $EUID -eq 0 ]]; then chown postgres "$pg_data"; fi
  as_postgres "$pg_bin/initdb" -D "$pg_data/data" -U zinneke -A trust -E UTF8 --locale=C.UTF-8 --no-sync >>"$log" 2>&1 </dev/null || fail "PostgreSQL could not be set up ($log)"
  for attempt in 1 2 3 4 5; do
    port=$((20000 + RANDOM))
    options="-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$pg_data -c fsync=${ZINNEKE_TEST_FSYNC:-off} -c max_connections=500"
    options+=" -c shared_buffers=256MB -c full_page_writes=off -c wal_level=minimal -c max_wal_senders=0 -c max_wal_size=2GB -c lc_messages=C"
    if as_postgres "$pg_bin/pg_ctl" -D "$pg_data/data" -l "$pg_data/log" -w -t 60 -o "$options" start >>"$log" 2>&1 </dev/null; then
      pg_started=yes
      export ZINNEKE_TEST_POSTGRES="Host=127.0.0.1;Port=$port;Username=zinneke;Database=postgres"
      return 0
    fi
    say "PostgreSQL did not start on port $port (attempt $attempt)"
  done
  cat "$pg_data/log" >&2
  fail "PostgreSQL did not start"
}

stop_what_was_started() {
  [[ ${#running[@]} -eq 0 ]] || kill "${running[@]}" 2>/dev/null || true
  [[ -z $pg_started ]] || as_postgres "$pg_bin/pg_ctl" -D "$pg_data/data" -m immediate stop >/dev/null 2>&1 || true
  [[ -z $pg_data ]] || rm -rf "$pg_data"
  pg_started='' pg_data=''
}

# ---- running

# Counts of one project: passed, failed, skipped. A run that ended without a result counts as one failure.
counts_of() {
  if [[ ! -f $1 ]]; then
    echo 0 1 0
  else
    sed -nE 's/.*<Counters total="([0-9]+)" executed="[0-9]+" passed="([0-9]+)" failed="([0-9]+)".*/\1 \2 \3/p' "$1" | awk '{ print $2, $3, $1 - $2 - $3 }'
  fi
}

slowest() {
  say "" "The slowest tests:"
  find "$results" -name '*.trx' -exec grep -h '<UnitTestResult ' {} + |
    sed -nE 's/.* testName="([^"]*)".* duration="([0-9:.]+)".*/\2 \1/p' | sort -r |
    sed -nE '1,10 { s/^00:([0-9]{2}):([0-9]{2}\.[0-9]{2})[0-9]*/  \1:\2 /; s/&quot;/"/g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g; p }' >&2 # not head: it closes the pipe early, and pipefail calls that a failure
}

# Called in the background: it becomes the run.
run_project() {
  local project=$1 filter=$2 arguments=()
  arguments=("$root/artifacts/bin/$project/release/$project.dll" --results-directory "$results" --logger "trx;LogFileName=$project.trx" --logger "console;verbosity=minimal")
  arguments+=(--blame-hang-timeout 20m --blame-hang-dump-type none) # A test that never ends fails the run and is named, instead of holding it up.
  [[ -z $filter ]] || arguments+=(--filter "$filter")
  exec dotnet test --nologo "${arguments[@]}" </dev/null # In a shell of its own: whoever stops that stops the tests.
}

run_tests() {
  local names=() filter='' project at status=0 passed=0 failed=0 skipped=0 p f s
  while [[ $# -gt 0 ]]; do
    case $1 in
      --help | -h) test_usage && exit 0 ;;
      --filter) [[ $# -ge 2 ]] || fail "--filter needs an expression" && filter=$2 && shift ;;
      -*) fail "unknown option $1 (./zinneke test --help)" ;;
      *) names+=("Zinneke.$1.Tests") ;;
    esac
    shift
  done
  [[ ${#names[@]} -gt 0 ]] || mapfile -t names < <(cd "$root/test" && printf '%s\n' Zinneke.*.Tests)
  for project in "${names[@]}"; do
    [[ -d $root/test/$project ]] || fail "there is no test/$project"
  done

  # Each test runs briefly and once: a compiler that first counts what runs often, and memory cleared on a thread beside, cost a quarter of the work and gain nothing.
  export DOTNET_TieredPGO=0 DOTNET_gcConcurrent=0
  lock
  : >"$log"
  rm -rf "$results"
  trap stop_what_was_started EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  check_tools
  bring_needs
  bundle_web
  fetch_client
  step "Checking the scripts" npm --prefix "$root/web" run check
  step "Building everything" dotnet build "$root/Zinneke.slnx" -c Release -v quiet "${restore[@]}"
  unlock
  start_postgres
  # All beside one another: tests of the site wait for browsers and clocks most of the time.
  mkdir -p "$results"
  for project in "${names[@]}"; do
    run_project "$project" "$filter" &>"$results/$project.out" &
    running+=($!)
  done
  say "" "Running ${names[*]} ..."
  for at in "${!names[@]}"; do
    project=${names[at]}
    wait "${running[at]}" || status=1
    say "" "$project"
    cat "$results/$project.out" >&2
    read -r p f s < <(counts_of "$results/$project.trx")
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  done
  running=()
  stop_what_was_started
  slowest
  [[ $status -eq 0 || $failed -gt 0 ]] || failed=1
  say ""
  printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
  [[ $failed -eq 0 && $status -eq 0 ]]
}
