#!/usr/bin/env bash
# Builds the sdist and, from it, the wheel for every CPython from 3.11 on, into dist/.
#
#   docker run --rm -v "$PWD":/io quay.io/pypa/manylinux2014_x86_64 bash /io/build-wheels.sh
#   ./build-wheels.sh --local     with the Python and the Rust toolchain at hand
#
# An abi3 wheel is built by the oldest CPython: newer ones name the module in a way that older ones do not look for.
set -euo pipefail
cd "$(dirname "$0")"

if [ "${1:-}" = "--local" ]; then
    python=python
    repair() { cp "$1" dist/; }
else
    curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --profile minimal
    export PATH="$HOME/.cargo/bin:$PATH"
    python=/opt/python/cp311-cp311/bin/python
    "$python" -m pip install --quiet build
    repair() { auditwheel repair --wheel-dir dist "$1"; } # it refuses a wheel without an extension
fi

rm -rf dist
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$python" -m build --sdist --outdir dist .
tar -xzf dist/*.tar.gz -C "$work" --strip-components 1
export CARGO_TARGET_DIR="$work/target"
(cd "$work" && "$python" -m build --wheel --outdir "$work/built" "-C--build-option=--py-limited-api=cp311" .)

# A failed compile is no error for the build, since the extension is optional: for a release it is.
for wheel in "$work"/built/*.whl; do
    if ! "$python" -m zipfile --list "$wheel" | grep '_rust.*\.\(so\|pyd\)' > /dev/null; then
        echo "build-wheels.sh: $wheel holds no extension" >&2
        exit 1
    fi
    repair "$wheel"
done
ls -l dist
