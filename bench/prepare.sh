# What the benchmarks beside Postfix need; sourced by them in the repository's root.
# shellcheck source=../eng/prerequisites.sh
. eng/prerequisites.sh

# Ends with the reason when we are not root or a program is missing.
need() {
    [ "$(id -u)" = 0 ] || { say "This starts Postfix, which has to be root."; exit 77; }
    for program in "$@"; do
        command -v "$program" >/dev/null || { say "$program is missing: eng/peers.sh installs it."; exit 69; }
    done
}

# The generator of bench/load.c becomes out/load.
compile_load() { cc -O2 -Wall -Wextra -o out/load bench/load.c -lm; }
