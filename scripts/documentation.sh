#!/bin/sh
# The documentation, done as it says: each command of each Markdown page is executed, what is shown is what is printed, and
# links and names lead somewhere (documentation.py). With pages as arguments only these, SHOW=1 prints all that they print.
set -u
cd "$(dirname "$0")/.."
. scripts/checks.sh
project=$PWD
chmod 711 "$work" # the workers of nginx are another user's, where it is started by root

# read_pages PAGE…
read_pages() {
  rm -rf "$work/pages"
  python3 scripts/documentation.py "$program" "$project" "$work/pages" "$@"
}

# ---- it finds what it has to find
page=$work/page.md
base() {
  cat <<'P'
# A page

See [below](#a-heading) and `run --tier smoke`.

<!-- mock 127.0.0.1:5000: --deviation id-max-256 -->
## A heading

```console
$ glue-conformance replay id.length.ascii.256 --endpoint http://127.0.0.1:5000 --seed 1
…
1 planned: 0 passed, 1 failed, 0 known, 0 inconclusive, 0 skipped, 0 errors; 13 requests in 0.0 s
The endpoint does not conform: 1 requirement failed. (exit status 1)
$ glue-conformance explain id.length.max
requirement id.length.max
  An Id longer than 255 characters is refused as invalid.
…
```

<!-- not executed: it would take too long -->
```sh
./test
```
P
}
# finds WHAT TEXT SED…: a page that is changed so is refused, and the text is said.
finds() {
  what=$1 text=$2
  shift 2
  base | sed "$@" >"$page"
  if base | cmp -s - "$page"; then bad "$what: nothing is changed"; fi
  expect "$what" 1 read_pages "$page"
  says "$what" "$text"
}

base >"$page"
expect "a page that is right" 0 read_pages "$page"
says "its commands are counted" "2 commands executed, 4 lines of output held, 1 not executed"
says "the reason is said" "it would take too long"
finds "an option that is misspelt" "ends with 2, not with 1" 's/--endpoint http/--endpiont http/'
finds "an option that is misspelt in the text" "there is no option --teir of run" 's/--tier smoke/--teir smoke/'
finds "a command that is misspelt in the text" "there is no command rnu" 's/`run --tier smoke`/`glue-conformance rnu`/'
finds "another exit status" "ends with 1, not with 0" 's/ (exit status 1)/ …/'
finds "a line of output that is another" "is not printed here:   An Id longer than 256" 's/longer than 255/longer than 256/'
finds "a count that is another" "is not printed here: 1 planned: 0 passed, 0 failed" 's/1 failed, 0 known/0 failed, 0 known/'
finds "lines in another order" "is not printed here" -e '/^1 planned/{h;d}' -e '/^The endpoint/{G}'
finds "output that is left out without saying so" "is printed and not shown" '/is refused as invalid/{n;d}'
finds "a block that is not marked" "ends with 127, not with 0" '/^<!-- not executed/d'
finds "a mark without a reason" "not executed" 's/: it would take too long//'
finds "a block of no language" "neither executed" -e '/^<!-- not executed/d' -e 's/^```sh/```/'
finds "a block that is indented only" "fence it" 's/^See/    See/'
finds "a link that leads nowhere" "the link leads nowhere" 's/(#a-heading)/(nowhere.md)/'
finds "a heading that is not there" "there is no heading '#another'" 's/(#a-heading)/(#another)/'
finds "an identifier that is not there" "id.length.maximum is no case" 's/`run --tier smoke`/`id.length.maximum`/'
finds "a file that is not there" "there is no scripts/other.sh" 's,`run --tier smoke`,`scripts/other.sh`,'
rm -rf "$work/pages"

# ---- the pages
# Those of bench/ are measurements, which only the machine that they were made on can repeat.
[ "$#" -gt 0 ] || set -- $(git -c safe.directory="$project" ls-files -co --exclude-standard '*.md' | grep -v '^bench/')
read_pages "$@" || failed=$((failed + 1))
rm -rf "$work/pages"

printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
