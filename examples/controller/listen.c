#include "listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { SOCKET_TYPE = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC };

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

/* Returns the length of the address; 0 if `host` is none. */
static socklen_t parse_address(const char *host, uint16_t port, union address *out)
{
    memset(out, 0, sizeof *out);
    if (inet_pton(AF_INET, host, &out->v4.sin_addr) == 1) {
        out->v4.sin_family = AF_INET;
        out->v4.sin_port = htons(port);
        return sizeof out->v4;
    }
    if (inet_pton(AF_INET6, host, &out->v6.sin6_addr) == 1) {
        out->v6.sin6_family = AF_INET6;
        out->v6.sin6_port = htons(port);
        return sizeof out->v6;
    }
    return 0;
}

bool listen_is_address(const char *host)
{
    union address address;
    return parse_address(host, 0, &address) != 0;
}

/* For a failed step: closes the descriptor and returns the negated errno value. */
static int failed(int fd)
{
    int error = errno;
    (void)close(fd);
    return -error;
}

int listen_on_port(const char *host, uint16_t port)
{
    union address address;
    socklen_t len = parse_address(host, port, &address);
    if (len == 0)
        return -EINVAL;
    int family = address.any.sa_family, fd = socket(family, SOCKET_TYPE, 0), on = 1;
    if (fd < 0)
        return -errno;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        (family != AF_INET6 || setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) == 0) &&
        bind(fd, &address.any, len) == 0 && listen(fd, SOMAXCONN) == 0)
        return fd;
    return failed(fd);
}

/* Whether the file is a socket that nobody listens on: an earlier run left it. */
static bool is_stale(const struct sockaddr_un *address)
{
    struct stat status;
    if (lstat(address->sun_path, &status) != 0 || !S_ISSOCK(status.st_mode))
        return false;
    int fd = socket(AF_UNIX, SOCKET_TYPE, 0);
    if (fd < 0)
        return false;
    bool refused = connect(fd, (const struct sockaddr *)address, sizeof *address) != 0 && errno == ECONNREFUSED;
    (void)close(fd);
    return refused;
}

int listen_on_path(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path)
        return -ENAMETOOLONG;
    strcpy(address.sun_path, path);
    if (is_stale(&address))
        (void)unlink(path);
    int fd = socket(AF_UNIX, SOCKET_TYPE, 0);
    if (fd < 0)
        return -errno;
    /* Linux gives the file the mode of the descriptor, so there is no moment in which others may connect. */
    if (fchmod(fd, S_IRUSR | S_IWUSR) == 0 && bind(fd, (const struct sockaddr *)&address, sizeof address) == 0 &&
        listen(fd, SOMAXCONN) == 0)
        return fd;
    return failed(fd);
}

uint16_t listen_port(int listener, bool *is_v6)
{
    union address address = {0};
    socklen_t len = sizeof address;
    if (getsockname(listener, &address.any, &len) != 0)
        return 0;
    *is_v6 = address.any.sa_family == AF_INET6;
    return ntohs(*is_v6 ? address.v6.sin6_port : address.v4.sin_port);
}
