import { testEveryArray } from './every_array.mjs'
import { checks } from './v2_vectors.mjs'
import { V2 } from './vectors.mjs'

testEveryArray('v2.json', V2, checks)
