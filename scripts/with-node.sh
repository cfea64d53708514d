#!/usr/bin/env bash
# with-node.sh VERSION COMMAND...: runs a command on another Node; the binaries are packages in the npm registry (no
# install scripts).
set -euo pipefail
case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) plat=linux-x64 ;;
  Linux-aarch64) plat=linux-arm64 ;;
  Darwin-arm64) plat=darwin-arm64 ;;
  Darwin-x86_64) plat=darwin-x64 ;;
  *) echo "no binary for this machine" >&2; exit 1 ;;
esac
export WANTED=$1
shift
npm exec --yes --package="node-$plat@$WANTED" -- bash -c '
  echo "== $(node --version)"
  [[ $(node --version) == v$WANTED.* ]] || { echo "that is not Node $WANTED" >&2; exit 1; }
  exec "$@"' with-node "$@"
