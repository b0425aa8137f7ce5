// Novita's JavaScript SDK, which these variables point at your own platform: NOVITA_API_URL, NOVITA_SANDBOX_URL and NOVITA_API_KEY.

import { Sandbox } from 'novita-sandbox'
import { serve } from './driver.mjs'

await serve(Sandbox)
