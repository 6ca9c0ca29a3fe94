import type { MeWords } from '.'

const en: MeWords = {
  alias: 'Alias: {alias}',
  load: 'Active now',
  today: 'Today',
  taken: 'Taken',
  kept: 'First replies in time',
  late: 'First replies late',
  missed: 'Offers missed',
  todayFailed: 'Today’s numbers could not be read',
  places: 'More',
  settings: 'Personal settings',
  search: 'Search',
  monitor: 'Monitor',
  admin: 'Desk settings',
  signOut: 'Sign out',
  look: 'Look',
  language: 'Language',
  sending: 'How messages leave',
  binding: 'Link WeChat',
  version: 'Version {version}',
}

export default en
