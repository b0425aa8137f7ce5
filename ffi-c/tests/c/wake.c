/* Who may wake a paused sandbox, through C: both ports, with and without secrets, and the bodies to the byte. */

#include "v2.h"

#define REFUSED                                                                                                        \
    "{\"sandboxId\":\"" ID "\",\"message\":\"This sandbox can't be resumed with the credentials provided. Check your "  \
    "access token and try again.\",\"code\":403}"

static struct v2 v2, revoked;
static sandgate_edge edge;
static sandgate_controller secured, waiting, open_one;

struct asked {
    const char *method, *target, *access_token, *traffic_token;
};

static sandgate_result wake(const sandgate_controller *controller, uint32_t port, uint32_t restricted, struct asked what)
{
    sandgate_request asked = request(what.method, what.target);
    asked.access_token = header(what.access_token);
    asked.traffic_token = header(what.traffic_token);
    sandgate_route to = route(ID, port);
    sandgate_sandbox_state known = {.struct_size = sizeof known, .restricted = restricted};
    return sandgate_wake_check(&edge, controller, &to, &known, &asked, NOW);
}

static void other_ports_need_what_opens_them(void **state)
{
    (void)state;
    const sandgate_controller *all[] = {&secured, &waiting, &open_one};
    for (size_t at = 0; at < 3; at++) {
        assert_int_equal(wake(all[at], 8080, 0, (struct asked){"GET", "/", NULL, NULL}), SANDGATE_OK);
        assert_int_equal(wake(all[at], 8080, 1, (struct asked){"GET", "/", NULL, NULL}), SANDGATE_WAKE_MISSING);
        assert_int_equal(wake(all[at], 8080, 1, (struct asked){"GET", "/", v2.access_token, NULL}), SANDGATE_WAKE_MISSING);
        assert_int_equal(wake(all[at], 8080, 1, (struct asked){"GET", "/", NULL, "wrong"}), SANDGATE_WAKE_MALFORMED);
        assert_int_equal(wake(all[at], 8080, 1, (struct asked){"GET", "/", NULL, revoked.traffic_token}), SANDGATE_WAKE_INVALID);
        assert_int_equal(wake(all[at], 8080, 1, (struct asked){"GET", "/", NULL, v2.traffic_token}), SANDGATE_OK);
    }
}

/* Also for the routes that need none there, and whatever the traffic. */
static void the_controllers_port_needs_the_access_token(void **state)
{
    (void)state;
    for (uint32_t restricted = 0; restricted < 2; restricted++)
        for (size_t at = 0; at < 2; at++) {
            const char *target = at ? "/metrics" : "/health";
            enum { PORT = SANDGATE_CONTROLLER_PORT };
            assert_int_equal(wake(&secured, PORT, restricted, (struct asked){"GET", target, NULL, NULL}), SANDGATE_WAKE_MISSING);
            assert_int_equal(wake(&secured, PORT, restricted, (struct asked){"GET", target, NULL, v2.traffic_token}),
                             SANDGATE_WAKE_MISSING);
            assert_int_equal(wake(&secured, PORT, restricted, (struct asked){"GET", target, "wrong", NULL}), SANDGATE_WAKE_INVALID);
            assert_int_equal(wake(&secured, PORT, restricted, (struct asked){"GET", target, v2.access_token, NULL}), SANDGATE_OK);
            assert_int_equal(wake(&waiting, PORT, restricted, (struct asked){"GET", target, v2.access_token, NULL}),
                             SANDGATE_WAKE_NOT_INITIALIZED);
            assert_int_equal(wake(&open_one, PORT, restricted, (struct asked){"GET", target, NULL, NULL}), SANDGATE_OK);
        }
}

static void a_signature_wakes_on_its_route(void **state)
{
    (void)state;
    char url[512] = {0};
    size_t len;
    sandgate_v2_file_url asked = v2_url("/a");
    assert_int_equal(sandgate_v2_file_url_write(&v2.key, CHARS("x"), &asked, url, sizeof url - 1, &len), SANDGATE_OK);
    const char *target = url + 1;
    enum { PORT = SANDGATE_CONTROLLER_PORT };
    assert_int_equal(wake(&secured, PORT, 0, (struct asked){"GET", target, NULL, NULL}), SANDGATE_OK);
    assert_int_equal(wake(&secured, PORT, 0, (struct asked){"PUT", target, NULL, NULL}), SANDGATE_WAKE_INVALID);
    asked.expires = NOW - 1000;
    assert_int_equal(sandgate_v2_file_url_write(&v2.key, CHARS("x"), &asked, url, sizeof url - 1, &len), SANDGATE_OK);
    assert_int_equal(wake(&secured, PORT, 0, (struct asked){"GET", target, NULL, NULL}), SANDGATE_WAKE_EXPIRED);
    asked.expires = NOW + INT64_C(100) * 86400;
    assert_int_equal(sandgate_v2_file_url_write(&v2.key, CHARS("x"), &asked, url, sizeof url - 1, &len), SANDGATE_OK);
    assert_int_equal(wake(&secured, PORT, 0, (struct asked){"GET", target, NULL, NULL}), SANDGATE_WAKE_LIFETIME_TOO_LONG);
    assert_int_equal(wake(&secured, PORT, 0, (struct asked){"GET", "/files?path=a&path=b", NULL, NULL}), SANDGATE_WAKE_MALFORMED);
}

static void internal_routes_are_hidden(void **state)
{
    (void)state;
    enum { PORT = SANDGATE_CONTROLLER_PORT };
    assert_int_equal(wake(&secured, PORT, 0, (struct asked){"POST", "/init", v2.access_token, NULL}),
                     SANDGATE_INTERNAL_ROUTE_OUT_OF_SCOPE);
    assert_int_equal(wake(&secured, PORT, 0, (struct asked){"POST", "//init", v2.access_token, NULL}),
                     SANDGATE_INTERNAL_ROUTE_MALFORMED);
}

static void every_refusal_has_the_same_body(void **state)
{
    (void)state;
    const char *const codes[] = {"missing", "malformed", "invalid", "expired", "lifetime_too_long", "out_of_scope",
                                 "not_initialized"};
    for (int32_t refusal = SANDGATE_WAKE_MISSING; refusal <= SANDGATE_WAKE_NOT_INITIALIZED; refusal++) {
        char body[512] = {0};
        size_t len;
        assert_int_equal(sandgate_edge_refusal_json(refusal, CHARS(ID), BYTES("/"), body, sizeof body, &len), SANDGATE_OK);
        assert_string_equal(body, REFUSED);
        assert_int_equal(sandgate_result_status(refusal), 403);
        assert_string_equal(sandgate_result_gate(refusal), "wake");
        assert_string_equal(sandgate_result_code(refusal), codes[refusal - SANDGATE_WAKE_MISSING]);
    }
}

static int init(void **state)
{
    (void)state;
    v2_init(&v2, 'a', SEED_V2, 0);
    v2_init(&revoked, 'a', SEED_V2, 1);
    return sandgate_edge_init(NULL, &edge) || sandgate_edge_set_v2_keyring(&edge, &v2.traffic) ||
           sandgate_controller_init(BYTES(v2.access_token), NULL, &secured) ||
           sandgate_controller_init_waiting(NULL, &waiting) || sandgate_controller_init_open(&open_one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(other_ports_need_what_opens_them),
        cmocka_unit_test(the_controllers_port_needs_the_access_token),
        cmocka_unit_test(a_signature_wakes_on_its_route),
        cmocka_unit_test(internal_routes_are_hidden),
        cmocka_unit_test(every_refusal_has_the_same_body),
    };
    return cmocka_run_group_tests(tests, init, NULL);
}
