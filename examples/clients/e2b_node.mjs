// E2B's JavaScript SDK, which these variables point at your own platform: E2B_API_URL, E2B_SANDBOX_URL and E2B_API_KEY.

import { Sandbox } from 'e2b'
import { serve } from './driver.mjs'

await serve(Sandbox)
