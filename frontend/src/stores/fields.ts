import type { Field } from '@/api/fields'
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { listFields } from '@/api/fields'

/** The fields of customers: they change seldom, and are read once. */
export const useFields = defineStore('fields', () => {
  const all = shallowRef<readonly Field[]>([])
  let reading: Promise<void> | null = null

  async function read(): Promise<void> {
    try {
      all.value = await listFields()
    }
    catch (error) {
      reading = null
      throw error
    }
  }

  /** @throws {Problem} the next one tries again. */
  function load(): Promise<void> {
    reading ??= read()
    return reading
  }

  function clear(): void {
    all.value = []
    reading = null
  }

  return { all, load, clear }
})
