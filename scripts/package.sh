#!/usr/bin/env bash
# The plugin as people install it: what git tracks, as it stands in the work tree, less what .gitattributes leaves out,
# plus the compiled translations. Prints the zip's path.
set -euo pipefail
cd "$(dirname "$0")/.."

version="$(sed -n 's/^version=//p' metadata.txt)"
zip="build/cutout-$version.zip"
mkdir -p build

# A second index, so that neither the person's index nor a commit is needed.
export GIT_INDEX_FILE="$PWD/build/package.index"
cp "$(git rev-parse --git-dir)/index" "$GIT_INDEX_FILE"
git add --update .
tree="$(git write-tree)"
rm -f "$GIT_INDEX_FILE"

compiled=()
for translation in i18n/*.qm; do
    [ ! -e "$translation" ] || compiled+=("--add-file=$translation")
done
git archive --format=zip -9 --output="$zip" --prefix=cutout/i18n/ "${compiled[@]}" --prefix=cutout/ "$tree"
echo "$zip"
