/** Tests begin here: a desk in memory, and somebody who works there. */
import { vi } from 'vitest'
import { useSession } from '../src/stores/session'
import { Desk } from './desk'

/** 周小雨 has signed in; what is to be otherwise is said before the page asks for anything. */
export async function signedIn(prepare: (desk: Desk) => void = () => {}): Promise<Desk> {
  const desk = new Desk()
  desk.me = desk.agent('周小雨')
  prepare(desk)
  vi.stubGlobal('fetch', vi.fn(desk.fetch))
  await useSession().ask()
  return desk
}
