/* A plugin with a copy of sandgate of its own. */
#include <sandgate.h>

const char *plugin_version(void)
{
    return sandgate_version();
}

void *plugin_function(void)
{
    return (void *)sandgate_version;
}
