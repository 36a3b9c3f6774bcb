#!/bin/sh
# The HTML report in a real browser: filters, links, copying, keys, colours, without scripts, and that it asks nobody
# for anything. Skipped, saying so, where no browser is installed (Debian: chromium chromium-driver).
#
#     sh scripts/browser.sh [--pictures FOLDER]     with pictures of it: wide, narrow, light, dark, on paper
set -u
cd "$(dirname "$0")/.."
. scripts/checks.sh

chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || chromium=
driver=$(command -v chromedriver) || driver=
if [ -z "$chromium" ] || [ -z "$driver" ] || ! command -v python3 >/dev/null 2>&1; then
  echo "skipped: the HTML report is not opened in a browser (Debian: apt-get install chromium chromium-driver python3)"
  exit 0
fi

expect "a run of the reference endpoint" 0 "$program" run --seed 1 --progress none --report "html:$work/green.html"
# What a deviation breaks is failed, and a story among it.
expect "a run that fails" 1 "$program" run --seed 1 --progress none --report "html:$work/red.html" \
  --report "json:$work/red.json" \
  --filter 'id.*' --filter 'origin.*' --filter 'session.*' \
  --deviation id-max-256 --deviation origin-slash-allowed --deviation deleted-is-shown-stopped
expect "a run to compare it with" 0 "$program" run --seed 1 --progress none --report "json:$work/green.json" \
  --filter 'id.*' --filter 'origin.*' --filter 'session.*'
expect "runs side by side" 1 "$program" compare "$work/green.json" "$work/red.json" --format html --output "$work/compared.html"
[ "$failed" -eq 0 ] || exit 1
python3 scripts/browser_check.py "$driver" "$chromium" "$work/green.html" "$work/red.html" "$work/compared.html" "$@"
