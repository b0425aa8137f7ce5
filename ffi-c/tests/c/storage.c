/* The storage of opaque structs: uninitialised or wiped storage, or storage of another kind, is never a known
 * key. */

#include "kinds.h"

static void uninitialised_storage_is_misuse(void **state)
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

static void storage_of_another_kind_is_misuse(void **state)
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

/* The original is overwritten before the copy is used, because a compiler might otherwise read the original.
   */
static void copy_is_independent_of_the_original(void **state)
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

/* No seed and no token is left in wiped storage. */
static void an_edge_keeps_its_own_copy_of_the_keyring(void **state)
{
    (void)state;
    sandgate_v1_keyring keyring;
    sandgate_edge edge;
    char token[65] = {0};
    size_t len;
    sandgate_passed passed = {.struct_size = sizeof passed};
    assert_int_equal(sandgate_v1_keyring_init(BYTES(SEED), &keyring), SANDGATE_OK);
    assert_int_equal(init_deriving(&edge, &keyring), SANDGATE_OK);
    assert_int_equal(sandgate_v1_keyring_traffic_token(&keyring, CHARS(ID), token, 64, &len), SANDGATE_OK);
    sandgate_v1_keyring_wipe(&keyring);
    sandgate_request asked = request("GET", "/");
    asked.traffic_token = header(token);
    sandgate_route to = route(ID, 8080);
    sandgate_sandbox_state known = {.struct_size = sizeof known, .restricted = 1};
    assert_int_equal(sandgate_edge_check(&edge, &to, &known, &asked, NOW, &passed), SANDGATE_OK);
    assert_int_equal(passed.basis, SANDGATE_PASSED_TOKEN);
}

static void an_edge_keeps_its_own_copy_of_the_traffic_roots(void **state)
{
    (void)state;
    struct v2 all = v2_of_seed();
    sandgate_edge edge;
    assert_int_equal(sandgate_edge_init(NULL, &edge), SANDGATE_OK);
    assert_int_equal(sandgate_edge_set_v2_keyring(&edge, &all.traffic), SANDGATE_OK);
    sandgate_v2_traffic_keyring_wipe(&all.traffic);
    sandgate_request asked = request("GET", "/");
    asked.traffic_token = header(all.traffic_token);
    sandgate_route to = route(ID, 8080);
    sandgate_sandbox_state known = {.struct_size = sizeof known, .restricted = 1};
    sandgate_passed passed = {.struct_size = sizeof passed};
    assert_int_equal(sandgate_edge_check(&edge, &to, &known, &asked, NOW, &passed), SANDGATE_OK);
    assert_int_equal(passed.basis, SANDGATE_PASSED_TOKEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(uninitialised_storage_is_misuse),
        cmocka_unit_test(storage_of_another_kind_is_misuse),
        cmocka_unit_test(an_initialiser_writes_within_its_struct),
        cmocka_unit_test(copy_is_independent_of_the_original),
        cmocka_unit_test(a_wipe_leaves_only_zeros),
        cmocka_unit_test(an_edge_keeps_its_own_copy_of_the_keyring),
        cmocka_unit_test(an_edge_keeps_its_own_copy_of_the_traffic_roots),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
