import type { ShallowRef } from 'vue'
import { shallowRef } from 'vue'

/** What stands beside the reply box, called from elsewhere by its shortcut. */
export type ToolKey = 'emoji' | 'image' | 'voice' | 'video'

const called = shallowRef<{ tool: ToolKey } | null>(null)

export function useCalledTool(): ShallowRef<{ tool: ToolKey } | null> {
  return called
}

/** Nothing happens unless there is a reply box. */
export function callTool(tool: ToolKey): void {
  called.value = { tool }
}
