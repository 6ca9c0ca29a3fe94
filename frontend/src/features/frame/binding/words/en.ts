import type { BindingWords } from './index'

const en: BindingWords = {
  title: 'Bind WeChat',
  hint: 'Once bound you can work within WeChat: customers come to your own chat, and what you answer there reaches them.',
  account: 'Official Account',
  noAccount: 'There is no Official Account yet. An administrator adds one.',
  make: 'Show a code',
  again: 'New code',
  scan: 'Scan it with your own WeChat. It works once.',
  alt: 'The code that binds your WeChat',
  left: 'good for {time}',
  expired: 'The code has expired',
  used: 'The code has been used',
  withdrawn: 'The code was withdrawn',
  noPicture: 'The code could not be shown. Make a new one.',
  bound: 'Bound to “{account}”',
  since: 'since {time}',
  use: 'Send 上线 to begin, and ? for what you can write. For the whole desk, open this link within WeChat, or put it into the account’s menu:',
  copyLink: 'Copy link',
  revoke: 'Unbind',
  sure: 'You will be a follower of this account like any other.',
  yes: 'Unbind now',
  revoked: 'Unbound',
  other: 'Another WeChat',
}

export default en
