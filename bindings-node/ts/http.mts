export type * from './http.js'
export { Guard, guardController, guardEdge } from './http.js'
