// Novita's JavaScript SDK, pointed at a platform of one's own by NOVITA_API_URL, NOVITA_SANDBOX_URL and NOVITA_API_KEY.

import { Sandbox } from 'novita-sandbox'
import { serve } from './driver.mjs'

await serve(Sandbox)
