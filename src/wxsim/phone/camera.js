/** The camera: a viewfinder with a shutter, for a photo or a film. */

import { does } from './acts.js'
import { $, el, toast } from './dom.js'
import { base64, PICTURES, pick } from './files.js'
import { sheet } from './pages.js'
import { t } from './words.js'

const LONGEST_MS = 15_000 // of one film

export async function useCamera() {
  let stream
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { width: 640 } })
  }
  catch {
    toast(t('noCamera'))
    return sendPicture(await pick(PICTURES))
  }
  const finder = el('video', { srcObject: stream, autoplay: true, muted: true, playsInline: true, ariaLabel: t('preview') })
  const dialog = sheet('viewer camera', finder, el(
    'div', { class: 'shutter' },
    el('button', { class: 'primary', type: 'button', onclick: () => photograph(finder) }, t('takePhoto')),
    el('button', { class: 'primary', type: 'button', onclick: event => film(stream, event.currentTarget) }, t('record')),
  ))
  dialog.addEventListener('close', () => { for (const track of stream.getTracks()) track.stop() }, { once: true })
}

function photograph(finder) {
  const canvas = el('canvas', { width: finder.videoWidth, height: finder.videoHeight })
  canvas.getContext('2d').drawImage(finder, 0, 0)
  canvas.toBlob(picture => { $('sheet').close(); sendPicture([picture]) }, 'image/jpeg', 0.85)
}

/** Begins, and ends with the second press or after fifteen seconds; closed before, it is nothing. */
function film(stream, button) {
  const form = ['video/mp4', 'video/webm'].find(one => MediaRecorder.isTypeSupported(one))
  const recorder = new MediaRecorder(stream, { mimeType: form })
  let wanted = false
  const finish = () => { wanted = true; recorder.stop() }
  const ends = setTimeout(finish, LONGEST_MS)
  recorder.ondataavailable = async ({ data }) => {
    clearTimeout(ends)
    if (!wanted) return
    $('sheet').close()
    does({ type: 'video', file: await base64(data) })
  }
  recorder.start()
  button.textContent = t('stop')
  button.onclick = finish
}

async function sendPicture([picture]) {
  if (picture) does({ type: 'image', file: await base64(picture) })
}
