// Signs a file URL with the npm package of this repository:
//
//     SANDGATE_ACCESS_TOKEN=… node sandgate_node.mjs v1 https://… '{"path": "/a.txt", "expiresIn": 60}'

import * as sandgate from 'sandgate'

const [version, base, url] = process.argv.slice(2)
const key = new sandgate[version].FileUrlKey(process.env.SANDGATE_ACCESS_TOKEN)
console.log(key.url(base, JSON.parse(url)))
