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
base() {
  cat <<'P'
# A page

See [below](#a-heading) and `run --tier smoke`.

<!-- mock 127.0.0.1:5000: --deviation id-null-accepted -->
## A heading

```console
$ printf '{"Id":null}' | curl -sS -i http://127.0.0.1:5000 -H 'X-Amz-Target: AWSGlue.DeleteSession' \
    -H 'Content-Type: application/x-amz-json-1.1' --data-binary @-
HTTP/1.1 200 OK
Date: Sat, 28 Nov 2026 12:00:00 GMT
…
{"Id":""}
$ glue-conformance run --endpoint http://127.0.0.1:5000 --tier smoke --show-config | grep -e '^--endpoint '
--endpoint …http://127.0.0.1:5000 … command line
$ glue-conformance run --tier quick
glue-conformance: --tier: 'quick' is …
Nothing was sent. …
$ echo $?
2
```

<!-- not executed: it would take too long -->
```sh
./test
```
P
}
mkdir "$work/changed"
# finds WHAT TEXT SED…: a page that is changed so is refused, and the text is said.
finds() {
  what=$1
  page=$work/changed/$(printf '%s' "$what" | tr ' ' '_').md
  printf '%s\n' "$2" >"$page.text"
  shift 2
  base | sed "$@" >"$page"
  if base | cmp -s - "$page"; then bad "$what: nothing is changed"; fi
}

base >"$work/right.md"
expect "a page that is right" 0 read_pages "$work/right.md"
says "its commands are counted" "4 commands executed, 7 lines of output held, 1 not executed"
says "the reason is said" "it would take too long"
finds "an option that is misspelt" "ends with 1, not with 0" 's/--endpoint http/--endpiont http/'
finds "an option that is misspelt in the text" "there is no option --teir of run" 's/`run --tier smoke/`run --teir smoke/'
finds "a command that is misspelt in the text" "there is no command rnu" 's/`run --tier smoke`/`glue-conformance rnu`/'
finds "another exit status" "ends with 2, not with 1" '/^\$ echo/{n;s/2/1/}'
finds "an exit status that is not said" "ends with 2, not with 0" '/^\$ echo/{N;d}'
finds "a line of output that is another" 'is not printed here: {"Id":null}' 's/^{"Id":""}/{"Id":null}/'
finds "another status of HTTP" "is not printed here: HTTP/1.1 400" 's/^HTTP.*/HTTP\/1.1 400 Bad Request/'
finds "lines in another order" "is not printed here" -e '/^HTTP/{h;d}' -e '/^Date/{G}'
finds "output that is left out without saying so" "is printed and not shown" '/^Nothing was sent/d'
finds "a block that is not marked" "ends with 127, not with 0" '/^<!-- not executed/d'
finds "a mark without a reason" "'not executed' without saying which, or why" 's/: it would take too long/:/'
finds "a comment that is misspelt" "says nothing known" 's/not executed:/not exceuted:/'
finds "a block of no language" "neither executed" -e '/^<!-- not executed/d' -e 's/^```sh/```/'
finds "a block that is indented only" "fence it" 's/^See/    See/'
finds "a command among data" "a command in a block of text" -e '/^<!-- not executed/d' -e 's/^```sh/```text/'
finds "a link that leads nowhere" "the link leads nowhere" 's/(#a-heading)/(nowhere.md)/'
finds "a heading that is not there" "there is no heading '#another'" 's/(#a-heading)/(#another)/'
finds "an identifier that is not there" "id.length.maximum is no case" 's/`run --tier smoke`/`id.length.maximum`/'
finds "a file that is not there" "there is no scripts/other.sh" 's,`run --tier smoke`,`scripts/other.sh`,'
expect "pages that are wrong" 1 read_pages "$work/changed"/*.md
cp "$work/out" "$work/all"
for page in "$work/changed"/*.md; do
  # What is said of it begins with its name and ends with the next one's.
  awk -v page="$page:" 'index($0, "/changed/") && !/^FAILED/ { on = index($0, page) == 1 } on' "$work/all" >"$work/out"
  says "$(basename "$page" .md)" "$(cat "$page.text")"
  if [ "$(grep -c '^FAILED' "$work/out")" -eq 1 ]; then ok; else bad "$(basename "$page" .md): not one fault"; fi
done

# ---- the pages
# Those of bench/ are measurements, which only the machine that they were made on can repeat.
[ "$#" -gt 0 ] || set -- $(git -c safe.directory="$project" ls-files -co --exclude-standard '*.md' | grep -v '^bench/')
read_pages "$@" || failed=$((failed + 1))

printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
