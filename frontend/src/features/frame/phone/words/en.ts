import type { MeWords } from '.'

const en: MeWords = {
  title: 'Me',
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
  devices: 'Signed in',
  here: 'This device',
  since: 'since {time}',
  elsewhere: 'Sign out elsewhere',
  elsewhereHint: 'Other browsers and phones are signed out at once, and what they kept of conversations is erased.',
  elsewhereDone: 'Signed out everywhere else',
  signOut: 'Sign out',
  look: 'Look',
  language: 'Language',
  sending: 'How messages leave',
  binding: 'Link WeChat',
  version: 'Version {version}',
  cancel: 'Cancel',
}

export default en
