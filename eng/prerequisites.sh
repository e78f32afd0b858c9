# Sourced by ./build, ./test and ./run: what must be on the machine before anything can be compiled.
# Anything missing that the package manager can bring is installed when that is possible without asking (Debian or
# Ubuntu, as root); otherwise the exact command is said and the script ends with 69 (EX_UNAVAILABLE in sysexits.h).

say() { printf '%s\n' "$*" >&2; }

# Says what a script's first comment says, when one of the arguments asks for help: before anything is built.
usage_of() {
    local script=$1 argument
    for argument in "${@:2}"; do
        case $argument in -h | --help) sed -n '2,/^[^#]/{/^#/s/^# \{0,1\}//p}' "$script"; exit 0 ;; esac
    done
}

# The same for a script whose options are those of a Python program.
help_of() {
    local program=$1 argument
    for argument in "${@:2}"; do
        case $argument in -h | --help) exec python3 "$program" --help ;; esac
    done
}

# Runs apt-get so that it never asks, and once more when the network hiccups.
quiet_apt() {
    local attempt output
    output=$(mktemp) || return 1
    for attempt in 1 2 3; do
        if DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Use-Pty=0 "$@" </dev/null >"$output" 2>&1; then
            rm -f "$output"
            return 0
        fi
        [ "$attempt" = 3 ] || sleep "$((attempt * 3))"
    done
    tail -n 15 "$output" >&2
    rm -f "$output"
    return 1
}

# Compiling and linking a program of one line against zlib asks for everything at once:
# a compiler, its linker, the C library's headers and zlib's.
can_link() {
    command -v "$1" >/dev/null 2>&1 || return 1
    local folder status=0
    folder=$(mktemp -d) || return 1
    printf '#include <zlib.h>\nint main(void) { return zlibVersion() == 0; }\n' >"$folder/probe.c"
    "$1" "$folder/probe.c" -lz -o "$folder/probe" >/dev/null 2>&1 || status=1
    rm -rf "$folder"
    return "$status"
}

# Prefers what NativeAOT itself prefers; leaves the choice in NATIVE_LINKER.
find_linker() {
    for NATIVE_LINKER in clang gcc; do
        can_link "$NATIVE_LINKER" && return 0
    done
    return 1
}

require_sdk() {
    local sdks=""
    command -v dotnet >/dev/null 2>&1 && sdks=$(dotnet --list-sdks 2>/dev/null)
    case $'\n'$sdks in *$'\n'10.*) return 0 ;; esac
    say "Postern is built with the .NET 10 SDK, and 'dotnet' on the PATH has none${sdks:+ (it has: ${sdks//$'\n'/, })}."
    say "Install it as https://dotnet.microsoft.com/download/dotnet/10.0 describes for your system, and see that"
    say "'dotnet --list-sdks' shows a line beginning with 10."
    exit 69
}

require_linker() {
    find_linker && return 0
    local packages="gcc libc6-dev zlib1g-dev"
    if command -v apt-get >/dev/null 2>&1; then
        if [ "$(id -u)" = 0 ]; then
            say "A C linker or zlib's headers are missing; installing $packages."
            quiet_apt update || say "(the package lists could not be refreshed)"
            # shellcheck disable=SC2086  # a list of words
            quiet_apt install --no-install-recommends $packages && find_linker && return 0
            say "Installing them failed."
        fi
        say "A C linker and zlib's headers are needed: sudo apt-get install -y $packages"
    elif command -v dnf >/dev/null 2>&1; then
        say "A C linker and zlib's headers are needed: sudo dnf install -y gcc zlib-devel"
    elif command -v pacman >/dev/null 2>&1; then
        say "A C linker and zlib's headers are needed: sudo pacman -S --needed gcc zlib"
    else
        say "A C linker (gcc or clang) and zlib's headers are needed; install them with your package manager."
    fi
    exit 69
}

# libFuzzer as a library, of whichever LLVM there is; leaves its path in FUZZER_LIBRARY.
find_fuzzer() {
    FUZZER_LIBRARY=$(find /usr/lib/llvm-* /usr/lib/clang /usr/lib64/clang -name "libclang_rt.fuzzer-$(uname -m).a" -o -path "*/$(uname -m)-*/libclang_rt.fuzzer.a" 2>/dev/null | sort -V | tail -n 1)
    [ -n "$FUZZER_LIBRARY" ]
}

# Only for fuzzing.
require_fuzzer() {
    local packages="libclang-rt-dev libstdc++-12-dev"
    find_fuzzer && return 0
    if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
        say "libFuzzer is missing; installing $packages."
        quiet_apt update || say "(the package lists could not be refreshed)"
        # shellcheck disable=SC2086  # a list of words
        quiet_apt install --no-install-recommends $packages && find_fuzzer && return 0
        say "Installing it failed."
    fi
    say "libFuzzer is needed: sudo apt-get install -y $packages (elsewhere: compiler-rt)"
    exit 69
}

require_build_tools() {
    export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
    require_sdk
    require_linker
}

# The runtime identifier of this machine.
native_rid() {
    case $(uname -s)-$(uname -m) in
        Linux-x86_64) echo linux-x64 ;;
        Linux-aarch64 | Linux-arm64) echo linux-arm64 ;;
        *) say "Postern runs on Linux, x86-64 or arm64; this is $(uname -s) on $(uname -m)."; exit 69 ;;
    esac
}
