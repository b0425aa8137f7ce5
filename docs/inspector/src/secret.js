// The tokens that follow from a pasted secret.
import { describe, v1, v2 } from 'sandgate'
import { using } from './disposed.js'

/**
 * What a visitor says of a secret.
 *
 * @typedef {object} Secret
 * @property {string} text The secret itself.
 * @property {boolean} isSeed Whether it is a seed of the deployment. Otherwise it is a token or a traffic root.
 * @property {string} sandboxId Whose token is derived from a seed or a root; empty where the pasted text names the sandbox.
 * @property {string} keyId The key id of a seed of v2; empty where the pasted text names it.
 * @property {number} generation The generation of a token of v2.
 */

/** A secret that needs more to verify with: the message says what. */
export class Lacking extends Error {}

/** The sandbox's access token in a format. @param {Secret} secret @param {'v1' | 'v2'} format @returns {string} */
export function accessToken(secret, format) {
  if (!secret.isSeed) return secret.text
  const id = sandboxId(secret)
  if (format === 'v1') return using(new v1.Keyring(secret.text), (ring) => ring.accessToken(id))
  return using(keyring(secret), (ring) => ring.accessToken(id, { generation: secret.generation }))
}

/** The sandbox's traffic token of v2. @param {Secret} secret @returns {string} */
export function trafficToken(secret) {
  const generation = { generation: secret.generation }
  const isRoot = !secret.isSeed && describe(secret.text).kind === 'traffic_root'
  if (!secret.isSeed && !isRoot) return secret.text
  const id = sandboxId(secret)
  return using(isRoot ? new v2.TrafficKeyring(secret.text) : keyring(secret), (ring) => ring.trafficToken(id, generation))
}

/** The sandbox whose tokens are derived. @param {Secret} secret */
export function sandboxId(secret) {
  if (secret.sandboxId === '') throw new Lacking('Enter the sandbox id: the tokens of a sandbox follow from the secret and its id.')
  return secret.sandboxId
}

/** The seed as a keyring of v2, which the caller disposes. @param {Secret} secret */
export function keyring(secret) {
  if (secret.keyId === '') throw new Lacking('Enter the key id of the seed, one character.')
  return new v2.Keyring({ [secret.keyId]: secret.text })
}
