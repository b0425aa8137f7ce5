// Threads that share only the code run all vectors at the same time, while others start and end.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { Worker } from 'node:worker_threads'
import { Controller } from 'sandgate'

const start = (doing) => new Worker(new URL('./worker.mjs', import.meta.url), { workerData: doing })

test('all vectors pass in four threads', async () => {
  const threads = Array.from({ length: 4 }, () => start('vectors'))
  for (const [message] of await Promise.all(threads.map((thread) => once(thread, 'message')))) {
    assert.equal(message.failed, undefined)
    assert(message.checked > 1000)
  }
  await Promise.all(threads.map((thread) => thread.terminate()))
})

test('a worker has a controller of its own', async () => {
  const controller = Controller.waiting()
  controller.initialize('{"accessToken":"a"}')
  const thread = start('initialize')
  const states = () => once(thread, 'message').then(([message]) => message)
  assert.deepEqual(await states(), { isWaiting: true, accepts: [] })
  thread.postMessage('{"accessToken":"b"}')
  assert.deepEqual(await states(), { isWaiting: false, accepts: ['b'] })
  const { basis } = controller.check({ method: 'GET', target: '/', accessToken: 'a' })
  assert.equal(basis, 'token')
  await thread.terminate()
})

test('threads can be terminated while they work', async () => {
  for (let round = 0; round < 12; round++) {
    const thread = start('endless')
    await once(thread, 'message')
    await thread.terminate()
  }
})
