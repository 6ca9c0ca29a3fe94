export default {
  soundOff: '声音未开启',
  soundHint: '浏览器要等你点一下页面才允许发声，点这里开启',
  offer: '新会话，等你接入',
  message: '客户发来消息',
  window: '1 小时内将无法回复，客户在等',
  answeredBy: '这个会话已由 {name} 接待',
  offerOver: '晚了一步，这个会话已经去找别人了',
}
