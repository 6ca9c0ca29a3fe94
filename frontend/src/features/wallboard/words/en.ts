import type { WallWords } from './index'

export default {
  title: 'Wallboard',
  stale: 'Data {time} old',
  connecting: 'Connecting…',
  noToken: 'This screen has no token yet',
  noTokenHint: 'Ask a supervisor to add one under Monitor › Wallboards, and open the address it gives here.',
  refused: 'The token of this screen has ended',
  refusedHint: 'The figures are the last ones. Ask a supervisor for a new token.',
  tile: {
    waiting: 'Waiting',
    oldest: 'Longest wait',
    attainment: 'First response',
    overdue: 'Overdue',
    owed: 'Owed answers',
    active: 'In service',
    opened: 'Today',
    closing: 'Window closing',
    agents: 'Agents',
    trend: 'Arrivals, last 2 h',
  },
  tone: { calm: '', near: 'watch', late: 'act now' },
  presence: { online: 'online', full: 'full', busy: 'busy', away: 'break', paused: 'paused', offline: 'offline' },
  online: '{n} online',
  none: 'none',
  perStep: 'per 5 min',
} satisfies WallWords
