// How a controller gets, keeps, replaces and loses its token: the body of `POST /init`.
import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { backend, Controller, Policy, SandgateError } from 'sandgate'
import { ID, V2_RING, V2_TOKEN } from './calls.mjs'
import { misused, outcome, thrown } from './outcome.mjs'

const [T, U, P] = ['first', 'the other of two', 'second']
const hash = (token) => createHash('sha512').update(token).digest('hex')
const body = (accessToken, timestamp) => JSON.stringify({ accessToken, timestamp })
const HASHES = { nothing: undefined, 'the empty text': '', 'hash(T)': hash(T), 'hash(P)': hash(P), 'hash("")': hash('') }
const NOTHING = ['nothing', 'the empty text']
const others = (...names) => Object.keys(HASHES).filter((name) => !names.includes(name))

/** What a controller requires, by its answers: all of its state that requests can see. */
function stateOf(controller) {
  if (controller.isWaiting) assert.equal(controller.isOpen, false)
  const ask = (accessToken) => outcome(() => controller.check({ method: 'GET', target: '/metrics', accessToken }))
  const none = ask(undefined)
  assert.deepEqual([controller.isWaiting, controller.isOpen], [none === 'not_initialized', none === 'ok'])
  if (none !== 'missing') return none === 'ok' ? 'open' : 'waiting'
  return [T, U, P, V2_TOKEN].filter((token) => ask(token) === 'ok').join()
}

const STATES = {
  waiting: () => Controller.waiting(),
  open: () => Controller.open(),
  T: () => new Controller(T),
  'T and U': () => new Controller([T, U]),
}
const UNTIL_NOW = { waiting: 'waiting', open: 'open', T, 'T and U': `${T},${U}` }

const NO_TOKEN = ['{}', ' {\r\n\t} ', '{"accessToken":null}', '{"timestamp":null,"accessToken":null}', '{"envVars":{"accessToken":"x"}}']
const INVALID = ['invalid', 'access token validation failed']
const NO_RESET = ['missing', 'access token reset not authorized']

/** The table: the states before, the bodies, the expected hashes, the outcome or the refusal, and what is required then. */
const TABLE = [
  ['a token that is required is accepted whatever the host says', ['T', 'T and U'], [body(T)], others(), 'kept'],
  ['the second of two tokens too', ['T and U'], [body(U)], others(), 'kept'],
  ['a token whose hash is expected replaces all others', Object.keys(STATES), [body(P)], ['hash(P)'], 'replaced', P],
  ['no token is accepted if its hash is expected', Object.keys(STATES), NO_TOKEN, ['hash("")'], 'cleared', 'open'],
  ['the first token is accepted if the host says nothing', ['waiting', 'open'], [body(P)], NOTHING, 'replaced', P],
  ['no token at first opens a controller that waits', ['waiting'], NO_TOKEN, NOTHING, 'cleared', 'open'],
  ['no token at first leaves an open one as it is', ['open'], NO_TOKEN, NOTHING, 'kept'],
  ['no token is refused by any other word of the host', ['waiting', 'open'], NO_TOKEN, others(...NOTHING, 'hash("")'), NO_RESET],
  ['no token is refused where there is one', ['T', 'T and U'], NO_TOKEN, others('hash("")'), NO_RESET],
  ['another token is refused by any other word of the host', ['waiting', 'open'], [body(P)], others(...NOTHING, 'hash(P)'), INVALID],
  ['another token is refused where there is one', ['T', 'T and U'], [body(P)], others('hash(P)'), INVALID],
]

for (const [name, states, bodies, hashes, answer, then] of TABLE) {
  test(name, () => {
    assert(states.length > 0 && hashes.length > 0)
    for (const state of states) {
      for (const given of bodies) {
        for (const expected of hashes) {
          const controller = STATES[state]()
          const initialize = () => controller.initialize(given, HASHES[expected])
          const label = `${state}, ${given}, ${expected}`
          if (typeof answer === 'string') {
            assert.equal(initialize(), answer, label)
            assert.equal(stateOf(controller), then ?? UNTIL_NOW[state], label)
          } else {
            const denied = thrown(initialize)
            assert(denied instanceof SandgateError, label)
            assert.deepEqual([denied.gate, denied.status, outcome(initialize), denied.message], ['init', 401, ...answer], label)
            assert.deepEqual(JSON.parse(denied.body), { code: 401, message: answer[1] })
            assert.equal(stateOf(controller), UNTIL_NOW[state], label)
          }
        }
      }
    }
  })
}

test('a hash is 128 lower-case digits and nothing else', () => {
  const right = hash(P)
  for (const wrong of [right.toUpperCase(), `${right}\n`, ` ${right}`, right.slice(1), `${right}0`, `0${right.slice(1)}`, '\0', Buffer.alloc(1)]) {
    const controller = new Controller(T)
    assert.equal(outcome(() => controller.initialize(body(P), wrong)), 'invalid')
    assert.equal(stateOf(controller), T)
  }
  assert.equal(new Controller(T).initialize(body(P), Buffer.from(right)), 'replaced')
})

test('a token of the other wire format may replace one', () => {
  const controller = new Controller(T)
  assert.equal(controller.initialize(body(V2_TOKEN), hash(V2_TOKEN)), 'replaced')
  assert.equal(stateOf(controller), V2_TOKEN)
  assert.equal(controller.initialize(Buffer.from(body(P)), hash(P)), 'replaced')
  assert.equal(stateOf(controller), P)
})

test('the policy stays, and decides which tokens there can be', () => {
  const strict = Controller.waiting({ policy: Policy.V2_ALONE })
  assert.equal(outcome(() => strict.initialize(body(P))), 'malformed')
  assert.equal(stateOf(strict), 'waiting')
  assert.equal(strict.initialize(body(V2_TOKEN)), 'replaced')
  assert.equal(strict.initialize('{}', hash('')), 'cleared')
  assert.equal(outcome(() => strict.initialize(body(P))), 'malformed')
  assert.equal(stateOf(strict), 'open')
})

test('a controller of eight tokens keeps them, and gives all of them up for one', () => {
  const tokens = Array.from({ length: 8 }, (_, at) => `token ${at}`)
  const controller = new Controller(tokens)
  for (const token of tokens) assert.equal(controller.initialize(body(token)), 'kept')
  assert.equal(controller.initialize(body(T), hash(T)), 'replaced')
  for (const token of tokens) assert.equal(outcome(() => controller.initialize(body(token))), 'invalid')
  assert.equal(stateOf(controller), T)
})

const bytes = (...parts) => Buffer.concat(parts.map((part) => Buffer.from(part)))
const nested = (levels) => `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`
const MALFORMED = {
  'no object': ['null', '1', '"a"', '[]', 'true', ' ', '\n', 'accessToken', '[{"accessToken":"a"}]'],
  'no JSON': ['{', '}', '{"a"}', '{"a":}', '{"a":1,}', '{,}', "{'a':1}", '{a:1}', '{} {}', '{}x', '{}\0', '{"a":1 "b":2}', '{"a":01}', '{"a":NaN}', '{"a":+1}', '{"a":.5}', '{/**/}', '{"a":tru}', '{"a":"\n"}', '{"a":"\\x"}', '{"a":[1,]}', '{"a":"b'],
  'an empty body': [''],
  'an empty token': ['{"accessToken":""}'],
  'a token that is no text': ['0', '5', '-1.5e3', 'true', 'false', '[]', '["a"]', '{}', '{"a":"b"}'].map((value) => `{"accessToken":${value}}`),
  'a token with an escape': ['\\u0061', 'a\\u0062', 'a\\/b', 'a\\nb', '\\"', '\\\\', '\\ud83d\\ude80'].map((token) => `{"accessToken":"${token}"}`),
  'a member twice': [
    '{"accessToken":"a","accessToken":"a"}', '{"accessToken":"a","accessToken":"b"}', '{"accessToken":null,"accessToken":"a"}',
    '{"accessToken":"a","accessToken":null}', '{"accessToken":"a","acces\\u0073Token":"a"}', '{"timestamp":null,"timestamp":null}',
    '{"timestamp":"2026-01-01T00:00:00Z","x":1,"timestamp":"2026-01-01T00:00:00Z"}',
  ],
  'another case': [
    '{"AccessToken":"a"}', '{"accesstoken":"a"}', '{"ACCESSTOKEN":null}', '{"accessToken":"a","accesstoken":"b"}', '{"acce\u017fsToken":"a"}',
    '{"accessTo\u212aen":"a"}', '{"acces\\u017fToken":"a"}', '{"\\u0041ccessToken":"a"}', '{"Timestamp":null}', '{"TIMESTAMP":"2026-01-01T00:00:00Z"}',
  ],
  'a byte order mark': ['\ufeff{}', bytes([0xef, 0xbb, 0xbf], '{}')],
  'no UTF-8': [bytes('{"accessToken":"a', [0xff], '"}'), bytes('{"a":"', [0xc0, 0x80], '"}'), bytes('{"a":"', [0xed, 0xa0, 0x80], '"}'), Buffer.from('{}', 'utf16le'), bytes('{}', [0x80])],
  'a lone surrogate outside of a text': ['{}\ud800'],
  'deep nesting': [nested(64), nested(20_000), '['.repeat(65_536), '{"a":'.repeat(10_000)],
  'no token of a controller': ['sg2t.x', 'sg2r.x', 'sg2a.x', 'x'.repeat(257), 'é'.repeat(129)].map((token) => body(token)).concat([body(V2_RING.trafficToken(ID))]),
  'no timestamp': [
    '', 'x', '2026-11-30', '2026-11-30T13:00:00', '2026-11-30 13:00:00Z', '2026-11-30t13:00:00Z', '2026-11-30T13:00:00z', '2026-11-30T13:00:00.Z',
    '2026-11-30T13:00:00.1234567890Z', '2026-11-30T24:00:00Z', '2026-11-30T13:00:60Z', '2026-02-29T00:00:00Z', '2026-11-30T13:00:00+0200', '\\u0032026-11-30T13:00:00Z',
  ].map((timestamp) => `{"timestamp":"${timestamp}"}`).concat(['0', '1800000000', 'true', '[]', '{}'].map((value) => `{"timestamp":${value}}`)),
}

for (const [what, bodies] of Object.entries(MALFORMED)) {
  test(`${what} is malformed, and changes nothing`, () => {
    for (const given of bodies) {
      for (const state of Object.keys(STATES)) {
        for (const expected of [undefined, hash(''), hash('a'), hash(P)]) {
          const controller = STATES[state]()
          const denied = thrown(() => controller.initialize(given, expected))
          assert.deepEqual([denied.gate, denied.code, denied.status], ['init', 'ERR_SANDGATE_MALFORMED', 400], String(given).slice(0, 99))
          assert.equal(denied.body, '{"code":400,"message":"malformed request"}')
          assert.equal(stateOf(controller), UNTIL_NOW[state])
        }
      }
    }
  })
}

test('other members, spellings of a name and large bodies are accepted', () => {
  const padded = `{"pad":"${'x'.repeat(65_536 - 27 - T.length)}","accessToken":"${T}"}`
  for (const given of [
    `{"acces\\u0073Token":"${T}"}`,
    ` \t\r\n{ "accessToken" : "${T}" } \n`,
    `{"envVars":{"accessToken":"a","AccessToken":5},"volumeMounts":[{}],"a":"\\u0000\\ud800","":-0.5e+7,"accessToken":"${T}"}`,
    `{"accessToken":"${T}","accessTokens":"a","access":1}`,
    `${nested(63).slice(0, -1)},"accessToken":"${T}"}`,
    padded,
    Buffer.from(padded),
  ]) {
    const controller = Controller.waiting()
    assert.equal(controller.initialize(given), 'replaced', String(given).slice(0, 99))
    assert.equal(stateOf(controller), T)
  }
  assert.equal(padded.length, 65_536)
  assert.equal(Controller.waiting().initialize(body('x'.repeat(256))), 'replaced')
  // A presented lone surrogate is read as U+FFFD.
  assert.equal(new Controller('a\ufffd').initialize('{"accessToken":"a\ud800"}'), 'kept')
  assert.equal(new Controller('é 🚀').initialize(body('é 🚀')), 'kept')
})

const at = (second, fraction = '') => `2026-11-30T13:00:${String(second).padStart(2, '0')}${fraction}Z`

test('what is not later than the last applied request changes nothing', () => {
  const controller = Controller.waiting()
  const initialize = (token, timestamp) => controller.initialize(body(token, timestamp), hash(token ?? ''))
  assert.equal(initialize(T, at(10)), 'replaced')
  for (const early of [at(10), at(9), at(9, '.999999999'), '2026-11-30T14:00:10+01:00', '0000-01-01T00:00:00Z', at(10, '.000')]) {
    assert.equal(initialize(P, early), 'stale', early)
    assert.equal(initialize(T, early), 'stale', early)
    assert.equal(initialize(undefined, early), 'stale', early)
    assert.equal(stateOf(controller), T)
  }
  assert.equal(initialize(P, at(10, '.000000001')), 'replaced')
  assert.equal(initialize(T, '2026-11-30T12:30:11-00:30'), 'replaced')
  assert.equal(initialize(undefined, at(11)), 'stale')
  assert.equal(initialize(undefined, at(12)), 'cleared')
  assert.equal(initialize(P, at(12)), 'stale')
  assert.equal(stateOf(controller), 'open')
})

test('one without a timestamp always applies, and leaves the last timestamp', () => {
  const controller = new Controller(T)
  assert.equal(controller.initialize(body(P, at(30)), hash(P)), 'replaced')
  for (const none of [body(T), body(T, null)]) assert.match(controller.initialize(none, hash(T)), /replaced|kept/)
  assert.equal(stateOf(controller), T)
  assert.equal(controller.initialize(body(P, at(30)), hash(P)), 'stale')
  assert.equal(controller.initialize(body(P, at(31)), hash(P)), 'replaced')
})

test('a request that keeps the token moves the timestamp too, and a refused one does not', () => {
  const controller = new Controller(T)
  assert.equal(controller.initialize(body(T, at(20))), 'kept')
  assert.equal(controller.initialize(body(P, at(20)), hash(P)), 'stale')
  assert.equal(outcome(() => controller.initialize(body(P, at(40)))), 'invalid')
  assert.equal(outcome(() => controller.initialize(`{"timestamp":"${at(40)}","accessToken":""}`, hash(''))), 'malformed')
  assert.equal(controller.initialize(body(P, at(21)), hash(P)), 'replaced')
})

test('authorisation comes before the timestamp', () => {
  const controller = Controller.waiting()
  controller.initialize(body(T, at(20)))
  assert.equal(outcome(() => controller.initialize(body(P, at(1)))), 'invalid')
  assert.equal(outcome(() => controller.initialize(body(undefined, at(1)))), 'missing')
  assert.equal(controller.initialize(body(T, at(1))), 'stale')
})

test('the arguments are texts, and the hash may be left out', () => {
  for (const wrong of [undefined, null, 5, true, {}, { accessToken: T }, [body(T)], new ArrayBuffer(2), Symbol('x')]) {
    misused(() => Controller.waiting().initialize(wrong), TypeError, 'ERR_INVALID_ARG_TYPE', 'body')
  }
  for (const wrong of [null, 5, true, {}, [hash(T)], new ArrayBuffer(2)]) {
    misused(() => Controller.waiting().initialize(body(T), wrong), TypeError, 'ERR_INVALID_ARG_TYPE', 'expectedHash')
  }
  misused(() => Controller.waiting().initialize(body(T), '\ud800'), RangeError, 'ERR_INVALID_ARG_VALUE', 'expectedHash')
  for (const wrong of [5, 'x', Policy.V2_ALONE, { token: T }]) misused(() => Controller.waiting(wrong), TypeError, 'ERR_INVALID_ARG_TYPE', 'options')
  misused(() => Controller.waiting({ policy: {} }), TypeError, 'ERR_INVALID_ARG_TYPE', 'policy')
})

test('misuse changes nothing, whatever runs while an argument is read', () => {
  const controller = new Controller(T)
  const nested = Object.defineProperty(['x'], 0, {
    get() {
      assert.equal(controller.initialize(body(P), hash(P)), 'replaced')
      return 'x'
    },
  })
  misused(() => controller.initialize(body(T), nested), TypeError, 'ERR_INVALID_ARG_TYPE', 'expectedHash')
  // The addon does not read the elements. In WebAssembly the getter has run, and what it did stays.
  assert.equal(stateOf(controller), backend === 'wasm' ? P : T)
})

test('no other object shares the state of one', () => {
  const [one, other] = [Controller.waiting(), Controller.waiting()]
  one.initialize(body(T))
  assert.deepEqual([stateOf(one), stateOf(other)], [T, 'waiting'])
  other.initialize(body(P))
  one.dispose()
  assert.equal(stateOf(other), P)
})

test('a disposed controller is not initialised again', () => {
  for (const make of Object.values(STATES)) {
    const controller = make()
    controller.initialize(body(T), hash(T))
    controller.dispose()
    assert.throws(() => controller.initialize(body(T), hash(T)), { code: 'ERR_SANDGATE_DISPOSED' })
    assert.throws(() => controller.check({ method: 'GET', target: '/health' }), { code: 'ERR_SANDGATE_DISPOSED' })
  }
})
