/* host PLUGIN...    loads all plugins so that each could see the symbols of the others, and prints for each the version
 *                   of the library that it calls, and in which file that is */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sandgate.h>
#include <stdio.h>
#include <string.h>

static int show(const char *version, void *function)
{
    Dl_info info;
    if (!dladdr(function, &info))
        return 1;
    const char *slash = strrchr(info.dli_fname, '/');
    printf("%s %s\n", version, slash ? slash + 1 : info.dli_fname);
    return 0;
}

int main(int argc, char **argv)
{
    void *plugins[8];
    for (int i = 1; i < argc && i < 8; i++) {
        plugins[i] = dlopen(argv[i], RTLD_NOW | RTLD_GLOBAL);
        if (!plugins[i]) {
            puts(dlerror());
            return 1;
        }
    }
    for (int i = 1; i < argc && i < 8; i++) {
        const char *(*version)(void) = (const char *(*)(void))dlsym(plugins[i], "plugin_version");
        void *(*function)(void) = (void *(*)(void))dlsym(plugins[i], "plugin_function");
        if (!version || !function || show(version(), function()))
            return 1;
    }
    return show(sandgate_version(), (void *)sandgate_version);
}
