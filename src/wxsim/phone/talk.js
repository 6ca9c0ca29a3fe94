/** Hold to talk: records where the device has a microphone, else sends a voice that long. */

import { does } from './acts.js'
import { $, toast } from './dom.js'
import { base64 } from './files.js'
import { t } from './words.js'

const LONGEST_MS = 60_000
const SHORTEST_MS = 300

let held = null // {at, recording: Promise<MediaRecorder|null>, ends}

export function setUpTalk() {
  const talk = $('talk')
  talk.onpointerdown = event => { talk.setPointerCapture?.(event.pointerId); press() }
  talk.onpointerup = event => inside(talk, event) ? release() : drop() // slid away: never mind
  talk.onpointercancel = drop
  talk.onkeydown = event => { if (isPress(event) && !event.repeat) press() }
  talk.onkeyup = event => { if (isPress(event)) release() }
  talk.onblur = drop
  talk.oncontextmenu = event => event.preventDefault()
}

const isPress = event => event.key === ' ' || event.key === 'Enter'

function inside(node, { clientX, clientY }) {
  const box = node.getBoundingClientRect()
  return clientY > box.top - 60 && clientX > box.left - 60 && clientX < box.right + 60
}

function press() {
  if (held) return
  held = { at: performance.now(), recording: record(), ends: setTimeout(release, LONGEST_MS) }
  $('talk').classList.add('pressed')
  $('talk').textContent = t('letGo')
}

async function release() {
  const mine = letGo()
  if (!mine) return
  const lasted = performance.now() - mine.at
  if (lasted < SHORTEST_MS) {
    toast(t('tooShort'))
    return stop(mine)
  }
  const recorder = await Promise.race([mine.recording, null]) // null: still asking for the microphone
  const sound = recorder && await ended(recorder)
  if (!recorder) stop(mine)
  const seconds = Math.max(1, Math.round(lasted / 1000))
  does(sound?.size ? { type: 'voice', file: await base64(sound) } : { type: 'voice', seconds })
}

const drop = () => stop(letGo())

async function stop(mine) {
  const recorder = await mine?.recording
  if (recorder) await ended(recorder)
}

function letGo() {
  const mine = held
  held = null
  clearTimeout(mine?.ends)
  $('talk').classList.remove('pressed')
  $('talk').textContent = t('holdToTalk')
  return mine
}

/** A recorder that runs; null where there is no microphone, or none may be used. */
async function record() {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true })
    const recorder = new MediaRecorder(stream)
    recorder.start()
    return recorder
  }
  catch {
    return null
  }
}

/** Stop it, and the microphone; what was recorded. */
function ended(recorder) {
  return new Promise(resolve => {
    recorder.ondataavailable = ({ data }) => resolve(data)
    recorder.stop()
    for (const track of recorder.stream.getTracks()) track.stop()
  })
}
