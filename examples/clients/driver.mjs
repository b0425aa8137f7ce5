// Calls a JavaScript SDK. Reads one JSON command per line on stdin, and writes one JSON answer per line on stdout.
//
//     {"call": "read", "id": "i0…", "path": "/a.txt"}
//     {"ok": "text"}    or    {"error": "NotFoundError: path '/a.txt' does not exist"}

import { createInterface } from 'node:readline'

/** Where the controller of a sandbox listens. */
const CONTROLLER = 49983

const tokens = (sandbox) => ({
  id: sandbox.sandboxId,
  access_token: sandbox.envdAccessToken ?? null,
  traffic_token: sandbox.trafficAccessToken ?? null,
})

/** The options that are given, under the SDK's names. */
const named = ({ timeout, memory, secure, resume, public: allowPublicTraffic, network }) => {
  const options = {}
  if (timeout !== undefined) options.timeoutMs = timeout * 1000
  if (memory === false) options.onResume = 'reboot'
  if (secure !== undefined) options.secure = secure
  if (resume !== undefined) options.resume = resume
  if (allowPublicTraffic !== undefined) options.allowPublicTraffic = allowPublicTraffic
  if (network !== undefined) options.network = { allowPublicTraffic: network }
  return options
}

const endsWithin = async (sandbox, seconds) => {
  const left = (await sandbox.getInfo()).endAt - Date.now()
  return left > 0 && left <= seconds * 1000
}

const calls = (Sandbox, sandboxes, links) => {
  const keep = async (sandbox) => {
    sandboxes.set(sandbox.sandboxId, sandbox)
    // The SDK begins each URL with its sandboxUrl. The environment sets that to the edge, which names no sandbox: the SDK's own
    // requests name it in headers. A URL that anyone can open names the sandbox in its host. curl and browsers resolve that
    // host to 127.0.0.1.
    const sandboxUrl = `http://${sandbox.getHost(CONTROLLER)}`
    links.set(sandbox.sandboxId, await Sandbox.connect(sandbox.sandboxId, { sandboxUrl }))
    return tokens(sandbox)
  }
  return {
    create: async ({ template = 'base', secure, public: allowPublicTraffic, metadata, api_key: apiKey, auto_resume: autoResume }) => {
      const options = {}
      if (apiKey !== undefined) options.apiKey = apiKey
      if (metadata !== undefined) options.metadata = metadata
      if (secure !== undefined) options.secure = secure
      if (allowPublicTraffic !== undefined) options.network = { allowPublicTraffic }
      if (autoResume !== undefined) options.lifecycle = { onTimeout: 'pause', autoResume }
      return keep(await Sandbox.create(template, options))
    },
    pause: ({ id, beta, memory, strict }) => {
      const options = {}
      if (memory === false) options.keepMemory = false
      if (strict) options.strict = true
      const sandbox = sandboxes.get(id)
      return beta ? sandbox.betaPause(options) : sandbox.pause(options)
    },
    // The method of an object, which keeps or replaces the object's own tokens.
    connect_again: async ({ id, ...options }) => tokens(await sandboxes.get(id).connect(named(options))),
    // Only Novita's SDK has it.
    reset: async ({ id, ...options }) => {
      if (!(await sandboxes.get(id).reset(named(options)))) throw new Error('reset returned false')
      return tokens(sandboxes.get(id))
    },
    is_running: ({ id }) => sandboxes.get(id).isRunning(),
    // Whether the sandbox ends in time.
    set_timeout: async ({ id, seconds }) => {
      await sandboxes.get(id).setTimeout(seconds * 1000)
      return endsWithin(sandboxes.get(id), seconds)
    },
    ends_within: ({ id, seconds }) => endsWithin(sandboxes.get(id), seconds),
    connect: async ({ id }) => keep(await Sandbox.connect(id)),
    state: async ({ id }) => (await sandboxes.get(id).getInfo()).state,
    write: async ({ id, path, text }) => (await sandboxes.get(id).files.write(path, text)).path,
    read: ({ id, path }) => sandboxes.get(id).files.read(path),
    download_url: ({ id, path, user, lifetime }) =>
      links.get(id).downloadUrl(path, { user, useSignatureExpiration: lifetime }),
    upload_url: ({ id, path, user, lifetime }) =>
      links.get(id).uploadUrl(path, { user, useSignatureExpiration: lifetime }),
    // Novita's returns nothing.
    kill: async ({ id }) => (await sandboxes.get(id).kill()) ?? true,
  }
}

export const serve = async (Sandbox) => {
  const driver = calls(Sandbox, new Map(), new Map())
  for await (const line of createInterface({ input: process.stdin })) {
    const { call, ...options } = JSON.parse(line)
    let answer
    try {
      answer = { ok: (await driver[call](options)) ?? null }
    } catch (error) {
      answer = { error: `${error.name}: ${error.message}` }
    }
    console.log(JSON.stringify(answer))
  }
}
