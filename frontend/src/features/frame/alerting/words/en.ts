import type { AlertingWords } from '.'

export default {
  soundOff: 'Sound is off',
  soundHint: 'Browsers stay silent until the page was clicked once: click here',
  offer: 'A conversation for you',
  message: 'A customer wrote',
  window: 'Cannot be answered in an hour, and the customer waits',
  answeredBy: '{name} has this conversation by now',
  offerOver: 'Too late: it has gone to somebody else',
} satisfies AlertingWords
