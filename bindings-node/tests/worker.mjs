import { parentPort, workerData } from 'node:worker_threads'
import { Controller, v1 } from 'sandgate'
import { outcome } from './outcome.mjs'
import { checks as checksV1 } from './v1_vectors.mjs'
import { checks as checksV2 } from './v2_vectors.mjs'
import { V1, V2 } from './vectors.mjs'

if (workerData === 'vectors') {
  let [checked, failed] = [0, undefined]
  for (const [checks, vectors] of [[checksV1, V1], [checksV2, V2]]) {
    for (const [name, check] of Object.entries(checks)) {
      for (const one of vectors[name]) {
        try {
          check(one)
          checked += 1
        } catch (error) {
          failed ??= `${name}: ${error.stack}`
        }
      }
    }
  }
  parentPort.postMessage({ failed, checked })
} else if (workerData === 'initialize') {
  const controller = Controller.waiting()
  const tell = () => {
    const accepts = ['a', 'b'].filter((accessToken) => outcome(() => controller.check({ method: 'GET', target: '/', accessToken })) === 'ok')
    parentPort.postMessage({ isWaiting: controller.isWaiting, accepts })
  }
  parentPort.on('message', (body) => (controller.initialize(body), tell()))
  tell()
} else {
  parentPort.postMessage('working')
  for (;;) new v1.FileUrlKey(`token ${Math.random()}`).sign({ path: 'ł'.repeat(3000), expires: 1800000000 })
}
