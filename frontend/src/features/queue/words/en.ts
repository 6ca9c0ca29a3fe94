import type { QueueWords } from '.'

const en: QueueWords = {
  title: 'Queue',
  waiting: 'waiting',
  oldest: 'longest wait',
  none: 'Nobody is waiting',
  noneHint: 'Customers show up here when they come.',
  takeTop: 'Take the first',
  takeNot: 'Conversations are assigned; you cannot take one yourself.',
  groups: 'By group',
  noGroup: 'No group',
  count: '{n}',
  failed: 'The numbers of the groups could not be read',
}

export default en
