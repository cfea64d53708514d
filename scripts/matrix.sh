#!/usr/bin/env bash
# Runs the tests on other Node versions; the binaries are packages in the npm registry (no install scripts).
set -euo pipefail
case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) plat=linux-x64 ;;
  Linux-aarch64) plat=linux-arm64 ;;
  Darwin-arm64) plat=darwin-arm64 ;;
  Darwin-x86_64) plat=darwin-x64 ;;
  *) echo "no binary for this machine" >&2; exit 1 ;;
esac
for version in "$@"; do
  npm exec --yes --package="node-$plat@$version" -- bash -c 'echo "== $(node --version)"; node node_modules/jest/bin/jest.js'
done
