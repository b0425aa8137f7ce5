/* A plugin with its own copy of sandgate. */
#include <sandgate.h>

const char *plugin_version(void)
{
    return sandgate_version();
}

void *plugin_function(void)
{
    return (void *)sandgate_version;
}
