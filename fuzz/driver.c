// Runs a target of Postern.Fuzz under libFuzzer, in one process: the runtime is started inside the fuzzer, and the
// assemblies that SharpFuzz instrumented count straight into memory that the fuzzer looks at after each run.
//
//   POSTERN_FUZZ_HOST    path of libhostfxr.so
//   POSTERN_FUZZ_DLL     path of the instrumented Postern.Fuzz.dll
//   POSTERN_FUZZ_TARGET  the target's name
#include <dlfcn.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

// libFuzzer clears these before each run and takes each of them for an edge.
__attribute__((section("__libfuzzer_extra_counters"), used)) static uint8_t counters[1 << 16];

// From the runtime's hostfxr.h and coreclr_delegates.h.
enum { get_function_pointer = 6 };
typedef int (*initialize_call)(int argc, const char **argv, const void *parameters, void **context);
typedef int (*delegate_call)(void *context, int kind, void **delegate);
typedef int (*function_call)(const char *type, const char *method, const char *shape, void *load, void *reserved, void **function);
#define UNMANAGED_CALLERS_ONLY ((const char *)-1)

static int (*run)(const uint8_t *data, int length);

static void *demand(void *value, const char *what) {
    if (value == NULL) {
        fprintf(stderr, "driver: %s\n", what);
        exit(70);
    }
    return value;
}

int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc, (void)argv;
    const char *dll = demand(getenv("POSTERN_FUZZ_DLL"), "POSTERN_FUZZ_DLL is not set");
    const char *target = demand(getenv("POSTERN_FUZZ_TARGET"), "POSTERN_FUZZ_TARGET is not set");
    void *host = demand(dlopen(demand(getenv("POSTERN_FUZZ_HOST"), "POSTERN_FUZZ_HOST is not set"), RTLD_NOW), "no runtime host");
    initialize_call initialize = demand(dlsym(host, "hostfxr_initialize_for_dotnet_command_line"), "a strange runtime host");
    delegate_call get_delegate = demand(dlsym(host, "hostfxr_get_runtime_delegate"), "a strange runtime host");
    void *context = NULL, *find = NULL, *start = NULL;
    initialize(1, &dll, NULL, &context);
    get_delegate(demand(context, "the runtime does not start"), get_function_pointer, &find);
    function_call function = demand(find, "the runtime gives no functions");
    const char *type = "Postern.Fuzz.Engine, Postern.Fuzz";
    function(type, "Start", UNMANAGED_CALLERS_ONLY, NULL, NULL, &start);
    function(type, "Run", UNMANAGED_CALLERS_ONLY, NULL, NULL, (void **)&run);
    demand((void *)run, "Postern.Fuzz.Engine.Run is missing");
    int (*begin)(uint8_t *, const char *) = demand(start, "Postern.Fuzz.Engine.Start is missing");
    if (begin(counters, target) != 0) demand(NULL, "no such target");
    // libFuzzer leaves signals alone that somebody handles already; these are for it.
    signal(SIGABRT, SIG_DFL);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    signal(SIGALRM, SIG_DFL);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (run(data, (int)size) != 0) abort();
    return 0;
}
