#!/usr/bin/env bash
# Runs the tests on other Node versions.
set -euo pipefail
for version in "$@"; do bash scripts/with-node.sh "$version" node node_modules/jest/bin/jest.js; done
