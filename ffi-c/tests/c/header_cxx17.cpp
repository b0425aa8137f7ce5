/* The header alone, as C++17. */

#include <sandgate.h>

#include <cstring>

int main()
{
    sandgate_v1_keyring keyring;
    const char *seed = "a seed of at least 16 bytes";
    const sandgate_result result =
        sandgate_v1_keyring_init(seed, std::strlen(seed), &keyring);
    sandgate_v1_keyring_wipe(&keyring);
    /* A result is a type of its own in C++; functions that take any number take this one too. */
    return result == SANDGATE_OK && sandgate_result_status(SANDGATE_TRAFFIC_MISSING) == 403 ? 0 : 1;
}
