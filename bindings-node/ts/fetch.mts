export type * from './fetch.js'
export { guardController, guardEdge } from './fetch.js'
