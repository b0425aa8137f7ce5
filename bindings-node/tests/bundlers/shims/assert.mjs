// `node:assert/strict` where there is no Node.
import assert from 'assert/'

const { strict } = assert
export default strict
