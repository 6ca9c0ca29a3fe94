/**
 * What this browser keeps of the desk, to be read without a network (ADR 32): who is signed in, and copies of conversations.
 * It is there for as long as the sign-in is, and for that agent alone. Where the browser keeps nothing, nothing is kept.
 */
import type { DBSchema, IDBPDatabase } from 'idb'
import type { Conversation, Message, Session } from '@/api/types'
import { openDB } from 'idb'
import { hasSession } from '@/api/http'

/** `older`: where the messages before these begin. */
export interface Copy { id: number, conversation: Conversation, messages: Message[], older: number | null }

interface Schema extends DBSchema {
  session: { key: 'own', value: Session }
  copies: { key: number, value: Copy }
}

let opened: Promise<IDBPDatabase<Schema>> | null = null

async function database(): Promise<IDBPDatabase<Schema>> {
  opened ??= openDB<Schema>('wxdesk', 1, {
    upgrade: (db) => {
      db.createObjectStore('session')
      db.createObjectStore('copies', { keyPath: 'id' })
    },
    terminated: () => { opened = null },
  })
  return await opened.catch((error) => {
    opened = null
    throw error
  })
}

/** Storage may be closed to us, or full: the desk works without. */
async function ifKept<Value>(otherwise: Value, act: (db: IDBPDatabase<Schema>) => Promise<Value>): Promise<Value> {
  try {
    return await act(await database())
  }
  catch {
    return otherwise
  }
}

/** Who is signed in; copies of somebody else's conversations are forgotten, or all where the desk wants none kept. */
export async function keepSession(session: Session): Promise<void> {
  if (!session.offline_copies) return await wipe()
  await ifKept(undefined, async (db) => {
    const unit = db.transaction(['session', 'copies'], 'readwrite')
    const before = await unit.objectStore('session').get('own')
    if (before?.agent.id !== session.agent.id) await unit.objectStore('copies').clear()
    await unit.objectStore('session').put(session, 'own')
    await unit.done
  })
}

/** Who is signed in here, as long as the sign-in lasts; when it is over, nothing is left. */
export async function keptSession(): Promise<Session | null> {
  const kept = await ifKept(undefined, db => db.get('session', 'own'))
  if (kept && !hasSession()) await wipe()
  return hasSession() ? kept ?? null : null
}

/** Only while their agent is signed in here: a tab that has not heard of the end writes nothing. */
export async function keepCopies(agentId: number, copies: readonly Copy[], gone: readonly number[]): Promise<void> {
  await ifKept(undefined, async (db) => {
    const unit = db.transaction(['session', 'copies'], 'readwrite')
    const kept = unit.objectStore('copies')
    if ((await unit.objectStore('session').get('own'))?.agent.id === agentId) {
      for (const copy of copies) await kept.put(copy)
      for (const id of gone) await kept.delete(id)
    }
    await unit.done
  })
}

export async function keptCopies(): Promise<Copy[]> {
  return await ifKept([], db => db.getAll('copies'))
}

export async function wipe(): Promise<void> {
  await ifKept(undefined, async (db) => {
    const unit = db.transaction(['session', 'copies'], 'readwrite')
    await Promise.all([unit.objectStore('session').clear(), unit.objectStore('copies').clear(), unit.done])
  })
}
