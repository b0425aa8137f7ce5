/* The decision at creation, through C. */

#include "check.h"

static sandgate_credentials issued;
static uint32_t restricted_by_default;

/* -1 for an option that is not given, NULL for an unknown version. */
static sandgate_result decide(int32_t secure, int32_t public_traffic, const char *version)
{
    sandgate_creation_options asked = {.struct_size = sizeof asked, .restricted_by_default = restricted_by_default};
    if (secure >= 0)
        asked.secure = &secure;
    if (public_traffic >= 0)
        asked.allow_public_traffic = &public_traffic;
    if (version != NULL) {
        asked.envd_version = version;
        asked.envd_version_len = strlen(version);
    }
    issued = (sandgate_credentials){sizeof issued, 7, 7};
    return sandgate_creation_decide(&asked, &issued);
}

static void assert_issued(sandgate_result result, uint32_t access_token, uint32_t traffic_token)
{
    assert_int_equal(result, SANDGATE_OK);
    assert_int_equal(issued.access_token, access_token);
    assert_int_equal(issued.traffic_token, traffic_token);
}

static void assert_refused(sandgate_result result, sandgate_result expected)
{
    assert_int_equal(result, expected);
    assert_true(issued.access_token == 7 && issued.traffic_token == 7);
    assert_int_equal(sandgate_result_status(result), 400);
}

static void default_is_secure_and_public(void **state)
{
    (void)state;
    for (int32_t on = -1; on <= 1; on += 2) {
        assert_issued(decide(on, -1, "0.6.4"), 1, 0);
        assert_issued(decide(on, 1, "0.6.4"), 1, 0);
        assert_issued(decide(on, 0, "0.6.4"), 1, 1);
    }
    assert_issued(decide(0, -1, "0.6.4"), 0, 0);
    assert_issued(decide(0, 1, NULL), 0, 0);
    assert_issued(decide(0, 1, "\xff"), 0, 0);
    assert_refused(decide(0, 0, "0.6.4"), SANDGATE_CREATION_RESTRICTED_NEEDS_SECURE);
}

static void a_deployment_may_restrict_by_default(void **state)
{
    (void)state;
    const uint32_t on[] = {1, 2, 256, 0x80000000, UINT32_MAX};
    for (size_t at = 0; at < sizeof on / sizeof *on; at++) {
        restricted_by_default = on[at];
        assert_issued(decide(-1, -1, "0.6.4"), 1, 1);
        assert_issued(decide(-1, 1, "0.6.4"), 1, 0);
        assert_issued(decide(-1, 0, "0.6.4"), 1, 1);
        assert_issued(decide(0, 1, NULL), 0, 0);
        assert_refused(decide(0, -1, "0.6.4"), SANDGATE_CREATION_RESTRICTED_NEEDS_SECURE);
    }
    restricted_by_default = 0;
}

static void too_old_template_is_refused(void **state)
{
    (void)state;
    assert_issued(decide(-1, -1, "0.2.0"), 1, 0);
    assert_issued(decide(-1, -1, "0.2"), 1, 0);
    assert_refused(decide(-1, -1, "0.1.9"), SANDGATE_CREATION_TEMPLATE_TOO_OLD);
    assert_refused(decide(-1, -1, "0.2.0-rc1"), SANDGATE_CREATION_TEMPLATE_TOO_OLD);
    const char *const unknown[] = {NULL, "", "x", "0.2.0 ", "0.2.\xff"};
    for (size_t at = 0; at < sizeof unknown / sizeof *unknown; at++)
        assert_refused(decide(-1, -1, unknown[at]), SANDGATE_CREATION_TEMPLATE_VERSION_UNKNOWN);
}

static void refusals_have_their_bodies(void **state)
{
    (void)state;
    for (int32_t refusal = 71; refusal <= 73; refusal++) {
        char body[512] = {0}, expected[512] = "{\"code\":400,\"message\":\"";
        size_t len;
        assert_int_equal(sandgate_refusal_json(refusal, body, sizeof body, &len), SANDGATE_OK);
        strcat(strcat(expected, sandgate_result_message(refusal)), "\"}");
        assert_string_equal(body, expected);
        assert_int_equal(len, strlen(body));
        assert_int_equal(strstr(body, "rebuild the template") != NULL, refusal != 73);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(default_is_secure_and_public),
        cmocka_unit_test(a_deployment_may_restrict_by_default),
        cmocka_unit_test(too_old_template_is_refused),
        cmocka_unit_test(refusals_have_their_bodies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
