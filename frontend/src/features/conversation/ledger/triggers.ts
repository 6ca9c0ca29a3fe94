import type { Component } from 'vue'
import type { Grant } from '@/api/types'
import { CreditCard, MessageCircle, PanelTop, ScanLine, ShieldAlert, UserPlus } from '@lucide/vue'

export const TRIGGERS: Record<Grant['trigger'], Component> = {
  message: MessageCircle,
  menu: PanelTop,
  follow: UserPlus,
  scan: ScanLine,
  payment: CreditCard,
  complaint: ShieldAlert,
}
