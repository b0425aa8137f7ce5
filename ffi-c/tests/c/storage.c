/* The storage of the opaque structs: what was not initialised, was wiped or holds another kind is never a known key. */

#include "check.h"

/* Room for each kind, so that one can be given as another. */
union storage {
    sandgate_v1_keyring keyring;
    sandgate_v1_file_url_key key;
    sandgate_controller controller;
    sandgate_edge edge;
};

/* Calls every function that uses what is held, and returns what they all answer. */
typedef sandgate_result use(union storage *);

#define ALL_ANSWER(result) assert_int_equal(result, answer)

static sandgate_result use_keyring(union storage *held)
{
    char out[64];
    size_t len;
    sandgate_edge edge;
    sandgate_result answer = sandgate_v1_keyring_access_token(&held->keyring, CHARS(ID), out, sizeof out, &len);
    ALL_ANSWER(sandgate_v1_keyring_verify_access_token(&held->keyring, CHARS(ID), (uint8_t *)out, sizeof out));
    ALL_ANSWER(sandgate_v1_keyring_traffic_token(&held->keyring, CHARS(ID), out, sizeof out, &len));
    ALL_ANSWER(sandgate_v1_keyring_verify_traffic_token(&held->keyring, CHARS(ID), (uint8_t *)out, sizeof out));
    ALL_ANSWER(sandgate_edge_init_with_keyring(&held->keyring, &edge));
    ALL_ANSWER(sandgate_v1_keyring_add(&held->keyring, BYTES(SEED)));
    return answer;
}

static sandgate_result use_key(union storage *held)
{
    sandgate_file_url url = file_url("/a", "user");
    char out[256];
    size_t len, base_len = strlen("https://a/files?");
    sandgate_allowed allowed = {.struct_size = sizeof allowed};
    sandgate_result answer = sandgate_v1_file_url_sign(&held->key, &url, out, sizeof out, &len);
    ALL_ANSWER(sandgate_v1_file_url_verify(&held->key, &url, (uint8_t *)out, 46, NOW));
    len = base_len;
    ALL_ANSWER(sandgate_v1_file_url_write(&held->key, CHARS("https://a"), &url, out, sizeof out, &len));
    ALL_ANSWER(sandgate_v1_file_url_verify_query(&held->key, SANDGATE_OPERATION_READ, (uint8_t *)out + base_len,
                                                 len - base_len, NOW, &allowed));
    return answer;
}

static sandgate_result use_controller(union storage *held)
{
    sandgate_request asked = request("GET", "/metrics");
    asked.access_token = header(TOKEN);
    sandgate_allowed allowed = {.struct_size = sizeof allowed};
    sandgate_result answer = sandgate_controller_check(&held->controller, &asked, NOW, &allowed);
    assert_int_equal(allowed.basis, answer == SANDGATE_OK ? SANDGATE_ALLOWED_TOKEN : 0);
    ALL_ANSWER(sandgate_controller_add_token(&held->controller, BYTES("another")));
    return answer;
}

static sandgate_result use_edge(union storage *held)
{
    sandgate_request asked = request("GET", "/");
    sandgate_route to = route(ID, 8080);
    sandgate_sandbox_state known = {.struct_size = sizeof known};
    uint32_t passed = 0;
    sandgate_result answer = sandgate_edge_check(&held->edge, &to, &known, &asked, NOW, &passed);
    assert_int_equal(passed, answer == SANDGATE_OK ? SANDGATE_PASSED_PUBLIC : 0);
    ALL_ANSWER(sandgate_edge_screen(&held->edge, &to, &asked));
    ALL_ANSWER(sandgate_edge_set_controller_port(&held->edge, 5000));
    return answer;
}

static void init_keyring(union storage *out)
{
    assert_int_equal(sandgate_v1_keyring_init(BYTES(SEED), &out->keyring), SANDGATE_OK);
}

static void init_key(union storage *out)
{
    assert_int_equal(sandgate_v1_file_url_key_init(BYTES(TOKEN), &out->key), SANDGATE_OK);
}

static void init_controller(union storage *out)
{
    assert_int_equal(sandgate_controller_init(BYTES(TOKEN), &out->controller), SANDGATE_OK);
}

static void init_edge(union storage *out)
{
    assert_int_equal(sandgate_edge_init(&out->edge), SANDGATE_OK);
}

static void wipe_keyring(union storage *held)
{
    sandgate_v1_keyring_wipe(&held->keyring);
}

static void wipe_key(union storage *held)
{
    sandgate_v1_file_url_key_wipe(&held->key);
}

static void wipe_controller(union storage *held)
{
    sandgate_controller_wipe(&held->controller);
}

static void wipe_edge(union storage *held)
{
    sandgate_edge_wipe(&held->edge);
}

static const struct kind {
    size_t size;
    void (*init)(union storage *);
    use *use;
    void (*wipe)(union storage *);
} kinds[] = {
    {sizeof(sandgate_v1_keyring), init_keyring, use_keyring, wipe_keyring},
    {sizeof(sandgate_v1_file_url_key), init_key, use_key, wipe_key},
    {sizeof(sandgate_controller), init_controller, use_controller, wipe_controller},
    {sizeof(sandgate_edge), init_edge, use_edge, wipe_edge},
};
enum { KINDS = sizeof kinds / sizeof *kinds };
#define FOR_EACH(one) for (const struct kind *one = kinds; one < kinds + KINDS; one++)

static void storage_that_was_never_initialised(void **state)
{
    (void)state;
    FOR_EACH(kind) {
        for (int byte = 0; byte <= UINT8_MAX; byte++) {
            union storage held, before;
            memset(&held, byte, sizeof held);
            before = held;
            assert_int_equal(kind->use(&held), SANDGATE_NOT_INITIALIZED);
            assert_same_storage(&before, &held, sizeof held);
        }
    }
}

static void storage_of_another_kind(void **state)
{
    (void)state;
    FOR_EACH(taken) {
        FOR_EACH(given) {
            union storage held, before;
            SET_UNWRITTEN(held);
            given->init(&held);
            before = held;
            assert_int_equal(taken->use(&held), taken == given ? SANDGATE_OK : SANDGATE_NOT_INITIALIZED);
            if (taken != given)
                assert_same_storage(&before, &held, sizeof held);
        }
    }
}

static void an_initialiser_writes_within_its_struct(void **state)
{
    (void)state;
    FOR_EACH(kind) {
        union storage held;
        SET_UNWRITTEN(held);
        kind->init(&held);
        assert_true(is_unwritten((uint8_t *)&held + kind->size, sizeof held - kind->size));
    }
}

/* A compiler may not know that a moved struct is read again, so the original is overwritten before the copy is used. */
static void a_copy_lives_on_its_own(void **state)
{
    (void)state;
    FOR_EACH(kind) {
        uint64_t odd_place[1 + sizeof(union storage) / sizeof(uint64_t)];
        union storage held, *moved = (union storage *)(odd_place + 1);
        kind->init(&held);
        memcpy(moved, &held, kind->size);
        kind->wipe(&held);
        assert_int_equal(kind->use(moved), SANDGATE_OK);
        assert_int_equal(kind->use(&held), SANDGATE_NOT_INITIALIZED);
    }
}

static void a_wipe_leaves_only_zeros(void **state)
{
    (void)state;
    FOR_EACH(kind) {
        static const union storage zeros;
        union storage held;
        SET_UNWRITTEN(held);
        kind->init(&held);
        assert_int_equal(kind->use(&held), SANDGATE_OK);
        kind->wipe(&held);
        assert_memory_equal(&held, &zeros, kind->size);
        assert_true(is_unwritten((uint8_t *)&held + kind->size, sizeof held - kind->size));
        kind->wipe(&held);
        kind->init(&held);
        assert_int_equal(kind->use(&held), SANDGATE_OK);
    }
}

/* Of what was wiped, no seed and no token is left. */
static void an_edge_keeps_its_own_copy_of_the_keyring(void **state)
{
    (void)state;
    sandgate_v1_keyring keyring;
    sandgate_edge edge;
    char token[65] = {0};
    size_t len;
    uint32_t passed;
    assert_int_equal(sandgate_v1_keyring_init(BYTES(SEED), &keyring), SANDGATE_OK);
    assert_int_equal(sandgate_edge_init_with_keyring(&keyring, &edge), SANDGATE_OK);
    assert_int_equal(sandgate_v1_keyring_traffic_token(&keyring, CHARS(ID), token, 64, &len), SANDGATE_OK);
    sandgate_v1_keyring_wipe(&keyring);
    sandgate_request asked = request("GET", "/");
    asked.traffic_token = header(token);
    sandgate_route to = route(ID, 8080);
    sandgate_sandbox_state known = {.struct_size = sizeof known, .restricted = 1};
    assert_int_equal(sandgate_edge_check(&edge, &to, &known, &asked, NOW, &passed), SANDGATE_OK);
    assert_int_equal(passed, SANDGATE_PASSED_TOKEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(storage_that_was_never_initialised),
        cmocka_unit_test(storage_of_another_kind),
        cmocka_unit_test(an_initialiser_writes_within_its_struct),
        cmocka_unit_test(a_copy_lives_on_its_own),
        cmocka_unit_test(a_wipe_leaves_only_zeros),
        cmocka_unit_test(an_edge_keeps_its_own_copy_of_the_keyring),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
