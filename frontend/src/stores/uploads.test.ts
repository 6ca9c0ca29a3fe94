import { waitFor } from '@testing-library/vue'
import { beforeEach, expect, it, vi } from 'vitest'
import { Desk } from '../../dev/desk'
import { LIMITS } from '../../dev/media'
import { requestsTo } from '../../dev/xhr'
import { useSession } from './session'
import { kindOf, MOST_FILES, useUploads, whyNot } from './uploads'

const HERE = 7
let desk: Desk

beforeEach(async () => {
  desk = new Desk()
  desk.me = desk.agent('周小雨')
  vi.stubGlobal('fetch', desk.fetch)
  vi.stubGlobal('XMLHttpRequest', requestsTo(desk))
  vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: () => 'blob:preview', revokeObjectURL: () => {} }))
  await useSession().ask()
})

function picture(size = 100, name = '划痕.png'): File {
  return new File([new Uint8Array(size)], name, { type: 'image/png' })
}

/** A file that says it is so large. */
function sized(size: number, name: string, type: string): File {
  return Object.defineProperty(new File(['x'], name, { type }), 'size', { value: size })
}

async function added(file: File) {
  const uploads = useUploads()
  await uploads.add(HERE, file, { name: file.name, kind: kindOf(file) })
  return uploads.of(HERE).at(-1)!
}

it('has a picture at the desk when it says that it is ready', async () => {
  const upload = await added(picture())

  expect(upload).toMatchObject({ state: 'ready', kind: 'image', name: '划痕.png' })
  expect(desk.shelf.get(upload.media!.id!)?.size_bytes).toBe(100)
})

it('offers a picture that is too large for WeChat smaller, and sends it so only when asked', async () => {
  const uploads = useUploads()
  const upload = await added(picture(LIMITS.image.max_bytes + 1))

  expect(upload.state).toBe('offered')
  expect(upload.media!.size_bytes).toBeLessThan(LIMITS.image.max_bytes)
  expect(uploads.take(HERE)).toEqual([])

  uploads.shrink(upload)
  expect(uploads.take(HERE)).toEqual([upload])
})

it('makes a JPEG of a picture of a type that WeChat does not take', async () => {
  const upload = await added(new File(['RIFF'], '截图.webp', { type: 'image/webp' }))

  expect(upload).toMatchObject({ state: 'ready', media: { content_type: 'image/jpeg' } })
})

it('lets a video travel of which the desk makes one for WeChat', async () => {
  expect(await added(new File(['x'], '安装.mov', { type: 'video/quicktime' }))).toMatchObject({ state: 'ready' })
})

it.each([
  [75, 'refused'],
  [60.5, 'ready'],
  [Infinity, 'ready'],
])('asks of a voice how long it plays before it travels: %d s is %s', async (duration, state) => {
  vi.stubGlobal('Audio', class {
    duration = duration
    onloadedmetadata = () => {}
    src = ''
    constructor() { queueMicrotask(() => this.onloadedmetadata()) }
  })

  expect(await added(new File(['x'], '留言.mp3', { type: 'audio/mpeg' }))).toMatchObject({ state })
})

it.each([
  ['a document', new File(['%PDF'], '合同.pdf', { type: 'application/pdf' }), 'not_a_kind'],
  ['an empty file', new File([], '空.png', { type: 'image/png' }), 'empty_file'],
  ['a video of which nothing can be made', new File(['x'], '安装.avi', { type: 'video/x-msvideo' }), 'wrong_type'],
  ['a picture of which nothing can be made', new File(['<svg/>'], '图.svg', { type: 'image/svg+xml' }), 'wrong_type'],
  ['more than the desk takes', sized(LIMITS.image.max_upload_bytes + 1, '全景.png', 'image/png'), 'file_too_large'],
  ['a video beyond the limit', new File([new Uint8Array(LIMITS.video.max_bytes + 1)], '长.mp4', { type: 'video/mp4' }), 'file_too_large'],
])('refuses %s before it travels', async (_, file, code) => {
  desk.fault = (method, path) => method === 'POST' && path === '/api/media' ? { status: 500, code: 'it_travelled' } : undefined

  expect(await added(file)).toMatchObject({ state: 'refused', problem: { code } })
})

it('keeps what did not get there, and gets it there when tried again', async () => {
  const uploads = useUploads()
  desk.fault = (_, path) => path === '/api/media' ? { status: 503, code: 'unavailable' } : undefined
  const upload = await added(picture())
  expect(upload).toMatchObject({ state: 'failed', problem: { code: 'unavailable' } })

  desk.fault = () => {}
  await uploads.retry(upload)

  expect(upload).toMatchObject({ state: 'ready', problem: null })
})

it('does not try again what the desk refuses', async () => {
  desk.fault = (_, path) => path === '/api/media' ? { status: 422, code: 'media_unusable', facts: { problem: 'too_long' } } : undefined

  expect(await added(picture())).toMatchObject({ state: 'refused', problem: { facts: { problem: 'too_long' } } })
})

it('forgets a file that is taken away while it travels', async () => {
  const uploads = useUploads()
  const adding = added(picture())
  await waitFor(() => expect(uploads.of(HERE)).toHaveLength(1))

  uploads.remove(uploads.of(HERE)[0]!)
  await adding.catch(() => {})

  expect(uploads.of(HERE)).toEqual([])
})

it('takes as many files as the tray holds and no more', async () => {
  for (let count = 0; count < MOST_FILES; count++) await added(picture())

  await expect(added(picture())).rejects.toMatchObject({ code: 'too_many_files' })
})

it('keeps the files of each conversation apart', async () => {
  const uploads = useUploads()
  await added(picture())

  expect(uploads.of(HERE + 1)).toEqual([])
  expect(uploads.take(HERE + 1)).toEqual([])
  expect(uploads.of(HERE)).toHaveLength(1)
})

it('begins with an empty tray for another agent', async () => {
  const uploads = useUploads()
  await added(picture())

  desk.me = desk.agent('王敏')
  await useSession().ask()

  expect(uploads.of(HERE)).toEqual([])
})

it('waits for a file that was sent while it travelled', async () => {
  const uploads = useUploads()
  const adding = added(picture())
  await waitFor(() => expect(uploads.of(HERE)).toHaveLength(1))

  const [sent] = uploads.take(HERE)

  expect((await uploads.arrived(sent!)).state).toBe('ready')
  await adding.catch(() => {})
})

it('knows a voice by its name where the browser does not know its type', () => {
  expect(kindOf(new File(['x'], '留言.AMR'))).toBe('voice')
  expect(kindOf(new File(['x'], '留言.txt', { type: 'text/plain' }))).toBeNull()
})

it('leaves the check to the desk when it does not know the limits', () => {
  expect(whyNot(new File(['x'], 'a.mov', { type: 'video/quicktime' }), 'video', null)).toBeNull()
})
