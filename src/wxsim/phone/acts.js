/** The one way by which the customer does something. */

import { act } from './api.js'
import { toast } from './dom.js'
import { openPage, showText } from './pages.js'
import { state } from './state.js'
import { t } from './words.js'

/** Do it; `done` is said at once. True where the simulator has taken it. */
export async function does(wish, done) {
  const openid = state.current
  try {
    const sending = act(openid, wish)
    if (done) toast(done)
    const { opens, reads } = await sending
    if (opens && openid === state.current) openPage(opens)
    if (reads && openid === state.current) showText(t('reads'), reads)
    return true
  }
  catch (error) {
    toast(error.message)
    return false
  }
}
