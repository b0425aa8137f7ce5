import { testEveryArray } from './every_array.mjs'
import { checks } from './v1_vectors.mjs'
import { V1 } from './vectors.mjs'

testEveryArray('e2b-v1.json', V1, checks)
