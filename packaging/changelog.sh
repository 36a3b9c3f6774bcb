#!/bin/sh
# The changelog of a Debian package, of what `glue-conformance --version` says: changelog.sh PROGRAM
set -eu
said=$("$1" --version)
version=$(printf '%s\n' "$said" | sed -n '1s/.* //p')
commit=$(printf '%s\n' "$said" | sed -n 's/^commit //p')
# Of the commit, so that a package that is built again is the same.
date=$("$1" man | sed -n 's/^\.TH [^ ]* 1 "\([^"]*\)".*/\1/p')
cat <<END
glue-conformance ($version) unstable; urgency=medium

  * Built of commit $commit.

 -- The glue-conformance authors <glue-conformance@users.noreply.github.com>  $(LC_ALL=C date -u -R -d "${date:-1970-01-01}")
END
