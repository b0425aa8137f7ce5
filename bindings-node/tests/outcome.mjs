import assert from 'node:assert/strict'
import { SandgateError } from 'sandgate'

/** The code of the refusal as vectors spell it, or 'ok'. Wrong use still throws. */
export function outcome(call) {
  try {
    call()
  } catch (error) {
    if (!(error instanceof SandgateError)) throw error
    return spelled(error)
  }
  return 'ok'
}

export const spelled = (error) => error.code.replace('ERR_SANDGATE_', '').toLowerCase()

/** The error that a call throws. */
export function thrown(call) {
  try {
    call()
  } catch (error) {
    return error
  }
  return assert.fail('nothing was thrown')
}

/** Checks that a call is refused as wrong use, by the argument's name. */
export function misused(call, kind, code, name) {
  const error = thrown(call)
  assert.equal(error.constructor, kind, error.stack)
  assert.equal(error.code, code, error.message)
  if (name !== undefined) assert.match(error.message, new RegExp(`^${name}: `))
  return error
}
