/* Only the header, as C99. */

#include <sandgate.h>

int main(void)
{
    sandgate_result result = sandgate_check_sandbox_id("abc", 3);
    return result != SANDGATE_OK || sandgate_version()[0] == '\0';
}
